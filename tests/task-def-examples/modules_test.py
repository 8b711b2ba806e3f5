#!/usr/bin/python3
"""The Terraform modules of task-def-examples make what the commands and the JSON files beside them make.

HashiCorp's parser reads them (@cdktf/hcl2json), tests/template-linters/terraform.js evaluates them with the values that their README
gives. No provider is needed: ARGUMENTS has the arguments that the resources take.
"""
import functools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from botocore import xform_name

sys.dont_write_bytecode = True
TREE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TREE / "tests/task-def-examples"))
import documents  # noqa: E402
import examples_test  # noqa: E402

EXAMPLES = TREE / "task-def-examples"
MODULES = EXAMPLES / "terraform"
LINTERS = TREE / "tests/template-linters"

# Terraform: the AWS provider's page of each resource.
ARGUMENTS = {
    "aws_cloudwatch_dashboard": "dashboard_name dashboard_body",
    "aws_cloudwatch_event_rule": "name description event_pattern schedule_expression",
    "aws_cloudwatch_event_target": "rule target_id arn input_transformer input_transformer.input_paths input_transformer.input_template"
                                   " retry_policy retry_policy.maximum_event_age_in_seconds retry_policy.maximum_retry_attempts"
                                   " dead_letter_config dead_letter_config.arn",
    "aws_cloudwatch_log_group": "name retention_in_days",
    "aws_cloudwatch_metric_alarm": "alarm_name alarm_description namespace metric_name dimensions statistic period evaluation_periods"
                                   " datapoints_to_alarm threshold comparison_operator treat_missing_data alarm_actions",
    "aws_ecs_task_definition": "family requires_compatibilities network_mode cpu memory execution_role_arn container_definitions"
                               " runtime_platform runtime_platform.operating_system_family runtime_platform.cpu_architecture",
    "aws_iam_role": "name assume_role_policy",
    "aws_iam_role_policy": "name role policy",
    "aws_lambda_function": "function_name description runtime handler architectures role s3_bucket s3_key timeout memory_size"
                           " reserved_concurrent_executions environment environment.variables",
    "aws_lambda_function_event_invoke_config": "function_name qualifier maximum_event_age_in_seconds maximum_retry_attempts destination_config"
                                               " destination_config.on_failure destination_config.on_failure.destination",
    "aws_lambda_permission": "function_name action principal source_arn",
    "aws_s3_bucket": "bucket",
    "aws_s3_bucket_lifecycle_configuration": "bucket rule rule.id rule.status rule.filter rule.filter.prefix rule.expiration rule.expiration.days",
    "aws_s3_bucket_public_access_block": "bucket block_public_acls block_public_policy ignore_public_acls restrict_public_buckets",
    "aws_scheduler_schedule": "name description schedule_expression flexible_time_window flexible_time_window.mode target target.arn"
                              " target.role_arn target.retry_policy target.retry_policy.maximum_retry_attempts target.ecs_parameters"
                              " target.ecs_parameters.task_definition_arn target.ecs_parameters.launch_type"
                              " target.ecs_parameters.network_configuration target.ecs_parameters.network_configuration.subnets"
                              " target.ecs_parameters.network_configuration.security_groups"
                              " target.ecs_parameters.network_configuration.assign_public_ip",
    "aws_sns_topic": "name",
    "aws_sns_topic_policy": "arn policy",
    "aws_sns_topic_subscription": "topic_arn protocol endpoint",
    "aws_sqs_queue": "name message_retention_seconds sqs_managed_sse_enabled",
    "aws_sqs_queue_policy": "queue_url policy",
    "aws_ssm_parameter": "name description type tier value",
}
# Terraform's own, which each resource takes.
META_ARGUMENTS = {"count", "depends_on", "for_each", "lifecycle"}
# What only AWS knows, for the account and the region of the examples.
ARN = "arn:aws:{}:eu-west-1:111122223333:{}"
KNOWN = {
    "data": {"aws_caller_identity": {"account_id": "111122223333"}, "aws_partition": {"partition": "aws"}, "aws_region": {"id": "eu-west-1"}},
    "resource": {"aws_cloudwatch_event_rule": {"arn": ARN.format("events", "rule/{name}")},
                 "aws_lambda_function": {"arn": ARN.format("lambda", "function:{function_name}")},
                 "aws_s3_bucket": {"id": "{bucket}"},
                 "aws_sqs_queue": {"arn": ARN.format("sqs", "{name}"), "id": "https://sqs.eu-west-1.amazonaws.com/111122223333/{name}"},
                 "aws_iam_role": {"arn": "arn:aws:iam::111122223333:role/{name}"},
                 "aws_sns_topic": {"arn": ARN.format("sns", "{name}")},
                 "aws_ecs_task_definition": {"arn": ARN.format("ecs", "task-definition/{family}:1"),
                                             "arn_without_revision": ARN.format("ecs", "task-definition/{family}")}},
}
# The resource that a command of the README makes.
MADE_BY = {
    "CreateLogGroup": "aws_cloudwatch_log_group", "CreateRole": "aws_iam_role", "CreateSchedule": "aws_scheduler_schedule",
    "CreateTopic": "aws_sns_topic", "PutDashboard": "aws_cloudwatch_dashboard", "PutMetricAlarm": "aws_cloudwatch_metric_alarm",
    "PutRolePolicy": "aws_iam_role_policy", "PutRule": "aws_cloudwatch_event_rule", "PutTargets": "aws_cloudwatch_event_target",
    "RegisterTaskDefinition": "aws_ecs_task_definition", "SetTopicAttributes": "aws_sns_topic_policy", "Subscribe": "aws_sns_topic_subscription",
}


