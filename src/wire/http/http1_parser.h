// Reads HTTP/1.x messages from bytes that come in pieces. Strict: what two readers could understand
// differently is refused (folded headers, blanks before a colon, length and chunks together).
//
// Pure. Limits: the head's bytes; a request body's bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "wire/http/message.h"

namespace fleet::http {

struct Http1Head {
  std::string method;  // of a request
  std::string target;
  int status = 0;   // of a response
  int version = 1;  // the minor number of HTTP/1.x
  Headers headers;

  bool keeps_alive() const;  // by version and Connection
};

class Http1Parser {
 public:
  enum class Role { Request, Response };
  enum class Event {
    NeedMore,
    Head,   // see head()
    Body,   // see piece()
    End,    // the message is over; the next call starts another
    Error,  // see error_status() and error(); nothing more can be read
  };

  Http1Parser(Role role, size_t max_header_bytes, size_t max_body_bytes);

  // Takes bytes from the front of `input`. `piece()` is valid until `input`'s bytes go.
  Event next(std::string_view& input);
  // The peer closed the connection: End when that is how the body ends.
  Event finish();
  // A response to HEAD has no body. To be set before its head is read.
  void set_answers_head(bool yes) { answers_head_ = yes; }

  const Http1Head& head() const { return head_; }
  Http1Head take_head() { return std::move(head_); }
  std::string_view piece() const { return piece_; }
  bool has_body() const { return state_ != State::Head && state_ != State::End; }
  int error_status() const { return error_status_; }
  const std::string& error() const { return error_; }
  bool in_message() const { return state_ != State::Head || scanned_ > 0; }

 private:
  enum class State {
    Head,
    Length,
    ChunkSize,
    ChunkData,
    ChunkEnd,
    Trailer,
    UntilClose,
    End,
    Failed
  };

  Event fail(int status, std::string_view why);
  Event read_head(std::string_view& input);
  bool parse_start_line(std::string_view line);
  bool parse_request_line(std::string_view line);
  bool parse_status_line(std::string_view line);
  bool parse_fields(std::string_view lines);
  Event start_body();
  Event read_counted(std::string_view& input, State after);
  Event read_chunk_size(std::string_view& input);
  Event read_trailer(std::string_view& input);
  // A line without its end, taken from the front; false when it is not complete.
  bool take_line(std::string_view& input, std::string_view& line);

  const Role role_;
  const size_t max_header_bytes_;
  const size_t max_body_bytes_;
  State state_ = State::Head;
  Http1Head head_;
  std::string_view piece_;
  size_t scanned_ = 0;        // of the head: bytes without an end so far
  uint64_t left_ = 0;         // of the counted body or chunk
  uint64_t body_bytes_ = 0;   // so far
  size_t trailer_bytes_ = 0;  // so far
  bool answers_head_ = false;
  int error_status_ = 0;
  std::string error_;
};

}  // namespace fleet::http
