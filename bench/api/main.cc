// bench.api [FOLDER]: figures of the API server over TLS with a store on disk in FOLDER (default: a
// temporary folder). Clients and server share the machine, and this process; each of the clients in
// flight has a connection of its own, as agents have.
#include <atomic>
#include <cstdio>

#include "base/strings.h"
#include "kube/apiserver/server.h"
#include "kube/client/http_client.h"
#include "load.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "sys/thread.h"

namespace fleet::bench {
namespace {

constexpr size_t kObjects = 20'000;
constexpr size_t kObjectBytes = 2'048;
constexpr size_t kInFlight = 64;
constexpr size_t kGets = 50'000;
constexpr size_t kLists = 5;
using Clients = std::vector<std::unique_ptr<kube::Client>>;
constexpr size_t kWatchers = 1'000;
constexpr size_t kWatchedCreates = 500;

void print(std::string_view figure, double ours) {
  std::printf("bench api %s ours=%s peer=none ratio=1\n",
              std::string(figure).c_str(),
              cat(static_cast<int64_t>(ours)).c_str());
  std::fflush(stdout);
}

double megabytes(uint64_t bytes) {
  return static_cast<double>(bytes) / 1e6;
}

double seconds_since(Instant start) {
  return std::chrono::duration<double>(system_clock().instant() - start).count();
}

Result<std::unique_ptr<kube::ApiServer>> start(const Context& ctx, const std::string& folder) {
  kube::ApiServerOptions options;
  options.data_dir = folder;
  options.storage = kube::ApiServerOptions::Storage::Sqlite;
  auto api = TRY(kube::ApiServer::open(ctx, options));
  TRY(api->serve(ctx, {}));
  return api;
}

// Every watcher sees every object: the time from the first create to the last delivery.
Result<> bench_watches(const Context& ctx, kube::Client& client, Clients& clients) {
  std::atomic<size_t> delivered = 0;
  const auto list = TRY(client.list(ctx, kLoads, {.ns = "default", .limit = 1}));
  std::vector<std::unique_ptr<kube::Watch>> watches;
  for (size_t i = 0; i < kWatchers; ++i) {
    watches.push_back(TRY(client.watch(
        ctx,
        kLoads,
        {.ns = "default", .resource_version = list.resource_version, .bookmarks = false})));
  }
  print("rss-with-1000-watches-MB", megabytes(sys::resident_bytes()));
  const Instant begin = system_clock().instant();
  std::vector<Thread> readers;
  constexpr size_t kReaders = 4;
  for (size_t r = 0; r < kReaders; ++r) {
    readers.emplace_back("reader", [&, r](std::stop_token stop) {
      const Context reading = ctx.with_stop(stop);
      // An event of each in turn: none of those on a connection waits unread for long.
      for (size_t seen = 0; seen < kWatchedCreates; ++seen) {
        for (size_t w = r; w < watches.size(); w += kReaders) {
          auto event = watches[w]->next(reading);
          if (!event.ok() || !*event) return;
          ++delivered;
        }
      }
    });
  }
  TRY(run_parallel(kWatchedCreates, kInFlight, [&](size_t i, size_t worker) -> Result<> {
    TRY(clients[worker]->create(ctx, kLoads, load_object(kObjects + i, kObjectBytes)));
    return {};
  }));
  for (Thread& reader : readers)
    reader.join();
  print("watch-1000x500-delivered-ms", seconds_since(begin) * 1000);
  print("watch-events-delivered", static_cast<double>(delivered));
  return {};
}

Result<> run(const Context& ctx, const std::string& folder) {
  Instant begin = system_clock().instant();
  auto api = TRY(start(ctx, folder));
  print("ready-first-ms", seconds_since(begin) * 1000);
  print("rss-idle-MB", megabytes(sys::resident_bytes()));
  const kube::Access access = TRY(kube::parse_kubeconfig(TRY(api->admin_kubeconfig())));
  auto client = TRY(kube::make_http_client(access));
  Clients clients;
  for (size_t i = 0; i < kInFlight; ++i)
    clients.push_back(TRY(kube::make_http_client(access)));
  TRY(api->client().create(ctx,
                           {{"apiextensions.k8s.io", "v1", "customresourcedefinitions"},
                            "CustomResourceDefinition",
                            false},
                           load_definition()));
  const double creating =
      TRY(run_parallel(kObjects, kInFlight, [&](size_t i, size_t worker) -> Result<> {
        TRY(clients[worker]->create(ctx, kLoads, load_object(i, kObjectBytes)));
        return {};
      }));
  print("create-per-second", static_cast<double>(kObjects) / creating);
  const double getting =
      TRY(run_parallel(kGets, kInFlight, [&](size_t i, size_t worker) -> Result<> {
        TRY(clients[worker]->get(ctx, kLoads, {"default", cat("load-", i % kObjects)}));
        return {};
      }));
  print("get-per-second", static_cast<double>(kGets) / getting);
  begin = system_clock().instant();
  size_t bytes = 0;
  for (size_t i = 0; i < kLists; ++i) {
    bytes += TRY(client->raw(ctx, {.path = kLoads.path("default")})).body.size();
  }
  print("list-MB-per-second", megabytes(bytes) / seconds_since(begin));
  print("rss-with-20000-objects-MB", megabytes(sys::resident_bytes()));
  TRY(bench_watches(ctx, *client, clients));
  clients.clear();
  client.reset();
  api.reset();
  begin = system_clock().instant();
  api = TRY(start(ctx, folder));
  print("ready-warm-20000-objects-ms", seconds_since(begin) * 1000);
  return {};
}

int run_main(const std::vector<std::string>& args) {
  std::printf(
      "one process for server and clients, %d processors, TLS, SQLite with fsync; no peer\n",
      sys::processor_count());
  auto folder = sys::TempFolder::make("fleet-bench");
  if (!folder.ok()) return 1;
  const Context ctx = Context::background();
  const Result<> done = run(ctx, args.empty() ? folder->file("data") : args[0]);
  if (!done.ok()) std::fprintf(stderr, "bench api: %s\n", done.error().message().c_str());
  return done.ok() ? 0 : 1;
}

}  // namespace
}  // namespace fleet::bench

int main(int argc, char** argv) {
  return fleet::bench::run_main({argv + 1, argv + argc});
}