def modules():
    return sorted(path for path in MODULES.iterdir() if path.is_dir())


def parse(files):
    done = subprocess.run(["node", LINTERS / "lint.js", *files], capture_output=True, text=True, check=True)
    return [json.loads(done.stdout)[str(file)] for file in files]


@functools.cache
def blocks(folder):
    """Every block of a module by kind; files do not share names."""
    found = {}
    for result in parse(sorted(folder.glob("*.tf"))):
        if result["problems"]:
            raise ValueError(f"{folder.name}: {result['problems']}")
        for kind, named in result["parsed"].items():
            if isinstance(named, list):
                found.setdefault(kind, []).extend(named)
            else:
                for name, value in named.items():
                    known = found.setdefault(kind, {})
                    known[name] = {**known[name], **value} if kind in ("resource", "data") and name in known else value
    return found


def problems_of_module(folder):
    """What nothing uses, what is not there, and what is not described."""
    found = blocks(folder)
    named = {f"var.{name}" for name in found["variable"]}
    named |= {f"local.{name}" for block in found.get("locals", []) for name in block}
    named |= {f"data.{kind}.{name}" for kind, each in found.get("data", {}).items() for name in each}
    resources = {f"{kind}.{name}" for kind, each in found.get("resource", {}).items() for name in each}
    expressions = json.dumps({kind: each for kind, each in found.items() if kind != "variable"})
    used = set(re.findall(r"(?<![\w.])(var\.\w+|local\.\w+|data\.\w+\.\w+|aws_\w+\.\w+)", expressions))
    yield from (f"{name} is not there" for name in sorted(used - named - resources))
    yield from (f"nothing uses {name}" for name in sorted(named - used))
    for name, (variable,) in found["variable"].items():
        if not variable.get("type", "").startswith("${") and variable.get("type") not in ("string", "number", "bool"):
            yield f"var.{name} has no type"
        if len(variable.get("description", "")) < 10:
            yield f"var.{name} has no description"
    for name, (output,) in found["output"].items():
        if set(output) != {"description", "value"}:
            yield f"output.{name} has {sorted(output)}"
    for kind, each in found.get("resource", {}).items():
        for name, (block,) in each.items():
            yield from (f"{kind}.{name} takes no {argument}" for argument in sorted(paths_of(block) - set(ARGUMENTS[kind].split())))


def paths_of(block, before=""):
    """The arguments of a block and of the blocks in it, by path."""
    paths = set()
    for name, value in block.items():
        if name in META_ARGUMENTS and not before:
            continue
        paths.add(before + name)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            paths |= paths_of(value[0], f"{before}{name}.")
    return paths


