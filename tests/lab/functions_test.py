"""functions_test.py PROBE: the lab's Lambda and IAM as botocore meets them: what they refuse, when, and what a function sees."""
import json
import pathlib
import sys
import tempfile
import unittest
import zipfile

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import accounts, scenario, start  # noqa: E402
from vpc.api import FUNCTION  # noqa: E402
from vpc.configuration import Configuration  # noqa: E402
from vpc.documents import identifier  # noqa: E402
from vpc.operating import VARIABLES, WAITS, probe_in, several_case  # noqa: E402

NAME = "one-silent-zone"  # a network ACL of the first subnet drops what comes from the second
SUBJECT = Configuration(scenario.load(NAME))
FIRST, SECOND = SUBJECT.task_subnet, identifier("subnet", "10.0.2.0/24")
DOCUMENTS = accounts.with_service_of(SUBJECT.scenario)
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
ROLE = {"RoleName": "tried"}
ROLE_ARN = "arn:aws:iam::111122223333:role/tried"
POLICY = {**ROLE, "PolicyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"}
MADE_ROLE = [["iam", "CreateRole", {**ROLE, "AssumeRolePolicyDocument": TRUST}], ["iam", "AttachRolePolicy", POLICY]]
FOR_EVER = 3600
TELLS = b"""#!/usr/bin/python3
import json, os, socket, subprocess, urllib.request
base = "http://%s/2018-06-01/runtime/invocation/" % os.environ["AWS_LAMBDA_RUNTIME_API"]
next = urllib.request.urlopen(base + "next")
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
    probe.connect(("10.0.3.10", 443))
    own = probe.getsockname()[0]
told = {"environment": dict(os.environ), "event": json.load(next), "address": own, "arn": next.headers["Lambda-Runtime-Invoked-Function-Arn"]}
request = urllib.request.Request(base + next.headers["Lambda-Runtime-Aws-Request-Id"] + "/response", json.dumps(told).encode())
request.add_header("Lambda-Runtime-Invocation-Id", next.headers["Lambda-Runtime-Invocation-Id"])
urllib.request.urlopen(request).read()
urllib.request.urlopen(base + "next")
"""
TOPIC = "arn:aws:sns:eu-west-1:111122223333:verdicts"
SENDS = f"""#!/usr/bin/python3
import json, os, subprocess, urllib.request
os.environ["AWS_CA_BUNDLE"] = os.environ["VPC_PROBE_CA_FILE"]
base = "http://%s/2018-06-01/runtime/invocation/" % os.environ["AWS_LAMBDA_RUNTIME_API"]
next = urllib.request.urlopen(base + "next")
calls = [["sns", "Publish", {{"TopicArn": "{TOPIC}", "Message": "over"}}],
         ["ecs", "DescribeServices", {{"cluster": "c1", "services": ["web"]}}], ["ec2", "DescribeVpcs", {{}}],
         ["lambda", "ListFunctions", {{}}]]
done = subprocess.run(["{start.PYTHON}", "-s", "{LAB}/vpc/botocore_calls.py", json.dumps(calls)], capture_output=True, text=True)
told = [one.get("error", one["status"]) for one in json.loads(done.stdout)] if done.stdout else done.stderr
request = urllib.request.Request(base + next.headers["Lambda-Runtime-Aws-Request-Id"] + "/response", json.dumps(told).encode())
request.add_header("Lambda-Runtime-Invocation-Id", next.headers["Lambda-Runtime-Invocation-Id"])
urllib.request.urlopen(request).read()
urllib.request.urlopen(base + "next")
""".encode()


def setUpModule():
    global home
    home = pathlib.Path(unittest.enterModuleContext(tempfile.TemporaryDirectory()))


def zipped(name, content, mode=0o755):
    """The file of a zip with this bootstrap."""
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = (0o100000 | mode) << 16
    file = home / f"{name}.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return {"file": str(file)}


def create(name="tried", code=None, subnet=FIRST, until=(), **more):
    asked = {"FunctionName": name, "Runtime": "provided.al2023", "Handler": "bootstrap", "Role": ROLE_ARN,
             "Code": {"ZipFile": code or zipped("empty", b"#!/bin/sh\n")},
             "VpcConfig": {"SubnetIds": [subnet], "SecurityGroupIds": [SUBJECT.task_group]}, **more}
    return ["lambda", "CreateFunction", {key: value for key, value in asked.items() if value is not None}, *until]


def of(operation, name="tried", until=None, **more):
    return ["lambda", operation, {"FunctionName": name, **more}, *([until] if until is not None else [])]


