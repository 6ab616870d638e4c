#include "sys/log.h"

#include <charconv>
#include <cmath>
#include <utility>

#include <unistd.h>

#include "base/strings.h"

namespace fleet::sys {
namespace {

std::string time_text(TimePoint time) {
  std::string text = format_rfc3339_micro(time);  // "...05.250000Z"
  return text.substr(0, text.size() - 4) + "Z";
}

std::string number_text(double number) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number);
  return std::string(buffer, end.ptr);
}

std::string json_string(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  while (!text.empty()) {
    const char c = text[0];
    const auto byte = static_cast<unsigned char>(c);
    const Rune rune = decode_rune(text);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else if (rune.valid) {
      out += text.substr(0, rune.size);
    } else {
      out += "\\ufffd";
    }
    text.remove_prefix(rune.size);
  }
  return out + '"';
}

bool is_plain(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '=' || c == '\x7f') return false;
  }
  return is_utf8(text);
}

std::string value_text(const LogPair& pair, LogFormat format) {
  if (const auto* text = std::get_if<std::string>(&pair.value)) {
    if (format == LogFormat::Json) return json_string(*text);
    return is_plain(*text) ? *text : quote(*text);
  }
  if (const auto* whole = std::get_if<int64_t>(&pair.value)) return cat(*whole);
  if (const auto* flag = std::get_if<bool>(&pair.value)) return *flag ? "true" : "false";
  const double number = std::get<double>(pair.value);
  if (format == LogFormat::Json && !std::isfinite(number)) return json_string(number_text(number));
  return number_text(number);
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // nobody is left to tell
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) {
  for (const LogLevel level : {LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error}) {
    if (text == to_string(level)) return level;
  }
  return {};
}

std::optional<LogFormat> parse_log_format(std::string_view text) {
  if (text == "text") return LogFormat::Text;
  if (text == "json") return LogFormat::Json;
  return {};
}

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return "debug";
    case LogLevel::Info:
      return "info";
    case LogLevel::Warn:
      return "warn";
    case LogLevel::Error:
      return "error";
  }
  return "";
}

std::string format_log(const LogRecord& record, LogFormat format) {
  if (format == LogFormat::Json) {
    std::string line = cat("{\"time\":\"",
                           time_text(record.time),
                           "\",\"level\":\"",
                           to_string(record.level),
                           "\",\"msg\":",
                           json_string(record.message));
    for (const LogPair& pair : record.pairs) {
      line += cat(",", json_string(pair.key), ":", value_text(pair, format));
    }
    return line + "}\n";
  }
  std::string level = to_upper(to_string(record.level));
  level.resize(5, ' ');
  std::string line = cat(time_text(record.time), " ", level, " ");
  // A message with line breaks must not look like several events.
  line += replace_all(record.message, "\n", "\\n");
  for (const LogPair& pair : record.pairs)
    line += cat(" ", pair.key, "=", value_text(pair, format));
  return line + "\n";
}

struct Log::Target {
  Sink sink;
  LogLevel lowest;
  const Clock* clock;
};

Log Log::to_fd(int fd, LogFormat format, LogLevel lowest, const Clock& clock) {
  return to_sink(
      [fd, format](const LogRecord& r) { write_all(fd, format_log(r, format)); }, lowest, clock);
}

Log Log::to_sink(Sink sink, LogLevel lowest, const Clock& clock) {
  Log log;
  log.target_ = std::make_shared<const Target>(Target{std::move(sink), lowest, &clock});
  return log;
}

Log Log::with(std::initializer_list<LogPair> pairs) const {
  Log child = *this;
  std::vector<LogPair> all = pairs_ ? *pairs_ : std::vector<LogPair>();
  all.insert(all.end(), pairs.begin(), pairs.end());
  child.pairs_ = std::make_shared<const std::vector<LogPair>>(std::move(all));
  return child;
}

bool Log::enabled(LogLevel level) const {
  return target_ && level >= target_->lowest;
}

void Log::write(LogLevel level, std::string_view message, Pairs pairs) const {
  if (!enabled(level)) return;
  std::vector<LogPair> all = pairs_ ? *pairs_ : std::vector<LogPair>();
  all.insert(all.end(), pairs.begin(), pairs.end());
  target_->sink(LogRecord{target_->clock->now(), level, message, all});
}

}  // namespace fleet::sys
