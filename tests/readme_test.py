#!/usr/bin/python3
"""tests/readme_test.py BINARY: every command in README's sh blocks runs, and its reports are what the program prints.

`vpc-probe …` runs in the lab's healthy VPC; `tests/…` runs as it stands (but what CI runs for itself). The commands of a
console block that begins in `tests/lab` or with `vpc-probe` run one after the other in an empty folder, and the last one
prints what the block shows. Numbers differ from run to run, so reports are compared without them. A line `…` in a report
stands for what is left out. The lines of its message are those of a golden file.
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from readme_commands import sh_commands  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHELL = str(ROOT / "tests/lab/shell")
TESTS_OF_THEIR_OWN = {"tests/demo", "tests/run", "tests/lab/run --json"}
WRONG = {2, 70, 126, 127}  # wrong usage, internal error, no such program


def run(words, binary):
    if words[0] == "vpc-probe":
        words = [SHELL, "healthy", "--", binary, *words[1:]]
    else:
        words = [str(ROOT / words[0]), *[binary if word == "build/static/vpc-probe" else word for word in words[1:]]]
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          cwd=ROOT)


def printed_by(commands, binary):
    """What the last command prints; ROOT stands in for the folder that a reader is in, but for the files it writes."""
    script = re.sub(r"^\$ ", "", commands, flags=re.MULTILINE)
    script = re.sub(r"build/static/vpc-probe|^vpc-probe", shlex.quote(binary), script, flags=re.MULTILINE)
    script = re.sub(r"\b(tests/lab/|task-def-examples/)", rf"{ROOT}/\1", script)
    with tempfile.TemporaryDirectory() as folder:
        lines = script.strip().splitlines()
        for line in lines[:-1]:
            subprocess.run(line, shell=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
        return subprocess.run(lines[-1], shell=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout


def words_of(text):
    """Without numbers, and without where lines break: both differ from run to run."""
    return [word.strip(",;:") for word in re.sub(r"\d+(\.\d+)*", "#", text).split()]


def cut_off(text):
    """Words of lines that end in "…": where they are cut differs with the addresses before them."""
    return {word for line in text.splitlines() if line.endswith("…") for word in words_of(line)}


def differences(shown, printed):
    """Of a whole report: the words that only one has, since rows come in any order. Of an excerpt: the parts that the
    program does not print."""
    parts = f"\n{shown}".split("\n…\n")
    if len(parts) == 1:
        return (set(words_of(shown)) ^ set(words_of(printed))) - cut_off(shown) - cut_off(printed)
    whole = " ".join(words_of(printed))
    return [part.strip() for part in parts if " ".join(words_of(part)) not in whole]


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    text = (ROOT / "README.md").read_text()
    failures = []
    for line in sh_commands(text):
        words = shlex.split(line, comments=True)
        runnable = words[0] == "vpc-probe" or words[0].startswith("tests/")
        if not runnable or " ".join(words) in TESTS_OF_THEIR_OWN:
            continue
        done = run(words, binary)
        if done.returncode in WRONG or not done.stdout:
            failures.append(f"{shlex.join(words)}: exit code {done.returncode}: {done.stderr.strip()}")
    # Commands and what they print; a block of commands alone is no report.
    reports = re.findall(r"```console\n((?:\$ (?:tests/lab/|build/static/|vpc-probe )[^\n]*\n)+)(?!\$ )((?:(?!```).)+)```", text,
                         re.DOTALL)
    for commands, shown in reports:
        printed = printed_by(commands, binary)
        failures += [f"{commands}README's report and the program's differ: {part}" for part in differences(shown, printed)]
    if len(reports) != 3:
        failures.append(f"README has {len(reports)} reports")
    message, = re.findall(r"```text\n(FAIL .+?)```", text, re.DOTALL)
    written = (ROOT / "tests/golden/alert.fault.txt").read_text().splitlines()
    failures += [f"no message of the doctor has the line {line}" for line in message.splitlines() if line not in written]
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
