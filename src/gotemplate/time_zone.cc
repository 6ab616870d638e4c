#include "gotemplate/time.h"
#include "text/zone.h"

namespace fleet::gotemplate {

std::optional<TimeNode> in_zone(Heap& heap, const TimeNode& time, std::string_view zone_file) {
  auto zone = text::Zone::read(zone_file);
  if (!zone) return std::nullopt;
  const text::Zone::Local local = zone->at(time.seconds);
  TimeNode out = time;
  out.offset = local.offset;
  out.zone = heap.copy(local.name);
  return out;
}

}  // namespace fleet::gotemplate