@functools.cache
def evaluator():
    process = subprocess.Popen(["node", LINTERS / "terraform.js"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    unittest.addModuleCleanup(lambda: process.communicate())
    return process


def evaluate(folder, values):
    print(json.dumps({"module": str(folder), "values": values, "known": KNOWN}), file=evaluator().stdin, flush=True)
    result = json.loads(evaluator().stdout.readline())
    if "error" in result:
        raise ValueError(result["error"])
    return result


@functools.cache
def calls():
    """The blocks of the README, in one configuration."""
    text = "\n".join(re.findall(r"```hcl\n(.*?)```", (MODULES / "README.md").read_text(), re.DOTALL))
    with tempfile.NamedTemporaryFile("w", suffix=".tf") as file:
        file.write(text)
        file.flush()
        result, = parse([pathlib.Path(file.name)])
    if result["problems"]:
        raise ValueError(result["problems"])
    return {pathlib.PurePath(call["source"]).name: (name, call) for name, (call,) in result["parsed"]["module"].items()}


def values_of(module):
    """The arguments of the call in the README."""
    values = {name: value for name, value in calls()[module][1].items() if name != "source"}
    if values.get("execution_role_arn") == "${module.execution_role.arn}":
        values["execution_role_arn"] = made("execution-role")["outputs"]["arn"]
    return values


@functools.cache
def made(module):
    """What the call in the README makes."""
    return evaluate(MODULES / module, values_of(module))


def resource(module, kind):
    found, = [each["values"] for each in made(module)["resources"] if each["type"] == kind]
    return found


def policy(text):
    """A policy whose single values are lists, so that the two notations of IAM compare."""
    document = json.loads(text) if isinstance(text, str) else text
    return {**document, "Statement": [{name: documents.as_list(value) if name in ("Action", "Resource") else
                                       {kind: documents.as_list(each) for kind, each in value.items()} if name == "Principal" else value
                                       for name, value in statement.items()} for statement in document["Statement"]]}


def as_arguments(value):
    """A request of the API as Terraform's arguments: snake case, a structure is a block."""
    if isinstance(value, dict):
        value = value.get("awsvpcConfiguration", value)
        return {xform_name(name): [as_arguments(each)] if isinstance(each, dict) else as_arguments(each) for name, each in value.items()}
    return {"ENABLED": True, "DISABLED": False}.get(value, value) if isinstance(value, str) else value


class Modules(unittest.TestCase):
    maxDiff = None

    def test_every_name_exists_and_is_used_and_described(self):
        self.assertEqual([path.name for path in modules()], ["canary", "doctor", "execution-role", "gate", "one-off", "sidecar"])
        for folder in modules():
            with self.subTest(folder.name):
                self.assertEqual(list(problems_of_module(folder)), [])

    def test_a_module_names_the_provider_and_its_versions_only(self):
        for folder in modules():
            found = blocks(folder)
            self.assertNotIn("provider", found)
            self.assertEqual(found["terraform"], [{"required_version": ">= 1.3", "required_providers": [
                {"aws": {"source": "hashicorp/aws", "version": ">= 5.0, < 7.0"}}]}])

    def test_a_wrong_module_is_noticed(self):
        changes = {"image              = var.imagine": "there is no var.imagine", "image              = local.image": "there is no local.image",
                   "image              = aws_sns_topic.alarms.arn": "there is no aws_sns_topic.alarms.arn",
                   "image              = data.aws_region.here.id": "there is no data.aws_region.here.id"}
        for line, problem in changes.items():
            with tempfile.TemporaryDirectory() as work:
                folder = pathlib.Path(work, "one-off")
                shutil.copytree(MODULES / "one-off", folder)
                text = (folder / "main.tf").read_text()
                (folder / "main.tf").write_text(re.sub(r"image +=.*", line, text))
                found = list(problems_of_module(folder))
                name = line.rpartition("= ")[2].removesuffix(".arn").removesuffix(".id")
                self.assertIn(f"{name} is not there", found)
                self.assertIn("nothing uses var.image", found)
                with self.assertRaisesRegex(ValueError, problem):
                    evaluate(folder, values_of("one-off"))
        with tempfile.TemporaryDirectory() as work:
            folder = pathlib.Path(work, "gate")
            shutil.copytree(MODULES / "gate", folder)
            text = (folder / "main.tf").read_text()
            (folder / "main.tf").write_text(text.replace("policy = ", "polices = "))
            self.assertEqual(list(problems_of_module(folder)), ["aws_iam_role_policy.pull takes no polices"])

    def test_values_that_cannot_work_are_refused(self):
        for module, name, wrong, right in (("gate", "wait_seconds", (0, 116), (1, 115)), ("one-off", "architecture", ("arm64",), ("X86_64",)),
                                           ("canary", "architecture", ("AMD64",), ("X86_64",)), ("canary", "every_minutes", (1, 2.5, 61), (2, 60))):
            values = values_of(module)
            for value, refused in [*((value, [name]) for value in wrong), *((value, []) for value in right)]:
                self.assertEqual(evaluate(MODULES / module, {**values, name: value})["refused"], refused, f"{name} = {value}")


class Readme(unittest.TestCase):
    def test_it_calls_each_module_with_its_arguments(self):
        self.assertEqual(set(calls()), {path.name for path in modules()})
        for module, (_, call) in calls().items():
            self.assertEqual((TREE / call["source"]).resolve(), MODULES / module)
            variables = blocks(MODULES / module)["variable"]
            self.assertLessEqual(set(call) - {"source"}, set(variables))
            self.assertEqual({name for name, (each,) in variables.items() if "default" not in each} - set(call), set())
            self.assertEqual(made(module)["refused"], [])

    def test_the_outputs_it_names_exist(self):
        text = (MODULES / "README.md").read_text()
        names = {name: module for module, (name, _) in calls().items()}
        asked = re.findall(r"\bmodule\.(\w+)\.(\w+)", text)
        self.assertTrue(asked)
        for name, output in asked:
            self.assertIn(output, blocks(MODULES / names[name])["output"])
        for module, listed in re.findall(r"^\| \[([\w-]+)\].*\| ([^|]+) \|$", text, re.MULTILINE):
            self.assertEqual(set(re.findall(r"`(\w+)`", listed)), set(blocks(MODULES / module)["output"]))


class SameAsTheCommands(unittest.TestCase):
    maxDiff = None

    def container(self, folder):
        return next(each for each in documents.read(EXAMPLES / folder / "task-definition.json")["containerDefinitions"] if each["name"] == "vpc-probe")

    def resources_of_commands(self, readme):
        lines = [line for line in examples_test.commands(readme) if line.startswith("aws ")]
        names = [examples_test.AwsCommand(line, readme.parent).name for line in lines if line.partition(" | ")[0] not in examples_test.NO_OPERATION]
        return sorted(MADE_BY[name] for name in names if name in MADE_BY)

    def test_the_resources_are_those_of_the_commands(self):
        for module, readme in (("canary", EXAMPLES / "canary/README.md"), ("one-off", EXAMPLES / "one-off/README.md"),
                               ("execution-role", EXAMPLES / "README.md")):
            self.assertEqual(sorted(each["type"] for each in made(module)["resources"]), self.resources_of_commands(readme), module)
        # Here the application's own configuration has the task definition and the role.
        for module in ("sidecar", "gate"):
            self.assertEqual([each["type"] for each in made(module)["resources"]], ["aws_iam_role_policy"])

    def test_each_subnet_and_each_address_has_its_own(self):
        values = values_of("canary") | {"subnet_ids": ["subnet-2", "subnet-1"], "emails": []}
        found = [(each["type"], each["values"].get("name")) for each in evaluate(MODULES / "canary", values)["resources"]]
        self.assertEqual([name for kind, name in found if kind == "aws_scheduler_schedule"],
                         ["vpc-probe-canary-subnet-1", "vpc-probe-canary-subnet-2"])
        self.assertNotIn("aws_sns_topic_subscription", dict(found))

    def test_task_definitions(self):
        for module in ("one-off", "canary"):
            wanted = documents.read(EXAMPLES / module / "task-definition.json")
            containers = wanted.pop("containerDefinitions")
            found = dict(resource(module, "aws_ecs_task_definition"))
            self.assertEqual(json.loads(found.pop("container_definitions")), containers)
            self.assertEqual(found, as_arguments(wanted))

    def test_containers(self):
        for module in ("sidecar", "gate"):
            self.assertEqual(made(module)["outputs"]["container_definition"], self.container(module))
        app = documents.read(EXAMPLES / "gate/task-definition.json")["containerDefinitions"][0]
        self.assertEqual(made("gate")["outputs"]["application_depends_on"], app["dependsOn"])

    def test_rights(self):
        execution = policy(documents.read(EXAMPLES / "roles/execution-policy.json"))
        self.assertEqual(policy(resource("execution-role", "aws_iam_role_policy")["policy"]), execution)
        for module in ("sidecar", "gate"):
            found = resource(module, "aws_iam_role_policy")
            self.assertEqual(policy(found["policy"])["Statement"], [each for each in execution["Statement"] if each["Sid"] == "PullTheImage"])
            self.assertEqual(found["role"], documents.read(EXAMPLES / module / "task-definition.json")["executionRoleArn"].rpartition("/")[2])
        self.assertEqual(policy(resource("canary", "aws_iam_role_policy")["policy"]), policy(documents.read(EXAMPLES / "canary/scheduler-policy.json")))
        self.assertEqual(policy(resource("canary", "aws_sns_topic_policy")["policy"]), policy(documents.read(EXAMPLES / "canary/topic-policy.json")))
        for module, trust in (("execution-role", "roles/execution-trust.json"), ("canary", "canary/scheduler-trust.json")):
            self.assertEqual(policy(resource(module, "aws_iam_role")["assume_role_policy"]), policy(documents.read(EXAMPLES / trust)))

    def test_without_a_log_there_is_no_right_to_write_one(self):
        found = evaluate(MODULES / "execution-role", {"repository_arn": "arn", "log_groups": []})["resources"]
        text, = [each["values"]["policy"] for each in found if each["type"] == "aws_iam_role_policy"]
        self.assertEqual([each["Sid"] for each in json.loads(text)["Statement"]], ["LogIntoTheRegistry", "PullTheImage"])

    def test_the_schedule(self):
        found = dict(resource("canary", "aws_scheduler_schedule"))
        wanted = as_arguments(documents.read(EXAMPLES / "canary/schedule.json"))
        subnet = found["target"][0]["ecs_parameters"][0]["network_configuration"][0]["subnets"][0]
        wanted["name"] += f"-{subnet}"
        self.assertEqual(found, wanted)

    def test_the_alarms(self):
        wanted = documents.read(EXAMPLES / "canary/metric-alarm.json")
        dimensions = {each["Name"]: each["Value"] for each in wanted.pop("Dimensions")}
        self.assertEqual(resource("canary", "aws_cloudwatch_metric_alarm"), {**as_arguments(wanted), "dimensions": dimensions})
        rule = resource("canary", "aws_cloudwatch_event_rule")
        self.assertEqual(json.loads(rule["event_pattern"]), documents.read(EXAMPLES / "canary/event-pattern.json"))
        target, = documents.read(EXAMPLES / "canary/targets.json")
        message = target["InputTransformer"]
        self.assertEqual(resource("canary", "aws_cloudwatch_event_target"), {
            "rule": rule["name"], "target_id": target["Id"], "arn": target["Arn"],
            "input_transformer": [{"input_paths": message["InputPathsMap"], "input_template": message["InputTemplate"]}]})
        self.assertEqual(resource("canary", "aws_sns_topic_policy")["arn"], target["Arn"])
        self.assertEqual(resource("canary", "aws_sns_topic_subscription"),
                         {"topic_arn": target["Arn"], "protocol": "email", "endpoint": "operator@example.com"})

    def test_another_period_moves_the_schedule_and_the_alarm(self):
        values = values_of("canary") | {"every_minutes": 15}
        found = {each["type"]: each["values"] for each in evaluate(MODULES / "canary", values)["resources"]}
        self.assertEqual(found["aws_scheduler_schedule"]["schedule_expression"], "rate(15 minutes)")
        self.assertEqual(found["aws_cloudwatch_metric_alarm"]["period"], 900)

    def test_the_dashboard_has_the_region_and_the_log_group_of_the_module(self):
        self.assertEqual(json.loads(resource("canary", "aws_cloudwatch_dashboard")["dashboard_body"]), documents.read(EXAMPLES / "canary/dashboard.json"))
        values = values_of("canary") | {"log_group": "/net/probe"}
        body, = [each["values"]["dashboard_body"] for each in evaluate(MODULES / "canary", values)["resources"] if each["type"] == "aws_cloudwatch_dashboard"]
        self.assertIn("'/net/probe'", body)
        self.assertNotIn("/vpc-probe/canary", body)

    def test_the_one_off_starts_as_its_command_does(self):
        outputs = made("one-off")["outputs"]
        started = examples_test.AwsCommand(outputs["run_command"], EXAMPLES)
        self.assertEqual(list(started.problems()), [])
        given = {option: document for option, document in started.documents()}
        self.assertEqual(given, {"network-configuration": documents.read(EXAMPLES / "one-off/network.json"),
                                 "overrides": documents.read(EXAMPLES / "one-off/overrides.json")})
        self.assertEqual(list(examples_test.AwsCommand(outputs["verdict_command"], EXAMPLES).problems()), [])


if __name__ == "__main__":
    unittest.main()
