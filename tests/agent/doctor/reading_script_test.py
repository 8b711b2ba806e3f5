#!/usr/bin/python3
"""reading_script_test.py PROBE: the script of `doctor --print-commands` runs in sh, and what it prints `doctor` reads.

A stand-in for the AWS CLI answers: it keeps what it was asked, knows one VPC, and refuses what it is told to.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

AWS = r"""#!/bin/sh
printf '%s\n' "$*" >> "$ASKED"
case "$*" in
  "$REFUSED "*) printf '\nAn error occurred (UnauthorizedOperation): "no"\n\tC:\\path\n' >&2; exit 254 ;;
  *VpcId*--output\ text) printf 'vpc-1\tvpc-1\n' ;;
  *PrefixListId*--output\ text) printf 'pl-1\npl-2\tpl-1\nNone\n' ;;
  *subnets*--output\ text) printf 'subnet-1\tsubnet-2\n' ;;
  *securityGroups*--output\ text) printf 'sg-1\n' ;;
  *taskDefinition*--output\ text) printf 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7\n' ;;
  *--output\ text) ;;
  'ec2 describe-vpcs '*) printf '{\n  "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]\n}\n' ;;
  'ec2 describe-subnets '*) printf '{"Subnets": []}\n' ;;
  *) printf '{}\n' ;;
esac
"""


class Script(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.home = pathlib.Path(home.name)
        (self.home / "aws").write_text(AWS)
        (self.home / "aws").chmod(0o755)

    def run_script(self, *options, refused="none", **variables):
        """The documents it prints, and the calls it makes."""
        script = subprocess.run([PROBE, "doctor", "--print-commands", *options], env={}, capture_output=True, text=True,
                                check=True).stdout
        asked = self.home / "asked"
        environment = {"PATH": f"{self.home}:{os.environ['PATH']}", "ASKED": str(asked), "REFUSED": refused, **variables}
        done = subprocess.run(["sh"], input=script, env=environment, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.output = done.stdout
        return asked.read_text().splitlines()

    def diagnosis(self):
        done = subprocess.run([PROBE, "doctor", "--config", "-", "--region", "eu-west-1", "--format", "json"],
                              input=self.output, env={}, capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return json.loads(done.stdout)

    def test_a_service(self):
        asked = self.run_script("--region", "eu-west-1", "--cluster", "prod", "--service", "web")
        self.assertIn("ecs describe-services --cluster prod --services web", asked)
        self.assertIn("ec2 describe-subnets --subnet-ids subnet-2 --query Subnets[].VpcId --output text", asked)
        self.assertIn("ec2 describe-vpcs --vpc-ids vpc-1", asked)
        lists = [call for call in asked if call.startswith("ec2 get-managed-prefix-list-entries")]
        self.assertEqual(lists, [f"ec2 get-managed-prefix-list-entries --prefix-list-id pl-{number} --query "
                                 f"{{PrefixListId: 'pl-{number}', Entries: Entries}}" for number in (1, 2)])
        self.assertEqual([call for call in asked if call.split()[1].split("-")[0] not in ("describe", "list", "get")], [])
        self.assertNotIn("Vpcs", [part["what"] for part in self.diagnosis()["not_seen"]])

    def test_a_refused_call_is_not_seen(self):
        self.run_script("--region", "eu-west-1", "--subnet-ids", "subnet-0123456789abcdef0", refused="ec2 describe-network-acls")
        why = {part["what"]: part["why"] for part in self.diagnosis()["not_seen"]}
        self.assertEqual(why["NetworkAcls"], "An error occurred (UnauthorizedOperation): no C:path")

    def test_a_report_says_where_the_task_is(self):
        report = self.home / "report.json"
        context = {"region": "eu-west-1", "source_addresses": ["10.0.1.23", "'; touch /tmp/x; '"]}
        report.write_text(json.dumps({"schema": "vpc-probe/report/2", "version": "0", "verdict": "pass", "exit_code": 0,
                                      "started_at": "2026-11-27T00:00:00.000Z", "duration_ms": 1, "summary": "",
                                      "context": context, "endpoints": [], "findings": []}))
        asked = self.run_script("--report", str(report))
        address = "Name=addresses.private-ip-address,Values=10.0.1.23"
        self.assertEqual(asked[0], f"ec2 describe-network-interfaces --filters {address} --query NetworkInterfaces[].VpcId "
                                   "--output text")

    def test_what_is_not_known_comes_from_variables(self):
        asked = self.run_script(AWS_REGION="eu-west-1", SUBNETS="subnet-7")
        self.assertIn("subnet-7", asked[0])
        self.assertIn("route53 list-hosted-zones-by-vpc --vpc-id vpc-1 --vpc-region eu-west-1", asked)

    def test_without_a_region_or_subnet_it_says_what_to_set(self):
        script = subprocess.run([PROBE, "doctor", "--print-commands"], env={}, capture_output=True, text=True).stdout
        for variables, words in (({}, "set AWS_REGION"), ({"AWS_REGION": "eu-west-1"}, "set SUBNETS")):
            done = subprocess.run(["sh"], input=script, env={"PATH": os.environ["PATH"], **variables}, capture_output=True,
                                  text=True)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(words, done.stderr)
            self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
