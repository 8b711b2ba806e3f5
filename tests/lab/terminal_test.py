#!/usr/bin/python3
"""tests/lab/terminal_test.py PROBE: what a terminal shows while a run waits, and what is left of it."""
import os
import pathlib
import pty
import re
import subprocess
import sys
import unittest

SHELL = str(pathlib.Path(__file__).resolve().parent / "shell")
ERASE = "\r\x1b[K"
PROBE = None


def on_terminal(*arguments, **environment):
    """What the terminal was sent: stdout and stderr of the command are one pseudo-terminal."""
    settings = [f"{name}={value}" for name, value in {"TERM": "xterm", "LANG": "C.UTF-8", **environment}.items()]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(SHELL, [SHELL, "gateway-route-missing", "--", "/usr/bin/env", *settings, PROBE, *arguments])
    sent = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux: EIO once the other side is closed
            break
        if not part:
            break
        sent += part
    os.close(terminal)
    return sent.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def what_stays(sent):
    """The lines as they stand at the end: an erased line leaves nothing."""
    return [line.rsplit(ERASE, 1)[-1].rstrip("\r") for line in sent.split("\n")]


class Terminal(unittest.TestCase):
    def test_the_line_says_what_is_waited_for_and_is_gone_with_the_report(self):
        sent, code = on_terminal("run")
        self.assertEqual(code, 23, sent)
        self.assertRegex(sent, re.escape(ERASE) + r"\d+ of \d+ addresses answer, 8 silent for \d\.\d s …")
        stays = what_stays(sent)
        self.assertTrue(stays[0].startswith("\x1b[1;31mFAIL "), stays[0])
        self.assertNotIn("addresses answer,", "\n".join(stays))
        self.assertLessEqual(len(stays), 24)

    def test_a_terminal_that_cannot_erase_gets_the_report_alone(self):
        sent, code = on_terminal("run", TERM="dumb")
        self.assertEqual(code, 23, sent)
        self.assertTrue(sent.startswith("FAIL "), sent)
        self.assertNotIn("\x1b", sent)

    def test_no_colour_still_has_the_line(self):
        sent, _ = on_terminal("run", NO_COLOR="1")
        self.assertIn(" silent for ", sent)
        self.assertEqual(set(re.findall(r"\x1b\[[\d;]*[A-Za-z]", sent)), {"\x1b[K"})

    def test_a_pipe_gets_no_line(self):
        done = subprocess.run([SHELL, "gateway-route-missing", "--", PROBE, "run", "--format", "text"],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 23, done.stderr)
        self.assertNotIn("\r", done.stdout + done.stderr)
        self.assertNotIn("silent for 1", done.stderr)

    def test_wait_counts_down_to_the_next_round(self):
        sent, code = on_terminal("wait", "--for", "12s")
        self.assertEqual(code, 23, sent)
        self.assertRegex(sent, r"round 1: gateway-route-missing for \d+ s; next round in \d+ s …")
        self.assertNotIn("next round in", "\n".join(what_stays(sent)))


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
