"""The probe under signals, deadlines and outputs that cannot be written: its exit code still tells.

usage: streams_test.py [PROBE] [CLASS…]   (default: the one tests/lab/run would take)
"""
import contextlib
import fcntl
import json
import os
import pathlib
import pty
import subprocess
import sys
import unittest

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import matrix, start  # noqa: E402

PROBE = None
RUN = ["run", "--format", "json"]
ALLOWED_S = 0.1  # how far a deadline may be passed
START_S = 0.1    # from the lab's clock to the program's: forking, executing, reaping


class Ran:
    """One command in the task of a scenario."""

    def __init__(self, name, command, stdout=subprocess.PIPE, **options):
        start.prepare()
        times, there = os.pipe()
        done = subprocess.run(start.task_command(name, command), stdin=subprocess.DEVNULL, stdout=stdout,
                              stderr=subprocess.PIPE, text=True, timeout=60, pass_fds=[there],
                              env={**start.task_environment(), start.TIMES: str(there)}, **options)
        os.close(there)
        with os.fdopen(times) as file:
            self.elapsed = float(file.read())
        self.status, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr


@contextlib.contextmanager
def full_pipe():
    """The end to write to of a pipe whose reader does not read."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writer, bytes(4096))
    yield writer
    os.close(reader)
    os.close(writer)


class Signals(unittest.TestCase):
    def interrupted(self, signal, *more, **options):
        command = ["timeout", "--preserve-status", "--signal", signal, "0.5", PROBE, *RUN, *more]
        return Ran("all-filtered", command, **options)

    def test_a_partial_report_comes_within_a_second(self):
        for signal in ("TERM", "INT"):
            with self.subTest(signal):
                ran = self.interrupted(signal)
                report = json.loads(ran.stdout)
                self.assertEqual(report["verdict"], "incomplete")
                self.assertEqual((ran.status, report["exit_code"]), (3, 3))
                self.assertEqual(len(report["endpoints"]), 5)
                self.assertLess(ran.elapsed, 0.5 + 1.0)

    def test_it_ends_within_a_second_though_no_sink_takes_anything(self):
        sinks = "stdout:json,stdout:text,stdout:emf,file:/dev/stdout,cloudwatch-logs:/ecs/app"
        with full_pipe() as writer:
            ran = self.interrupted("TERM", "--sink", sinks, stdout=writer)
        self.assertEqual(ran.status, 3)
        self.assertLess(ran.elapsed, 0.5 + 1.0)


class Deadline(unittest.TestCase):
    def test_it_holds_whatever_is_silent(self):
        for name in ("all-filtered", "resolver-silent", "mtu-black-hole", "http-one-byte-a-second", "metadata-drip",
                     "metadata-silent", "dns-tcp-one-byte-a-second", "http-endless-headers"):
            with self.subTest(name):
                ran = Ran(name, [PROBE, *RUN, "--deadline", "1s", "--timeout", "900ms"])
                self.assertLess(ran.elapsed, 1.0 + ALLOWED_S + START_S)
                self.assertEqual(len(ran.stdout.splitlines()), 1)

    def test_it_holds_while_nobody_reads(self):
        with full_pipe() as writer:
            ran = Ran("all-filtered", [PROBE, *RUN, "--deadline", "1s", "--sink", "stdout:json,stdout:text,stdout:emf"], stdout=writer)
        self.assertEqual(ran.status, 3)
        self.assertLess(ran.elapsed, 1.0 + ALLOWED_S + START_S)

    def test_it_holds_while_a_sink_is_cut_off(self):
        ran = Ran("log-sink-cut", [PROBE, *RUN, "--deadline", "2s", "--timeout", "900ms", "--sink",
                                   "stdout,cloudwatch-logs:/ecs/app"])
        self.assertLess(ran.elapsed, 2.0 + ALLOWED_S + START_S)
        self.assertEqual((ran.status, len(ran.stdout.splitlines())), (24, 1))

    def test_it_holds_for_a_sink_whose_name_nobody_resolves(self):
        ran = Ran("resolver-silent", ["env", "AWS_ACCESS_KEY_ID=AKIALAB", "AWS_SECRET_ACCESS_KEY=x", PROBE, *RUN, "--deadline",
                                      "2s", "--timeout", "900ms", "--sink", "stdout,cloudwatch-logs:/ecs/app"])
        self.assertLess(ran.elapsed, 2.0 + ALLOWED_S + START_S)
        self.assertEqual((ran.status, len(ran.stdout.splitlines())), (10, 1))
        self.assertIn("not delivered yet: no address for logs.eu-west-1.amazonaws.com", ran.stderr)


class Outputs(unittest.TestCase):
    name, exit_code = "gateway-route-missing", 23

    def test_closed(self):
        ran = Ran(self.name, ["sh", "-c", '"$@" >&-', "sh", PROBE, *RUN])
        self.assertEqual(ran.status, self.exit_code)

    def test_device_full(self):
        ran = Ran(self.name, ["sh", "-c", '"$@" >/dev/full', "sh", PROBE, *RUN])
        self.assertEqual(ran.status, self.exit_code)
        self.assertEqual(len(ran.stderr.splitlines()), 1)

    def test_file_may_not_grow(self):
        for sink in ("stdout", "file:/tmp/vpc-probe.json"):
            with self.subTest(sink):
                ran = Ran(self.name, ["sh", "-c", 'ulimit -f 1; exec "$@" >/tmp/vpc-probe.out', "sh", PROBE, *RUN, "--sink", sink])
                self.assertEqual(ran.status, self.exit_code)
                self.assertEqual(len(ran.stderr.splitlines()), 1)

    def test_reader_gone(self):
        reader, writer = os.pipe()
        os.close(reader)
        ran = Ran(self.name, [PROBE, *RUN], stdout=writer)
        os.close(writer)
        self.assertEqual(ran.status, self.exit_code)

    def test_reader_asleep(self):
        with full_pipe() as writer:
            ran = Ran(self.name, [PROBE, *RUN, "--deadline", "5s"], stdout=writer)
        self.assertEqual(ran.status, self.exit_code)
        self.assertLess(ran.elapsed, 5.0 + 1.0)

    def test_reader_of_both_asleep(self):
        """stdout and stderr are one pipe, as log drivers have it."""
        with full_pipe() as writer:
            ran = Ran(self.name, ["sh", "-c", 'exec "$@" 2>&1', "sh", PROBE, *RUN], stdout=writer)
        self.assertEqual(ran.status, self.exit_code)

    def on_a_stopped_terminal(self, redirection, *more, read=0):
        """No one reads the terminal any more; what was read left room for a few bytes, not for all."""
        reader, terminal = pty.openpty()
        os.set_blocking(terminal, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(terminal, bytes(64))
        os.set_blocking(terminal, True)
        if read:
            os.read(reader, read)
        ran = Ran(self.name, ["timeout", "--signal", "KILL", "20", "sh", "-c", f'exec "$@" {redirection}', "sh", PROBE, *RUN,
                              "--deadline", "5s", *more], stdout=terminal)
        still_blocking = os.get_blocking(terminal)
        os.close(reader)
        os.close(terminal)
        self.assertEqual(ran.status, self.exit_code)
        self.assertLess(ran.elapsed, 5.0 + 1.0)
        self.assertTrue(still_blocking)  # it is also the shell's

    def test_report_to_a_stopped_terminal(self):
        self.on_a_stopped_terminal("")
        self.on_a_stopped_terminal("", read=300)

    def test_log_to_a_stopped_terminal(self):
        self.on_a_stopped_terminal("2>&1 >/dev/null", "--log-level", "debug", "--depth", "api")

    def test_everything_closed(self):
        ran = Ran(self.name, ["sh", "-c", '"$@" <&- >&- 2>&-', "sh", PROBE, *RUN])
        self.assertEqual(ran.status, self.exit_code)


class Descriptors(unittest.TestCase):
    """Where few files may be open, addresses wait for their turn; none is left out."""

    def statuses(self, limit, name, *more):
        ran = Ran(name, ["sh", "-c", f'ulimit -n {limit}; exec "$@"', "sh", PROBE, *RUN, *more])
        addresses = [address for endpoint in json.loads(ran.stdout)["endpoints"] for address in endpoint["addresses"]]
        return ran.status, len(addresses), {address["tcp"] and address["tcp"]["status"] for address in addresses}

    def test_hardly_any(self):
        self.assertEqual(self.statuses(20, "healthy"), (0, 20, {"ok"}))

    def test_fewer_than_silent_addresses(self):
        self.assertEqual(self.statuses(128, "dns-thousand-addresses", "--services", "logs", "--timeout", "300ms"),
                         (24, 1000, {"timeout"}))


class Secrets(unittest.TestCase):
    def test_no_password_of_a_proxy_is_repeated(self):
        ran = Ran("proxy-in-environment", [PROBE, *RUN, "--log-level", "trace"])
        self.assertEqual(ran.status, 0)
        self.assertNotIn("hunter2", ran.stdout + ran.stderr)


if __name__ == "__main__":
    PROBE = matrix.find_binary(sys.argv.pop(1) if len(sys.argv) > 1 and "/" in sys.argv[1] else None)
    if not PROBE or not PROBE.is_file():
        sys.exit("streams_test: no probe: build it first")
    PROBE = str(PROBE)
    unittest.main()
