#!/usr/bin/env python3
"""Writes src/kube/builtin/schema_data.cc from the schema of server-side apply.

usage: builtin_schema.py k8s_smd_schema.json src/kube/builtin/schema_extra.txt > schema_data.cc

One type a line: its name, then field=type. Types: s string, i int32, l int64, d double, b bool,
y bytes, q quantity, t time, m micro time, x int or string, a anything, $name a struct ("$.Name" of
the same package), [T] an atomic list, [T]! a set, [T]k1,k2 a keyed list, {T} a map, {T}! an atomic
map. A "!" behind the type's name: owned as a whole.
"""
import json
import sys

PACKAGES = """core.v1 apps.v1 batch.v1 autoscaling.v1 autoscaling.v2 networking.v1 policy.v1 rbac.v1
coordination.v1 discovery.v1 events.v1 storage.v1 scheduling.v1 admissionregistration.v1
certificates.v1 meta.v1""".split()

INT64 = set("""activeDeadlineSeconds deletionGracePeriodSeconds expirationSeconds fsGroup generation
runAsGroup runAsUser startingDeadlineSeconds terminationGracePeriodSeconds tolerationSeconds
observedGeneration revision sizeBytes remainingItemCount gracePeriodSeconds""".split())
INT64_LISTS = {"supplementalGroups"}

KNOWN = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "q",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "t",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "m",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "x",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "a",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "a",
    "__untyped_atomic_": "a",
    "__untyped_deduced_": "a",
}
BYTES = {("Secret", "data"), ("ConfigMap", "binaryData"), ("WebhookClientConfig", "caBundle"),
         ("CertificateSigningRequestSpec", "request"),
         ("CertificateSigningRequestStatus", "certificate")}


def short(name):
    for prefix in ("io.k8s.api.", "io.k8s.apimachinery.pkg.apis."):
        if name.startswith(prefix):
            return name[len(prefix):]
    return name


def package(name):
    return name.rsplit(".", 1)[0]


def word(kind, owner, field):
    if isinstance(kind, str):
        if kind.startswith("$"):
            target = kind[1:]
            if target in KNOWN:
                return KNOWN[target]
            target = short(target)
            if package(target) == package(owner):
                return "$." + target.rsplit(".", 1)[1]
            return "$" + target
        if kind == "n":
            if field in INT64 or field in INT64_LISTS or field.endswith("Group") and "run" in field:
                return "l"
            return "i"
        return {"s": "s", "b": "b", "u": "a"}[kind]
    if "$" in kind:
        return word("$" + kind["$"], owner, field)
    if "list" in kind:
        inner = "[" + word(kind["list"], owner, field) + "]"
        if "keys" not in kind:
            return inner
        return inner + (",".join(kind["keys"]) if kind["keys"] else "!")
    if "map" in kind:
        if isinstance(kind["map"], dict) and "any" in kind["map"]:
            return "a"
        element = "y" if (owner.rsplit(".", 1)[1], field) in BYTES else word(kind["map"], owner, field)
        return "{" + element + "}" + ("!" if kind.get("atomic") else "")
    if "any" in kind:
        return "a"
    raise SystemExit(f"{owner}.{field}: {kind}")


def main():
    types = json.load(open(sys.argv[1]))["types"]
    lines = []
    for name, kind in types.items():
        mine = short(name)
        if package(mine) not in PACKAGES or name in KNOWN:
            continue
        if not isinstance(kind, dict) or "f" not in kind:
            print(f"skipped {name}: {kind}", file=sys.stderr)
            continue
        fields = []
        for field, of in sorted(kind["f"].items()):
            text = word(of, mine, field)
            if (mine.rsplit(".", 1)[1], field) in BYTES and text == "s":
                text = "y"
            fields.append(f"{field}={text}")
        lines.append(" ".join([mine + ("!" if kind.get("atomic") else "")] + fields))
    for line in open(sys.argv[2]):
        line = line.strip()
        if line and not line.startswith("#"):
            lines.append(line)
    lines.sort()
    print("// Made by scripts/builtin_schema.py; do not edit.")
    print('#include "kube/builtin/schema_data.h"\n')
    print("namespace fleet::kube::builtin {\n")
    print("// clang-format off")
    print("const char* const kSchemaLines[] = {")
    for line in lines:
        while len(line) > 14000:
            raise SystemExit("a line is too long for a string literal")
        print(f'"{line}",')
    print("};")
    print("// clang-format on")
    print(f"const unsigned kSchemaLineCount = {len(lines)};\n")
    print("}  // namespace fleet::kube::builtin")


main()
