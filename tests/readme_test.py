#!/usr/bin/python3
"""tests/readme_test.py BINARY: every command in README's sh blocks runs, and its report is what the program prints.

`vpc-probe …` runs in the lab's healthy VPC; `tests/…` runs as it stands (but what CI runs for itself). Numbers differ from run to run, so the report is compared without them.
"""
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHELL = str(ROOT / "tests/lab/shell")
TESTS_OF_THEIR_OWN = {"tests/demo", "tests/run", "tests/lab/run --json"}
WRONG = {2, 70, 126, 127}  # wrong usage, internal error, no such program


def commands(text):
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words:
                yield words


def run(words, binary):
    if words[0] == "vpc-probe":
        words = [SHELL, "healthy", "--", binary, *words[1:]]
    else:
        words = [str(ROOT / words[0]), *[binary if word == "build/static/vpc-probe" else word for word in words[1:]]]
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          cwd=ROOT)


def words_of(text):
    """Without numbers, and without where lines break: both differ from run to run."""
    return {word.strip(",;:") for word in re.sub(r"\d+(\.\d+)*", "#", text).split()}


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    text = (ROOT / "README.md").read_text()
    failures = []
    for words in commands(text):
        runnable = words[0] == "vpc-probe" or words[0].startswith("tests/")
        if not runnable or " ".join(words) in TESTS_OF_THEIR_OWN:
            continue
        done = run(words, binary)
        if done.returncode in WRONG or not done.stdout:
            failures.append(f"{shlex.join(words)}: exit code {done.returncode}: {done.stderr.strip()}")
    shown = re.search(r"<!-- report -->\n```console\n\$ (.*?)\n(.*?)```", text, re.DOTALL)
    printed = run(shlex.split(shown[1]), binary).stdout
    for word in words_of(shown[2]) ^ words_of(printed):
        failures.append(f"README's report and the program's differ: {word}")
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
