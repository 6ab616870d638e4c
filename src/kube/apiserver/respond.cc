#include "kube/apiserver/respond.h"

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "kube/apiserver/stored.h"
#include "kube/apiserver/table.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr size_t kPieceBytes = size_t{64} << 10;  // of a list that is sent in pieces

// A list in pieces: never a second copy of it in memory.
class ListPieces {
 public:
  ListPieces(std::vector<store::EntryPtr> entries, ServedPtr served, std::string head)
      : entries_(std::move(entries)),
        served_(std::move(served)),
        head_(std::move(head)) {}

  bool next(std::string& piece) {
    if (at_ > entries_.size()) return false;
    piece = std::exchange(head_, {});
    while (at_ < entries_.size() && piece.size() < kPieceBytes) {
      if (at_ != 0) piece += ',';
      store::EntryPtr& entry = entries_[at_++];
      append_stored(piece,
                    served_->resource.gvr.api_version(),
                    served_->resource.kind,
                    entry->value,
                    entry->modified);
      entry.reset();
    }
    if (at_ == entries_.size()) {
      piece += "]}\n";
      ++at_;
    }
    return true;
  }

 private:
  std::vector<store::EntryPtr> entries_;
  ServedPtr served_;
  std::string head_;
  size_t at_ = 0;
};

std::string list_head(const Served& served, const ListMeta& meta) {
  return cat(R"({"kind":")",
             served.list_kind,
             R"(","apiVersion":")",
             served.resource.gvr.api_version(),
             R"(","metadata":)",
             json::print(meta.to_value(), json::Keys::AsWritten),
             R"(,"items":[)");
}

bool in_process(const Call& call) {
  return call.request.identity.has_value();
}

Response plain_list(const Call& call, std::vector<store::EntryPtr> entries, const ListMeta& meta) {
  Response response;
  ListPieces pieces(std::move(entries), call.served, list_head(*call.served, meta));
  response.pieces = [pieces = std::make_shared<ListPieces>(std::move(pieces))](std::string& piece) {
    return pieces->next(piece);
  };
  return response;
}

// The forms that need the documents.
Reply<Response> shaped_list(Core& core,
                            const Call& call,
                            const std::vector<store::EntryPtr>& entries,
                            const ListMeta& meta) {
  const Served& served = *call.served;
  if (call.format.shape == Format::Shape::Table) {
    const std::string include = TRY(include_object(call.query()));
    Value rows = Value::array();
    for (const auto& entry : entries) {
      rows.push_back(
          table_row(served, *core.decoded.get(served, entry), include, call.format, call.now));
    }
    return respond_document(
        make_table(call.format, meta.to_value(), table_columns(served), std::move(rows)),
        call.format);
  }
  const bool partial = call.format.shape == Format::Shape::Partial;
  Value items = Value::array();
  items.reserve(entries.size());
  for (const auto& entry : entries) {
    const DocumentPtr document = core.decoded.get(served, entry);
    items.push_back(partial ? partial_metadata(*document, call.format) : *document);
  }
  Value list = Value::object({{"kind", partial ? "PartialObjectMetadataList" : served.list_kind},
                              {"apiVersion",
                               partial ? cat("meta.k8s.io/", call.format.meta_version)
                                       : served.resource.gvr.api_version()},
                              {"metadata", meta.to_value()},
                              {"items", std::move(items)}});
  return respond_document(std::move(list), call.format);
}

}  // namespace

std::string Response::take_text() {
  if (pieces) {
    std::string text;
    std::string piece;
    while (pieces(piece))
      text += piece;
    return text;
  }
  if (auto* document = std::get_if<Value>(&body)) {
    return json::print(*document, json::Keys::AsWritten) + "\n";
  }
  return std::move(std::get<std::string>(body));
}

Value Response::take_document() {
  if (auto* document = std::get_if<Value>(&body)) return std::move(*document);
  auto parsed = json::parse(take_text());
  return parsed.ok() ? std::move(parsed).value() : Value();
}

Response respond_text(std::string text, std::string_view content_type, int status) {
  Response response;
  response.status = status;
  response.content_type = std::string(content_type);
  response.body = std::move(text);
  return response;
}

Response respond_document(Value document, const Format& format, int status) {
  if (format.syntax == Format::Syntax::Yaml) {
    return respond_text(yaml::print(document), "application/yaml", status);
  }
  if (format.pretty) {
    return respond_text(json::print_indented(document, json::Keys::AsWritten, {"", "  "}) + "\n",
                        "application/json",
                        status);
  }
  Response response;
  response.status = status;
  response.body = std::move(document);
  return response;
}

Response respond_status(const Status& status, const Format& format) {
  Response response = respond_document(status.to_value(), format, status.http);
  if (status.retry_after_seconds > 0) {
    response.headers.set("retry-after", std::to_string(status.retry_after_seconds));
  }
  return response;
}

Reply<Response> respond_object(const Call& call, Value object, int status) {
  const bool own_kind = object["kind"].as_string() == call.served->resource.kind;
  if (call.format.shape == Format::Shape::Partial) {
    return respond_document(partial_metadata(object, call.format), call.format, status);
  }
  if (call.format.shape == Format::Shape::Table && own_kind) {
    const std::string include = TRY(include_object(call.query()));
    Value meta = Value::object({{"resourceVersion", object.at({"metadata", "resourceVersion"})}});
    Value rows = Value::array({table_row(*call.served, object, include, call.format, call.now)});
    return respond_document(
        make_table(call.format, std::move(meta), table_columns(*call.served), std::move(rows)),
        call.format,
        status);
  }
  return respond_document(std::move(object), call.format, status);
}

Reply<Response> respond_entry(Core& core, const Call& call, const store::EntryPtr& entry) {
  const Served& served = *call.served;
  if (!call.format.is_plain() || in_process(call) || !served.rules->stored_as_is()) {
    return respond_object(call, *core.decoded.get(served, entry));
  }
  std::string text;
  text.reserve(entry->value.size() + 160);
  append_stored(
      text, served.resource.gvr.api_version(), served.resource.kind, entry->value, entry->modified);
  text += '\n';
  return respond_text(std::move(text), "application/json");
}

Value ListMeta::to_value() const {
  Value meta = Value::object({{"resourceVersion", std::to_string(revision)}});
  if (!continue_token.empty()) meta.set("continue", continue_token);
  if (has_remaining) meta.set("remainingItemCount", remaining);
  return meta;
}

Reply<Response> respond_list(Core& core,
                             const Call& call,
                             std::vector<store::EntryPtr> entries,
                             const ListMeta& meta) {
  const bool plain = call.format.is_plain() && !in_process(call);
  if (!plain || !call.served->rules->stored_as_is()) return shaped_list(core, call, entries, meta);
  return plain_list(call, std::move(entries), meta);
}

}  // namespace fleet::kube::apiserver
