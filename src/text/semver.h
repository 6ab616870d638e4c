// Semantic versions and version constraints.
//
// As Masterminds/semver 3.5.0, which Helm and Fleet link: loose parsing ("v1", "1.2", "01.2.3"),
// strict parsing, comparison, constraints with `||`, `,`, space, `= != > >= < <= ~ ~> ^`,
// wildcards and hyphen ranges; pre-releases only match where the same group names one.
// Errors: Invalid, with the library's own texts ("invalid semantic version",
// `improper constraint: "x.y"`).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fleet::text {

inline constexpr size_t kMaxVersionBytes = 256;
inline constexpr size_t kMaxConstraintBytes = 512;
inline constexpr size_t kMaxConstraintGroups = 32;

class Version {
 public:
  Version() = default;                                         // 0.0.0
  static Result<Version> parse(std::string_view text);         // NewVersion: loose
  static Result<Version> parse_strict(std::string_view text);  // StrictNewVersion

  uint64_t major() const { return major_; }
  uint64_t minor() const { return minor_; }
  uint64_t patch() const { return patch_; }
  const std::string& prerelease() const { return prerelease_; }
  const std::string& metadata() const { return metadata_; }
  const std::string& original() const { return original_; }
  // "1.2.3-pre+meta": normalised, without the `v`.
  std::string text() const;

  // The next one. The result's original() keeps a leading `v`.
  Version next_major() const;
  Version next_minor() const;
  Version next_patch() const;  // of a pre-release: the release itself
  Result<Version> with_prerelease(std::string_view prerelease) const;
  Result<Version> with_metadata(std::string_view metadata) const;

  // -1, 0 or 1; metadata does not count.
  static int compare(const Version& a, const Version& b);
  friend bool operator<(const Version& a, const Version& b) { return compare(a, b) < 0; }
  friend bool operator==(const Version& a, const Version& b) { return compare(a, b) == 0; }

 private:
  Version renumbered(uint64_t major, uint64_t minor, uint64_t patch) const;

  uint64_t major_ = 0;
  uint64_t minor_ = 0;
  uint64_t patch_ = 0;
  std::string prerelease_;
  std::string metadata_;
  std::string original_;
};

class Constraints {
 public:
  static Result<Constraints> parse(std::string_view text);

  bool check(const Version& version) const;
  // Empty when satisfied, else why not, in the order of the groups.
  std::vector<std::string> validate(const Version& version) const;
  // As written, groups joined by " || ", terms by a space, hyphen ranges expanded.
  std::string text() const;

  // Lets every group match pre-releases.
  void include_prereleases() { include_prereleases_ = true; }

 private:
  enum class Op { None, Equal, NotEqual, Greater, Less, GreaterEqual, LessEqual, Tilde, Caret };
  struct Term {
    Op op = Op::None;
    std::string op_text;
    std::string operand;  // as written
    Version version;      // wildcards are 0
    bool any_minor = false;
    bool any_patch = false;
    bool wild = false;  // some part is a wildcard or missing
  };
  struct Group {
    std::vector<Term> terms;
    bool names_prerelease = false;
  };

  static Result<Term> parse_term(std::string_view text);
  static std::string why_not(const Term& term, const Version& version, bool prereleases);
  static std::string why_not_equal(const Term& term, const Version& version);
  static std::string why_equal(const Term& term, const Version& version);
  static std::string why_not_greater(const Term& term, const Version& version);
  static std::string why_not_at_most(const Term& term, const Version& version);
  static std::string why_not_tilde(const Term& term, const Version& version);
  static std::string why_not_caret(const Term& term, const Version& version);

  std::vector<Group> groups_;
  bool include_prereleases_ = false;
};

// True if `version` satisfies `constraint`; false also when either does not parse.
// As Helm's chartutil.IsCompatibleRange.
bool is_compatible_range(std::string_view constraint, std::string_view version);

}  // namespace fleet::text
