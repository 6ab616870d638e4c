#include "wire/http/http1_parser.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::http {
namespace {

constexpr size_t kMaxChunkLine = 256;  // bytes of a chunk's size and extensions

bool is_token_char(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
  });
}

std::string_view without_cr(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view trim_blanks(std::string_view text) {
  return trim(text, " \t");
}

// The position just after the empty line that ends a head, or npos.
size_t head_end(std::string_view input, size_t from) {
  // The empty line may have begun in what was scanned before.
  for (size_t at = input.find('\n', from); at != std::string_view::npos;
       at = input.find('\n', at + 1)) {
    const std::string_view rest = input.substr(at + 1, 2);
    if (rest.starts_with('\n')) return at + 2;
    if (rest == "\r\n") return at + 3;
  }
  return std::string_view::npos;
}

std::optional<uint64_t> parse_chunk_size(std::string_view line) {
  const std::string_view digits = trim_blanks(line.substr(0, line.find(';')));
  if (digits.empty() || digits.size() > 15) return {};
  uint64_t size = 0;
  for (const char c : digits) {
    const char low = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      size = size << 4 | static_cast<uint64_t>(c - '0');
    } else if (low >= 'a' && low <= 'f') {
      size = size << 4 | static_cast<uint64_t>(low - 'a' + 10);
    } else {
      return {};
    }
  }
  return size;
}

}  // namespace

bool Http1Head::keeps_alive() const {
  if (headers.lists("connection", "close")) return false;
  return version >= 1 || headers.lists("connection", "keep-alive");
}

Http1Parser::Http1Parser(Role role, size_t max_header_bytes, size_t max_body_bytes)
    : role_(role),
      max_header_bytes_(max_header_bytes),
      max_body_bytes_(max_body_bytes) {}

Http1Parser::Event Http1Parser::fail(int status, std::string_view why) {
  state_ = State::Failed;
  error_status_ = status;
  error_ = std::string(why);
  return Event::Error;
}

Http1Parser::Event Http1Parser::next(std::string_view& input) {
  switch (state_) {
    case State::Head:
      return read_head(input);
    case State::Length:
      return read_counted(input, State::End);
    case State::ChunkSize:
      return read_chunk_size(input);
    case State::ChunkData:
      return read_counted(input, State::ChunkEnd);
    case State::ChunkEnd: {
      if (input.empty() || (input == "\r")) return Event::NeedMore;
      const size_t size = input[0] == '\r' ? 2 : 1;
      if (input[size - 1] != '\n') return fail(400, "bad end of chunk");
      input.remove_prefix(size);
      state_ = State::ChunkSize;
      return next(input);
    }
    case State::Trailer:
      return read_trailer(input);
    case State::UntilClose:
      if (input.empty()) return Event::NeedMore;
      piece_ = std::exchange(input, {});
      return Event::Body;
    case State::End:
      state_ = State::Head;
      scanned_ = 0;
      return Event::End;
    case State::Failed:
      return Event::Error;
  }
  return Event::Error;
}

Http1Parser::Event Http1Parser::finish() {
  if (state_ == State::UntilClose) {
    state_ = State::Head;
    return Event::End;
  }
  return fail(400, "connection closed inside a message");
}

Http1Parser::Event Http1Parser::read_head(std::string_view& input) {
  // Empty lines before a message are skipped, as some old clients send them.
  if (scanned_ == 0) {
    while (input.starts_with("\r\n"))
      input.remove_prefix(2);
    if (input.starts_with('\n')) input.remove_prefix(1);
    if (input == "\r") return Event::NeedMore;
  }
  const size_t end = head_end(input, scanned_ < 2 ? 0 : scanned_ - 2);
  if (std::min(end, input.size()) > max_header_bytes_) {
    return fail(431, cat("header is larger than ", max_header_bytes_, " bytes"));
  }
  if (end == std::string_view::npos) {
    scanned_ = input.size();
    return Event::NeedMore;
  }
  const std::string_view text = input.substr(0, end);
  input.remove_prefix(end);
  scanned_ = 0;
  head_ = {};
  body_bytes_ = 0;
  trailer_bytes_ = 0;
  const size_t first = text.find('\n');
  if (!parse_start_line(without_cr(text.substr(0, first)))) {
    return state_ == State::Failed ? Event::Error : fail(400, "bad first line");
  }
  if (!parse_fields(text.substr(first + 1))) return fail(400, "bad header field");
  return start_body();
}

bool Http1Parser::parse_start_line(std::string_view line) {
  return role_ == Role::Request ? parse_request_line(line) : parse_status_line(line);
}

