#!/usr/bin/python3
"""tests/task-def-examples/examples_test.py PROBE: what task-def-examples says is what AWS and the program take.

Every `aws` command of its READMEs and of the tree's is checked against the services' models, and every file against what the command gives
it to; every file is given to a command. The program's own commands run.
"""
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

import botocore.session
import jmespath
from botocore import xform_name

sys.dont_write_bytecode = True
TREE = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TREE / "tests"), str(TREE / "tests/agent/diagnosis"), str(TREE / "tests/task-def-examples")]
import commands_test  # noqa: E402
import documents  # noqa: E402
import readme_commands  # noqa: E402

EXAMPLES = TREE / "task-def-examples"
LINTERS = TREE / "tests/template-linters"
SESSION = botocore.session.get_session()
# The AWS CLI's own names for parts of a request.
SHORTCUTS = {"zip-file": "Code", "notification-endpoint": "Endpoint"}
OF_THE_CLI = {"cli-input-json", "cli-binary-format", *SHORTCUTS}
# Commands of the AWS CLI that are no operation of a service.
NO_OPERATION = {"aws ecr get-login-password"}
# Its name for a service.
SERVICES = {"s3api": "s3"}
PROBE = None


def commands(readme):
    text = readme.read_text()
    yield from readme_commands.sh_commands(text)
    yield from readme_commands.console_commands(text)
    yield from re.findall(r"`(aws [a-z-]+ [a-z-]+ --[^`]+)`", text)


def readmes():
    return [TREE / "README.md", TREE / "container/README.md", *sorted(EXAMPLES.rglob("README.md"))]


class AwsCommand:
    """A line of a README, and the files that it names."""

    def __init__(self, line, folder):
        self.folder = folder
        words = shlex.split(line.partition(" | ")[0])
        self.options = {}
        self.service, self.operation, rest = SERVICES.get(words[1], words[1]), words[2], words[3:]
        self.model = SESSION.get_service_model(self.service)
        self.waiter = self.operation == "wait" and rest.pop(0)
        if self.waiter:
            waiters = SESSION.get_waiter_model(self.service)
            name = next(name for name in waiters.waiter_names if xform_name(name, "-") == self.waiter)
            self.operation = xform_name(waiters.get_waiter(name).operation, "-")
        if (self.service, self.operation) == ("lambda", "invoke"):
            rest.pop()  # the file that gets the answer
        self.options = dict(commands_test.option_values(rest))
        self.plain = ["aws", self.service, self.operation,
                      *(word for name, values in self.options.items() if name not in OF_THE_CLI for word in (f"--{name}", *values))]
        self.name = next(name for name in self.model.operation_names if xform_name(name, "-") == self.operation)
        self.given = {SHORTCUTS[name] for name in self.options if name in SHORTCUTS}
        self.given |= {name for name in self.model.operation_model(self.name).input_shape.members
                       if xform_name(name, "-") in self.options}

    def documents(self):
        """JSON on the line itself."""
        for option, values in self.options.items():
            if values and values[0].startswith("{"):
                yield option, json.loads(values[0])

    def files(self):
        for option, values in self.options.items():
            for value in values:
                if value.startswith("file://"):
                    yield option, self.folder / value.removeprefix("file://")

    def problems(self):
        whole = documents.read(self.folder / self.options["cli-input-json"][0].removeprefix("file://")) if "cli-input-json" in self.options else {}
        known = {f"lacks --{xform_name(name, '-')}" for name in {*whole, *self.given}}
        yield from (problem for problem in commands_test.problems_of(shlex.join(self.plain), SESSION) if problem not in known)
        for option, value in self.documents():
            shape = documents.shape_of_option(self.model, self.name, option)
            if shape.type_name == "structure":
                yield from documents.problems_of_parameters(value, shape)
        for option, path in self.files():
            yield from (f"{path.relative_to(EXAMPLES)}: {problem}" for problem in self.problems_of_file(option, path))

    def problems_of_file(self, option, path):
        if option == "cli-input-json":
            yield from documents.problems_of_parameters(documents.read(path), self.model.operation_model(self.name).input_shape, self.given)
            if self.name == "RegisterTaskDefinition":
                yield from documents.problems_of_task_definition(documents.read(path))
        elif option == "assume-role-policy-document":
            yield from documents.problems_of_policy(documents.read(path), SESSION, trust=True)
        elif option == "policy-document":
            yield from documents.problems_of_policy(documents.read(path), SESSION)
        elif option == "attribute-value":
            yield from documents.problems_of_policy(documents.read(path), SESSION, on_resource=True)
        elif option == "definition":
            yield from lint(path)
        elif option not in ("query-string", "template-body"):  # doctor_test.py has the template
            shape = documents.shape_of_option(self.model, self.name, option)
            value = documents.read(path)  # JSON, whatever its shape
            if shape.type_name not in ("string", "blob"):
                yield from documents.problems_of_parameters(value, shape)


