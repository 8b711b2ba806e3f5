#!/usr/bin/python3
"""The table of agent/calls/answer_shapes.cc says of every answer what botocore's models say.

usage: answer_shapes_test.py [--update]

--update  writes the table anew from the botocore that this Python has
"""
import pathlib
import re
import sys
import textwrap

import botocore.session

TABLE = pathlib.Path(__file__).resolve().parents[3] / "agent/calls/answer_shapes.cc"
OPERATIONS = {
    "ec2": ["DescribeVpcs", "DescribeVpcAttribute", "DescribeSubnets", "DescribeSecurityGroups", "DescribeNetworkAcls",
            "DescribeRouteTables", "DescribeVpcEndpoints", "DescribeNetworkInterfaces", "DescribePrefixLists",
            "GetManagedPrefixListEntries", "DescribeNatGateways", "DescribeInternetGateways",
            "DescribeVpcPeeringConnections", "DescribeTransitGatewayVpcAttachments", "DescribeDhcpOptions"],
    "route53": ["ListHostedZonesByVPC"],
    "sts": ["GetCallerIdentity"],
    "iam": ["CreateRole", "GetRole", "AttachRolePolicy", "DetachRolePolicy", "DeleteRole"],
    "sns": ["Publish"],
}
# Of no use, and IAM's Tag is not EC2's.
LEFT_OUT = {"Role": {"PermissionsBoundary", "Tags", "RoleLastUsed"}}
SCALARS = {"string": "", "timestamp": "", "boolean": "?", "integer": "#", "long": "#"}
BLOCK = re.compile(r'(kShapes = R"\(\n)(.*?)(\)")', re.DOTALL)


def kind_of(shape, shapes):
    if shape.type_name == "structure":
        add(shape.name, shape, shapes)
        return ":" + shape.name
    if shape.type_name == "list":
        assert not shape.serialization.get("flattened"), shape.name
        if shape.member.type_name == "structure":
            add(shape.member.name, shape.member, shapes)
            return "*" + shape.member.name
        assert shape.member.type_name == "string", shape.name
        return "*"
    return SCALARS[shape.type_name]


def add(name, shape, shapes):
    if name in shapes:
        return
    row = shapes[name] = {}
    for json, member in shape.members.items():
        if json in LEFT_OUT.get(name, ()):
            continue
        xml = member.serialization.get("name", json)
        row[xml] = (json, kind_of(member, shapes))


def of_botocore():
    """{shape: {element: (member, kind)}}; the answer to an operation has the operation's name."""
    session, shapes = botocore.session.Session(), {}
    for service, operations in OPERATIONS.items():
        model = session.get_service_model(service)
        for operation in operations:
            output = model.operation_model(operation).output_shape
            add(operation, output, shapes) if output else shapes.setdefault(operation, {})
    return shapes


def capitalised(text):
    return text[0].upper() + text[1:]


def as_text(shapes):
    lines = []
    for name, row in shapes.items():
        members = [xml + ("" if capitalised(xml) == json else "=" + json) + kind for xml, (json, kind) in row.items()]
        lines += textwrap.wrap(" ".join([name, *members]), 110, subsequent_indent="  ", break_long_words=False,
                               break_on_hyphens=False)
    return "\n".join(lines) + "\n"


def of_table():
    shapes = {}
    for line in BLOCK.search(TABLE.read_text())[2].replace("\n  ", " ").splitlines():
        name, *members = line.split()
        shapes[name] = {}
        for member in members:
            xml, json, kind = re.fullmatch(r"(\w+)(?:=(\w+))?([?#]|[*:]\w*)?", member).groups()
            shapes[name][xml] = (json or capitalised(xml), kind or "")
    return shapes


def main():
    wanted = of_botocore()
    if sys.argv[1:] == ["--update"]:
        text = TABLE.read_text()
        TABLE.write_text(BLOCK.sub(lambda match: match[1] + as_text(wanted) + match[3], text))
        return 0
    # Debian 12's models are older than the table and Debian 13's may be newer: what both know must be the same.
    table, wrong, compared = of_table(), [], 0
    for name, row in wanted.items():
        for xml, said in row.items():
            if xml not in table.get(name, {}):
                continue
            compared += 1
            if table[name][xml] != said:
                wrong.append(f"{name}: {xml}: {table[name][xml]} in the table, {said} in botocore")
    lacking = sorted(set(sum(OPERATIONS.values(), [])) - set(table))
    wrong += [f"{name}: not in the table" for name in lacking]
    print("\n".join(wrong) or f"{compared} members of {len(table)} shapes agree with botocore")
    return 1 if wrong or compared < 300 else 0


if __name__ == "__main__":
    sys.exit(main())
