#!/usr/bin/python3
"""tests/agent/cli/shell_test.py BINARY: the completion scripts and the man page, read by the real shells and man."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

BINARY = ""
ASK_BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _vpc_probe; printf '%s\\n' "${COMPREPLY[@]}"
"""


def printed(*words):
    return subprocess.run([BINARY, *words], check=True, capture_output=True, text=True).stdout


class Completion(unittest.TestCase):
    def setUp(self):
        self.script = tempfile.NamedTemporaryFile("w", suffix=".bash")
        self.script.write(printed("completion", "bash"))
        self.script.flush()

    def complete(self, *words):
        done = subprocess.run(["bash", "-c", ASK_BASH, "bash", self.script.name, "vpc-probe", *words], check=True,
                              capture_output=True, text=True)
        return done.stdout.split()

    def test_verbs(self):
        self.assertEqual(self.complete("wa"), ["wait", "watch"])

    def test_options_of_the_verb_only(self):
        self.assertIn("--for", self.complete("wait", "--f"))
        self.assertEqual(self.complete("watch", "--for"), ["--format"])

    def test_values(self):
        self.assertEqual(self.complete("run", "--depth", ""), ["network", "api", "image"])
        self.assertEqual(self.complete("show", "--format", ""), ["text", "json", "emf", "html", "markdown"])

    def test_without_a_verb_it_is_run(self):
        self.assertIn("--also", self.complete("--al"))

    def test_shells_read_their_script(self):
        for shell in ("bash", "zsh", "fish"):
            with tempfile.NamedTemporaryFile("w") as script:
                script.write(printed("completion", shell))
                script.flush()
                done = subprocess.run([shell, "-n", script.name], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""), shell)

    def test_another_shell_is_wrong_usage(self):
        done = subprocess.run([BINARY, "completion", "bsh"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn('did you mean "bash"', done.stderr)


class Manual(unittest.TestCase):
    def test_man_has_no_warning(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "vpc-probe.1"
            page.write_text(printed("manual"))
            done = subprocess.run(["man", "--warnings=all", "-Tutf8", "-l", str(page)], capture_output=True, text=True,
                                  env={"PATH": "/usr/bin:/bin", "MANWIDTH": "100", "LC_ALL": "C.UTF-8"})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for word in ("--require-private", "gateway-route-missing", "vpc-probe explain", "cloudwatch-logs:GROUP"):
            self.assertIn(word, re.sub(".\x08", "", done.stdout).replace("‐", "-"))


if __name__ == "__main__":
    BINARY = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