def lint(path):
    done = subprocess.run(["node", LINTERS / "lint.js", path], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)[str(path)]["problems"]


class Commands(unittest.TestCase):
    def test_aws_takes_every_command_and_every_file(self):
        checked, used = 0, set()
        for readme in readmes():
            for line in commands(readme):
                if line.startswith("aws ") and line.partition(" | ")[0] not in NO_OPERATION:
                    with self.subTest(line, folder=readme.parent.name):
                        command = AwsCommand(line, readme.parent)
                        self.assertEqual(list(command.problems()), [])
                        used |= {path.resolve() for _, path in command.files()}
                        checked += 1
        print(f"{checked} commands and {len(used)} files checked", flush=True)
        # modules_test.py has the Terraform modules.
        files = {path for path in EXAMPLES.rglob("*") if path.is_file() and path.suffix != ".tf"
                 and path.name not in ("README.md", "web-service.json", "buildspec.yml", "grafana.json")}
        self.assertEqual(files - used, set(), "no command uses these")

    def test_the_programs_own_commands_run(self):
        with tempfile.TemporaryDirectory() as folder:
            report = (TREE / "tests/golden/json.failing.json").read_text()
            pathlib.Path(folder, "report.json").write_text(report)
            told = {"explain": (TREE / "tests/agent/explain/describe_tasks.json").read_text(),
                    "show": json.dumps({"events": [{"timestamp": 0, "message": report}]})}
            ran = []
            for readme in sorted(EXAMPLES.rglob("README.md")):
                for line in commands(readme):
                    words = shlex.split(line.rpartition(" | ")[2].partition(" > ")[0])
                    if words[0] != "vpc-probe":
                        continue
                    done = subprocess.run([PROBE, *words[1:]], input=told[words[1]], capture_output=True, text=True, cwd=folder)
                    self.assertNotIn(done.returncode, (2, 70), f"{line}: {done.stderr}")
                    self.assertTrue(done.stdout)
                    ran.append(words[1])
        self.assertEqual(set(ran), {"explain", "show"})


    def test_what_reaches_the_program_is_an_option(self):
        known = set(re.findall(r"^  --([a-z0-9-]+)", subprocess.run([PROBE, "run", "--help"], capture_output=True, text=True, check=True).stdout, re.MULTILINE))
        given = set(documents.read(EXAMPLES / "lambda/event.json"))
        for line in commands(TREE / "README.md"):
            given |= {name.lower().replace("_", "-") for name in re.findall(r"VPC_PROBE_([A-Z_]+)", line)}
            if line.startswith("aws lambda invoke "):
                given |= {name for _, event in AwsCommand(line, TREE).documents() for name in event}
        self.assertGreaterEqual(given, {"depth", "role", "sink", "also"})
        self.assertEqual(given - known, set())

    def test_exit_codes_are_asked_for_by_name(self):
        task = {"containers": [{"name": "aws-guardduty-agent-1", "exitCode": 0}, {"name": "vpc-probe", "exitCode": 23}]}
        asked = 0
        for readme in readmes():
            for line in commands(readme):
                for query in re.findall(r"""--query ["'](.*exitCode.*?)["'](?: |$)""", line):
                    found = json.dumps(jmespath.search(query, {"tasks": [task]}))
                    self.assertTrue("23" in found and ("vpc-probe" in found or "0" not in found), f"{query}: {found}")
                    asked += 1
        self.assertEqual(asked, 4)


