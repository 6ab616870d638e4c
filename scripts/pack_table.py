#!/usr/bin/env python3
"""Packs a JSON table into a C++ source: gzip bytes behind a function that returns them.

usage: pack_table.py TABLE.json OUT.cc NAMESPACE FUNCTION HEADER
The JSON is printed without blanks first; the same table gives the same bytes.
"""
import gzip
import json
import sys


def main() -> None:
    table, out, namespace, function, header = sys.argv[1:6]
    with open(table, encoding="utf-8") as file:
        text = json.dumps(json.load(file), separators=(",", ":"), ensure_ascii=False)
    packed = gzip.compress(text.encode(), 9, mtime=0)
    rows = [packed[i : i + 24] for i in range(0, len(packed), 24)]
    lines = [",".join(str(byte) for byte in row) + "," for row in rows]
    with open(out, "w", encoding="utf-8") as file:
        file.write(
            "// Written by scripts/pack_table.py; do not edit.\n"
            f'#include "{header}"\n\n'
            f"namespace {namespace} {{\nnamespace {{\n\n"
            "// clang-format off\n"
            f"constexpr unsigned char kPacked[{len(packed)}] = {{\n" + "\n".join(lines) + "\n};\n"
            "// clang-format on\n\n}  // namespace\n\n"
            f"std::string_view {function}() {{\n"
            "  return {reinterpret_cast<const char*>(kPacked), sizeof kPacked};  // NOLINT: bytes\n"
            f"}}\n\n}}  // namespace {namespace}\n"
        )


main()
