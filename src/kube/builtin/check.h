// Tools for checking documents field by field. For this room.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/strings.h"
#include "data/value/value.h"
#include "kube/meta/names.h"
#include "kube/meta/status.h"

namespace fleet::kube::builtin {

// One value with its path, and where complaints go.
struct At {
  const data::Value& value;
  std::string path;
  FieldErrors& errors;

  At operator[](std::string_view field) const {
    return {value[field], path.empty() ? std::string(field) : cat(path, ".", field), errors};
  }
  At item(size_t index) const { return {value[index], cat(path, "[", index, "]"), errors}; }

  std::string_view text() const { return value.as_string(); }
  bool absent() const {
    return value.is_null() || (value.is_string() && value.as_string().empty());
  }

  void required(std::string detail = {}) const {
    errors.push_back(FieldError::required(path, std::move(detail)));
  }
  void invalid(std::string detail) const {
    errors.push_back(FieldError::invalid(path, value, std::move(detail)));
  }
  void forbidden(std::string detail) const {
    errors.push_back(FieldError::forbidden(path, std::move(detail)));
  }

  // True (and a complaint) when there is nothing.
  bool must_exist(std::string detail = {}) const {
    if (!absent()) return true;
    required(std::move(detail));
    return false;
  }
  // One of the words; absent passes. Complains with the words as they stand here.
  void one_of(std::initializer_list<const char*> words) const {
    if (absent()) return;
    for (const char* word : words) {
      if (text() == word) return;
    }
    errors.push_back(FieldError::not_supported(
        path, value, std::vector<std::string>(words.begin(), words.end())));
  }
  void at_least(int64_t least) const {
    if (value.is_number() && value.as_int() < least) {
      invalid(cat("must be greater than or equal to ", least));
    }
  }
  void in_range(int64_t least, int64_t most) const {
    if (value.is_number() && (value.as_int() < least || value.as_int() > most)) {
      invalid(cat("must be between ", least, " and ", most, ", inclusive"));
    }
  }
  void obeys(const Complaints& complaints) const {
    for (const std::string& complaint : complaints)
      invalid(complaint);
  }
  // Unchanged since `old`: "field is immutable".
  void same_as(const data::Value& old, std::string_view detail = "field is immutable") const {
    if (!(value == old)) invalid(std::string(detail));
  }
};

void check_pod_spec(const At& spec);
// Labels must match the selector, containers must be sound. `restart` lists what is allowed.
void check_pod_template(const At& spec, std::initializer_list<const char*> restart);
// metav1.LabelSelector: requirements that can be parsed.
void check_label_selector(const At& selector);

void check_role(const At& role, bool cluster);
void check_binding(const At& binding, const data::Value* old, bool cluster);

}  // namespace fleet::kube::builtin