bool Http1Parser::parse_request_line(std::string_view line) {
  const auto words = split(line, ' ');
  if (words.size() != 3 || !is_token(words[0]) || words[1].empty()) return false;
  for (const char c : words[1]) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return false;
  }
  if (words[2] != "HTTP/1.1" && words[2] != "HTTP/1.0") {
    if (words[2].starts_with("HTTP/")) fail(505, "HTTP version is not supported");
    return false;
  }
  head_.method = std::string(words[0]);
  head_.target = std::string(words[1]);
  head_.version = words[2].back() - '0';
  return true;
}

bool Http1Parser::parse_status_line(std::string_view line) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return false;
  const auto status = parse_uint(line.substr(9, 3));
  if (!status || *status < 100 || (line.size() > 12 && line[12] != ' ')) return false;
  head_.version = line[7] == '0' ? 0 : 1;
  head_.status = static_cast<int>(*status);
  return true;
}

bool Http1Parser::parse_fields(std::string_view lines) {
  while (true) {
    const size_t end = lines.find('\n');
    const std::string_view line = without_cr(lines.substr(0, end));
    if (line.empty()) return true;
    lines.remove_prefix(end + 1);
    const auto parts = cut(line, ":");
    if (!parts || !is_token(parts->before)) return false;
    const std::string_view value = trim_blanks(parts->after);
    if (!is_field_value(value)) return false;
    head_.headers.add(parts->before, value);
  }
}

Http1Parser::Event Http1Parser::start_body() {
  const auto codings = head_.headers.all("transfer-encoding");
  const auto lengths = head_.headers.all("content-length");
  const int status = head_.status;
  if (role_ == Role::Response &&
      (answers_head_ || status < 200 || status == 204 || status == 304)) {
    // An interim answer is a message of its own, and another follows.
    state_ = State::End;
    return Event::Head;
  }
  if (!codings.empty()) {
    if (!lengths.empty()) return fail(400, "both content-length and transfer-encoding");
    if (codings.size() != 1 || !equal_fold(codings[0], "chunked")) {
      return fail(501, "transfer-encoding is not supported");
    }
    state_ = State::ChunkSize;
    return Event::Head;
  }
  if (!lengths.empty()) {
    const auto length = parse_uint(lengths[0]);
    const bool all_same = std::all_of(
        lengths.begin(), lengths.end(), [&](std::string_view l) { return l == lengths[0]; });
    if (!length || !all_same || lengths[0].starts_with('+')) return fail(400, "bad content-length");
    if (*length > max_body_bytes_) {
      return fail(413, cat("body is larger than ", max_body_bytes_, " bytes"));
    }
    left_ = *length;
    state_ = left_ == 0 ? State::End : State::Length;
    return Event::Head;
  }
  state_ = role_ == Role::Request ? State::End : State::UntilClose;
  return Event::Head;
}

Http1Parser::Event Http1Parser::read_counted(std::string_view& input, State after) {
  if (input.empty()) return Event::NeedMore;
  piece_ = input.substr(0, left_);
  input.remove_prefix(piece_.size());
  left_ -= piece_.size();
  body_bytes_ += piece_.size();
  if (left_ == 0) state_ = after;
  return Event::Body;
}

bool Http1Parser::take_line(std::string_view& input, std::string_view& line) {
  const size_t end = input.find('\n');
  if (end == std::string_view::npos) return false;
  line = without_cr(input.substr(0, end));
  input.remove_prefix(end + 1);
  return true;
}

Http1Parser::Event Http1Parser::read_chunk_size(std::string_view& input) {
  std::string_view line;
  if (!take_line(input, line)) {
    return input.size() > kMaxChunkLine ? fail(400, "bad chunk") : Event::NeedMore;
  }
  const auto size = parse_chunk_size(line);
  if (line.size() > kMaxChunkLine || !size) return fail(400, "bad chunk");
  if (*size > max_body_bytes_ - std::min<uint64_t>(body_bytes_, max_body_bytes_)) {
    return fail(413, cat("body is larger than ", max_body_bytes_, " bytes"));
  }
  left_ = *size;
  state_ = left_ == 0 ? State::Trailer : State::ChunkData;
  return next(input);
}

Http1Parser::Event Http1Parser::read_trailer(std::string_view& input) {
  std::string_view line;
  while (take_line(input, line)) {
    if (line.empty()) {
      state_ = State::End;
      return next(input);
    }
    trailer_bytes_ += line.size();
    if (trailer_bytes_ > max_header_bytes_) return fail(431, "trailer is too large");
  }
  if (input.size() > max_header_bytes_) return fail(431, "trailer is too large");
  return Event::NeedMore;
}

}  // namespace fleet::http
