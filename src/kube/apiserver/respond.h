// Answers: one object, a list, a Status, in the form that the client asked for.
#pragma once

#include "kube/apiserver/core.h"
#include "kube/store/store.h"

namespace fleet::kube::apiserver {

Response respond_document(data::Value document, const Format& format, int status = 200);
Response respond_status(const Status& status, const Format& format = {});
Response respond_text(std::string text, std::string_view content_type, int status = 200);

// An object of the call's kind (or of a subresource's, such as Scale, which has no table).
Reply<Response> respond_object(const Call& call, data::Value object, int status = 200);
// The same from the store: plain JSON needs no parsing.
Reply<Response> respond_entry(Core& core, const Call& call, const store::EntryPtr& entry);

// What a list answers with beside its items.
struct ListMeta {
  store::Revision revision = 0;
  std::string continue_token;
  uint64_t remaining = 0;
  bool has_remaining = false;

  data::Value to_value() const;
};
Reply<Response> respond_list(Core& core,
                             const Call& call,
                             std::vector<store::EntryPtr> entries,
                             const ListMeta& meta);

}  // namespace fleet::kube::apiserver
