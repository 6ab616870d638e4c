#!/usr/bin/env python3
"""Writes src/kube/apiserver/protobuf_fields.cc: which protobuf field of which type is which member.

usage: protobuf_fields.py FOLDER > protobuf_fields.cc

FOLDER holds the Go modules k8s.io/api and k8s.io/apimachinery of one release, unpacked; numbers,
names and "may be absent" are read from the struct tags of their types.

One type a line: its name, then number=member:type. Types: s string, i whole number, b bool, d double,
y bytes, q quantity, t time, m micro time, x int or string, r raw JSON, f fieldsV1, e a list of strings
that is a message of its own, $name a message, [T] a list, {T} a map with string keys. A "!" behind it:
a zero value is written in JSON too. A member "" is inlined into its owner.
"""
import glob
import re
import sys

API = """core/v1 apps/v1 batch/v1 autoscaling/v1 autoscaling/v2 networking/v1 policy/v1 rbac/v1
coordination/v1 discovery/v1 events/v1 storage/v1 scheduling/v1 admissionregistration/v1
authentication/v1 authorization/v1 certificates/v1""".split()
KNOWN = {
    "string": "s", "bool": "b", "int32": "i", "int64": "i", "int": "i", "uint8": "i", "float64": "d",
    "[]byte": "y", "types.UID": "s", "metav1.Time": "t", "Time": "t", "metav1.MicroTime": "m",
    "MicroTime": "m", "resource.Quantity": "q", "intstr.IntOrString": "x", "runtime.RawExtension": "r",
    "FieldsV1": "f", "ExtraValue": "e", "Verbs": "e", "types.NodeName": "s", "fields.Selector": "s",
}


def sources(folder):
    for package in API:
        root = glob.glob(f"{folder}/k8s.io/api@*/{package}")[0]
        yield package.replace("/", "."), glob.glob(root + "/types*.go")
    root = glob.glob(f"{folder}/k8s.io/apimachinery@*/pkg/apis/meta/v1")[0]
    yield "meta.v1", [root + "/types.go"]


def read(files):
    text = "\n".join(open(f).read() for f in sorted(files))
    text = re.sub(r"//.*", "", text)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    structs = dict(re.findall(r"^type (\w+) struct \{(.*?)^\}", text, flags=re.S | re.M))
    aliases = dict(re.findall(r"^type (\w+) ([\w.\[\]]+)$", text, flags=re.M))
    return structs, aliases


def main(folder):
    packages = {name: read(files) for name, files in sources(folder)}

    def code(package, go):
        structs, aliases = packages[package]
        if go.startswith("*"):
            return code(package, go[1:])
        if go in KNOWN and go not in structs or go in ("Time", "MicroTime", "FieldsV1"):
            return KNOWN[go]
        if go == "[]byte":
            return "y"
        if go.startswith("[]"):
            return "[" + code(package, go[2:]) + "]"
        if match := re.match(r"map\[[\w.]+\](.*)", go):
            return "{" + code(package, match[1]) + "}"
        if go in structs:
            return f"${package}.{go}"
        if go in aliases:
            return code(package, aliases[go])
        prefixes = {"metav1": "meta.v1", "v1": "core.v1", "corev1": "core.v1", "apiv1": "core.v1", "rbacv1": "rbac.v1",
                    "authenticationv1": "authentication.v1"}
        if match := re.match(r"(\w+)\.(\w+)$", go):
            other = prefixes.get(match[1])
            if other:
                return code(other, match[2])
        raise SystemExit(f"{package}: unknown type {go}")

    field = re.compile(r'^\s*(?:\w+\s+)?(\S+)\s+`(.*)`\s*$')
    lines = []
    for package in sorted(packages):
        for struct, body in sorted(packages[package][0].items()):
            if struct in ("Time", "MicroTime", "FieldsV1") and package == "meta.v1":
                continue
            members = []
            for line in body.splitlines():
                match = field.match(line)
                if not match or 'protobuf:"' not in match[2]:
                    continue
                number = re.search(r'protobuf:"\w+,(\d+)', match[2])
                json = re.search(r'json:"([^"]*)"', match[2])
                if not number or not json or json[1] == "-":
                    continue
                name, *options = json[1].split(",")
                keeps = match[1].startswith("*") or "omitempty" not in options
                inline = "inline" in options
                members.append((int(number[1]), name, code(package, match[1]), keeps and not inline))
            text = " ".join(f"{n}={name}:{kind}{'!' if keeps else ''}"
                            for n, name, kind, keeps in sorted(members))
            lines.append(f"{package}.{struct} {text}".rstrip())
    print("// Made by scripts/protobuf_fields.py; do not edit.")
    print('#include "kube/apiserver/protobuf_fields.h"\n')
    print("namespace fleet::kube::apiserver {\n\n// clang-format off")
    print("const char* const kProtobufTypes[] = {")
    for line in lines:
        print(f'"{line}",')
    print("};")
    print(f"const unsigned kProtobufTypeCount = {len(lines)};")
    print("// clang-format on\n\n}  // namespace fleet::kube::apiserver")


main(sys.argv[1])
