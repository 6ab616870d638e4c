#include "fleet/api/helmop.h"

#include "fleet/api/fields.h"

namespace fleet::api {

data::Fields HelmOpSpec::fields() {
  return {
      data::embed("BundleSpec", &HelmOpSpec::bundle),
      field("labels", &HelmOpSpec::labels, "Labels for the bundle."),
      duration_field(field("pollingInterval",
                           &HelmOpSpec::polling_interval,
                           "How often to look for new versions; never when absent."))
          .nullable(),
      field(
          "helmSecretName", &HelmOpSpec::helm_secret_name, "Secret with credentials for the chart.")
          .nullable(),
      field("insecureSkipTLSVerify",
            &HelmOpSpec::insecure_skip_tls_verify,
            "Do not check certificates."),
  };
}

data::Fields HelmOpStatus::fields() {
  return {
      data::embed("StatusBase", &HelmOpStatus::base),
      field("lastPollingTriggered",
            &HelmOpStatus::last_polling_time,
            "When versions were looked for."),
      field("version", &HelmOpStatus::version, "The chart version in use."),
  };
}

data::Fields HelmOp::fields() {
  return {
      field("metadata", &HelmOp::metadata, "Standard object metadata.").always(),
      field("spec", &HelmOp::spec, "What is wanted.").always(),
      field("status", &HelmOp::status, "What is.").always(),
  };
}

}  // namespace fleet::api
