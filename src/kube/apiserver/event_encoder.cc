#include "kube/apiserver/event_encoder.h"

#include "base/strings.h"
#include "data/json/print.h"
#include "kube/apiserver/local_client.h"
#include "kube/apiserver/stored.h"
#include "kube/apiserver/table.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

EventLine line_of(SourceEvent::Type type, const Value& object) {
  std::string text = cat(R"({"type":")", to_string(type), R"(","object":)");
  json::append(text, object, json::Keys::AsWritten);
  text += "}\n";
  return std::make_shared<const std::string>(std::move(text));
}

Value shaped(const EventSource& source, const SourceEvent& event, TimePoint now, bool first) {
  const auto& settings = source.settings();
  const Value object = event.type == SourceEvent::Type::Bookmark
                           ? bookmark(*settings.served, event.revision, event.initial_end)
                           : *source.document(event);
  if (settings.format.shape == Format::Shape::Object) return object;
  if (settings.format.shape == Format::Shape::Partial) {
    return partial_metadata(object, settings.format);
  }
  Value rows =
      Value::array({table_row(*settings.served, object, settings.include, settings.format, now)});
  return make_table(settings.format,
                    Value::object({{"resourceVersion", std::to_string(event.revision)}}),
                    first ? table_columns(*settings.served) : Value(),
                    std::move(rows));
}

}  // namespace

EventLine EventEncoder::encode(const EventSource& source,
                               const SourceEvent& event,
                               TimePoint now,
                               bool first) {
  if (event.type == SourceEvent::Type::Error) return line_of(event.type, event.status.to_value());
  const auto& settings = source.settings();
  const bool is_plain = settings.format.shape == Format::Shape::Object &&
                        event.type != SourceEvent::Type::Bookmark &&
                        settings.served->rules->stored_as_is();
  if (is_plain) return plain(source, event);
  return line_of(event.type, shaped(source, event, now, first));
}

EventLine EventEncoder::plain(const EventSource& source, const SourceEvent& event) {
  const Served& served = *source.settings().served;
  const std::string api_version = served.resource.gvr.api_version();
  const size_t at = event.revision % kSlots;
  EventLine known = slots_.with([&](const auto& slots) -> EventLine {
    const Slot& slot = slots[at];
    const bool same = slot.entry == event.entry && slot.revision == event.revision &&
                      slot.type == event.type && slot.api_version == api_version;
    return same ? slot.line : nullptr;
  });
  if (known) return known;
  std::string text = cat(R"({"type":")", to_string(event.type), R"(","object":)");
  text.reserve(text.size() + event.entry->value.size() + 160);
  append_stored(text, api_version, served.resource.kind, event.entry->value, event.revision);
  text += "}\n";
  auto line = std::make_shared<const std::string>(std::move(text));
  Slot fresh{event.entry, event.revision, event.type, api_version, line};
  slots_.with([&](auto& slots) { std::swap(slots[at], fresh); });
  return line;
}

}  // namespace fleet::kube::apiserver
