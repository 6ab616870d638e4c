#include "fleet/api/imagescan.h"

#include "fleet/api/fields.h"

namespace fleet::api {

data::Fields SemVerPolicy::fields() {
  return {
      field("range", &SemVerPolicy::range, "Versions that count; the highest is taken.")
          .always()
          .nullable(),
  };
}

data::Fields AlphabeticalPolicy::fields() {
  return {
      field("order", &AlphabeticalPolicy::order, "ASC or DESC.").nullable(),
  };
}

data::Fields ImagePolicyChoice::fields() {
  return {
      field("semver", &ImagePolicyChoice::semver, "By version.").nullable(),
      field("alphabetical", &ImagePolicyChoice::alphabetical, "By text.").nullable(),
  };
}

data::Value LocalObjectReference::schema_rules() {
  return data::Value::object({{kMapType, "atomic"}});
}

data::Fields LocalObjectReference::fields() {
  return {
      field("name", &LocalObjectReference::name, "Name of the object.").default_value(""),
  };
}

data::Fields ImageScanSpec::fields() {
  return {
      field("tagName", &ImageScanSpec::tag_name, "Name by which markers in files refer to it.")
          .nullable(),
      field("gitrepoName", &ImageScanSpec::git_repo_name, "The GitRepo whose files are edited.")
          .nullable(),
      field("image", &ImageScanSpec::image, "The image.").required().nullable(),
      duration_field(field("interval", &ImageScanSpec::interval, "How often to look."))
          .required()
          .nullable(),
      field("secretRef", &ImageScanSpec::secret_ref, "Secret with credentials for the registry.")
          .nullable(),
      field("suspend", &ImageScanSpec::suspend, "Do not look."),
      field("policy", &ImageScanSpec::policy, "Which tag to take.").always(),
  };
}

data::Fields ImageScanStatus::fields() {
  return {
      field("conditions", &ImageScanStatus::conditions, "ImageScanned, and why not."),
      field("lastScanTime", &ImageScanStatus::last_scan_time, "When tags were last listed."),
      field("latestImage", &ImageScanStatus::latest_image, "The image with the tag taken."),
      field("latestTag", &ImageScanStatus::latest_tag, "The tag taken."),
      field("latestDigest", &ImageScanStatus::latest_digest, "Its digest."),
      field(
          "observedGeneration", &ImageScanStatus::observed_generation, "The generation last seen."),
      field("canonicalImageName",
            &ImageScanStatus::canonical_image_name,
            "The image with its registry."),
  };
}

data::Fields ImageScan::fields() {
  return {
      field("metadata", &ImageScan::metadata, "Standard object metadata.").always(),
      field("spec", &ImageScan::spec, "What is wanted.").always(),
      field("status", &ImageScan::status, "What is.").always(),
  };
}

}  // namespace fleet::api
