#!/usr/bin/python3
"""What `vpc-probe plan` writes is right for the tools that read it.

usage: plan_code_test.py PROGRAM

AWS CLI: the script runs in a shell with an `aws` that writes down each call; each is checked against botocore's
service models. Terraform: HashiCorp's parser (@cdktf/hcl2json), then that everything it refers to exists.
CloudFormation: cfn-lint. Those two are npm packages, installed by tests/install. JSON: its schema.
"""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import botocore.session
import jsonschema

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "diagnosis"))
import commands_test  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[2]
LINTERS = TOP / "tests" / "template-linters"
GIVEN = {"--vpc-id": "vpc-0123456789abcdef0", "--subnet-ids": "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
         "--route-table-ids": "rtb-0123456789abcdef0", "--task-security-group": "sg-0123456789abcdef0"}
IDS = [word for pair in GIVEN.items() for word in pair]
BY_RANGE = [*IDS[:-2], "--vpc-cidr", "10.0.0.0/16", "--vpc-cidr", "fd00::/56"]
WAYS = {"placeholders": [], "ids": IDS, "ranges": BY_RANGE}


def definitions():
    return sorted([*(HERE.parent / "task" / "definitions").glob("*.json"), *(TOP / "task-def-examples").glob("*.json")])


def plan(program, definition, form, way):
    region = [] if "eu-west-1" not in definition.read_text() else ["--region", "eu-west-1"]
    command = [program, "plan", "--task-definition", definition, "--format", form, *region, *WAYS[way]]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "ECS_", "VPC_PROBE_"))}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def calls_of(script, work):
    """The status of the script and the calls of `aws` that it made."""
    (work / "bin").mkdir(exist_ok=True)
    calls = work / "calls"
    calls.write_text("")
    aws = work / "bin" / "aws"
    aws.write_text(f"#!/bin/sh\nprintf '%s\\0' aws \"$@\" >>{calls}; printf '\\n\\0' >>{calls}\necho sg-00000000000000000\n")
    aws.chmod(0o755)
    status = subprocess.run(["sh", "-c", script], env={"PATH": f"{work / 'bin'}:/usr/bin:/bin"}, capture_output=True,
                            check=False).returncode
    return status, [call.strip("\0").split("\0") for call in calls.read_text().split("\n\0") if call]


def check_script(script, way, work, session):
    status, calls = calls_of(script, work)
    if way == "placeholders":
        assert (status, calls) == (2, []), "a script with placeholders must do nothing"
        return 0
    assert status == 0 and calls, f"exit {status} after {len(calls)} calls"
    for call in calls:
        problems = commands_test.problems_of(shlex.join(call), session)
        assert not problems, f"{problems}\n  in: {shlex.join(call)}"
        if "--policy-document" in call:
            json.loads(call[call.index("--policy-document") + 1])
    return len(calls)


def check_terraform(parsed):
    module = json.loads(parsed) if isinstance(parsed, str) else parsed
    text = json.dumps(module)
    known = {f"var.{name}" for name in module["variable"]}
    known |= {f"{kind}.{name}" for kind, named in module["resource"].items() for name in named}
    used = set(re.findall(r"\$\{(?:\[for range in )?((?:var|aws_\w+)\.\w+)", text))
    used |= set(re.findall(r" in (var\.\w+) ", text))
    assert used <= known, f"refers to {used - known}"
    assert {name for name in known if name.startswith("var.")} <= used, f"never uses {known - used}"
    for endpoint in (block for blocks in module["resource"]["aws_vpc_endpoint"].values() for block in blocks):
        allowed = {"vpc_id", "service_name", "vpc_endpoint_type", "subnet_ids", "security_group_ids", "private_dns_enabled",
                   "route_table_ids", "policy"}
        assert set(endpoint) <= allowed, f"unknown arguments {set(endpoint) - allowed}"
        json.loads(endpoint.get("policy", "{}"))


def lint(files):
    done = subprocess.run(["node", str(LINTERS / "lint.js"), *map(str, files)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main(program):
    session = botocore.session.get_session()
    schema = jsonschema.Draft202012Validator(json.loads((TOP / "agent/render/plan.schema.json").read_text()))
    checked = 0
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        files = []
        for definition in definitions():
            schema.validate(json.loads(plan(program, definition, "json", "ids")))
            for way in WAYS:
                checked += check_script(plan(program, definition, "aws-cli", way), way, work, session)
                for form, suffix in (("terraform", "tf"), ("cloudformation", "yaml")):
                    files.append(work / f"{definition.stem}.{way}.{suffix}")
                    files[-1].write_text(plan(program, definition, form, way))
        broken = work / "broken.tf", work / "broken.yaml"
        broken[0].write_text('resource "a" "b" {\n  c = = 1\n}\n')
        broken[1].write_text(files[1].read_text().replace("PrivateDnsEnabled", "PrivateDns"))
        results = lint([*files, *broken])
        for file in files:
            assert not results[str(file)]["problems"], f"{file.name}: {results[str(file)]['problems']}"
            if file.suffix == ".tf":
                check_terraform(results[str(file)]["parsed"])
        assert all(results[str(file)]["problems"] for file in broken), "the linters find nothing wrong with broken templates"
    print(f"{checked} calls of the AWS CLI and {len(files)} templates are right")


if __name__ == "__main__":
    main(sys.argv[1])