def other_group(subnet=FIRST):
    return {"VpcConfig": {"SubnetIds": [subnet], "SecurityGroupIds": [SUBJECT.default_group]}}


def calls_case(calls, environment=None, **settings):
    command = [start.PYTHON, "-s", LAB / "vpc/botocore_calls.py", json.dumps(calls)]
    return several_case(DOCUMENTS, [command], environment, **settings)


def call(calls, environment=None, **settings):
    """(answers, what is left) of calls in one account."""
    probed = probe_in(NAME, [calls_case(calls, environment, **settings)])[0]
    done = probed.done[0]
    assert (done.status, done.stderr) == (0, ""), done.stderr
    return done.document, probed.left


def errors(answers):
    return [answer.get("error", answer["status"]) for answer in answers]


class Lives(unittest.TestCase):
    def test_each_subnet_measures_what_is_so_there(self):
        """A function in each of two subnets, from an account without them to one without them."""
        code = zipped("probe", pathlib.Path(PROBE).read_bytes())
        functions, calls = {"first": FIRST, "second": SECOND}, list(MADE_ROLE)
        for name, subnet in functions.items():
            calls += [create(name, code, subnet, [{}], Timeout=30, Tags={"a": "b"}), of("Invoke", name),
                      of("GetFunctionConfiguration", name, {"State": "Active"}), of("Invoke", name, Payload="{}"),
                      of("UpdateFunctionConfiguration", name, **other_group(subnet)),
                      of("DeleteFunction", name), of("GetFunctionConfiguration", name, {"LastUpdateStatus": "Successful"}),
                      of("DeleteFunction", name), of("GetFunctionConfiguration", name)]
        answers, left = call([*calls, ["iam", "DetachRolePolicy", POLICY], ["iam", "DeleteRole", ROLE]], waits=WAITS)
        conflict = "ResourceConflictException"
        self.assertEqual(errors(answers), [200, 200] + 2 * [
            201, conflict, 200, 200, 200, conflict, 200, 204, "ResourceNotFoundException"] + [200, 200])
        reports = [json.loads(answers[number]["Payload"]) for number in (5, 14)]
        self.assertEqual([report["exit_code"] for report in reports], [SUBJECT.scenario.expect["exit"], 0])
        self.assertEqual([report["context"]["source_addresses"] for report in reports], [[], []])
        self.assertEqual(left, {"functions": [], "roles": [], "interfaces": [], "violations": []})

    def test_a_function_sees_what_lambda_gives(self):
        code = zipped("tells", TELLS)
        answers, _ = call([*MADE_ROLE, create(code=code, Environment={"Variables": {"OWN": "1"}}), of("Invoke", Payload='{"a": 1}')])
        told = json.loads(answers[-1]["Payload"])
        self.assertEqual(told["event"], {"a": 1})
        self.assertRegex(told["address"], r"^169\.254\.76\.\d+$")
        self.assertEqual(told["arn"], "arn:aws:lambda:eu-west-1:111122223333:function:tried")
        wanted = {"OWN": "1", "AWS_LAMBDA_FUNCTION_NAME": "tried", "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": FUNCTION["key"]}
        self.assertEqual({name: told["environment"].get(name) for name in wanted}, wanted)
        self.assertEqual([name for name in told["environment"] if name.startswith("ECS_")], [])

    def test_a_function_in_no_subnet_reaches_the_control_plane_by_its_rights(self):
        run = probe_in(NAME, [calls_case([*MADE_ROLE, create(code=zipped("sends", SENDS), Timeout=30, VpcConfig=None), of("Invoke")],
                                         topics=[TOPIC], function_rights=["sns:Publish", "ecs:DescribeServices"])])[0]
        self.assertEqual(json.loads(run.done[0].document[-1]["Payload"]), [200, 200, "UnauthorizedOperation", "AccessDeniedException"])
        self.assertEqual(run.came["published"], [{"TopicArn": TOPIC, "Message": "over"}])
        self.assertEqual(run.came["asked"], ["sns:Publish", "ecs:DescribeServices", "ec2:DescribeVpcs", "lambda:ListFunctions"])

    def test_a_function_that_cannot_answer_is_an_error_of_the_invocation(self):
        other = "arm64" if pathlib.Path(PROBE).read_bytes()[18:20] == b"\x3e\x00" else "x86_64"
        ends = {"exit": (b"#!/bin/sh\nexit 3\n", 0o755, "x86_64", "Runtime.ExitError"),
                "late": (b"#!/bin/sh\nexec sleep 60\n", 0o755, "x86_64", "Sandbox.Timedout"),
                "mode": (b"#!/bin/sh\n", 0o644, "x86_64", "Runtime.InvalidEntrypoint"),
                "machine": (pathlib.Path(PROBE).read_bytes()[:64], 0o755, other, "Runtime.InvalidEntrypoint")}
        calls = list(MADE_ROLE)
        for name, (content, mode, machine, _) in ends.items():
            calls += [create(name, zipped(name, content, mode), Timeout=1, Architectures=[machine]), of("Invoke", name)]
        answers, _ = call(calls)
        for invoked, (name, (*_, kind)) in zip(answers[3::2], ends.items()):
            with self.subTest(name):
                self.assertEqual((invoked["status"], invoked["FunctionError"]), (200, "Unhandled"))
                self.assertEqual(json.loads(invoked["Payload"])["errorType"], kind)


