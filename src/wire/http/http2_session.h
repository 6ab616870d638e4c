// A session of the HTTP/2 library, and what server and client share of it. Not for others.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/http/link.h"
#include "wire/http/message.h"

struct nghttp2_session;

namespace fleet::http {

// What the library calls back. The numbers are the library's: frame types, flags, error codes.
class Http2Events {
 public:
  virtual ~Http2Events() = default;
  virtual void on_stream_begins(int32_t stream) = 0;
  // False resets the stream.
  virtual bool on_field(int32_t stream, std::string_view name, std::string_view value) = 0;
  virtual void on_head_complete(int32_t stream, bool end_of_stream) = 0;
  virtual void on_data(int32_t stream, std::string_view bytes) = 0;
  virtual void on_end_of_stream(int32_t stream) = 0;
  virtual void on_stream_closed(int32_t stream, uint32_t error_code) = 0;
  virtual void on_goaway(int32_t last_stream) = 0;
  // Copies at most `size` bytes of the stream's body into `into`.
  struct Filled {
    size_t bytes = 0;
    bool end = false;
    bool wait = false;  // nothing now; see Http2Session::resume
    bool cut = false;   // reset the stream
  };
  virtual Filled fill(int32_t stream, uint8_t* into, size_t size) = 0;
};

class Http2Session {
 public:
  enum class Role { Server, Client };
  struct Settings {
    uint32_t max_streams = 250;
    uint32_t stream_window = uint32_t{1} << 20;    // bytes
    int32_t connection_window = int32_t{4} << 20;  // bytes
    uint32_t max_header_bytes = uint32_t{64} << 10;
    bool manual_windows = false;  // bytes are given back with `consume`
  };
  Http2Session(Role role, Http2Events& events, const Settings& settings);
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;
  ~Http2Session();

  // False when the peer broke the protocol; what is to be sent says so to it.
  bool receive(std::string_view bytes);
  // Moves frames to the link until it holds about `max_unsent` bytes. False: the session is over.
  bool send_to(Link& link, size_t max_unsent);

  void answer(int32_t stream, int status, const Headers& headers, bool with_body);
  // The new stream's number, or nothing when no more can be opened.
  std::optional<int32_t> request(const Headers& pseudo, const Headers& headers, bool with_body);
  void resume(int32_t stream);
  void reset(int32_t stream, uint32_t error_code);
  void consume(int32_t stream, size_t bytes);
  void ping();
  void goaway();  // no new streams

 private:
  struct Callbacks;
  nghttp2_session* session_ = nullptr;
  Http2Events& events_;
};

inline constexpr uint32_t kHttp2Cancel = 8;
inline constexpr uint32_t kHttp2InternalError = 2;
inline constexpr uint32_t kHttp2RefusedStream = 7;

}  // namespace fleet::http
