"""Runs scenarios, a few at a time, and prints what was expected and what was found."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import time

from vpc import diagnosis, scenario, start
from vpc.verdict import Verdict

# Silent peers are waited for, not computed: two scenarios share a processor; more would disturb the clocks.
AT_ONCE = 2 * min(4, os.cpu_count() or 1)


def find_binary(asked):
    """The probe to test: asked for, else the static one, else the newest kind of build there is."""
    if asked:
        return pathlib.Path(asked).resolve()
    for build in ("static", "quick", "dev-clang"):
        path = start.TREE / "build" / build / "vpc-probe"
        if path.is_file():
            return path
    return None


def run_one(name, binary, timed):
    """Builds the VPC, runs the probe in it once, compares."""
    subject = scenario.load(name)
    times, there = os.pipe()
    arguments = [argument.replace("{tests}", str(scenario.LAB.parent)) for argument in subject["probe"]["arguments"]]
    command = start.task_command(name, [str(binary), "run", "--format", "json", *arguments])
    environment = {**start.task_environment(), start.TIMES: str(there)}
    try:
        done = subprocess.run(command, env=environment, text=True, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=90, pass_fds=[there])
        stdout, stderr, status = done.stdout, done.stderr, done.returncode
    except subprocess.TimeoutExpired:
        stdout, stderr, status = "", "killed after 90 s", -1
    os.close(there)
    with os.fdopen(times) as file:
        elapsed = float(file.read() or "inf")
    expected = subject.expect if timed else {**subject.expect, "within_s": float("inf")}
    verdict = Verdict(expected, stdout, status, elapsed)
    if verdict.report is not None:
        verdict.wrong += diagnosis.compare(subject, stdout, binary)
    if not verdict.passed:
        verdict.wrong += [f"stderr: {line}" for line in stderr.splitlines()[:12]]
    return subject, verdict


def _print(subject, verdict):
    mark = "ok  " if verdict.passed else "FAIL"
    print(f"{mark} {subject.name:34} {verdict.elapsed_s:5.2f} s  exit {verdict.exit_code:<3} "
          f"expected [{' '.join(verdict.expected)}]  found [{' '.join(verdict.found)}]", flush=True)
    for line in verdict.wrong:
        print(f"       {line}", flush=True)


def run(names, binary, as_json, timed):
    """Exit status 0 when every scenario is exact."""
    start.prepare()
    began = time.monotonic()
    results = []
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for subject, verdict in pool.map(lambda name: run_one(name, binary, timed), names):
            results.append(verdict.as_json(subject))
            if not as_json:
                _print(subject, verdict)
    failed = sum(not result["passed"] for result in results)
    if as_json:
        json.dump({"binary": str(binary), "duration_s": round(time.monotonic() - began, 1),
                   "passed": len(results) - failed, "failed": failed, "scenarios": results}, sys.stdout)
        print()
    else:
        print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0