class Documents(unittest.TestCase):
    def test_each_action_is_explained_beside_it(self):
        for path in EXAMPLES.rglob("*policy.json"):
            readme = (path.parent if path.parent.name != "roles" else EXAMPLES) / "README.md"
            for action in documents.actions_of(documents.read(path)):
                self.assertIn(f"`{action}`", readme.read_text(), path)

    def test_the_buildspec_s_command_runs(self):
        line, = re.findall(r"^ +- (vpc-probe .*)$", (EXAMPLES / "pipeline/buildspec.yml").read_text(), re.M)
        with tempfile.TemporaryDirectory() as folder:
            values = {"TASK_DEFINITION": str(EXAMPLES / "web-service.json"), "AWS_REGION": "eu-west-1"}
            words = [re.sub(r"\$(\w+)", lambda found: values[found[1]], word) for word in shlex.split(line)]
            done = subprocess.run([PROBE, *words[1:]], capture_output=True, text=True, cwd=folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("## Endpoints of", pathlib.Path(folder, "plan.md").read_text())

    def test_a_wrong_document_is_noticed(self):
        policy = documents.read(EXAMPLES / "roles/execution-policy.json")
        policy["Statement"][1]["Action"][0] = "ecr:BatchGetImages"
        self.assertEqual(list(documents.problems_of_policy(policy, SESSION)), ["no action ecr:BatchGetImages"])
        definition = documents.read(EXAMPLES / "gate/task-definition.json")
        definition["containerDefinitions"][1]["essential"] = True
        self.assertEqual(len(list(documents.problems_of_task_definition(definition))), 1)
        shape = SESSION.get_service_model("ecs").operation_model("RegisterTaskDefinition").input_shape
        definition["containerDefinitions"][0]["dependsOn"][0]["condition"] = "SUCCES"
        definition["memori"] = "512"
        self.assertEqual(len(documents.problems_of_parameters(definition, shape)), 2)

    def test_the_program_reads_each_task_definition(self):
        for path in EXAMPLES.rglob("task-definition*.json"):
            done = subprocess.run([PROBE, "plan", "--format", "json", "--task-definition", path], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, f"{path}: {done.stderr}")


class Containers(unittest.TestCase):
    """What each task definition starts, started in the lab's healthy VPC."""
    # The sidecar's database and the services of EC2's agent are not in that VPC.
    EXIT_CODES = {"sidecar/task-definition.json": 18, "gate/task-definition.json": 0, "one-off/task-definition.json": 0,
                  "canary/task-definition.json": 0, "many-subnets/task-definition.json": 0, "ec2/task-definition.json": 17,
                  "ec2/task-definition-host.json": 17}

    def run_container(self, path, more=()):
        container = next(each for each in documents.read(path)["containerDefinitions"] if each["name"] == "vpc-probe")
        variables = [f"{each['name']}={each['value']}" for each in [*container.get("environment", []), *more]]
        return subprocess.run([TREE / "tests/lab/shell", "healthy", "--", "env", "VPC_PROBE_TIMEOUT=500ms", *variables, PROBE,
                               *container.get("command", [])], stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def test_the_verdict_is_the_exit_code(self):
        paths = {str(path.relative_to(EXAMPLES)): path for path in EXAMPLES.rglob("*/task-definition*.json")}
        self.assertEqual(set(paths), set(self.EXIT_CODES))
        for name, path in paths.items():
            with self.subTest(name):
                done = self.run_container(path)
                self.assertEqual(done.returncode, self.EXIT_CODES[name], done.stderr)

    def test_overrides_are_options(self):
        overrides = documents.read(EXAMPLES / "one-off/overrides.json")["containerOverrides"][0]["environment"]
        done = self.run_container(EXAMPLES / "one-off/task-definition.json", overrides)
        self.assertEqual(done.returncode, 19, done.stderr)  # the lab has neither ssm nor kms


class Canary(unittest.TestCase):
    pattern = documents.read(EXAMPLES / "canary/event-pattern.json")

    def event(self, **detail):
        return {"source": "aws.ecs", "detail-type": "ECS Task State Change", "detail": {
            "group": "family:vpc-probe-canary", "lastStatus": "STOPPED", "stopCode": "EssentialContainerExited",
            "containers": [{"name": "vpc-probe", "exitCode": 0}], **detail}}

    def test_the_rule_takes_failures_only(self):
        self.assertFalse(documents.matches(self.pattern, self.event()))
        self.assertTrue(documents.matches(self.pattern, self.event(containers=[{"name": "vpc-probe", "exitCode": 23}])))
        self.assertTrue(documents.matches(self.pattern, self.event(containers=[{"name": "vpc-probe"}], stopCode="TaskFailedToStart")))
        self.assertFalse(documents.matches(self.pattern, self.event(lastStatus="RUNNING", containers=[{"exitCode": 23}])))
        self.assertFalse(documents.matches(self.pattern, self.event(group="service:web", containers=[{"exitCode": 23}])))

    def test_the_message_has_what_it_names(self):
        for target in documents.read(EXAMPLES / "canary/targets.json"):
            transformer = target["InputTransformer"]
            self.assertEqual(set(re.findall(r"<(\w+)>", transformer["InputTemplate"])), set(transformer["InputPathsMap"]))


class Dashboards(unittest.TestCase):
    """They ask for what the program gives out, by the names and dimensions that it has there."""

    def test_cloudwatch(self):
        round_ = documents.read(TREE / "tests/golden/format.emf")
        dimensions = {}
        for directive in round_["_aws"]["CloudWatchMetrics"]:
            for metric in directive["Metrics"]:
                dimensions.setdefault(metric["Name"], []).extend(directive["Dimensions"])
        widgets = documents.read(EXAMPLES / "canary/dashboard.json")["widgets"]
        asked = []
        for row in (row for widget in widgets for row in widget["properties"].get("metrics", [])):
            if isinstance(row[0], dict):
                namespaced, metric = re.fullmatch(r"SEARCH\('\{(.+)\} MetricName=\"(\w+)\"', '\w+', 300\)", row[0]["expression"]).groups()
                namespace, *names = namespaced.split(",")
            else:
                namespace, metric, *rest = row
                names = rest[:-1][::2]
            self.assertEqual(namespace, round_["_aws"]["CloudWatchMetrics"][0]["Namespace"])
            self.assertIn(names, dimensions[metric], metric)
            asked.append(metric)
        self.assertEqual(set(dimensions) - set(asked), {"Incomplete", "Errors", "Warnings"})
        query, = [widget["properties"]["query"] for widget in widgets if widget["type"] == "log"]
        fields = re.search(r"fields (.+?) \|", query)[1].split(", ") + re.findall(r"(?:filter|sort) (\S+)", query)
        self.assertEqual(set(fields) - set(round_), {"@timestamp"})
        self.assertIn(documents.read(EXAMPLES / "canary/task-definition.json")["containerDefinitions"][0]["logConfiguration"]["options"]["awslogs-group"], query)

    def test_grafana(self):
        known = {}
        for line in (TREE / "tests/golden/openmetrics.failing.txt").read_text().splitlines():
            if line.startswith("vpc_probe_"):
                name, labels = re.match(r"(\w+)(?:\{(.*)\})?", line).groups()
                known.setdefault(name, set()).update(re.findall(r'(\w+)="([^"]*)"', labels or ""))
        panels = documents.read(EXAMPLES / "canary/grafana.json")["panels"]
        for target in (target for panel in panels for target in panel["targets"]):
            name, selector = re.search(r"(vpc_probe_\w+)(?:\{(.+?)\})?", target["expr"]).groups()
            self.assertIn(name, known)
            for label in re.findall(r'(\w+)="([^"]*)"', selector or ""):
                self.assertIn(label, known[name])
            labels = {label for label, _ in known[name]} | {"instance"}  # Prometheus adds that one itself
            self.assertLessEqual({*re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]), *re.findall(r"by \((\w+)\)", target["expr"])}, labels)
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))


