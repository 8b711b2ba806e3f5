"""The lab itself: it works nowhere but in its own namespaces, leaves nothing behind, and tells the truth."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from servers.client_hello import server_name  # noqa: E402
from vpc import scenario, start  # noqa: E402
from vpc.isolation import OUTSIDE, own_network  # noqa: E402
from vpc.verdict import Verdict  # noqa: E402

PYTHON = "/usr/bin/python3"
REFERENCE = LAB.parent.parent / "agent" / "REFERENCE.md"
# The calendar is behind this one, not a packet.
WITHOUT_PACKETS = {"facts-outdated"}


def codes():
    """Every code that `vpc-probe codes` lists: a test holds the reference to it."""
    return re.findall(r"^\| `([a-z-]+)` \| (?:error|warning|note)", REFERENCE.read_text(), re.MULTILINE)


def shell(name, *command, **options):
    return subprocess.run([LAB / "shell", name, "--", *command], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60, **options)


class RefusesOutside(unittest.TestCase):
    def refused(self, command, environment):
        done = subprocess.run(command, env={**start.task_environment(), **environment}, capture_output=True,
                              text=True, timeout=20)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("lab: refused", done.stderr)

    def test_everything_that_starts_something(self):
        programs = [[LAB / "vpc" / "inside.py", "/nonexistent", "healthy", "true"],
                    [LAB / "servers" / "faults.py", "chain", "key", "443=tls-silent:"],
                    [LAB / "servers" / "dns_faults.py", "garbage", "/dev/null", "127.0.0.1"],
                    [LAB / "servers" / "aws_api.py", "8300", "/dev/null"], [LAB / "random_vpcs", "--inside"]]
        for program in programs:
            for environment in ({OUTSIDE: ""}, {OUTSIDE: own_network()}):
                with self.subTest(program=program[0].name, environment=environment):
                    self.refused([PYTHON, *map(str, program)], environment)

    def test_a_namespace_that_is_in_use(self):
        inside = f"ip link add one type veth peer name two && {PYTHON} {LAB}/vpc/inside.py /nonexistent healthy true"
        self.refused(["unshare", "--user", "--map-root-user", "--net", "sh", "-c", inside], {})


class Shell(unittest.TestCase):
    def test_exit_status_is_the_commands(self):
        self.assertEqual(shell("healthy", "sh", "-c", "exit 7").returncode, 7)
        self.assertEqual(shell("healthy", "sh", "-c", "kill -TERM $$").returncode, 128 + 15)
        self.assertEqual(shell("healthy", "/nonexistent").returncode, 127)

    def test_the_task_sees_what_a_container_sees(self):
        show = "ip -o link | cut -d' ' -f2; cat /etc/resolv.conf; curl -sS $ECS_CONTAINER_METADATA_URI_V4/task; env"
        done = shell("healthy", "sh", "-c", show, env={**os.environ, "AWS_SECRET_ACCESS_KEY": "of-the-caller"})
        self.assertIn("lo:", done.stdout)
        self.assertIn("eth0@", done.stdout)
        self.assertIn("nameserver 10.0.0.2\n", done.stdout)
        self.assertIn('"IPv4SubnetCIDRBlock": "10.0.1.0/24"', done.stdout)
        self.assertIn("AWS_REGION=eu-west-1\n", done.stdout)
        self.assertNotIn("of-the-caller", done.stdout)

    def test_nothing_is_left(self):
        before = pathlib.Path("/etc/resolv.conf").read_bytes()
        with tempfile.TemporaryDirectory() as state:
            self.assertEqual(shell("healthy", "true", env={**os.environ, "VPC_PROBE_LAB_STATE": state}).returncode, 0)
            self.assertEqual(list((pathlib.Path(state) / "work").iterdir()), [])
            for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.assertNotIn(state.encode(), entry.read_bytes(), entry)
                except (FileNotFoundError, ProcessLookupError):
                    pass  # it ended meanwhile, and was not ours
        self.assertEqual(pathlib.Path("/etc/resolv.conf").read_bytes(), before)

    def test_a_wrong_name_is_one_clear_line(self):
        done = shell("helthy", "true")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertIn("no scenario 'helthy'", done.stderr)

    def test_the_interface_endpoints_answer_and_the_internet_does_not(self):
        done = shell("healthy", "sh", "-c", "curl -sS -o /dev/null -w '%{http_code} %{remote_ip}' "
                     "https://api.ecr.eu-west-1.amazonaws.com; curl -sS -m 1 https://s3.us-east-1.amazonaws.com")
        self.assertRegex(done.stdout, r"^404 10\.0\.[123]\.10$")
        self.assertEqual(done.returncode, 28)


class Relay(unittest.TestCase):
    def test_a_round_trip_is_as_long_as_said(self):
        done = shell("slow-but-fine", "curl", "-sS", "-o", "/dev/null", "-w",
                     "%{time_namelookup} %{time_connect}", "https://s3.eu-west-1.amazonaws.com")
        self.assertEqual(done.returncode, 0, done.stderr)
        name, connected = (float(text) for text in done.stdout.split())
        self.assertGreaterEqual(name, 0.200)
        self.assertGreaterEqual(connected - name, 0.200)
        self.assertLess(connected - name, 0.300)


class Scenarios(unittest.TestCase):
    def test_each_can_be_read_and_expects_known_codes(self):
        known = codes()
        for name in scenario.names():
            with self.subTest(name):
                expect = scenario.load(name).expect
                for code in expect["errors_and_warnings"] + expect["notes"] + expect["never"]:
                    self.assertIn(code.split(":")[0], known)

    def test_every_code_is_a_root_somewhere(self):
        roots = set()
        for name in scenario.names():
            expect = scenario.load(name).expect
            roots |= {code.split(":")[0] for code in expect["errors_and_warnings"] + expect["notes"]}
        self.assertEqual(sorted(set(codes()) - WITHOUT_PACKETS - roots), [])

    def test_a_misspelt_key_is_refused(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write('description = "x"\n[filters]\nfirst_sin_lost = []\n')
            file.flush()
            with self.assertRaisesRegex(scenario.ScenarioError, "unknown key 'first_sin_lost'"):
                scenario.load(file.name)


class Verdicts(unittest.TestCase):
    expect = {"errors_and_warnings": ["endpoint-filtered:logs"], "notes": [], "never": [], "exit": 24, "verdict": "",
              "within_s": 5.0}
    finding = {"code": "endpoint-filtered", "endpoint": "logs", "severity": "error", "masked_by": None}

    def wrong(self, findings, exit_code=24, elapsed=1.0, **changes):
        report = json.dumps({"verdict": "fail", "findings": findings})
        return Verdict({**self.expect, **changes}, report + "\n", exit_code, elapsed).wrong

    def test_exact_is_right(self):
        masked = {**self.finding, "endpoint": "s3", "masked_by": "all-filtered"}
        note = {**self.finding, "endpoint": "s3", "severity": "note"}
        self.assertEqual(self.wrong([self.finding, masked, note]), [])

    def test_anything_else_is_wrong(self):
        self.assertTrue(self.wrong([]))
        self.assertTrue(self.wrong([self.finding, self.finding]))
        self.assertTrue(self.wrong([self.finding, {**self.finding, "endpoint": "s3"}]))
        self.assertTrue(self.wrong([{**self.finding, "masked_by": "all-filtered"}]))
        self.assertTrue(self.wrong([self.finding], exit_code=0))
        self.assertTrue(self.wrong([self.finding], elapsed=6.0))
        self.assertTrue(self.wrong([self.finding], notes=["public-path:s3"]))
        self.assertTrue(self.wrong([self.finding], never=["endpoint-filtered"]))
        self.assertTrue(self.wrong([self.finding], verdict="warn"))
        self.assertTrue(Verdict(self.expect, "", 24, 1.0).wrong)
        self.assertTrue(Verdict(self.expect, "{}\n{}\n", 24, 1.0).wrong)


class ClientHello(unittest.TestCase):
    hello = bytes.fromhex("16030100580100005403030000000000000000000000000000000000000000000000000000000000000000"
                          "000002130101000029") + bytes.fromhex("0000000f000d00000a6c6f67732e6c6f63616c") + bytes(22)

    def test_the_name_is_found_and_rubbish_has_none(self):
        self.assertEqual(server_name(self.hello), "logs.local")
        for size in range(len(self.hello) - 22):
            server_name(self.hello[:size])
        self.assertEqual(server_name(bytes(range(256))), "")


if __name__ == "__main__":
    unittest.main()
