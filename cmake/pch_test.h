// For test programs: the standard headers and GoogleTest.
#include "pch.h"

#include <gtest/gtest.h>
