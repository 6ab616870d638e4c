// The lines that schema.cc reads. Their form is told in scripts/builtin_schema.py.
#pragma once

namespace fleet::kube::builtin {

extern const char* const kSchemaLines[];
extern const unsigned kSchemaLineCount;

}  // namespace fleet::kube::builtin
