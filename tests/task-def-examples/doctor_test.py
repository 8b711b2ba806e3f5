#!/usr/bin/python3
"""doctor_test.py PROBE: the doctor's stack. CloudFormation takes the template; the Terraform module makes the same; the role has the
rights that the program prints for the function's variables, no more and no less; the rule takes the events that the program reads.
"""
import json
import pathlib
import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
TREE = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TREE / "tests/lab"), str(TREE / "tests/task-def-examples")]
import documents  # noqa: E402
import modules_test  # noqa: E402
import stacks  # noqa: E402
from vpc import ecs_events  # noqa: E402

FOLDER = TREE / "task-def-examples/doctor"
CODE = {"CodeBucket": "code-111122223333-eu-west-1"}
TOPIC = stacks.ARN.format("sns", "alerts")
# What a user may choose, and the same for the module.
CHOICES = {
    "the defaults": ({}, {}),
    "a mail and pages": ({"Email": "operator@example.com", "Pages": "yes"}, {"email": "operator@example.com", "pages": True}),
    "a topic of the user's own": ({"TopicArn": TOPIC, "Email": "unused@example.com"}, {"topic_arn": TOPIC, "email": "unused@example.com"}),
    "no schedule": ({"Schedule": ""}, {"schedule": ""}),
    "all": ({"Probe": "lambda", "EventBus": "default", "Pages": "yes", "PagesDays": "7", "Architecture": "x86_64", "CodeKey": "a.zip",
             "Schedule": "rate(1 hour)", "LogRetentionDays": "7", "Email": "operator@example.com"},
            {"probe": "lambda", "event_bus": "default", "pages": True, "pages_days": 7, "architecture": "x86_64", "code_key": "a.zip",
             "schedule": "rate(1 hour)", "log_retention_days": 7, "email": "operator@example.com"}),
}
# Rights of Lambda itself, which takes them from the function's role.
OF_LAMBDA = {("logs:CreateLogStream", stacks.ARN.format("logs", "log-group:/aws/lambda/vpc-probe-doctor:*")),
             ("logs:PutLogEvents", stacks.ARN.format("logs", "log-group:/aws/lambda/vpc-probe-doctor:*")),
             ("sqs:SendMessage", stacks.ARN.format("sqs", "vpc-probe-doctor-failed"))}
PROBE = None


def stack(choice="the defaults"):
    return stacks.Stack(FOLDER / "template.yaml", **CODE, **CHOICES[choice][0])


def rights(statements):
    return {(action, resource, json.dumps(each.get("Condition"))) for each in statements
            for action in documents.as_list(each["Action"]) for resource in documents.as_list(each["Resource"])}


def printed_rights(variables):
    """What the program says that it needs with these variables, in this region and account."""
    done = subprocess.run([PROBE, "doctor", "--print-policy", "--region", stacks.REGION], env=variables, capture_output=True, text=True, check=True)
    here = done.stdout.replace(":*:*:", f":{stacks.REGION}:{stacks.ACCOUNT}:").replace(":iam::*:", f":iam::{stacks.ACCOUNT}:")
    return rights(json.loads(here)["Statement"])


