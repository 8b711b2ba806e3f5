#!/usr/bin/env python3
"""Writes the compact table of AWS's services: services.py IN.tsv OUT.h

Each text is stored once, with its length in the byte before it; a row holds offsets. Wrong rows stop the build.
"""
import sys

EXPECTS = {"interface": 0, "gateway": 1, "mount_target": 2, "none": 3}  # EndpointType
UNTIL = {"tcp": 0, "tls": 1, "http": 2}  # Until
TEXTS = ["id", "name", "privatelink_suffix", "host", "fips_host", "dualstack_host", "private_names", "method", "path",
         "used_for", "fips_privatelink_suffix"]
FLAGS = {"interface-too": "interface_too", "default": "default_set", "cross-region": "cross_region"}
VALUES = {"fips": "fips_host", "dualstack": "dualstack_host", "private": "private_names",
          "privatelink": "privatelink_suffix", "privatelink-fips": "fips_privatelink_suffix"}
NUMBERS = ["port", "expects", "until", "exit_unit", *FLAGS.values()]


def row_of(line):
    id_, name, host, used_for, more = line.split("\t")
    row = dict.fromkeys(TEXTS, "") | dict.fromkeys(NUMBERS, 0)
    row |= {"id": id_, "name": name, "host": host, "used_for": used_for, "port": 443, "exit_unit": 7,
            "until": UNTIL["tls"]}
    for field in filter(None, more.split("; ")):
        key, _, value = field.partition("=")
        if key in FLAGS and not value:
            row[FLAGS[key]] = 1
        elif key in VALUES:
            row[VALUES[key]] = value
        elif key in ("port", "exit-unit"):
            row[key.replace("-", "_")] = int(value)
        elif key == "expects":
            row["expects"] = EXPECTS[value]
        elif key == "until":
            row["until"] = UNTIL[value]
        elif key == "ask":
            row["method"], row["path"] = value.split(" ", 1)
            row["until"] = UNTIL["http"]
        else:
            raise SystemExit(f"services.tsv: {id_}: unknown field '{field}'")
    if row["expects"] in (EXPECTS["interface"], EXPECTS["gateway"]):
        row["privatelink_suffix"] = row["privatelink_suffix"] or id_
    if row["expects"] == EXPECTS["interface"]:
        row["private_names"] = row["private_names"] or host
    return row


def read(path):
    with open(path, encoding="ascii") as lines:
        return [row_of(line.rstrip("\n")) for line in lines if line.strip() and not line.startswith("#")]


def date_of(path):
    """The line "# Date: YYYY-MM-DD": when the names were read last."""
    with open(path, encoding="ascii") as lines:
        dates = [line.split()[2] for line in lines if line.startswith("# Date: ")]
    if len(dates) != 1:
        raise SystemExit("services.tsv: one line '# Date: YYYY-MM-DD' is missing")
    return dates[0]


def pool_of(rows):
    """The texts one after another, and where each begins."""
    offsets, text = {}, b""
    for value in dict.fromkeys(row[key] for row in rows for key in TEXTS):
        offsets[value] = len(text)
        encoded = value.encode("ascii")
        assert len(encoded) < 256, f"{value}: its length takes one byte"
        text += bytes([len(encoded)]) + encoded
    assert len(text) < 65536, "an offset takes two bytes"
    return offsets, text


def literal(text):
    """C++ string literals of the bytes; octal escapes always have three digits, so that no digit can follow."""
    parts = [chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\?' else f"\\{byte:03o}" for byte in text]
    lines, line = [], ""
    for part in parts:
        if len(line) + len(part) > 110:
            lines.append(line)
            line = ""
        line += part
    return "\n".join(f'    "{line}"' for line in lines + [line])


def main(source, target):
    rows = read(source)
    offsets, text = pool_of(rows)
    with open(target, "w", encoding="ascii") as out:
        out.write("// Made from services.tsv by services.py.\n#pragma once\n#include <cstdint>\n\n")
        out.write("namespace vpcprobe::aws_services {\n\n")
        out.write(f"constexpr char kText[] =\n{literal(text)};\n\n")
        out.write(f'constexpr char kDate[] = "{date_of(source)}";\n\n')
        out.write("struct Packed {\n  std::uint16_t " + ", ".join(TEXTS + ["port"]) + ";\n")
        out.write("  std::uint8_t " + ", ".join(NUMBERS[1:]) + ";\n};\n")
        out.write("constexpr Packed kRows[] = {\n")
        for row in rows:
            numbers = [offsets[row[key]] for key in TEXTS] + [row[key] for key in NUMBERS]
            out.write("    {" + ", ".join(map(str, numbers)) + "},\n")
        out.write("};\n\n}  // namespace vpcprobe::aws_services\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
