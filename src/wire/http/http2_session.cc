#include "wire/http/http2_session.h"

#include <nghttp2/nghttp2.h>

#include "base/check.h"

namespace fleet::http {
namespace {

constexpr size_t kPiece = size_t{16} << 10;  // of shared bytes that the link copies at once

// NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast,cppcoreguidelines-pro-type-const-cast)
std::string_view text_of(const uint8_t* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}
// The library copies names and values; it only takes them as non-const.
nghttp2_nv pair_of(std::string_view name, std::string_view value) {
  return {reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())),
          name.size(),
          value.size(),
          NGHTTP2_NV_FLAG_NONE};
}
// NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast,cppcoreguidelines-pro-type-const-cast)

// Fields that only mean something on an HTTP/1 connection.
bool is_connection_field(std::string_view name) {
  return name == "connection" || name == "keep-alive" || name == "proxy-connection" ||
         name == "transfer-encoding" || name == "upgrade";
}

void append_fields(std::vector<nghttp2_nv>& pairs, const Headers& headers) {
  for (const auto& field : headers.fields()) {
    if (!is_connection_field(field.name)) pairs.push_back(pair_of(field.name, field.value));
  }
}

}  // namespace

struct Http2Session::Callbacks {
  static Http2Events& events(void* user) { return *static_cast<Http2Events*>(user); }

  static int begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type == NGHTTP2_HEADERS) events(user).on_stream_begins(frame->hd.stream_id);
    return 0;
  }

  static int header(nghttp2_session*,
                    const nghttp2_frame* frame,
                    const uint8_t* name,
                    size_t name_size,
                    const uint8_t* value,
                    size_t value_size,
                    uint8_t,
                    void* user) {
    const bool good = events(user).on_field(
        frame->hd.stream_id, text_of(name, name_size), text_of(value, value_size));
    return good ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }

  static int frame_received(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    const int32_t stream = frame->hd.stream_id;
    const bool last = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (frame->hd.type == NGHTTP2_HEADERS) events(user).on_head_complete(stream, last);
    if (frame->hd.type == NGHTTP2_DATA && last) events(user).on_end_of_stream(stream);
    if (frame->hd.type == NGHTTP2_GOAWAY) events(user).on_goaway(frame->goaway.last_stream_id);
    return 0;
  }

  static int data(
      nghttp2_session*, uint8_t, int32_t stream, const uint8_t* bytes, size_t size, void* user) {
    events(user).on_data(stream, text_of(bytes, size));
    return 0;
  }

  static int stream_closed(nghttp2_session*, int32_t stream, uint32_t error, void* user) {
    events(user).on_stream_closed(stream, error);
    return 0;
  }

  static ssize_t fill(nghttp2_session*,
                      int32_t stream,
                      uint8_t* into,
                      size_t size,
                      uint32_t* flags,
                      nghttp2_data_source*,
                      void* user) {
    const Http2Events::Filled filled = events(user).fill(stream, into, size);
    if (filled.cut) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    if (filled.end) *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (filled.wait && filled.bytes == 0) return NGHTTP2_ERR_DEFERRED;
    return static_cast<ssize_t>(filled.bytes);
  }
};

Http2Session::Http2Session(Role role, Http2Events& events, const Settings& settings)
    : events_(events) {
  nghttp2_session_callbacks* callbacks = nullptr;
  CHECK(nghttp2_session_callbacks_new(&callbacks) == 0);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, Callbacks::begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::frame_received);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::data);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::stream_closed);
  nghttp2_option* option = nullptr;
  CHECK(nghttp2_option_new(&option) == 0);
  if (settings.manual_windows) nghttp2_option_set_no_auto_window_update(option, 1);
  void* user = &events_;
  const int made = role == Role::Server
                       ? nghttp2_session_server_new2(&session_, callbacks, user, option)
                       : nghttp2_session_client_new2(&session_, callbacks, user, option);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  CHECK(made == 0);
  std::vector<nghttp2_settings_entry> entries = {
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, settings.stream_window},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, settings.max_header_bytes}};
  if (role == Role::Server) {
    entries.push_back({NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings.max_streams});
  } else {
    entries.push_back({NGHTTP2_SETTINGS_ENABLE_PUSH, 0});
  }
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, entries.data(), entries.size());
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, settings.connection_window);
}

Http2Session::~Http2Session() {
  nghttp2_session_del(session_);
}

bool Http2Session::receive(std::string_view bytes) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  return nghttp2_session_mem_recv(session_, data, bytes.size()) ==
         static_cast<ssize_t>(bytes.size());
}

bool Http2Session::send_to(Link& link, size_t max_unsent) {
  while (link.unsent() < max_unsent) {
    const uint8_t* data = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &data);
    if (size < 0) return false;
    if (size == 0) break;
    std::string_view rest = text_of(data, static_cast<size_t>(size));
    for (; !rest.empty(); rest.remove_prefix(std::min(rest.size(), kPiece))) {
      link.send(rest.substr(0, kPiece));
    }
  }
  return nghttp2_session_want_read(session_) != 0 || nghttp2_session_want_write(session_) != 0;
}

void Http2Session::answer(int32_t stream, int status, const Headers& headers, bool with_body) {
  const std::string status_text = std::to_string(status);
  std::vector<nghttp2_nv> pairs = {pair_of(":status", status_text)};
  append_fields(pairs, headers);
  nghttp2_data_provider provider{};
  provider.read_callback = Callbacks::fill;
  nghttp2_submit_response(
      session_, stream, pairs.data(), pairs.size(), with_body ? &provider : nullptr);
}

std::optional<int32_t> Http2Session::request(const Headers& pseudo,
                                             const Headers& headers,
                                             bool with_body) {
  std::vector<nghttp2_nv> pairs;
  append_fields(pairs, pseudo);
  append_fields(pairs, headers);
  nghttp2_data_provider provider{};
  provider.read_callback = Callbacks::fill;
  const int32_t stream = nghttp2_submit_request(
      session_, nullptr, pairs.data(), pairs.size(), with_body ? &provider : nullptr, nullptr);
  if (stream < 0) return {};
  return stream;
}

void Http2Session::resume(int32_t stream) {
  nghttp2_session_resume_data(session_, stream);
}

void Http2Session::reset(int32_t stream, uint32_t error_code) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, error_code);
}

void Http2Session::consume(int32_t stream, size_t bytes) {
  // A stream that is gone still owes the connection its bytes.
  if (nghttp2_session_consume(session_, stream, bytes) != 0) {
    nghttp2_session_consume_connection(session_, bytes);
  }
}

void Http2Session::ping() {
  nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
}

void Http2Session::goaway() {
  nghttp2_submit_goaway(session_,
                        NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_),
                        NGHTTP2_NO_ERROR,
                        nullptr,
                        0);
}

}  // namespace fleet::http
