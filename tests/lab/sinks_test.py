"""Sinks as ECS starts them: CloudWatch Logs that throttles, is cut off and comes back; files; metrics that are scraped.

usage: sinks_test.py [PROBE [TEST…]]   (default: the one tests/lab/run would take, and all tests)
"""
import json
import pathlib
import subprocess
import sys
import time
import unittest

import jsonschema

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import matrix, metadata, running  # noqa: E402

PROBE = None
LOGS = "https://logs.eu-west-1.amazonaws.com"
PLACE = "cloudwatch-logs:/ecs/app:canary"
FAST = ["--timeout", "500ms", "--deadline", "5s"]
PRIVATE = ["--services", "ecr.api,ecr.dkr,logs"]  # no public answer, so no control is waited for
ALL = ["--sink", "stdout:json", "--sink", PLACE]
EMF = json.loads((LAB.parent / "agent/render/emf.schema.json").read_text())


class Logs(running.Running):
    """The probe where CloudWatch Logs takes events."""

    def __init__(self, *arguments, name="log-sink", variables=()):
        super().__init__(name, *(["env", *variables] if variables else []), PROBE, *arguments)

    def received(self):
        return json.loads(self.ask(LOGS + "/received"))

    def prepare(self, **wanted):
        self.ask(LOGS + "/prepare", "--data", json.dumps({"groups": ["/ecs/app", "canary"], **wanted}))


def watch(*more, **options):
    return Logs("watch", "--every", "300ms", "--report", "always", *PRIVATE, *FAST, *more, **options)


