"""fixes_test.py PROBE: a broken VPC, doctor's first command applied to it as it was printed, and the VPC is healthy."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import diagnosis  # noqa: E402

BROKEN = ("gateway-route-missing", "endpoint-filtered", "interface-endpoints-filtered", "private-name-missing",
          "no-private-names", "egress-without-s3-prefix-list")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


class Fixes(unittest.TestCase):
    def test_the_printed_command_is_enough(self):
        for name in BROKEN:
            with self.subTest(name), tempfile.TemporaryDirectory() as home:
                report, fixed = pathlib.Path(home, "report.json"), str(pathlib.Path(home, "fixed.toml"))
                report.write_text(self.measure(name).stdout)
                run(LAB / "configuration", name, f"{home}/vpc")
                command = diagnosis.ask(PROBE, report, f"{home}/vpc")["culprits"][0]["fixes"][0]["command"]
                done = run(LAB / "apply", name, command, fixed)
                self.assertEqual(done.returncode, 0, done.stderr)
                after = self.measure(fixed)
                self.assertEqual(json.loads(after.stdout)["verdict"], "pass", command)

    def measure(self, scenario):
        return run(LAB / "shell", scenario, "--", PROBE, "run", "--format", "json")

    def test_a_command_for_another_vpc_is_refused(self):
        ingress = "aws ec2 authorize-security-group-ingress --protocol tcp --port 443 --group-id"
        for command in ("rm -r /", "aws s3 ls --region x", f"{ingress} sg-1 --source-group sg-2",
                        "aws ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-1 --add-route-table-ids <rtb-id>"):
            with self.subTest(command):
                done = run(LAB / "apply", "endpoint-filtered", command, "/dev/null")
                self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1))


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
