#include "kube/apiserver/objects.h"

#include "base/strings.h"
#include "kube/apiserver/stored.h"

namespace fleet::kube::apiserver {

namespace {

std::string name_of(const data::Value& object) {
  return object.at({"metadata", "name"}).to_string();
}

std::string key_of(const Served& served, const data::Value& object) {
  return served.key(object.at({"metadata", "namespace"}).to_string(), name_of(object));
}

// The store's refusal in the words of the API.
Status refused(const Error& error, const Served& served, std::string_view name) {
  switch (error.code()) {
    case Code::AlreadyExists:
      return Status::already_exists(served.group_resource(), name);
    case Code::NotFound:
      return object_not_found(served, name);
    case Code::Conflict:
      return object_modified(served, name);
    default:
      return Status::from_error(error);
  }
}

}  // namespace

Status object_not_found(const Served& served, std::string_view name) {
  return Status::not_found(served.group_resource(), name);
}

Status object_modified(const Served& served, std::string_view name) {
  return Status::conflict(served.group_resource(),
                          name,
                          "the object has been modified; please apply your changes to the latest "
                          "version and try again");
}

Reply<store::Revision> parse_revision(std::string_view text) {
  if (text.empty()) return store::Revision{0};
  const auto number = parse_uint(text);
  if (!number) return Status::bad_request(cat("invalid resource version \"", text, "\""));
  return store::Revision{*number};
}

Reply<Current> read_object(const Context& ctx,
                           Core& core,
                           const ServedPtr& served,
                           const Key& key) {
  store::EntryPtr entry = TRY(core.store.get(ctx, served->key(key.ns, key.name)));
  if (!entry) return object_not_found(*served, key.name);
  return Current{entry, core.decoded.get(*served, entry)};
}

Reply<Current> read_object(const Call& call, Core& core, const Key& key) {
  return read_object(call.ctx, core, call.served, key);
}

data::Value with_revision(data::Value object, store::Revision revision) {
  object.set({"metadata", "resourceVersion"}, std::to_string(revision));
  return object;
}

std::string encode_object(const Served& served, const data::Value& object) {
  return encode_stored(served.rules->stored_as_is() ? object : served.rules->to_storage(object));
}

Reply<data::Value> store_create(Core& core, const Call& call, const data::Value& object) {
  auto written = core.store.write(call.ctx,
                                  {store::Operation::Create,
                                   key_of(*call.served, object),
                                   encode_object(*call.served, object),
                                   0});
  if (!written.ok()) return refused(written.error(), *call.served, name_of(object));
  data::Value result = with_revision(object, written->revision);
  core.observer.written(*call.served, result, false);
  return result;
}

Reply<data::Value> store_update(Core& core,
                                const Call& call,
                                const data::Value& object,
                                store::Revision expected) {
  auto written = core.store.write(call.ctx,
                                  {store::Operation::Update,
                                   key_of(*call.served, object),
                                   encode_object(*call.served, object),
                                   expected});
  if (!written.ok()) return refused(written.error(), *call.served, name_of(object));
  data::Value result = with_revision(object, written->revision);
  core.observer.written(*call.served, result, false);
  return result;
}

Reply<data::Value> store_delete(Core& core,
                                const Call& call,
                                const data::Value& object,
                                store::Revision expected) {
  auto written = core.store.write(
      call.ctx, {store::Operation::Delete, key_of(*call.served, object), {}, expected});
  if (!written.ok()) return refused(written.error(), *call.served, name_of(object));
  data::Value result = with_revision(object, written->revision);
  core.observer.written(*call.served, result, true);
  return result;
}

}  // namespace fleet::kube::apiserver
