"""wait, watch and health as ECS starts them, while the VPC under them breaks and fixes.

usage: repeat_test.py [PROBE [TEST…]]   (default: the one tests/lab/run would take, and all tests)
VPC_PROBE_ROUNDS: how many accelerated rounds of watch are looked at for growth (default 500; days are worth 20000)
"""
import contextlib
import json
import os
import pathlib
import sys
import time
import unittest

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import matrix, running  # noqa: E402

PROBE = None
BROKEN = "interface-endpoints-filtered"
FAST = ["--format", "json", "--timeout", "300ms", "--deadline", "3s"]
PRIVATE = ["--services", "ecr.api,ecr.dkr,logs"]  # no public answer, so no control is waited for
EVERY_SINK = ["--sink", "stdout,file:/tmp/vpc-probe.json,openmetrics:9464,cloudwatch-logs:/ecs/app"]
ROUNDS = int(os.environ.get("VPC_PROBE_ROUNDS", "500"))


class Running(running.Running):
    """The probe in the task of a scenario."""

    def __init__(self, name, *arguments):
        super().__init__(name, PROBE, *arguments)

    def usage(self):
        """Open descriptors, KiB in memory and threads of the probe, from the machine's own /proc."""
        home = pathlib.Path("/proc") / str(self._probe_pid())
        status = dict(line.split(":", 1) for line in (home / "status").read_text().splitlines())
        return len(list((home / "fd").iterdir())), int(status["VmRSS"].split()[0]), int(status["Threads"])

    def _probe_pid(self):
        parents = {}
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # gone meanwhile
                fields = stat.read_text().rpartition(")")[2].split()
                parents[int(stat.parent.name)] = int(fields[1])
        for pid in parents:
            ancestor = pid
            while ancestor in parents and ancestor != self.process.pid:
                ancestor = parents[ancestor]
            with contextlib.suppress(OSError):
                if ancestor == self.process.pid and os.readlink(f"/proc/{pid}/exe") == PROBE:
                    return pid
        raise AssertionError("the probe does not run")

    def health(self):
        return self.control.tell(run=[PROBE, "health"])


def path_to(report, name):
    return next(endpoint["path"] for endpoint in report["endpoints"] if endpoint["id"] == name)


def control_statuses(report):
    return {address["tcp"]["status"] if address["tcp"] else None
            for control in report["controls"] for address in control["addresses"]}


class Wait(unittest.TestCase):
    def test_it_goes_on_until_the_vpc_is_mended(self):
        with Running(BROKEN, "wait", "--for", "1m", *FAST) as running:
            first = running.report()
            self.assertEqual((first["verdict"], first["exit_code"]), ("fail", 20))
            self.assertIsNone(first["history"]["previous"])
            running.control.tell(filters_of="healthy")
            status, reports = running.end()
        self.assertEqual((status, len(reports)), (0, 1))
        history = reports[0]["history"]
        self.assertRegex(history["change"], r"^interface-endpoints-filtered → pass after \d+ s$")
        self.assertEqual((history["previous"]["exit_code"], history["last"]), (20, True))
        self.assertEqual(history["previous"]["since"], first["started_at"])

    def test_it_passes_at_once_where_nothing_is_wrong(self):
        with Running("healthy", "wait", "--for", "1m", *FAST) as running:
            status, reports = running.end()
        self.assertEqual((status, len(reports)), (0, 1))
        self.assertEqual(reports[0]["history"]["round"], 1)

    def test_it_waits_for_no_control_where_everything_answers(self):
        # A control is given ten round trips, and a healthy round takes five.
        with Running("slow-but-fine", "wait", "--for", "1m", "--format", "json") as running:
            status, reports = running.end()
        self.assertEqual((status, reports[0]["verdict"]), (0, "pass"))
        self.assertEqual(control_statuses(reports[0]), {"cancelled"})
        self.assertEqual(path_to(reports[0], "s3"), "unknown")

    def test_it_waits_for_the_control_where_the_verdict_depends_on_it(self):
        with Running("healthy", "wait", "--for", "1m", "--require-private", "--format", "json") as running:
            _, reports = running.end()
        self.assertEqual(control_statuses(reports[0]), {"timeout"})

    def test_its_exit_code_is_the_last_verdict_when_time_is_up(self):
        began = time.monotonic()
        with Running(BROKEN, "wait", "--for", "3s", *FAST) as running:
            status, reports = running.end()
        self.assertEqual((status, len(reports)), (20, 2))
        self.assertEqual([report["history"]["last"] for report in reports], [False, True])
        self.assertGreater(reports[1]["history"]["round"], 1)
        self.assertLess(time.monotonic() - began, 3 + 5)  # the lab itself takes a while to build

    def test_a_signal_ends_it_with_the_last_verdict(self):
        with Running(BROKEN, "wait", "--for", "1m", *FAST) as running:
            running.report()
            told = time.monotonic()
            running.control.tell(signal="TERM")
            status, reports = running.end()
            self.assertLess(time.monotonic() - told, 1)
        self.assertEqual((status, len(reports)), (20, 1))
        self.assertTrue(reports[0]["history"]["last"])


