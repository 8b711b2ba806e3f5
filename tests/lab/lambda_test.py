"""The program as a Lambda function, started and asked as Lambda does, in the task's subnet.

usage: lambda_test.py [PROBE [TEST…]]   (default: the one tests/lab/run would take, and all tests)
"""
import json
import pathlib
import sys
import time
import unittest

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import matrix, running  # noqa: E402

PROBE = None
SERVER = [sys.executable, "-sEB", str(LAB / "servers" / "lambda_runtime.py")]
INVOKE = "http://127.0.0.1:9001/2015-03-31/functions/function/invocations"


class Function(running.Running):
    """A function named bootstrap without arguments, in a subnet without task metadata."""

    def __init__(self, *arguments, timeout_ms=20000, variables=(), name="no-metadata"):
        super().__init__(name, "env", *variables, *SERVER, str(timeout_ms), PROBE, *arguments)

    def invoke(self, event=None, text=None):
        """The function's response, or its error, as the caller gets it."""
        return json.loads(self.ask(INVOKE, "--retry", "20", "--retry-connrefused", "--retry-delay", "1", "--data-binary",
                                   json.dumps(event) if text is None else text))

    def end(self):
        """Exit status, what the runtime API saw, and the reports on stdout."""
        status, lines = super().end()
        return status, lines[-1], lines[:-1]

    def stop(self):
        told = time.monotonic()
        self.control.tell(signal="TERM")
        status, seen, reports = self.end()
        assert time.monotonic() - told < 1
        return status, seen, reports


class Invocations(unittest.TestCase):
    def test_the_response_is_the_report_while_the_vpc_breaks_and_is_mended(self):
        event = {"timeout": "500ms"}
        with Function() as function:
            report = function.invoke(event)
            self.assertEqual((report["verdict"], report["exit_code"]), ("pass", 0))
            self.assertEqual([endpoint["id"] for endpoint in report["endpoints"]],
                             ["ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager"])
            self.assertEqual((report["context"]["region"], report["context"]["partition"], report["context"]["account"]),
                             ("eu-west-1", "aws", "444455556666"))
            function.control.tell(filters_of="interface-endpoints-filtered")
            self.assertEqual(function.invoke(event)["exit_code"], 20)
            function.control.tell(filters_of="healthy")
            self.assertEqual(function.invoke(event)["exit_code"], 0)
            status, seen, reports = function.stop()
        self.assertEqual((status, seen["violations"]), (0, []))
        self.assertEqual(seen["calls"], 3 * [["GET", "/invocation/next", 200], ["POST", "/invocation/ID/response", 202]])
        # Also on stdout, which Lambda keeps: no one reads the response of an asynchronous invocation.
        self.assertEqual([each["exit_code"] for each in reports], [0, 20, 0])

    def test_the_event_holds_options(self):
        with Function("--services", "s3,logs", "--strict", variables=["VPC_PROBE_TIMEOUT=700ms"]) as function:
            of_schedule = {"version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", "detail-type": "Scheduled Event",
                           "source": "aws.events", "account": "123456789012", "region": "us-east-1", "resources": [],
                           "time": "2026-01-01T00:00:00Z", "detail": {}}
            def ids(report):
                return [endpoint["id"] for endpoint in report["endpoints"]]
            self.assertEqual(ids(function.invoke({})), ["s3", "logs"])
            self.assertEqual(ids(function.invoke(of_schedule)), ["s3", "logs"])
            self.assertEqual(ids(function.invoke({"services": ["ecr.api", "ecr.dkr"], "strict": False, "measure": 3})),
                             ["ecr.api", "ecr.dkr"])
            self.assertEqual(ids(function.invoke({"services": "secretsmanager", "also": None})), ["secretsmanager"])
            self.assertEqual(ids(function.invoke(text="")), ["s3", "logs"])
            self.assertEqual(function.stop()[1]["violations"], [])

    def test_a_wrong_event_is_an_error_of_the_invocation(self):
        wrong = {json.dumps({"service": "s3"}): '"service" means nothing to run; it is an option of doctor; did you mean "services"?',
                 json.dumps({"servces": "s3"}): 'no option "servces"; did you mean "services"?',
                 json.dumps({"services": ["s4"]}): '"services" "s4": no service of the catalog',
                 json.dumps({"region": "euwest-1"}): '"region" "euwest-1": no AWS region; did you mean "eu-west-1"?',
                 json.dumps({"strict": {}}): '"strict" must be a string, a number, true or false, or an array of those',
                 "[]": "the event must be an object whose names are options",
                 "{": "the event is no JSON"}
        with Function() as function:
            for event, message in wrong.items():
                with self.subTest(event):
                    answer = function.invoke(text=event)
                    self.assertIn(message, answer["errorMessage"])
                    self.assertEqual((answer["errorType"], answer["stackTrace"]), ("Function.InvalidEvent", []))
            self.assertEqual(function.invoke({"services": "logs"})["exit_code"], 0)
            status, seen, _ = function.stop()
        self.assertEqual((status, seen["violations"]), (0, []))

    def test_the_report_comes_before_the_invocation_is_over(self):
        with Function(timeout_ms=2000, name="log-sink-cut", variables=["--unset=ECS_CONTAINER_METADATA_URI_V4"]) as function:
            report = function.invoke({})
            self.assertEqual(report["exit_code"], 24)  # silence is told from a lack of time
            self.assertLess(report["duration_ms"], 1500)
            self.assertEqual(function.stop()[1]["violations"], [])  # a timeout would be one

    def test_a_lost_syn_is_no_broken_network_within_the_usual_time(self):
        with Function(timeout_ms=3000, name="packet-loss", variables=["--unset=ECS_CONTAINER_METADATA_URI_V4"]) as function:
            report = function.invoke({})
            self.assertEqual((report["verdict"], report["exit_code"]), ("warn", 0))
            self.assertIn("packet-loss", [finding["code"] for finding in report["findings"]])
            self.assertEqual(function.stop()[1]["violations"], [])

    def test_a_wrong_start_is_told_to_lambda(self):
        with Function(variables=["VPC_PROBE_REGION=euwest-1"]) as function:
            status, seen, _ = function.end()
        self.assertEqual((status, seen["init_error"], seen["violations"]), (2, "Runtime.InvalidOption", []))
        self.assertEqual(seen["calls"], [["POST", "/init/error", 202]])
        self.assertIn('VPC_PROBE_REGION "euwest-1"', function.stderr)

    def test_a_signal_in_the_middle_still_gives_a_report(self):
        with Function(name="all-filtered", variables=["--unset=ECS_CONTAINER_METADATA_URI_V4"]) as function:
            function.control.tell(run=["sh", "-c", f"curl --silent --retry 20 --retry-connrefused --data '{{}}' {INVOKE} >/dev/null 2>&1 & "
                                                   "while ! ss -tn state syn-sent | grep -q :443; do :; done"])
            status, seen, reports = function.stop()
        self.assertEqual((status, seen["violations"]), (0, []))
        self.assertEqual(seen["calls"][-1], ["POST", "/invocation/ID/response", 202])
        self.assertEqual(reports[0]["verdict"], "incomplete")


if __name__ == "__main__":
    PROBE = matrix.find_binary(sys.argv.pop(1) if len(sys.argv) > 1 and "/" in sys.argv[1] else None)
    if not PROBE or not PROBE.is_file():
        sys.exit("lambda_test: no probe: build it first")
    PROBE = str(PROBE)
    unittest.main()
