#!/usr/bin/env python3
"""Makes the compact table of AWS's published address ranges: aws_ranges.py IN.tsv OUT.h

The ranges overlap: AMAZON holds all of AWS, S3 and DYNAMODB lie inside. They are flattened to sorted, disjoint
intervals that each have the most specific owner: S3, then DYNAMODB, then AMAZON; among equals the longer prefix.
An interval lasts until the next one starts; owner 0 means that AWS publishes no owner.
"""
import ipaddress
import re
import sys

RANK = {"S3": 0, "DYNAMODB": 1, "AMAZON": 3}
ANY_OTHER_SERVICE = 2


def read(path):
    """The date, and {4: [...], 6: [...]} of (rank, prefix length, first, last, owner)."""
    ranges = {4: [], 6: []}
    with open(path, encoding="ascii") as lines:
        date = re.search(r"ip-ranges\.json of (\d{4}-\d{2}-\d{2})", next(lines)).group(1)
        next(lines)
        for line in lines:
            service, region, prefix = line.rstrip("\n").split("\t")
            net = ipaddress.ip_network(prefix)
            first, last = int(net.network_address), int(net.broadcast_address)
            rank = RANK.get(service, ANY_OTHER_SERVICE)
            ranges[net.version].append((rank, -net.prefixlen, first, last, (service, region)))
    return date, ranges


def flatten(ranges):
    """Sorted (start, owner or None); the last start has no owner."""
    events = sorted({r[2] for r in ranges} | {r[3] + 1 for r in ranges})
    by_start = sorted(ranges, key=lambda r: r[2])
    out, active, following = [], [], 0
    for start in events:
        while following < len(by_start) and by_start[following][2] <= start:
            active.append(by_start[following])
            following += 1
        active = [r for r in active if r[3] >= start]
        owner = min(active)[4] if active else None
        if not out or out[-1][1] != owner:
            out.append((start, owner))
    return out


def array(kind, name, items):
    lines, line = [], " "
    for item in items:
        if len(line) + len(item) > 108:
            lines.append(line)
            line = " "
        line += " " + item + ","
    lines.append(line)
    return f"constexpr {kind} {name}[] = {{\n" + "\n".join(lines) + "\n};\n"


def main(source, target):
    date, ranges = read(source)
    v4, v6 = flatten(ranges[4]), flatten(ranges[6])
    # An IPv4 interval that reaches the end of the address space would need a start beyond it.
    v4 = [entry for entry in v4 if entry[0] < 1 << 32]
    owners = [None] + sorted({owner for _, owner in v4 + v6 if owner})
    assert len(owners) <= 256, "an owner index takes one byte"
    index = {owner: str(i) for i, owner in enumerate(owners)}
    low = (1 << 64) - 1
    # Nearly all IPv6 intervals start at a /64: the few that do not keep their lower half in a table of their own.
    fine = [(i, start & low) for i, (start, _) in enumerate(v6) if start & low]
    with open(target, "w", encoding="ascii") as out:
        out.write("// Made from aws_ranges.tsv by aws_ranges.py.\n#pragma once\n#include <cstdint>\n\n")
        out.write("namespace vpcprobe::aws_ranges {\n\n")
        out.write(f'constexpr char kDate[] = "{date}";\n')
        out.write("struct Owner {\n  const char* service;\n  const char* region;\n};\n")
        names = [f'{{"{o[0]}", "{o[1]}"}}' if o else '{"", ""}' for o in owners]
        out.write(array("Owner", "kOwners", names))
        out.write(array("std::uint32_t", "kStart4", [f"0x{start:08x}" for start, _ in v4]))
        out.write(array("std::uint8_t", "kOwner4", [index[owner] for _, owner in v4]))
        out.write(array("std::uint64_t", "kStart6", [f"0x{start >> 64:016x}" for start, _ in v6]))
        out.write(array("std::uint8_t", "kOwner6", [index[owner] for _, owner in v6]))
        out.write("struct Fine {\n  std::uint16_t interval;\n  std::uint64_t low;\n};\n")
        out.write(array("Fine", "kFine6", [f"{{{i}, 0x{value:016x}}}" for i, value in fine]))
        out.write("\n}  // namespace vpcprobe::aws_ranges\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
