// For test programs: the standard headers and GoogleTest.
#include <gtest/gtest.h>

#include "pch.h"