class Waits(unittest.TestCase):
    def test_what_is_new_is_not_ready(self):
        """One account for each wait, which never ends."""
        invalid, conflict = "InvalidParameterValueException", "ResourceConflictException"
        change = of("UpdateFunctionConfiguration", **other_group())
        cases = (("role", [create()], [invalid], "cannot be assumed by Lambda"),
                 ("policy", [create()], [invalid], "CreateNetworkInterface"),
                 ("pending", [create(), of("Invoke"), change, of("DeleteFunction")], [201, conflict, conflict, 204], "Pending"),
                 ("update", [create(), change, change, of("DeleteFunction")], [201, 200, conflict, conflict], "in progress"),
                 ("delete", [create(), change, of("DeleteFunction"), of("GetFunctionConfiguration")],
                  [201, 200, 204, "ResourceNotFoundException"], "not found"))
        runs = probe_in(NAME, [calls_case([*MADE_ROLE, *calls], waits={wait: FOR_EVER}) for wait, calls, _, _ in cases])
        for (wait, _, wanted, words), run in zip(cases, runs):
            with self.subTest(wait):
                answers = run.done[0].document[2:]
                self.assertEqual(errors(answers), wanted)
                self.assertIn(words, " ".join(answer.get("message", "") for answer in answers))

    def test_what_stays_locked_is_said(self):
        change, delete = of("UpdateFunctionConfiguration", **other_group()), of("DeleteFunction")
        nothing = of("UpdateFunctionConfiguration", VpcConfig={"SubnetIds": [], "SecurityGroupIds": []})
        roles = [["iam", "DetachRolePolicy", POLICY], ["iam", "DeleteRole", ROLE]]
        locked = f"tried leaves {FIRST} with {SUBJECT.task_group} locked"
        cases = (([delete, *roles], {}, [locked]), ([nothing, delete, *roles], {}, [locked]), ([change, delete, *roles], {}, []),
                 (roles, {}, ["the role tried loses its policy while tried needs it", "the role tried is deleted while tried needs it"]),
                 ([change, delete, *roles[:1]], {"interface": FOR_EVER},
                  ["the role tried loses its policy while the network interface of tried needs it"]))
        runs = probe_in(NAME, [calls_case([*MADE_ROLE, create(), *calls], waits=waits) for calls, waits, _ in cases])
        for (calls, waits, wanted), run in zip(cases, runs):
            with self.subTest(calls=[one[1] for one in calls], waits=waits):
                self.assertEqual(run.left["violations"], wanted)
        self.assertEqual(runs[-1].left["interfaces"], [f"tried {FIRST}"])


class Messages(unittest.TestCase):
    def test_what_is_sent_comes_and_what_is_wrong_does_not(self):
        message = {"TopicArn": TOPIC, "Message": "a & b", "Subject": "web", "MessageAttributes": {
            "verdict": {"DataType": "String", "StringValue": "fail"}}}
        event = {"Source": "vpc-probe", "DetailType": "Diagnosis", "Detail": "{}"}
        thing = {"Bucket": "reports", "Key": "web/2026 11.html", "Body": "<p>", "ContentType": "text/html"}
        right = [["sns", "Publish", message], ["events", "PutEvents", {"Entries": [event]}], ["s3", "PutObject", thing]]
        wrong = [["sns", "Publish", {**message, "TopicArn": TOPIC + "s"}], ["sns", "Publish", {**message, "Subject": "a\nb"}],
                 ["sns", "Publish", {"TopicArn": TOPIC}], ["events", "PutEvents", {"Entries": []}],
                 ["events", "PutEvents", {"Entries": [{**event, "Detail": "["}]}], ["sns", "Publish", {**message, "Message": ""}]]
        run = probe_in(NAME, [calls_case([*right, *wrong], topics=[TOPIC], buckets=["reports"])])[0]
        said = run.done[0].document
        self.assertEqual(errors(said), [200, 200, 200, "NotFound", "InvalidParameter", "ValidationError", "ValidationException", 200,
                                        "InvalidParameter"])
        self.assertEqual((said[1]["FailedEntryCount"], said[7]["FailedEntryCount"]), (0, 1))
        self.assertEqual(run.came, {"published": [message], "events": [event], "objects": {
            "reports/web/2026 11.html": {"Body": "<p>", "ContentType": "text/html"}}, "parameters": {}, "asked": []})
        self.assertEqual(run.left["violations"], [])


