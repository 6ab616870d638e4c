// A floating-point number as Go prints it.
#pragma once

#include <string>

namespace fleet::data {

// As Go's FormatFloat(number, 'g', -1, 64) and, for Single, (..., 32): the shortest text that reads
// back, with an exponent below 1e-4 and from 1e+06 on; "NaN", "+Inf", "-Inf". Single of a number
// beyond a float's range is infinite.
enum class Precision { Double, Single };
std::string float_text(double number, Precision precision = Precision::Double);

}  // namespace fleet::data
