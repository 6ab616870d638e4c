// The struct that sprig's certificate functions give and take: .Cert and .Key.
#pragma once

#include "gotemplate/type.h"

namespace fleet::gotemplate {

extern const Type kCertificateType;

}  // namespace fleet::gotemplate
