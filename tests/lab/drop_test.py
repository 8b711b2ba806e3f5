"""drop_test.py DIAGNOSE-LINES: without any one document, doctor names the scenario's culprits or none, and no other.

It measures nothing: it takes the reports that the scenarios' own tests have kept, so it runs after them.
"""
import json
import pathlib
import sys
import unittest

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import configuration, diagnosis, scenario  # noqa: E402


HEALTHY = ("healthy", "custom-resolver-that-forwards", "dual-stack", "everything-by-nat", "s3-interface-endpoint")


def kept():
    """Healthy scenarios and those with a culprit, whose reports are there; with their reports."""
    subjects = [scenario.load(name) for name in scenario.names() if diagnosis.kept_report(name).is_file()]
    return [(subject, json.loads(diagnosis.kept_report(subject.name).read_text())) for subject in subjects
            if subject.expect["culprit"] or subject.name in HEALTHY]


class Dropped(unittest.TestCase):
    def test_each_document_in_turn(self):
        tasks, cases = [], []
        for subject, report in kept():
            documents = configuration.Configuration(subject).documents()
            for dropped in (None, *documents):
                rest = [content for command, content in documents.items() if command != dropped]
                tasks.append({"documents": rest, "report": report})
                cases.append((subject, dropped))
        self.assertGreater(len(cases), 1000, "too few reports are kept: run the scenarios first")
        for (subject, dropped), answer in zip(cases, diagnosis.ask_all(PROGRAM, tasks), strict=True):
            if dropped is None:
                whole = diagnosis.culprits_of(answer)
            with self.subTest(scenario=subject.name, without=dropped):
                self.check(subject.expect["culprit"], whole, dropped, answer)

    def check(self, expected, whole, dropped, answer):
        if dropped is None:
            self.assertEqual(whole[:1], [expected] if expected else [])
        self.assertLessEqual(set(diagnosis.culprits_of(answer)), set(whole))
        self.assertNotIn("configuration-denies", [one["code"] for one in answer["disagreements"]])
        if expected:
            self.assertNotIn("configuration-allows", [one["code"] for one in answer["disagreements"]])


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
