"""Asks `vpc-probe doctor` about a report of the lab with the configuration of the same scenario, and compares the
first culprit with the one that the scenario names."""
import json
import subprocess

from vpc import configuration, start


def kept_report(name):
    """Where the last report of a scenario is kept: for tests that need no new measurement."""
    return start.state_directory() / "reports" / f"{name}.json"


def ask(binary, report, directory):
    """What doctor says of a report (a file) with the documents in a directory."""
    done = subprocess.run([str(binary), "doctor", "--report", str(report), "--config", str(directory), "--format", "json"],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        raise ValueError(f"doctor: exit {done.returncode}: {done.stderr.strip() or done.stdout[:200]}") from None


def culprits_of(diagnosis):
    """"TYPE ID" of each, in order."""
    return [f"{one['resource']['type']} {one['resource']['id']}" for one in diagnosis["culprits"]]


def wrong(scenario, diagnosis):
    """What is not as the scenario says."""
    expect = scenario.expect
    found = culprits_of(diagnosis)
    first = found[0] if found else ""
    lines = []
    if first != expect["culprit"]:
        lines.append(f"first culprit: {first or 'none'}, expected {expect['culprit'] or 'none'}")
    if not expect["errors_and_warnings"]:
        lines += [f"healthy, and a hop denies: {path['endpoint']} {path['address']}: {hop['by']}"
                  for path in diagnosis["paths"] for hop in path["hops"] if hop["verdict"] == "denies"]
    lines += [f"{one['code']}: {one['why']}" for one in diagnosis["disagreements"] if one["code"] == "configuration-denies"]
    return lines


def compare(scenario, report_text, binary):
    """Keeps the report, asks doctor, and says what is wrong with its answer."""
    report = kept_report(scenario.name)
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(report_text)
    directory = start.state_directory() / "configurations" / scenario.name
    configuration.write(scenario, directory)
    try:
        return wrong(scenario, ask(binary, report, directory))
    except ValueError as error:
        return [str(error)]


def ask_all(program, tasks):
    """What diagnose-lines says of each {"documents": […], "report": {…}}."""
    lines = "".join(json.dumps(task) + "\n" for task in tasks)
    done = subprocess.run([str(program)], input=lines, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise ValueError(done.stderr.strip())
    return [json.loads(line) for line in done.stdout.splitlines()]
