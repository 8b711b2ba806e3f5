"""predictions_test.py PROBE: from the lab's configurations alone, doctor predicts the scenario's culprit or nothing.

Nothing is measured. A prediction knows less than a report: it may miss a fault, and never names another resource.
"""
import json
import pathlib
import subprocess
import sys
import unittest

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import diagnosis, scenario  # noqa: E402
from vpc.configuration import Configuration  # noqa: E402

NEEDS_LESS = {"image-from-another-registry"}  # its metadata says so, which a prediction does not have
# What a prediction from groups, ACLs, routes and private DNS must see.
SEEN = {"acl-without-ephemeral-ports", "all-filtered", "egress-without-s3-prefix-list", "endpoint-filtered",
        "endpoint-missing", "gateway-route-missing", "interface-endpoints-filtered", "no-private-names", "nothing-at-all",
        "one-silent-zone", "other-service-filtered", "private-name-missing", "two-faults", "zone-filtered"}


class Predictions(unittest.TestCase):
    def predict(self, subject):
        made = Configuration(subject)
        lines = "".join(json.dumps(document) + "\n" for document in made.documents().values())
        also = ["--also", "kms"] if "kms" in subject.endpoints else []
        done = subprocess.run([PROBE, "doctor", "--config", "-", "--subnet-ids", made.task_subnet, "--task-security-group",
                               made.task_group, "--region", subject.region, "--format", "json", *also],
                              input=lines, capture_output=True, text=True, timeout=60)
        return json.loads(done.stdout)

    def test_the_culprit_or_nothing(self):
        seen = set()
        for name in sorted(set(scenario.names()) - NEEDS_LESS):
            subject = scenario.load(name)
            expected = subject.expect["culprit"]
            if not expected and subject.expect["errors_and_warnings"]:
                continue
            with self.subTest(name):
                answer = self.predict(subject)
                found = diagnosis.culprits_of(answer)[:1]
                self.assertIn(found, [[expected], []] if expected else [[]])
                self.assertFalse(answer["measured"])
                if not expected:
                    self.assertNotEqual(answer["verdict"], "fail")
                if found:
                    seen.add(name)
        self.assertEqual(SEEN - seen, set())


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
