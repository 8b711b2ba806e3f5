"""Compares what the probe reported in a scenario with what the scenario expects."""
import json


def _label(finding):
    endpoint = finding.get("endpoint")
    return f"{finding['code']}:{endpoint}" if endpoint else finding["code"]


class Verdict:
    """What one run of the probe found, and every way in which that is not what was expected."""

    def __init__(self, expect, stdout, exit_code, elapsed_s):
        self.expected = sorted(expect["errors_and_warnings"])
        self.found, self.notes, self.masked = [], [], []
        self.exit_code, self.elapsed_s = exit_code, elapsed_s
        self.wrong = []
        self.report = self._read(stdout)
        if self.report is not None:
            self._sort_findings()
            self._compare(expect)
        if exit_code != expect["exit"]:
            self.wrong.append(f"exit code {exit_code}, expected {expect['exit']}")
        if elapsed_s > expect["within_s"]:
            self.wrong.append(f"took {elapsed_s:.2f} s, at most {expect['within_s']} s expected")

    def _read(self, stdout):
        lines = stdout.splitlines()
        if len(lines) != 1:
            self.wrong.append(f"stdout has {len(lines)} lines instead of one JSON object")
            return None
        try:
            return json.loads(lines[0])
        except json.JSONDecodeError as error:
            self.wrong.append(f"stdout is not JSON: {error}")
            return None

    def _sort_findings(self):
        for finding in self.report.get("findings", []):
            if finding.get("masked_by"):
                self.masked.append(_label(finding))
            elif finding["severity"] == "note":
                self.notes.append(_label(finding))
            else:
                self.found.append(_label(finding))
        self.found.sort()

    def _compare(self, expect):
        missing = [code for code in self.expected if code not in self.found]
        surplus = [code for code in self.found if code not in self.expected]
        self.wrong += [f"missing: {code}" for code in missing] + [f"not expected: {code}" for code in surplus]
        if not missing and not surplus and self.found != self.expected:
            self.wrong.append("the same finding more than once")
        self.wrong += [f"missing note: {code}" for code in expect["notes"] if code not in self.notes]
        everything = self.found + self.notes + self.masked
        for code in expect["never"]:
            if any(code in (label, label.split(":")[0]) for label in everything):
                self.wrong.append(f"must not appear: {code}")
        if expect["verdict"] and self.report.get("verdict") != expect["verdict"]:
            self.wrong.append(f"verdict {self.report.get('verdict')}, expected {expect['verdict']}")

    @property
    def passed(self):
        return not self.wrong

    def as_json(self, scenario):
        return {"scenario": scenario.name, "description": scenario.description, "passed": self.passed,
                "expected": self.expected, "found": self.found, "notes": self.notes, "masked": self.masked,
                "exit_code": self.exit_code, "expected_exit_code": scenario.expect["exit"],
                "elapsed_s": round(self.elapsed_s, 3), "wrong": self.wrong}
