"""service_test.py PROBE: doctor starts from an ECS service or task: why it stopped, its network, what it needs."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import accounts  # noqa: E402
from vpc.accounts import FAILED_TASK, GROUP, SUBNET, broken  # noqa: E402
from vpc.operating import case, operate, operate_all  # noqa: E402

REGION = ["--region", "eu-west-1"]
SERVICE = [*REGION, "--cluster", "prod", "--service", "web"]


def probe(*arguments, form="json"):
    return [PROBE, "doctor", "--format", form, *arguments]


def account(fault=accounts.unchanged):
    return accounts.with_service(broken(fault))


class Service(unittest.TestCase):
    def test_one_output_for_all(self):
        done = operate(account(accounts.task_egress_closed), probe(*SERVICE))
        answer = done.document
        self.assertIn("ecr registry auth", answer["explanation"]["messages"][0]["text"])
        self.assertEqual(answer["task"]["security_groups"], [GROUP])
        self.assertEqual(answer["task"]["subnets"], [SUBNET])
        self.assertEqual(answer["culprits"][0]["resource"]["id"], GROUP)
        self.assertEqual({path["endpoint"] for path in answer["paths"]}, {"ecr.api", "ecr.dkr", "s3", "logs"})
        self.assertNotIn("secretsmanager", done.stdout)  # the definition names no secret

    def test_text_says_what_ecs_says(self):
        done = operate(account(accounts.task_egress_closed), probe(*SERVICE, form="text"))
        self.assertIn("ECS says", done.stdout)
        self.assertIn("ResourceInitializationError", done.stdout)
        self.assertIn(GROUP, done.stdout)
        self.assertLessEqual(done.stdout.count("\n"), 24)

    def test_a_task_by_its_arn(self):
        done = operate(account(), probe("--task", FAILED_TASK))
        self.assertEqual(done.document["verdict"], "fail")
        self.assertEqual(done.document["exit_code"], done.document["explanation"]["exit_code"])
        self.assertIn("as it is now, allows it", done.document["summary"])

    def test_a_task_whose_service_is_gone(self):
        documents = [document for document in account(accounts.task_egress_closed) if "services" not in document]
        done = operate(documents, probe("--task", FAILED_TASK))
        self.assertIsNone(done.document["task"]["security_groups"])
        self.assertEqual(done.document["task"]["subnets"], [SUBNET])
        self.assertEqual(done.document["culprits"], [])

    def test_what_is_kept_says_the_same(self):
        with tempfile.TemporaryDirectory() as home:
            kept = pathlib.Path(home) / "vpc.json"
            done = operate(account(accounts.task_egress_closed), probe(*SERVICE, "--save-config", kept))
            again = subprocess.run([*probe("--config", kept)], env={}, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertEqual(json.loads(again.stdout), done.document)

    def test_ecs_refused(self):
        refused = ["ecs:DescribeServices", "ecs:ListTasks", "ecs:DescribeTasks", "ecs:DescribeTaskDefinition"]
        done = operate(account(), probe(*SERVICE), refused=refused)
        self.assertEqual((done.status, done.document["culprits"]), (3, []))
        self.assertIn("ecs:DescribeServices", " ".join(part["why"] for part in done.document["not_seen"]))

    def test_mistakes_are_one_line(self):
        mistakes = (([*REGION, "--cluster", "prod", "--service", "wbe"], '--service "wbe": not in the cluster "prod"'),
                    ([*REGION, "--cluster", "pord", "--service", "web"], '--cluster "pord": no such cluster'),
                    ([*REGION, "--service", "web"], "--cluster"),
                    ([*REGION, "--subnet-ids", "subnet-0123456789abcdef0"], "EC2 does not know it"),
                    ([*REGION, "--cluster", "prod", "--task", "0123"], "about an hour"),
                    ([*SERVICE, "--config", "vpc.json"], "choose one"),
                    ([], "--report FILE"))
        runs = operate_all([case(account(), probe(*arguments)) for arguments, _ in mistakes])
        for (arguments, words), done in zip(mistakes, runs):
            with self.subTest(arguments=arguments):
                self.assertEqual((done.status, done.stdout), (2, ""))
                self.assertIn(words, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1)


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
