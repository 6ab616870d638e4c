#include "codec/gzip.h"

#include <cstdint>
#include <limits>

#include <zlib.h>

#include "base/check.h"
#include "base/strings.h"
#include "codec/digest.h"

namespace fleet::codec {
namespace {

// NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast,cppcoreguidelines-pro-type-const-cast)
// zlib takes non-const input but does not write to it.
Bytef* in_bytes(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}
Bytef* out_bytes(char* text) {
  return reinterpret_cast<Bytef*>(text);
}
// NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast,cppcoreguidelines-pro-type-const-cast)

constexpr int kRaw = -15;  // no header, window of 32 KiB
constexpr int kZlib = 15;  // zlib's header
constexpr size_t kPiece = size_t{64} << 10;
constexpr size_t kMaxStep = size_t{1} << 30;  // zlib counts in 32 bits

Error broken(std::string_view text) {
  return Error{Code::Invalid, std::string(text)};
}

void append_le32(std::string& out, uint32_t number) {
  for (int i = 0; i < 4; ++i)
    out += static_cast<char>(number >> (8 * i) & 0xff);
}

uint32_t read_le32(std::string_view bytes) {
  uint32_t number = 0;
  for (size_t i = 0; i < 4; ++i) {
    number |= static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])) << (8 * i);
  }
  return number;
}

// Inflates one deflate or zlib stream; returns the number of input bytes it took.
Result<size_t> inflate_into(std::string& out,
                            std::string_view bytes,
                            int window,
                            size_t max_bytes) {
  z_stream stream{};
  CHECK(::inflateInit2(&stream, window) == Z_OK);
  const std::unique_ptr<z_stream, void (*)(z_stream*)> ends(&stream,
                                                            [](z_stream* s) { ::inflateEnd(s); });
  size_t taken = 0;
  int state = Z_OK;
  char buffer[kPiece];
  while (state != Z_STREAM_END) {
    const std::string_view rest = bytes.substr(taken, kMaxStep);
    stream.next_in = in_bytes(rest);
    stream.avail_in = static_cast<uInt>(rest.size());
    stream.next_out = out_bytes(buffer);
    stream.avail_out = kPiece;
    state = ::inflate(&stream, Z_NO_FLUSH);
    const size_t made = kPiece - stream.avail_out;
    taken += rest.size() - stream.avail_in;
    if (state == Z_BUF_ERROR && made == 0) return broken("unexpected EOF");
    if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) {
      return broken(cat("flate: corrupt input before offset ", taken));
    }
    if (out.size() + made > max_bytes) {
      return Error{Code::RequestEntityTooLarge, cat("unpacks to more than ", max_bytes, " bytes")};
    }
    out.append(buffer, made);
  }
  return taken;
}

// The size of a member's header.
Result<size_t> header_size(std::string_view bytes) {
  if (bytes.size() < 10) return broken(bytes.empty() ? "EOF" : "unexpected EOF");
  if (!is_gzip(bytes) || bytes[2] != 8) return broken("gzip: invalid header");
  const auto flags = static_cast<uint8_t>(bytes[3]);
  size_t at = 10;
  if ((flags & 4) != 0) {  // extra field
    if (bytes.size() < at + 2) return broken("unexpected EOF");
    at += 2 + static_cast<uint8_t>(bytes[at]) +
          (static_cast<size_t>(static_cast<uint8_t>(bytes[at + 1])) << 8);
  }
  for (const int flag : {8, 16}) {  // name, comment
    if ((flags & flag) == 0) continue;
    const size_t end = at < bytes.size() ? bytes.find('\0', at) : std::string_view::npos;
    if (end == std::string_view::npos) return broken("unexpected EOF");
    at = end + 1;
  }
  if ((flags & 2) != 0) at += 2;  // header checksum
  if (at > bytes.size()) return broken("unexpected EOF");
  return at;
}

}  // namespace

bool is_gzip(std::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

std::string gzip(std::string_view bytes, int level) {
  std::string out("\x1f\x8b\x08\x00\x00\x00\x00\x00", 8);
  out += level == kGzipBest ? '\x02' : level == kGzipFast ? '\x04' : '\x00';
  out += '\xff';  // operating system: unknown
  z_stream stream{};
  CHECK(::deflateInit2(&stream, level, Z_DEFLATED, kRaw, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  char buffer[kPiece];
  int state = Z_OK;
  size_t taken = 0;
  while (state != Z_STREAM_END) {
    const std::string_view rest = bytes.substr(taken, kMaxStep);
    stream.next_in = in_bytes(rest);
    stream.avail_in = static_cast<uInt>(rest.size());
    stream.next_out = out_bytes(buffer);
    stream.avail_out = kPiece;
    state = ::deflate(&stream, taken + rest.size() == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    CHECK(state == Z_OK || state == Z_STREAM_END || state == Z_BUF_ERROR);
    taken += rest.size() - stream.avail_in;
    out.append(buffer, kPiece - stream.avail_out);
  }
  ::deflateEnd(&stream);
  append_le32(out, crc32(bytes));
  append_le32(out, static_cast<uint32_t>(bytes.size() & 0xffffffffU));
  return out;
}

Result<std::string> gunzip(std::string_view bytes, size_t max_bytes) {
  std::string out;
  do {
    const size_t header = TRY(header_size(bytes));
    bytes.remove_prefix(header);
    const size_t start = out.size();
    bytes.remove_prefix(TRY(inflate_into(out, bytes, kRaw, max_bytes)));
    if (bytes.size() < 8) return broken("unexpected EOF");
    const std::string_view member = std::string_view(out).substr(start);
    if (read_le32(bytes) != crc32(member) ||
        read_le32(bytes.substr(4)) != static_cast<uint32_t>(member.size() & 0xffffffffU)) {
      return broken("gzip: invalid checksum");
    }
    bytes.remove_prefix(8);
  } while (!bytes.empty());
  return out;
}

Result<std::string> inflate_zlib(std::string_view bytes, size_t max_bytes) {
  std::string out;
  TRY(inflate_into(out, bytes, kZlib, max_bytes));
  return out;
}

}  // namespace fleet::codec
