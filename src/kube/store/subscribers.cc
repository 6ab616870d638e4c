#include "kube/store/subscribers.h"

#include <algorithm>

namespace fleet::kube::store {

std::shared_ptr<Reader> Subscribers::add(std::string_view prefix,
                                         Revision from,
                                         std::function<void()> wake,
                                         Revision& dispatched) {
  auto reader = std::make_shared<Reader>(std::string(prefix), from, max_waiting_, std::move(wake));
  const bool ended = table_.with([&](Table& table) {
    dispatched = table.dispatched;
    if (!table.ended) table.by_prefix.emplace(reader->prefix(), reader);
    return table.ended;
  });
  if (ended) reader->end();
  return reader;
}

void Subscribers::remove(const Reader& reader) {
  std::shared_ptr<Reader> last;  // freed outside the lock
  table_.with([&](Table& table) {
    auto [begin, end] = table.by_prefix.equal_range(reader.prefix());
    auto found =
        std::find_if(begin, end, [&](const auto& row) { return row.second.get() == &reader; });
    if (found == end) return;
    last = std::move(found->second);
    table.by_prefix.erase(found);
  });
}

void Subscribers::dispatch(const std::vector<EventPtr>& events) {
  std::vector<std::pair<std::shared_ptr<Reader>, const EventPtr*>> due;
  table_.with([&](Table& table) {
    for (const EventPtr& event : events) {
      const std::string_view key = event->key();
      for (size_t at = 0; at != std::string_view::npos; at = key.find('/', at + 1)) {
        const std::string_view prefix = at == 0 ? std::string_view() : key.substr(0, at + 1);
        auto [begin, end] = table.by_prefix.equal_range(prefix);
        for (auto row = begin; row != end; ++row)
          due.emplace_back(row->second, &event);
      }
      auto [begin, end] = table.by_prefix.equal_range(key);
      for (auto row = begin; row != end; ++row)
        due.emplace_back(row->second, &event);
    }
    table.dispatched = events.back()->revision;
  });
  for (const auto& [reader, event] : due)
    reader->push(*event);
  const Reader* woken = nullptr;
  for (const auto& [reader, event] : due) {
    if (reader.get() != woken) reader->wake();
    woken = reader.get();
  }
}

Revision Subscribers::dispatched() const {
  return table_.with([](const Table& table) { return table.dispatched; });
}

void Subscribers::set_dispatched(Revision revision) {
  table_.with([&](Table& table) { table.dispatched = revision; });
}

void Subscribers::end_all() {
  std::vector<std::shared_ptr<Reader>> all;
  table_.with([&](Table& table) {
    table.ended = true;
    for (auto& [prefix, reader] : table.by_prefix)
      all.push_back(reader);
  });
  for (const auto& reader : all) {
    reader->end();
    reader->wake();
  }
}

void Reader::prime(std::vector<EventPtr> backlog) {
  queue_.with([&](Queue& queue) {
    backlog.insert(backlog.end(), queue.events.begin(), queue.events.end());
    queue.events = std::move(backlog);
  });
}

void Reader::push(const EventPtr& event) {
  if (event->revision <= from_) return;
  queue_.with([&](Queue& queue) {
    if (queue.cut_off) return;
    if (queue.events.size() - queue.head >= max_waiting_) {
      queue.cut_off = true;
      queue.events = {};
      queue.head = 0;
      return;
    }
    queue.events.push_back(event);
  });
}

void Reader::end() {
  queue_.with([](Queue& queue) { queue.ended = true; });
}

Result<std::vector<EventPtr>> Reader::take(size_t limit) {
  return queue_.with([&](Queue& queue) -> Result<std::vector<EventPtr>> {
    if (queue.cut_off) {
      return Error(Code::Expired, "the watch was cut off: its reader was too slow");
    }
    const size_t waiting = queue.events.size() - queue.head;
    if (queue.ended && waiting == 0) return Error(Code::Cancelled, "the store stops");
    const size_t taken = std::min(limit, waiting);
    std::vector<EventPtr> out;
    out.reserve(taken);
    for (size_t i = 0; i < taken; ++i)
      out.push_back(std::move(queue.events[queue.head + i]));
    queue.head += taken;
    if (queue.head == queue.events.size()) {
      queue.events.clear();
      queue.head = 0;
      if (queue.events.capacity() > 64) queue.events.shrink_to_fit();
    }
    return out;
  });
}

}  // namespace fleet::kube::store