class Watch(unittest.TestCase):
    def test_it_tells_of_changes_and_health_follows(self):
        with Running("healthy", "watch", "--every", "400ms", *FAST) as running:
            self.assertEqual(running.report()["verdict"], "pass")
            health = running.health()
            self.assertEqual(health["status"], 0, health)
            self.assertRegex(health["stdout"], r"^healthy: pass since \d{4}-\d\d-\d\dT")
            running.control.tell(filters_of=BROKEN)
            told = running.reports_until(20)
            self.assertRegex(told[0]["history"]["change"], r"^pass → .* after \d+ s$")
            self.assertRegex(told[-1]["history"]["change"], r" → interface-endpoints-filtered after \d+ s$")
            self.assertEqual(told[-1]["history"]["stability"], "outage")
            health = running.health()
            self.assertEqual(health["status"], 1)
            self.assertIn("unhealthy: interface-endpoints-filtered since", health["stdout"])
            running.control.tell(filters_of="healthy")
            self.assertEqual(running.reports_until(0)[0]["history"]["previous"]["exit_code"], 20)
            self.assertEqual(running.health()["status"], 0)
            running.control.tell(filters_of=BROKEN)
            self.assertEqual(running.reports_until(20)[-1]["history"]["stability"], "flapping")
            told = time.monotonic()
            running.control.tell(signal="TERM")
            status, reports = running.end()
            self.assertLess(time.monotonic() - told, 1)
        self.assertEqual((status, [report["history"]["last"] for report in reports]), (20, [True]))

    def test_later_rounds_keep_what_the_control_said(self):
        with Running("healthy", "watch", "--every", "1ms", "--report", "always", *FAST) as running:
            reports = [running.report() for _ in range(5)]
        self.assertEqual({path_to(report, "s3") for report in reports}, {"gateway-endpoint"})
        self.assertEqual(len({json.dumps(report["controls"]) for report in reports}), 1)

    def test_a_round_that_fails_asks_the_control_again(self):
        with Running("healthy", "watch", "--every", "1ms", "--report", "always", *FAST) as running:
            before = running.report()
            running.control.tell(filters_of="egress-without-s3-prefix-list")
            failing = running.reports_until(23)[-1]
        self.assertEqual(control_statuses(failing), {"timeout"})
        self.assertNotEqual(failing["controls"], before["controls"])

    def test_it_reports_every_round_or_failures_only(self):
        with Running("healthy", "watch", "--every", "200ms", "--report", "always", *FAST) as running:
            rounds = [running.report()["history"]["round"] for _ in range(3)]
        self.assertEqual(rounds, [1, 2, 3])
        with Running("healthy", "watch", "--every", "200ms", "--report", "failures", *FAST) as running:
            while "healthy: pass" not in running.health()["stdout"]:
                pass
            running.control.tell(filters_of=BROKEN)
            self.assertEqual((running.report()["verdict"], running.report()["verdict"]), ("fail", "fail"))

    def test_rounds_never_overlap(self):
        with Running(BROKEN, "watch", "--every", "100ms", "--report", "always", *FAST) as running:
            reports = [running.report() for _ in range(4)]
        starts = [_seconds(report["started_at"]) for report in reports]
        for before, report, begun in zip(reports, reports[1:], starts[1:]):
            self.assertGreaterEqual(round(begun - _seconds(before["started_at"]), 3), round(before["duration_ms"] / 1000 - 0.01, 3))
            self.assertEqual(report["history"]["round"], before["history"]["round"] + 1)

    def test_health_knows_a_watch_that_is_gone_or_hangs(self):
        with Running("healthy", "watch", "--every", "1h", *FAST) as running:
            running.report()
            self.assertEqual(running.health()["status"], 0)
            running.control.tell(signal="STOP")
            hanging = running.health()
            self.assertEqual((hanging["status"], hanging["stdout"]), (1, "unhealthy: no watch answers here\n"))
            running.control.tell(signal="CONT")
            self.assertEqual(running.health()["status"], 0)
        with Running("healthy", "health") as running:
            self.assertEqual(running.process.wait(), 1)


class Growth(unittest.TestCase):
    """For a probe without sanitizers, which keep freed memory and take their time."""

    def test_nothing_grows(self):
        with Running("log-sink", "watch", "--every", "1ms", "--report", "always", *EVERY_SINK, *PRIVATE, *FAST) as running:
            settled = max(50, ROUNDS // 5)
            while running.report()["history"]["round"] < settled:
                pass
            before = running.usage()
            while running.report()["history"]["round"] < ROUNDS:
                pass
            after = running.usage()
        print(f"descriptors, KiB, threads after round {settled}: {before}; after round {ROUNDS}: {after}")
        # In the middle of a round some connections are open; a leak of one each round would be hundreds.
        self.assertLess(after[0], before[0] + 30)
        self.assertLess(after[1], before[1] + 2048, f"KiB before and after: {before[1]}, {after[1]}")
        self.assertEqual(after[2], before[2])

    def test_health_costs_next_to_nothing(self):
        with Running("healthy", "watch", "--every", "1h", *FAST) as running:
            running.report()
            costs = [running.health()["cpu_s"] for _ in range(5)]
        self.assertLess(min(costs), 0.02)


def _seconds(text):
    from datetime import datetime
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


if __name__ == "__main__":
    PROBE = matrix.find_binary(sys.argv.pop(1) if len(sys.argv) > 1 and "/" in sys.argv[1] else None)
    if not PROBE or not PROBE.is_file():
        sys.exit("repeat_test: no probe: build it first")
    PROBE = str(PROBE)
    unittest.main()
