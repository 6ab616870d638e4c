#include "gotemplate/time.h"

namespace fleet::gotemplate {
namespace {

// A TZif file (RFC 8536), read where it lies. Version 2 files repeat their data with 64-bit times.
class ZoneFile {
 public:
  explicit ZoneFile(std::string_view bytes)
      : bytes_(bytes) {}

  struct Local {
    int32_t offset = 0;
    std::string_view name;
  };

  std::optional<Local> at(int64_t seconds) {
    if (!read_header(0)) return std::nullopt;
    size_t width = 4;
    if (bytes_[4] >= '2') {
      size_t first = kHeader + times_ * 5 + types_ * 6 + names_ + leaps_ * 8 + standards_ + utcs_;
      if (!read_header(first)) return std::nullopt;
      width = 8;
    }
    size_t size = times_ * (width + 1) + types_ * 6 + names_;
    if (types_ == 0 || start_ + size > bytes_.size()) return std::nullopt;
    size_t type = first_standard(width);
    for (size_t i = 0; i < times_ && number(start_ + i * width, width) <= seconds; ++i) {
      type = static_cast<unsigned char>(bytes_[start_ + times_ * width + i]);
    }
    return local(type, width);
  }

 private:
  static constexpr size_t kHeader = 44;

  bool read_header(size_t at) {
    if (at + kHeader > bytes_.size() || bytes_.substr(at, 4) != "TZif") return false;
    size_t counts[6];
    for (size_t i = 0; i < 6; ++i)
      counts[i] = static_cast<size_t>(number(at + 20 + i * 4, 4));
    for (size_t count : counts) {
      if (count > bytes_.size()) return false;
    }
    utcs_ = counts[0];
    standards_ = counts[1];
    leaps_ = counts[2];
    times_ = counts[3];
    types_ = counts[4];
    names_ = counts[5];
    start_ = at + kHeader;
    return true;
  }

  int64_t number(size_t at, size_t width) const {
    uint64_t value = 0;
    for (size_t i = 0; i < width; ++i) {
      value = value << 8 | static_cast<unsigned char>(bytes_[at + i]);
    }
    return width == 4 ? static_cast<int32_t>(value) : static_cast<int64_t>(value);
  }

  size_t type_start(size_t width) const { return start_ + times_ * (width + 1); }

  // Before the first change: the first zone that is not daylight saving time.
  size_t first_standard(size_t width) const {
    for (size_t i = 0; i < types_; ++i) {
      if (bytes_[type_start(width) + i * 6 + 4] == 0) return i;
    }
    return 0;
  }

  std::optional<Local> local(size_t type, size_t width) const {
    if (type >= types_) return std::nullopt;
    size_t at = type_start(width) + type * 6;
    auto name_at = static_cast<unsigned char>(bytes_[at + 5]);
    std::string_view names = bytes_.substr(type_start(width) + types_ * 6, names_);
    if (name_at >= names.size()) return std::nullopt;
    std::string_view name = names.substr(name_at);
    return Local{static_cast<int32_t>(number(at, 4)), name.substr(0, name.find('\0'))};
  }

  std::string_view bytes_;
  size_t start_ = 0;
  size_t utcs_ = 0;
  size_t standards_ = 0;
  size_t leaps_ = 0;
  size_t times_ = 0;
  size_t types_ = 0;
  size_t names_ = 0;
};

}  // namespace

std::optional<TimeNode> in_zone(Heap& heap, const TimeNode& time, std::string_view zone_file) {
  auto local = ZoneFile(zone_file).at(time.seconds);
  if (!local) return std::nullopt;
  TimeNode out = time;
  out.offset = local->offset;
  out.zone = heap.copy(local->name);
  return out;
}

}  // namespace fleet::gotemplate