class ManySubnets(unittest.TestCase):
    machine = documents.read(EXAMPLES / "many-subnets/state-machine.asl.json")
    # The first container is one that GuardDuty puts beside ours.
    task = {"AvailabilityZone": "eu-west-1c", "StoppedReason": "Essential container in task exited",
            "Containers": [{"Name": "aws-guardduty-agent-1", "ExitCode": 0}, {"Name": "vpc-probe", "ExitCode": 23}]}
    unpulled = {"AvailabilityZone": "eu-west-1a", "StoppedReason": "CannotPullContainerError: …", "Containers": [{"Name": "vpc-probe"}]}
    subnet = {"subnet": "subnet-1", "security_group": "sg-1"}

    @staticmethod
    def error(task):
        return {"Error": "States.TaskFailed", "Cause": json.dumps(task)}

    def evaluate(self, expression, **states):
        done = subprocess.run(["node", LINTERS / "expressions.js"], input=json.dumps({"expression": expression, "states": states}),
                              capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def test_a_wrong_machine_is_noticed(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({**self.machine, "StartAt": "Nowhere"}, file)
            file.flush()
            self.assertTrue(lint(pathlib.Path(file.name)))

    def test_each_way_gives_a_row_and_the_rows_a_matrix(self):
        states = self.machine["States"]["EachSubnet"]["ItemProcessor"]["States"]
        by_task, by_function = states["ByTask"], states["ByFunction"]
        row = {"subnet": "subnet-1", "exit_code": 23, "zone": "eu-west-1c", "says": "Essential container in task exited"}
        self.assertEqual(self.evaluate(by_task["Output"], input=self.subnet, result=self.task), row)
        caught = by_task["Catch"][0]["Output"]
        self.assertEqual(self.evaluate(caught, input=self.subnet, errorOutput=self.error(self.task)), row)
        # A container that never started has no exit code at all.
        silent = {"subnet": "subnet-1", "zone": "eu-west-1a", "says": "CannotPullContainerError: …"}
        self.assertEqual(self.evaluate(caught, input=self.subnet, errorOutput=self.error(self.unpulled)), silent)
        refused = {"Error": "ECS.AccessDeniedException", "Cause": "not authorized to perform: ecs:RunTask"}
        says = "ECS.AccessDeniedException: not authorized to perform: ecs:RunTask"
        unknown = {"subnet": "subnet-1", "exit_code": None, "zone": None, "says": says}
        self.assertEqual(self.evaluate(caught, input=self.subnet, errorOutput=refused), unknown)
        self.assertEqual(self.evaluate(by_function["Catch"][0]["Output"], input=self.subnet, errorOutput=refused), unknown)
        report = documents.read(TREE / "tests/golden/json.failing.json")
        function = self.evaluate(by_function["Output"], input=self.subnet, result={"Payload": report})
        self.assertEqual((function["exit_code"], function["says"]), (report["exit_code"], report["summary"]))
        self.assertEqual(self.evaluate(states["ByDoctor"]["Catch"][0]["Output"], input=self.subnet, errorOutput=refused), unknown)
        matrix = self.machine["States"]["Matrix"]["Output"]
        good = {**row, "exit_code": 0}
        rows = [good, row, unknown, silent]
        self.assertEqual(self.evaluate(matrix, input=rows), {"passed": 1, "failed": [row, unknown, silent], "rows": rows})
        self.assertEqual(self.evaluate(matrix, input=[good]), {"passed": 1, "failed": [], "rows": [good]})

    def test_the_doctors_row_has_what_a_matrix_shows(self):
        states = self.machine["States"]["EachSubnet"]["ItemProcessor"]["States"]
        diagnosis = documents.read(TREE / "tests/golden/diagnosis.failing.json")
        row = self.evaluate(states["ByDoctor"]["Output"], input=self.subnet, result={"Payload": {"diagnosis": diagnosis}})
        self.assertEqual((row["subnet"], row["exit_code"], row["says"]), ("subnet-1", 24, diagnosis["summary"]))
        self.assertEqual(row["diagnosis"]["culprits"], diagnosis["culprits"])
        self.assertEqual({json.dumps([each["endpoint"], each["measured"]]) for each in row["diagnosis"]["paths"]},
                         {json.dumps([each["endpoint"], each["measured"]]) for each in diagnosis["paths"]})
        matrix = self.evaluate(self.machine["States"]["Matrix"]["Output"], input=[row])
        done = subprocess.run([PROBE, "show"], input=json.dumps(matrix), capture_output=True, text=True, check=True, env={"LC_ALL": "C.UTF-8"})
        self.assertIn("subnet-1                      24    measured   1         ✗", done.stdout)
        done = subprocess.run([PROBE, "show", "--format", "html"], input=json.dumps(matrix), capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (2, "", "vpc-probe: error: show --format: diagnoses are shown as text only\n"))

    def test_the_choice_is_by_the_function(self):
        choice = self.machine["States"]["EachSubnet"]["ItemProcessor"]["States"]["ByTaskOrFunction"]["Choices"][0]["Condition"]
        items = self.evaluate(self.machine["States"]["EachSubnet"]["Items"], input=documents.read(EXAMPLES / "many-subnets/input.json"))
        self.assertEqual([self.evaluate(choice, input=item) for item in items], [False, False, True, False])
        choice = self.machine["States"]["EachSubnet"]["ItemProcessor"]["States"]["ByTaskOrFunction"]["Choices"][1]["Condition"]
        self.assertEqual([self.evaluate(choice, input=item) for item in items], [False, False, False, True])

    def test_the_queries_ask_for_what_a_report_has(self):
        schema = documents.read(TREE / "agent/render/report.schema.json")
        for name in ("subnets", "roots"):
            query = (EXAMPLES / "many-subnets/queries" / f"{name}.txt").read_text()
            made = set(re.findall(r"\bas (\w+)|\(\?<(\w+)>", query))
            asked = re.findall(r"latest\((\w+)\)|(context\.\w+)|filter (\w+)|and (\w+)", query)
            for field in filter(None, sum(asked, ())):
                parent, _, child = field.partition(".")
                self.assertIn(parent, schema["properties"])
                if child:
                    self.assertIn(child, schema["$defs"][parent]["properties"])
            self.assertTrue(made)
        parse = re.search(r"parse @message /(.*)/", (EXAMPLES / "many-subnets/queries/roots.txt").read_text())[1]
        found = re.search(parse.replace("(?<", "(?P<"), (TREE / "tests/golden/json.failing.json").read_text())
        self.assertEqual(found.groupdict(), {"root": "gateway-route-missing", "endpoint": "s3"})


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
