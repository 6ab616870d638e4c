#include "gotemplate/sprig.h"
#include "text/semver.h"

namespace fleet::gotemplate {
namespace {

using text::Version;

const Version& self(const Value& value) {
  return *static_cast<const Version*>(value.as_struct()->native);
}

extern const Type kVersion;

Value made(Execution& run, Version version) {
  auto shared = std::make_shared<const Version>(std::move(version));
  auto* node = run.heap().create<StructNode>();
  node->type = &kVersion;
  node->native = shared.get();
  run.heap().keep(std::move(shared));
  run.heap().charge(sizeof(Version) + 64);
  return Value::structure(node);
}

std::string version_text(const Value& value) {
  return self(value).text();
}
Result<data::Value> version_json(const Value& value) {
  return data::Value(self(value).text());
}

Result<const Version*> other(const Value& value) {
  if (value.kind() == Kind::Struct && &value.type() == &kVersion) return &self(value);
  return failure("runtime error: invalid memory address or nil pointer dereference");
}

#define VERSION_METHOD(expression)              \
  [](Execution& run, Args a) -> Result<Value> { \
    static_cast<void>(run);                     \
    return expression;                          \
  }

constexpr Function kMethods[] = {
    {"Major", "V", VERSION_METHOD(Value::unsigned_integer(self(a[0]).major()))},
    {"Minor", "V", VERSION_METHOD(Value::unsigned_integer(self(a[0]).minor()))},
    {"Patch", "V", VERSION_METHOD(Value::unsigned_integer(self(a[0]).patch()))},
    {"Prerelease", "V", VERSION_METHOD(kept(run, self(a[0]).prerelease()))},
    {"Metadata", "V", VERSION_METHOD(kept(run, self(a[0]).metadata()))},
    {"Original", "V", VERSION_METHOD(kept(run, self(a[0]).original()))},
    {"String", "V", VERSION_METHOD(kept(run, self(a[0]).text()))},
    {"IncMajor", "V", VERSION_METHOD(made(run, self(a[0]).next_major()))},
    {"IncMinor", "V", VERSION_METHOD(made(run, self(a[0]).next_minor()))},
    {"IncPatch", "V", VERSION_METHOD(made(run, self(a[0]).next_patch()))},
    {"SetPrerelease",
     "Vs",
     VERSION_METHOD(made(run, TRY(self(a[0]).with_prerelease(text_of(a[1])))))},
    {"SetMetadata", "Vs", VERSION_METHOD(made(run, TRY(self(a[0]).with_metadata(text_of(a[1])))))},
    {"Compare", "Va", VERSION_METHOD(number(Version::compare(self(a[0]), *TRY(other(a[1])))))},
    {"Equal",
     "Va",
     VERSION_METHOD(Value::boolean(Version::compare(self(a[0]), *TRY(other(a[1]))) == 0))},
    {"LessThan",
     "Va",
     VERSION_METHOD(Value::boolean(Version::compare(self(a[0]), *TRY(other(a[1]))) < 0))},
    {"LessThanEqual",
     "Va",
     VERSION_METHOD(Value::boolean(Version::compare(self(a[0]), *TRY(other(a[1]))) <= 0))},
    {"GreaterThan",
     "Va",
     VERSION_METHOD(Value::boolean(Version::compare(self(a[0]), *TRY(other(a[1]))) > 0))},
    {"GreaterThanEqual",
     "Va",
     VERSION_METHOD(Value::boolean(Version::compare(self(a[0]), *TRY(other(a[1]))) >= 0))},
};

#undef VERSION_METHOD

const Type kVersion{.kind = Kind::Struct,
                    .name = "*semver.Version",
                    .pointer = true,
                    .methods = kMethods,
                    .text = &version_text,
                    .json = &version_json};

Result<Value> semver(Execution& run, Args a) {
  return made(run, TRY(Version::parse(text_of(a[0]))));
}

Result<Value> semver_compare(Execution&, Args a) {
  auto constraints = TRY(text::Constraints::parse(text_of(a[0])));
  Version version = TRY(Version::parse(text_of(a[1])));
  return Value::boolean(constraints.check(version));
}

constexpr Function kFunctions[] = {
    {"semver", "s", &semver},
    {"semverCompare", "ss", &semver_compare},
};

}  // namespace

std::span<const Function> sprig_semver_functions() {
  return kFunctions;
}

}  // namespace fleet::gotemplate