class CloudWatchLogs(unittest.TestCase):
    def ran_once(self, *arguments):
        """What one `run` did, and what the server has got when it is over."""
        with watch(*ALL) as around:  # keeps the VPC up
            around.report()
            done = around.control.tell(run=[PROBE, "run", *PRIVATE, *FAST, *arguments])
            return done, around.received()

    def test_a_missing_stream_is_created_and_the_event_is_the_report(self):
        with watch(*ALL) as running_watch:
            report = running_watch.report()
            running_watch.report()  # the one before it was delivered
            got = running_watch.received()
        self.assertEqual(got["calls"][:3], [["PutLogEvents", "ResourceNotFoundException"], ["CreateLogStream", ""],
                                            ["PutLogEvents", ""]])
        self.assertEqual(json.loads(got["streams"]["/ecs/app:canary"][0]), report)

    def test_the_stream_is_named_after_the_task_and_a_slash_will_do(self):
        done, got = self.ran_once("--sink", "cloudwatch-logs:/ecs/app,cloudwatch-logs:canary/eu")
        self.assertEqual((done["status"], done["stdout"], done["stderr"]), (0, "", ""))
        for stream in (f"/ecs/app:vpc-probe/{metadata.TASK_ID}", "canary:eu"):
            self.assertEqual(json.loads(got["streams"][stream][0])["verdict"], "pass")

    def test_throttling_and_trouble_are_tried_again(self):
        with watch(*ALL) as running_watch:
            running_watch.report()
            running_watch.report()  # the one before it was delivered
            running_watch.prepare(fail=["ThrottlingException", "ServiceUnavailableException", "ExpiredTokenException"])
            while len((got := running_watch.received())["calls"]) < 7 or got["calls"][-1][1]:
                pass
            running_watch.control.tell(signal="TERM")
            status, reports = running_watch.end()
        self.assertEqual(status, 0)
        self.assertIn("ExpiredTokenException", [error for _, error in got["calls"]])
        self.assertEqual([report for report in reports[:-1] if "sinks" in report], [])

    def test_nothing_is_lost_while_the_endpoint_is_cut_off(self):
        with watch(*ALL) as running_watch:
            running_watch.report()
            running_watch.control.tell(filters_of="log-sink-cut")
            while "sinks" not in (cut := running_watch.report()):
                pass
            self.assertEqual((cut["verdict"], cut["exit_code"]), ("fail", 24))
            self.assertEqual(cut["sinks"][0]["sink"], PLACE)
            self.assertEqual(cut["sinks"][0]["lost"], 0)
            self.assertGreaterEqual(cut["sinks"][0]["waiting"], 1)
            self.assertRegex(cut["sinks"][0]["problem"], "no whole answer in time")
            running_watch.control.tell(filters_of="log-sink")
            while "sinks" in (fixed := running_watch.report()):
                pass
            running_watch.report()
            stored = [json.loads(line) for line in running_watch.received()["streams"]["/ecs/app:canary"]]
            running_watch.control.tell(signal="TERM")
            status, _ = running_watch.end()
        rounds = [report["history"]["round"] for report in stored]
        self.assertEqual(rounds[:fixed["history"]["round"]], list(range(1, fixed["history"]["round"] + 1)))
        self.assertEqual(status, 0)
        self.assertEqual(running_watch.stderr.count("not delivered yet"), 1)

    def test_a_run_with_the_endpoint_cut_off_says_so_and_keeps_its_exit_code(self):
        with Logs("run", "--sink", PLACE, *PRIVATE, *FAST, name="log-sink-cut") as once:
            status, reports = once.end()
        self.assertEqual((status, [report["exit_code"] for report in reports]), (24, [24]))  # on stdout after all
        self.assertIn(f"{PLACE}: not delivered: 1 report", once.stderr)
        with Logs("run", *ALL, *PRIVATE, *FAST, name="log-sink-cut") as once:
            status, reports = once.end()
        self.assertEqual((status, len(reports)), (24, 1))

    def test_a_signal_ends_it_in_time_while_the_endpoint_is_cut_off(self):
        with watch(*ALL, name="log-sink-cut") as running_watch:
            running_watch.report()
            running_watch.report()
            told = time.monotonic()
            running_watch.control.tell(signal="TERM")
            status, reports = running_watch.end()
            self.assertLess(time.monotonic() - told, 1)
        self.assertEqual(status, 24)
        self.assertTrue(reports[-1]["history"]["last"])
        self.assertIn("not delivered: ", running_watch.stderr)

    def test_what_trying_again_cannot_change_is_said_once(self):
        done, _ = self.ran_once("--sink", "stdout:json", "--sink", "cloudwatch-logs:team/app")
        self.assertEqual(done["status"], 0)
        self.assertIn("The specified log group does not exist. (log group team; ", done["stderr"])
        with Logs("run", *ALL, *PRIVATE, *FAST, variables=["AWS_SECRET_ACCESS_KEY=another"]) as once:
            status, _ = once.end()
        self.assertEqual(status, 0)
        self.assertIn("InvalidSignatureException: the signature was rejected", once.stderr)
        self.assertNotIn("lab-token", once.stderr)
        with Logs("run", *ALL, *PRIVATE, *FAST, variables=["--unset=AWS_ACCESS_KEY_ID"]) as once:
            self.assertEqual(once.end()[0], 0)
        self.assertIn("no credentials: ", once.stderr)

    def test_metrics_go_there_too_one_object_for_each_round(self):
        with Logs("watch", "--every", "300ms", "--format", "emf", "--sink", PLACE, *PRIVATE, *FAST) as running_watch:
            while "/ecs/app:canary" not in (got := running_watch.received())["streams"] or len(
                    got["streams"]["/ecs/app:canary"]) < 3:
                pass
        for event in got["streams"]["/ecs/app:canary"]:
            jsonschema.validate(json.loads(event), EMF)
        self.assertEqual(set(got["formats"]), {"json/emf"})


class Local(unittest.TestCase):
    def test_any_number_at_once(self):
        with running.Running("healthy", "sh", "-c", '"$@"; echo; cat /tmp/vpc-probe.json /tmp/vpc-probe.txt', "sh", PROBE, "run",
                             "--format", "json", "--sink", "stdout:emf,file:/tmp/vpc-probe.json", "--output",
                             "/tmp/vpc-probe.txt", *PRIVATE, *FAST) as once:
            stdout, _ = once.process.communicate(timeout=60)
        metrics, first, second = (json.loads(line) for line in stdout.splitlines() if line)
        jsonschema.validate(metrics, EMF)
        self.assertEqual(first, second)
        self.assertEqual((first["verdict"], metrics["Failed"]), ("pass", 0))

    def test_a_sink_that_fails_changes_no_verdict_and_is_told_of(self):
        nowhere = "file:/nowhere/report.json"
        with running.Running("healthy", PROBE, "watch", "--every", "200ms", "--report", "always", "--sink", "stdout:json",
                             "--sink", nowhere, *PRIVATE, *FAST) as watching:
            self.assertNotIn("sinks", watching.report())
            note, = watching.report()["sinks"]
            self.assertEqual((note["sink"], note["lost"]), (nowhere, 1))
            watching.control.tell(signal="TERM")
            self.assertEqual(watching.end()[0], 0)

    def test_metrics_of_every_round_whatever_is_reported(self):
        with running.Running("healthy", PROBE, "watch", "--every", "200ms", "--sink", "stdout:emf", *PRIVATE, *FAST) as watching:
            metrics = [watching.report() for _ in range(3)]
            watching.control.tell(filters_of="interface-endpoints-filtered")
            while not watching.report()["Failed"]:
                pass
            broken = watching.report()  # the first may have begun before the filters were there
            watching.control.tell(signal="TERM")
            status, _ = watching.end()
        self.assertEqual(broken["Service"], "task")
        self.assertEqual(status, 20)
        for each in [*metrics, broken]:
            jsonschema.validate(each, EMF)
        self.assertEqual(len({each["_aws"]["Timestamp"] for each in metrics}), 3)


