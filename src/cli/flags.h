// Flags of one command line, read as pflag does: "--name=value", "--name value", "-n value",
// "-nvalue", "-abc" for bools, "--" ends them; flags and arguments may be mixed.
//
// Errors: BadRequest, in pflag's words: "unknown flag: --nope".
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace fleet::cli {

class Flags : public Setup {
 public:
  Flags();

  void flag(std::string_view name, bool& value, std::string_view help) override;
  void text(std::string_view name, std::string& value, std::string_view help) override;
  void integer(std::string_view name, int64_t& value, std::string_view help) override;
  void real(std::string_view name, double& value, std::string_view help) override;
  void texts(std::string_view name,
             std::vector<std::string>& values,
             std::string_view help) override;
  void list(std::string_view name,
            std::vector<std::string>& values,
            std::string_view help) override;
  void environment(std::string_view name, std::string_view variable) override;
  void hide(std::string_view name) override;
  void keep(std::shared_ptr<void> state) override { kept_.push_back(std::move(state)); }

  // Sets the variables; the arguments that are no flags. Then the environment fills what still has
  // its default.
  Result<std::vector<std::string>> parse(std::span<const std::string> args);
  bool wants_help() const { return wants_help_; }
  // One line a flag, aligned; hidden ones left out.
  std::string help() const;

 private:
  enum class Type { Bool, Text, Integer, Real, Texts, List };
  struct Entry {
    std::string name;
    char letter = 0;
    Type type = Type::Bool;
    void* value = nullptr;
    std::string fallback;  // the default, as text
    std::string help;
    std::string variable;
    bool is_hidden = false;
  };

  void add(std::string_view name, Type type, void* value, std::string_view help);
  Entry* find(std::string_view name);
  Entry* find(char letter);
  static Result<> set(Entry& entry, const std::string& text);
  static std::string shown(const Entry& entry);
  Result<> read_environment();
  // Reads the flag at `at`, and the argument behind it if it takes that as its value.
  Result<> read_long(std::span<const std::string> args, size_t& at);
  Result<> read_letters(std::span<const std::string> args, size_t& at);

  std::vector<Entry> entries_;
  std::vector<std::shared_ptr<void>> kept_;
  bool wants_help_ = false;
};

}  // namespace fleet::cli
