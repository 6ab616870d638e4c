// Log: one line per event, with a message and key-value pairs, as text or JSON.
//
// A Log is a small value; `with` gives a child that adds its pairs to every line. A default Log
// discards. Lines are written with one write(2) each, so that lines of several threads or
// processes do not mix. Messages: lower case, no full stop, never a secret.
// Threads: all functions from any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "sys/clock.h"

namespace fleet::sys {

enum class LogLevel { Debug, Info, Warn, Error };
enum class LogFormat { Text, Json };

std::optional<LogLevel> parse_log_level(std::string_view text);    // "debug" "info" "warn" "error"
std::optional<LogFormat> parse_log_format(std::string_view text);  // "text" "json"
std::string_view to_string(LogLevel level);

// A key and a string, whole number, number or flag.
struct LogPair {
  std::string key;
  std::variant<std::string, int64_t, double, bool> value;

  LogPair(std::string_view key_text, std::string_view text)
      : key(key_text),
        value(std::string(text)) {}
  LogPair(std::string_view key_text, const char* text)
      : key(key_text),
        value(std::string(text)) {}
  LogPair(std::string_view key_text, const std::string& text)
      : key(key_text),
        value(text) {}
  LogPair(std::string_view key_text, bool flag)
      : key(key_text),
        value(flag) {}
  LogPair(std::string_view key_text, double number)
      : key(key_text),
        value(number) {}
  LogPair(std::string_view key_text, const Error& error)
      : key(key_text),
        value(error.message()) {}
  template <std::integral T>
  LogPair(std::string_view key_text, T number)
      : key(key_text),
        value(static_cast<int64_t>(number)) {}
};

struct LogRecord {
  TimePoint time;
  LogLevel level;
  std::string_view message;
  const std::vector<LogPair>& pairs;  // the parents' first
};

// One line, with "\n", in either form:
//   2026-01-02T15:04:05.250Z INFO  bundle deployed bundle=fleet-local/demo ms=12
//   {"time":"2026-01-02T15:04:05.250Z","level":"info","msg":"bundle deployed","ms":12}
std::string format_log(const LogRecord& record, LogFormat format);

class Log {
 public:
  using Sink = std::function<void(const LogRecord&)>;

  Log() = default;
  // To a file descriptor that stays open as long as any copy of this log: 2 for the error output.
  static Log to_fd(int fd, LogFormat format, LogLevel lowest, const Clock& clock = system_clock());
  // To a function, for tests. It is called from any thread.
  static Log to_sink(Sink sink, LogLevel lowest, const Clock& clock = system_clock());

  Log with(std::initializer_list<LogPair> pairs) const;
  bool enabled(LogLevel level) const;

  using Pairs = std::initializer_list<LogPair>;
  void debug(std::string_view message, Pairs pairs = {}) const {
    write(LogLevel::Debug, message, pairs);
  }
  void info(std::string_view message, Pairs pairs = {}) const {
    write(LogLevel::Info, message, pairs);
  }
  void warn(std::string_view message, Pairs pairs = {}) const {
    write(LogLevel::Warn, message, pairs);
  }
  void error(std::string_view message, Pairs pairs = {}) const {
    write(LogLevel::Error, message, pairs);
  }
  void write(LogLevel level, std::string_view message, Pairs pairs) const;

 private:
  struct Target;
  std::shared_ptr<const Target> target_;
  std::shared_ptr<const std::vector<LogPair>> pairs_;
};

}  // namespace fleet::sys

namespace fleet {
using sys::Log;
using sys::LogFormat;
using sys::LogLevel;
}  // namespace fleet