class OpenMetrics(unittest.TestCase):
    PORT = "9464"
    URL = f"http://127.0.0.1:{PORT}/metrics"

    def test_promtool_finds_no_fault_in_what_is_offered(self):
        with running.Running("healthy", PROBE, "watch", "--every", "200ms", "--sink", f"openmetrics:{self.PORT}",
                             "--sink", "stdout:json", "--report", "always", *FAST) as watching:
            watching.report()
            watching.report()
            page = watching.ask(self.URL)
            self.assertIn("application/openmetrics-text; version=1.0.0", watching.ask(self.URL, "--head"))
            watching.control.tell(filters_of="log-sink-cut")
            while watching.report()["verdict"] == "pass":
                pass
            watching.report()
            broken = watching.ask(self.URL)
            refused = watching.control.tell(run=["curl", "--silent", f"http://10.0.1.23:{self.PORT}/metrics"])
        self.assertEqual(refused["status"], 7)  # loopback only
        for text in (page, broken):
            checked = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True)
            self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))
            self.assertTrue(text.endswith("# EOF\n"))
        self.assertIn('vpc_probe_endpoint_up{endpoint="logs"} 1\n', page)
        self.assertIn('vpc_probe_endpoint_up{endpoint="logs"} 0\n', broken)
        self.assertIn('vpc_probe_stage_up{endpoint="logs",stage="connect"} 0\n', broken)
        self.assertIn('vpc_probe_findings{endpoint="logs",stage="connect",severity="error"} 1\n', broken)
        self.assertIn("vpc_probe_exit_code 24\n", broken)

    def test_prometheus_scrapes_it(self):
        with running.Running("healthy", PROBE, "watch", "--every", "200ms", "--sink", f"openmetrics:{self.PORT}",
                             "--sink", "stdout:json", *FAST) as watching:
            watching.report()
            done = watching.control.tell(run=[sys.executable, "-sEB", str(LAB / "servers" / "scrape.py"),
                                              f"127.0.0.1:{self.PORT}", "vpc_probe_endpoint_up"])
        self.assertEqual(done["status"], 0, done["stderr"])
        scraped = {row["metric"]["endpoint"]: row["value"][1] for row in json.loads(done["stdout"])}
        self.assertEqual(scraped, dict.fromkeys(["ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager"], "1"))

    def test_a_port_in_use_is_told_of(self):
        taken = f"openmetrics:{self.PORT}"
        with running.Running("healthy", PROBE, "watch", "--every", "1h", "--sink", f"{taken},stdout:json", *FAST) as watching:
            watching.report()
            done = watching.control.tell(run=[PROBE, "run", "--sink", f"{taken},stdout:json", *PRIVATE, *FAST])
        self.assertEqual(done["status"], 0)
        self.assertEqual(json.loads(done["stdout"])["sinks"][0]["problem"], "Address already in use")
        self.assertIn("run ends before anybody could ask", done["stderr"])


if __name__ == "__main__":
    PROBE = matrix.find_binary(sys.argv.pop(1) if len(sys.argv) > 1 and "/" in sys.argv[1] else None)
    if not PROBE or not PROBE.is_file():
        sys.exit("sinks_test: no probe: build it first")
    PROBE = str(PROBE)
    unittest.main()