class Refusals(unittest.TestCase):
    def test_what_does_not_fit_the_model_or_the_account(self):
        unknown = {"VpcConfig": {"SubnetIds": ["subnet-0123456789abcdef0"], "SecurityGroupIds": [SUBJECT.task_group]}}
        plain = home / "plain"
        plain.write_bytes(b"no zip")
        wrong = ((create("a b"), "ValidationException"), (create(Runtime="cobol"), "ValidationException"),
                 (create(Timeout=901), "ValidationException"), (create(Role=None), "ValidationException"),
                 (create(MemorySize="128"), "ValidationException"),
                 (create(Environment={"Variables": {"AWS_REGION": "eu-west-1"}}), "InvalidParameterValueException"),
                 (create(code={"file": str(plain)}), "InvalidParameterValueException"),
                 (create(**unknown), "InvalidParameterValueException"), (of("Invoke"), "ResourceNotFoundException"),
                 (["iam", "CreateRole", {**ROLE, "AssumeRolePolicyDocument": TRUST}], "EntityAlreadyExists"),
                 (["iam", "CreateRole", {"RoleName": "other", "AssumeRolePolicyDocument": "{"}], "MalformedPolicyDocument"),
                 (["iam", "CreateRole", {"RoleName": "o ther", "AssumeRolePolicyDocument": TRUST}], "ValidationError"),
                 (["iam", "GetRole", {"RoleName": "other"}], "NoSuchEntity"), (["iam", "DeleteRole", ROLE], "DeleteConflict"))
        answers, left = call([*MADE_ROLE, *(one for one, _ in wrong)])
        for (asked, kind), answer in zip(wrong, answers[2:]):
            with self.subTest(asked=asked[1:]):
                self.assertEqual(answer.get("error"), kind, answer)
        self.assertEqual(left["functions"], [])

    def test_lists_come_in_pages(self):
        names = [f"f{number}" for number in range(7)]
        answers, left = call([*MADE_ROLE, *(create(name) for name in names), ["lambda", "ListFunctions", {}],
                              ["iam", "ListRoles", {"PathPrefix": "/other/"}]])
        self.assertEqual(([one["FunctionName"] for one in answers[-2]["Functions"]], "NextMarker" in answers[-2]), (names[:5], True))
        self.assertEqual((answers[-1]["Roles"], answers[-1]["IsTruncated"]), ([], False))
        self.assertEqual(left["functions"], names)

    def test_rights_throttling_signatures_and_a_killed_caller(self):
        wrong = {**VARIABLES, "AWS_SECRET_ACCESS_KEY": "another/secret"}
        runs = probe_in(NAME, [
            calls_case([*MADE_ROLE, create()], refused=["iam:PassRole"]),
            calls_case([*MADE_ROLE, create(), create()], throttled={"lambda:CreateFunction": 1, "iam:AttachRolePolicy": 1}),
            calls_case([*MADE_ROLE[:1], of("Invoke")], wrong),
            calls_case([*MADE_ROLE, create()], kill_after=2)])
        denied, busy, unsigned, killed = runs
        self.assertEqual(errors(denied.done[0].document), [200, 200, "AccessDeniedException"])
        self.assertEqual(errors(busy.done[0].document), [200, "Throttling", "TooManyRequestsException", "InvalidParameterValueException"])
        self.assertEqual(errors(unsigned.done[0].document), ["SignatureDoesNotMatch", "InvalidSignatureException"])
        self.assertEqual((killed.done[0].status, killed.done[0].stdout, killed.done[0].seen), (
            -9, "", ["iam:CreateRole", "iam:AttachRolePolicy"]))
        self.assertEqual(killed.left["roles"], ["tried"])


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
