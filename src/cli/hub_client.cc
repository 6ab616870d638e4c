#include "cli/hub_client.h"

#include <utility>

#include "base/strings.h"
#include "kube/client/http_client.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "text/duration.h"

namespace fleet::cli {
namespace {

// As `fleet server` chooses its folder.
std::string server_kubeconfig() {
  if (auto data = sys::env("XDG_DATA_HOME"); data && !data->empty()) {
    return cat(*data, "/fleet/admin.kubeconfig");
  }
  if (sys::is_root()) return "/var/lib/fleet/admin.kubeconfig";
  return cat(sys::home_folder(), "/.local/share/fleet/admin.kubeconfig");
}

}  // namespace

void HubFlags::add_to(Setup& setup) {
  setup.text("kubeconfig", kubeconfig, "kubeconfig file of the hub");
  setup.text("context", context, "context of the kubeconfig to use");
  setup.text("n,namespace", ns, "namespace on the hub");
}

Result<HubClient> connect(const HubFlags& flags) {
  kube::KubeconfigSource source;
  source.path = flags.kubeconfig;
  source.context = flags.context;
  Result<kube::Access> access = kube::load_kubeconfig(source);
  if (!access.ok() && flags.kubeconfig.empty() && access.error().code() == Code::NotFound) {
    source.path = server_kubeconfig();
    Result<kube::Access> own = kube::load_kubeconfig(source);
    if (own.ok()) access = std::move(own);
  }
  if (!access.ok()) {
    return std::move(access).error().within(
        "no hub to talk to (start one with `fleet server`, or name it with --kubeconfig)");
  }
  HubClient hub;
  hub.ns = flags.ns.empty() ? access->ns : flags.ns;
  hub.client = TRY(kube::make_http_client(*access));
  return hub;
}

std::string ago(std::string_view rfc3339, TimePoint now) {
  auto time = parse_rfc3339(rfc3339);
  if (!time) return "never";
  return cat(text::format_age(now - *time), " ago");
}

std::string one_line(std::string_view text) {
  return join(split_fields(text), " ");
}

}  // namespace fleet::cli