class Template(unittest.TestCase):
    maxDiff = None

    def problems(self, resources):
        lines = "".join(json.dumps({"type": kind, "properties": properties, "attributes": attributes}) + "\n"
                        for kind, properties, attributes in resources)
        done = subprocess.run(["node", TREE / "tests/template-linters/schema.js"], input=lines, capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_cloudformation_knows_each_type_and_each_property(self):
        resources = []
        for choice in CHOICES:
            made = stack(choice)
            resources += [(*each, sorted(made.asked.get(name, ()))) for name, each in made.resources.items()]
        self.assertEqual({kind for kind, *_ in resources}, {each["Type"] for each in stack().template["Resources"].values()})
        self.assertEqual(self.problems(resources), [[]] * len(resources))

    def test_a_wrong_resource_is_noticed(self):
        queue = {"QueueName": "q", "MessageRetentionPeriod": "long", "Retention": 1}
        function = {"Role": "r", "Handler": "doctor", "Runtime": "provided.al2023", "Environment": {"Variable": {}}}
        self.assertEqual(self.problems([("AWS::SQS::Queue", queue, ["Url"]), ("AWS::Lambda::Function", function, []), ("AWS::SQS::Queu", {}, [])]), [
            ["AWS::SQS::Queue.MessageRetentionPeriod is no integer", "AWS::SQS::Queue has no Retention", "AWS::SQS::Queue has no attribute Url"],
            ["AWS::Lambda::Function lacks Code", "AWS::Lambda::Function.Environment has no Variable"],
            ["there is no AWS::SQS::Queu"]])

    def test_the_rest_of_the_template_is_used(self):
        template = (FOLDER / "template.yaml").read_text()
        read = stack().template
        for name, parameter in read["Parameters"].items():
            self.assertRegex(template, rf"(!Ref |\[|\$\{{){name}\b", name)
            self.assertGreater(len(parameter["Description"]), 10)
        for name in read["Conditions"]:
            self.assertRegex(template, rf"(!If\s+- |!If \[|!Condition |Condition: ){name}\b", name)
        self.assertLess(len(template), 51_200)  # CloudFormation: TemplateBody

    def test_the_parameters_of_the_commands(self):
        given = {each["ParameterKey"]: each["ParameterValue"] for each in documents.read(FOLDER / "parameters.json")}
        self.assertEqual(stacks.Stack(FOLDER / "template.yaml", **given).resources, stack("a mail and pages").resources)


class Same(unittest.TestCase):
    maxDiff = None

    def module(self, choice):
        return modules_test.evaluate(modules_test.MODULES / "doctor", {"code_bucket": CODE["CodeBucket"], **CHOICES[choice][1]})

    def test_terraform_makes_the_same(self):
        for choice in CHOICES:
            with self.subTest(choice):
                made = self.module(choice)
                self.assertEqual(made["refused"], [])
                self.assertEqual(stacks.of_module(made), stacks.in_terraform(stack(choice)))
                outputs = stack(choice).outputs
                self.assertEqual(made["outputs"], {"function_arn": outputs["FunctionArn"], "topic_arn": outputs["TopicArn"],
                                                   "failed_queue": outputs["FailedQueue"]})

    def test_it_makes_no_more_than_is_chosen(self):
        kinds = {choice: [kind for kind, _ in stacks.in_terraform(stack(choice))] for choice in CHOICES}
        self.assertEqual({choice: len(each) for choice, each in kinds.items()},
                         {"the defaults": 18, "a mail and pages": 22, "a topic of the user's own": 16, "no schedule": 15, "all": 22})
        self.assertNotIn("aws_sns_topic_subscription", kinds["a topic of the user's own"])

    def test_the_readme_calls_it_as_the_commands_do(self):
        given = {each["ParameterKey"]: each["ParameterValue"] for each in documents.read(FOLDER / "parameters.json")}
        self.assertEqual(stacks.of_module(modules_test.made("doctor")), stacks.in_terraform(stacks.Stack(FOLDER / "template.yaml", **given)))


class Rights(unittest.TestCase):
    maxDiff = None

    def test_they_are_those_that_the_program_prints(self):
        for choice in CHOICES:
            with self.subTest(choice):
                made = stack(choice)
                variables = made.of_type("AWS::Lambda::Function")[0]["Environment"]["Variables"]
                allowed, = made.of_type("AWS::IAM::Role")[0]["Policies"]
                found = rights(allowed["PolicyDocument"]["Statement"])
                of_lambda = {(*each, "null") for each in OF_LAMBDA}
                self.assertEqual(found - of_lambda, printed_rights(variables))
                self.assertLessEqual(of_lambda, found)
                sids = [each["Sid"] for each in allowed["PolicyDocument"]["Statement"]]
                self.assertEqual(len(set(sids)), len(sids))
                self.assertLess(len(json.dumps(allowed["PolicyDocument"], separators=(",", ":"))), 10_240)  # IAM: policies inside of a role

    def test_the_functions_that_it_makes_are_not_itself(self):
        made = stack("all")
        allowed, = made.of_type("AWS::IAM::Role")[0]["Policies"]
        own = {stacks.ARN.format("lambda", "function:vpc-probe-doctor"), f"arn:aws:iam::{stacks.ACCOUNT}:role/vpc-probe-doctor-{stacks.REGION}"}
        for statement in allowed["PolicyDocument"]["Statement"]:
            for resource in documents.as_list(statement["Resource"]):
                if resource != "*":
                    pattern = ".*".join(map(re.escape, resource.split("*")))
                    self.assertEqual([each for each in own if re.fullmatch(pattern, each)], [])

    def test_the_readme_explains_each(self):
        readme = (FOLDER / "README.md").read_text()
        statements = stack("all").of_type("AWS::IAM::Role")[0]["Policies"][0]["PolicyDocument"]["Statement"]
        reading = documents.as_list(statements[0]["Action"])
        services = [action.partition(":")[0] for action in reading]
        self.assertEqual((services.count("ec2"), services.count("ecs"), services.count("route53") + services.count("route53resolver")), (15, 4, 4))
        self.assertEqual({re.match("[A-Z][a-z]+", action.partition(":")[2])[0] for action in reading}, {"Describe", "Get", "List"})
        self.assertIn("| 15 of `ec2:`, 4 of `ecs:`, 4 of `route53:` and `route53resolver:`, all Describe, Get or List |", readme)
        for action in {action for each in statements[1:] for action in documents.as_list(each["Action"])}:
            self.assertIn(f"`{action}`", readme)

    def test_the_readme_names_each_parameter_and_its_default(self):
        rows = "\n".join(re.findall(r"^\| `[A-Z].*", (FOLDER / "README.md").read_text(), re.MULTILINE))
        for name, parameter in stack().template["Parameters"].items():
            row, = [each for each in rows.splitlines() if f"`{name}`" in each.split("|")[1]]
            default = str(parameter.get("Default", "-")) or "-"
            self.assertIn(default, row.split("|")[2], name)


class Events(unittest.TestCase):
    def setUp(self):
        rules = {each["Name"]: each for each in stack().of_type("AWS::Events::Rule")}
        self.pattern = rules["vpc-probe-doctor"]["EventPattern"]

    def takes(self, event):
        return documents.matches(self.pattern, event)

    def task(self, **more):
        return ecs_events.task_state_change({**ecs_events.stopped_task("subnet-1"), **more})

    def test_what_begins_a_fault(self):
        for event in (self.task(), self.task(group="family:migrate"), self.task(stopCode="EssentialContainerExited"),
                      ecs_events.deployment_state_change(), ecs_events.service_action("SERVICE_TASK_START_IMPAIRED")):
            self.assertTrue(self.takes(event), event)

    def test_what_ends_a_fault(self):
        for event in (ecs_events.service_action(), ecs_events.deployment_state_change("SERVICE_DEPLOYMENT_COMPLETED"),
                      self.task(lastStatus="RUNNING", desiredStatus="RUNNING", group="family:migrate")):
            self.assertTrue(self.takes(event), event)

    def test_what_it_leaves(self):
        for event in (self.task(lastStatus="RUNNING", desiredStatus="RUNNING"), self.task(lastStatus="PENDING"),
                      self.task(lastStatus="RUNNING", group="family:migrate"),  # it is told to stop
                      ecs_events.deployment_state_change("SERVICE_DEPLOYMENT_IN_PROGRESS"),
                      ecs_events.service_action("SERVICE_DESIRED_COUNT_UPDATED"), ecs_events.schedule(),
                      {**self.task(), "source": "vpc-probe"}, {**self.task(), "detail-type": "ECS Container Instance State Change"}):
            self.assertFalse(self.takes(event), event)

    def test_the_names_are_those_that_the_program_reads(self):
        source = (TREE / "agent/doctor/ecs_event.cc").read_text()
        named = [each["eventName"] for each in self.pattern["detail"]["$or"] if "eventName" in each]
        self.assertEqual([sorted(each) for each in named], [sorted(re.findall(r'\.name = "(SERVICE_\w+)"', source))])
        kinds = re.findall(r'\.detail_type = "(ECS [\w ]+)"', source)
        self.assertEqual(sorted(self.pattern["detail-type"]), sorted(kinds))


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
