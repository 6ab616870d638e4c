#include "fleet/api/registration.h"

#include "fleet/api/fields.h"

namespace fleet::api {

data::Fields ClusterRegistrationSpec::fields() {
  return {
      field("clientID", &ClusterRegistrationSpec::client_id, "Identity of the cluster.").nullable(),
      field("clientRandom",
            &ClusterRegistrationSpec::client_random,
            "Chosen by the agent for this request.")
          .nullable(),
      field("clusterLabels", &ClusterRegistrationSpec::cluster_labels, "Labels for the Cluster.")
          .nullable(),
  };
}

data::Fields ClusterRegistrationStatus::fields() {
  return {
      field("clusterName", &ClusterRegistrationStatus::cluster_name, "The Cluster made or found.")
          .nullable(),
      field("granted", &ClusterRegistrationStatus::granted, "The request was accepted."),
  };
}

data::Fields ClusterRegistration::fields() {
  return {
      field("metadata", &ClusterRegistration::metadata, "Standard object metadata.").always(),
      field("spec", &ClusterRegistration::spec, "What is wanted.").always(),
      field("status", &ClusterRegistration::status, "What is.").always(),
  };
}

data::Fields ClusterRegistrationTokenSpec::fields() {
  return {
      duration_field(field("ttl",
                           &ClusterRegistrationTokenSpec::ttl,
                           "How long the token is valid; for ever when absent."))
          .nullable(),
  };
}

data::Fields ClusterRegistrationTokenStatus::fields() {
  return {
      field("expires", &ClusterRegistrationTokenStatus::expires, "When the token ends."),
      field("secretName",
            &ClusterRegistrationTokenStatus::secret_name,
            "Secret with the values for the agent's chart.")
          .nullable(),
  };
}

data::Fields ClusterRegistrationToken::fields() {
  return {
      field("metadata", &ClusterRegistrationToken::metadata, "Standard object metadata.").always(),
      field("spec", &ClusterRegistrationToken::spec, "What is wanted.").always(),
      field("status", &ClusterRegistrationToken::status, "What is.").always(),
  };
}

}  // namespace fleet::api
