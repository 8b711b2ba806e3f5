#!/usr/bin/env python3
"""The workflows and actions of .github: lint, our own rules, and that every script they call is in the tree."""
import pathlib
import re
import subprocess
import tempfile
import unittest

TREE = pathlib.Path(__file__).resolve().parents[2]
FILES = sorted((TREE / ".github").glob("workflows/*.yml")) + sorted((TREE / ".github").glob("actions/*/action.yml"))
BAD = """on: push
jobs:
  a:
    runs-on: ubuntu-latest
    permissions: {actions: write}
    steps:
      - uses: actions/checkout@v4
      - run: echo ${{ github.event.issue.title }}
      - run: echo ${{ github.nothing }}
"""


def lint(*files):
    return subprocess.run(["node", TREE / "tests/template-linters/workflows.js", *files], capture_output=True, text=True)


class Workflows(unittest.TestCase):
    def test_lint_finds_nothing(self):
        self.assertGreaterEqual(len(FILES), 3)
        done = lint(*FILES)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_lint_finds_what_is_wrong(self):
        with tempfile.TemporaryDirectory() as folder:
            bad = pathlib.Path(folder, "bad.yml")
            bad.write_text(BAD)
            done = lint(bad)
        self.assertEqual(done.returncode, 1)
        for part in ("permissions of the workflow", "no timeout-minutes", "may write actions", "actions/checkout@v4: not pinned",
                     "keeps the token", "an expression inside a script", 'property "nothing" is not defined'):
            self.assertIn(part, done.stdout)

    def test_the_scripts_that_they_call_exist(self):
        for file in FILES:
            for name in re.findall(r"(?:^|\s)((?:\.ci|container|tests)/[\w./-]+)", file.read_text()):
                self.assertTrue((TREE / name).exists(), f"{file.name} calls {name}")

    def test_the_changelog_has_this_version(self):
        version = re.search(r"project\(vpc-probe VERSION ([0-9.]+)", (TREE / "CMakeLists.txt").read_text())[1]
        headings = re.findall(r"^## \[([^]]+)\]", (TREE / ".github/CHANGELOG.md").read_text(), re.M)
        self.assertEqual(headings[0], "Unreleased")
        self.assertIn(version, headings)


if __name__ == "__main__":
    unittest.main(verbosity=2)
