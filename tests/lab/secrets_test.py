"""Nothing secret leaves the probe: not in a report, the log, its arguments, a child or a core file.

usage: secrets_test.py [PROBE]   (default: the one tests/lab/run would take)
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import api, control, images, matrix, scenario, start  # noqa: E402

PROBE = None
CODES_OF_A_SIGNAL = {-signal.SIGABRT, 128 + signal.SIGABRT}
WATCH = """
import os, pathlib, sys, time
probe = next(int(pid.name) for pid in pathlib.Path("/proc").glob("[0-9]*")
             if (pid / "comm").exists() and (pid / "comm").read_text().strip() == "vpc-probe")
home = pathlib.Path("/proc") / str(probe)
sys.stdout.write((home / "cmdline").read_text() + "\\n" + (home / "limits").read_text() +
                 "children: " + (home / "task" / str(probe) / "children").read_text())
"""


def planted_in(text):
    """Names of the planted secrets that stand in it; a key's id is as secret as the key here."""
    return [name for name, value in api.PLANTED.items() if value[:20] in text or value[-20:] in text]


class Outputs(unittest.TestCase):
    def run_probe(self, name, *arguments):
        command = start.task_command(name, [PROBE, "run", "--depth", "api", "--log-level", "trace", *arguments])
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                              env=start.task_environment())
        self.assertNotIn(done.returncode, (2, 70), done.stderr)
        self.assertIn("GetAuthorizationToken", done.stderr)  # the log says what was asked
        return done.stdout, done.stderr

    def test_reports_and_logs(self):
        names = [name for name in scenario.names() if "api" in scenario.load(name)["probe"]["arguments"]
                 and scenario.load(name).task["credentials"] in ("role", "environment")]
        self.assertGreater(len(names), 20)
        for name in ("api-healthy-objects", "signature-rejected-with-everything-repeated", "credentials-expired-by-answer"):
            self.assertIn(name, names)
            extra = scenario.load(name)["probe"]["arguments"][2:]
            for format_ in ("json", "text", "html"):
                with self.subTest(scenario=name, format=format_):
                    for output in self.run_probe(name, "--format", format_, *extra):
                        self.assertEqual(planted_in(output), [])

    def test_the_planted_values_would_be_found(self):
        for name, value in api.PLANTED.items():
            self.assertIn(name, planted_in("…" + value + "…"))


class Pulls(unittest.TestCase):
    """Links to layers and tokens of registries are keys too."""

    def test_reports_and_logs(self):
        for name in ("image-pulled-and-measured", "layer-denied", "layer-unreachable", "layer-store-loop", "blob-elsewhere",
                     "image-by-token", "image-denied-by-endpoint-policy", "registry-echo"):
            for format_ in ("json", "text", "html"):
                command = start.task_command(name, [PROBE, "run", "--depth", "image", "--platform", "linux/amd64",
                                                    "--measure", "1", "--log-level", "trace", "--format", format_])
                with self.subTest(scenario=name, format=format_):
                    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                                          env=start.task_environment())
                    self.assertIn("app:1", done.stdout)
                    self.assertEqual(planted_in(done.stdout + done.stderr), [])
                    for secret in (images.SIGNATURE, "X-Amz-", "Bearer ", "eyJ"):  # the last begins every JSON web token
                        self.assertNotIn(secret, done.stdout + done.stderr)


class Process(unittest.TestCase):
    """While a call waits for its answer the keys are in memory: that is when to look at the process."""

    def test_arguments_children_and_core(self):
        start.prepare()
        outside = control.Outside()
        inside = outside.inside
        with tempfile.TemporaryDirectory() as home:
            environment = {**start.task_environment(), control.CHANNEL: str(inside.fileno())}
            probe = [PROBE, "run", "--depth", "api", "--timeout", "20s", "--log-level", "debug"]
            process = subprocess.Popen(start.task_command("api-silent", probe), stdin=subprocess.DEVNULL, cwd=home,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
                                       pass_fds=[inside.fileno()])
            inside.close()
            self.assertTrue(any("credentials from task-role: ok" in line for line in iter(process.stderr.readline, "")))
            seen = outside.tell(run=["/usr/bin/python3", "-c", WATCH])
            self.assertEqual(planted_in(seen["stdout"]), [])
            self.assertRegex(seen["stdout"], r"Max core file size +1 +1 ")
            self.assertRegex(seen["stdout"], r"children: *$")
            outside.tell(signal="ABRT")
            stdout, stderr = process.communicate(timeout=30)
            outside.close()
            self.assertIn(process.returncode, CODES_OF_A_SIGNAL)
            self.assertEqual(planted_in(stdout + stderr), [])
            self.assertEqual(os.listdir(home), [])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    else:
        PROBE = str(matrix.find_binary(None))
    unittest.main()
