#!/usr/bin/python3
"""Every AWS CLI command that a finding or `doctor` suggests names an operation and options that AWS has.

Reads the commands out of `vpc-probe`'s rule table as text, and those of doctor out of approved outputs, and checks
them against botocore's service models (Debian's python3-botocore, so /usr/bin/python3). The AWS CLI derives its names from the same models.
"""
import pathlib
import re
import shlex
import sys

import botocore.session
from botocore import xform_name

AGENT = pathlib.Path(__file__).resolve().parents[3] / "agent"
TABLES = [*sorted((AGENT / "diagnosis").glob("*.cc")), AGENT / "diagnosis/texts.h"]
DOCTOR = AGENT.parent / "tests/golden/doctor.commands.txt"
SCRIPT = AGENT.parent / "tests/golden/doctor.script.service.sh"

# Options of the CLI itself, and shortcuts that it adds to an operation.
GLOBAL = {"region", "query", "output"}
SHORTCUTS = {
    "authorize-security-group-ingress": {"protocol", "port", "source-group", "cidr"},
    "authorize-security-group-egress": {"protocol", "port", "source-group", "cidr"},
    "create-network-acl-entry": {"ingress"},
}
# A shortcut that says the opposite of a required option.
OPPOSITES = {"ingress": "egress"}


def literals(text):
    """Each run of adjacent C++ string literals, joined."""
    for run in re.finditer(r'(?:"(?:[^"\\]|\\.)*"\s*)+', text):
        yield "".join(part.encode().decode("unicode_escape") for part in re.findall(r'"((?:[^"\\]|\\.)*)"', run.group()))


def commands():
    found = {
        text for table in TABLES for text in literals(table.read_text(encoding="utf-8")) if text.startswith("aws ")
    }
    for line in DOCTOR.read_text(encoding="utf-8").splitlines():
        found.update(line.split(" && "))
    reads = re.findall(r"read_part \w+ (.*?)(?:; done)?$", SCRIPT.read_text(encoding="utf-8"), re.MULTILINE)
    found.update(f"aws {call}" for call in reads)
    return sorted(text.replace("{region}", "eu-west-1").replace("$region", "eu-west-1").replace("{port}", "443") for text in found)


def option_values(words):
    """[("--filters", ["Name=…", "Name=…"]), …]"""
    options = []
    for word in words:
        if word.startswith("--"):
            options.append((word[2:], []))
        else:
            options[-1][1].append(word)
    return options


def problems_of(command, session):
    words = shlex.split(command)
    service, operation, rest = words[1], words[2], words[3:]
    model = session.get_service_model({"s3api": "s3"}.get(service, service))  # the CLI has its own name for S3's API
    names = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in names:
        return [f"no operation {service} {operation}"]
    members = model.operation_model(names[operation]).input_shape.members
    known = {xform_name(name, "-"): shape for name, shape in members.items()}
    allowed = set(known) | GLOBAL | SHORTCUTS.get(operation, set())
    found = []
    for option, values in option_values(rest):
        plain = option[3:] if option.startswith("no-") else option
        if option not in allowed and plain not in allowed:
            found.append(f"no option --{option}")
        elif option in known:
            found += problems_of_value(option, values, known[option])
    given = {OPPOSITES.get(option, option) for option, _ in option_values(rest)}
    required = model.operation_model(names[operation]).input_shape.required_members
    found += [f"lacks --{xform_name(name, '-')}" for name in required if xform_name(name, "-") not in given]
    return found


def problems_of_value(option, values, shape):
    """Shorthand keys and enum values, as far as the model knows them. Booleans and AttributeBooleanValue need none."""
    if shape.type_name == "boolean" or (shape.type_name == "structure" and set(shape.members) == {"Value"}):
        return [] if not values else [f"--{option} takes no value"]
    if not values:
        return [f"--{option} needs a value"]
    if shape.type_name == "string" and getattr(shape, "enum", None) and values[0] not in shape.enum:
        return [f"--{option}: {values[0]} is none of {', '.join(shape.enum)}"]
    if option == "filters":
        # The model lists the filters an operation takes in its documentation only.
        documented = shape.documentation + shape.member.members["Name"].documentation
        names = re.findall(r"Name=([^,]+),", " ".join(values))
        return [f"no filter {name}" for name in names if f"<code>{name}</code>" not in documented]
    member = shape.member if shape.type_name == "list" else shape
    if member.type_name == "structure":
        keys = {key for value in values for key in re.findall(r"(?:^|[,{])(\w+)=", value)}
        return [f"--{option}: no key {key}" for key in sorted(keys - keys_in(member))]
    return []


def keys_in(structure):
    keys = set(structure.members)
    for shape in structure.members.values():
        inner = shape.member if shape.type_name == "list" else shape
        if inner.type_name == "structure":
            keys |= keys_in(inner)
    return keys


def main():
    session = botocore.session.get_session()
    checked = commands()
    failed = 0
    for command in checked:
        for problem in problems_of(command, session):
            print(f"{problem}\n  in: {command}")
            failed += 1
    print(f"{len(checked)} commands checked, {failed} problems")
    return 1 if failed or len(checked) < 10 else 0


if __name__ == "__main__":
    sys.exit(main())
