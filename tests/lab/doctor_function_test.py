"""doctor_function_test.py PROBE: the doctor as a Lambda function outside of the VPC. Events of ECS start it; SNS, EventBridge and
S3 get what it finds: each fault once, and its end once, also by a new execution environment.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile
from concurrent.futures import ThreadPoolExecutor

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import accounts, ecs_events, scenario, start  # noqa: E402
from vpc.configuration import Configuration  # noqa: E402
from vpc.operating import probe_in, several_case  # noqa: E402

BROKEN = "registry-filtered"  # the security group of an endpoint
MEASURED = "gateway-route-missing"
HEALTHY = "healthy"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:verdicts"
NOTIFY = f"sns:{TOPIC},events:default,s3:reports"
STATE = "/vpc-probe/doctor"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
MADE_ROLE = [["iam", "CreateRole", {"RoleName": "doctor", "AssumeRolePolicyDocument": TRUST}]]
NEW_ENVIRONMENT = ["lambda", "UpdateFunctionConfiguration", {"FunctionName": "doctor", "Timeout": 121}]
AT_ONCE = 2
OF_NO_RIGHT = ["sts:GetCallerIdentity"]  # everyone may make it


def setUpModule():
    """Does all runs: the VPC of a scenario is built once for those that need it."""
    global ZIP, RUNS
    home = pathlib.Path(unittest.enterModuleContext(tempfile.TemporaryDirectory()))
    subprocess.run(["strip", "-o", home / "bootstrap", PROBE], check=True)
    ZIP = home / "doctor.zip"
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o100755 << 16
    with zipfile.ZipFile(ZIP, "w") as archive:
        archive.writestr(entry, (home / "bootstrap").read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=1)
    cases = [*broken_cases().items()]
    batches = [(BROKEN, dict(cases[::2])), (BROKEN, dict(cases[1::2])), (MEASURED, measured_cases())]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = threads.map(lambda batch: zip(batch[1], probe_in(batch[0], list(batch[1].values()))), batches)
        RUNS = {name: Run(probed) for batch in done for name, probed in batch}


def rights(*options):
    """What the policy allows that doctor prints for these options."""
    done = subprocess.run([PROBE, "doctor", "--print-policy", "--region", "eu-west-1", *options], capture_output=True, text=True,
                          env={}, check=True)
    actions = [statement["Action"] for statement in json.loads(done.stdout)["Statement"]]
    return [name for one in actions for name in ([one] if isinstance(one, str) else one)]


def create(**variables):
    settings = {"VPC_PROBE_NOTIFY": NOTIFY, **variables}
    return [*MADE_ROLE, ["lambda", "CreateFunction", {
        "FunctionName": "doctor", "Runtime": "provided.al2023", "Handler": "doctor", "Timeout": 120,
        "Role": "arn:aws:iam::111122223333:role/doctor", "Code": {"ZipFile": {"file": str(ZIP)}},
        "Environment": {"Variables": settings}}]]


def invoke(event):
    return ["lambda", "Invoke", {"FunctionName": "doctor", "Payload": json.dumps(event)}]


def documents(name, tasks=()):
    return [{"tasks": list(tasks)} if "tasks" in one else one for one in accounts.with_service_of(scenario.load(name))]


def described(task):
    """The task as DescribeTasks says it: times are numbers. It stopped long before the test."""
    return {**task, **{name: 1577836800.0 for name in ("createdAt", "executionStoppedAt", "stoppedAt", "stoppingAt")}}


TASK = ecs_events.stopped_task(Configuration(scenario.load(BROKEN)).task_subnet)
FAILED = ecs_events.task_state_change(TASK)
STABLE = ecs_events.service_action()
LONG_AGO = "2020-01-01T00:00:00Z"
AT_ONE_TIME = [*(ecs_events.task_state_change({**TASK, "taskArn": TASK["taskArn"][:-1] + str(number)}) for number in range(4)),
               FAILED, FAILED, ecs_events.deployment_state_change()]
FULL = {f"cluster/service-{number:03}": [1700000000 + number, 1, {}, [], 1700000000] for number in range(75)}


def case(*lists, of=BROKEN, allowed=None, **settings):
    """Lists of calls, one after the other in one account."""
    command = [start.PYTHON, "-s", LAB / "vpc/botocore_calls.py"]
    settings = {"topics": [TOPIC], "buckets": ["reports"], **settings}
    return several_case(documents(of, [described(TASK)] if of == BROKEN else []), [[*command, json.dumps(calls)] for calls in lists],
                        function_rights=OF_NO_RIGHT + (rights("--notify", NOTIFY) if allowed is None else allowed), **settings)


def broken_cases():
    """In the VPC whose fault the configuration shows."""
    failed, again = invoke(FAILED), invoke(ecs_events.deployment_state_change())
    question, schedule = invoke({"cluster": "c1", "service": "web"}), invoke(ecs_events.schedule())
    scaled = ecs_events.task_state_change({**TASK, "stopCode": "ServiceSchedulerInitiated", "stoppedReason": "Scaling activity"})
    old = invoke(ecs_events.task_state_change(TASK, time=LONG_AGO))
    return {
        # A new execution environment in the middle; the second list finds the VPC repaired.
        "repaired": case([*create(), failed, failed, NEW_ENVIRONMENT, failed, again],
                         [NEW_ENVIRONMENT, invoke(STABLE), invoke(STABLE), question],
                         changes={"1": documents(HEALTHY, [described(TASK)])}),
        "once": case([*create(), failed]),
        "kinds": case([*create(VPC_PROBE_CLUSTER="c1", VPC_PROBE_SERVICE="web"), schedule, again, question, failed]),
        "nothing": case([*create(), invoke(scaled), invoke(ecs_events.task_state_change(TASK, account="444455556666"))]),
        "at once": case([*create(), [invoke(one) for one in AT_ONE_TIME]]),
        "old end": case([*create(), failed, invoke(ecs_events.service_action(time=LONG_AGO))]),
        "old failure": case([*create(), old, old]),
        "schedule": case([*create(), schedule, failed, schedule], [schedule], changes={"1": documents(HEALTHY)}),
        "no right": case([*create(), failed], allowed=[one for one in rights("--notify", NOTIFY) if not one.startswith("ssm:")]),
        "throttled": case([*create(), failed, failed, failed], throttled={"sns:Publish": 6}),
        "sent nowhere": case([*create(VPC_PROBE_NOTIFY=f"sns:{TOPIC}"), failed], topics=[]),
        "torn": case([*create(), failed, failed], parameters={STATE: '{"c1/web":[1795768799,1,{"0123'}),
        "beside": case([*create(), failed, failed], parameters={STATE: "{}"}, written_beside=1),
        "full": case([*create(), failed, failed], parameters={STATE: json.dumps(FULL, separators=(",", ":"))}),
    }


def measured_cases():
    """In the VPC that the doctor's own functions look from."""
    allowed = rights("--notify", NOTIFY, "--probe", "lambda")
    return {"measured": case([*create(VPC_PROBE_PROBE="lambda"), invoke(FAILED)], of=MEASURED, allowed=allowed)}


class Run:
    """What came of a case: `said` of each invocation, or the error that it ended with."""

    def __init__(self, probed):
        self.answers = []
        for done in probed.done:
            assert (done.status, done.stderr) == (0, ""), done.stderr
            self.answers += [one for one in done.document if "Payload" in one]
        self.failed = ["FunctionError" in one for one in self.answers]
        self.payloads = [json.loads(one["Payload"]) for one in self.answers]
        self.came, self.left = probed.came, probed.left

    @property
    def said(self):
        return [one.get("said", one.get("errorMessage")) for one in self.payloads if isinstance(one, dict)]

    @property
    def looked(self):
        """How often it read the service."""
        return self.came["asked"].count("ecs:DescribeServices")


class Chain(unittest.TestCase):
    def test_a_fault_is_said_once_and_its_end_once(self):
        run = RUNS["repaired"]
        self.assertEqual(run.said, ["fault", "nothing", "nothing", "nothing", "over", "nothing", "nothing"])
        self.assertEqual((len(run.came["published"]), len(run.came["events"]), len(run.came["objects"])), (2, 2, 2))
        self.assertEqual(run.left["violations"], [])

    def test_the_message_fits_a_phone_and_names_the_culprit(self):
        run = RUNS["repaired"]
        culprit = scenario.load(BROKEN).expect["culprit"].split()
        diagnosis = run.payloads[0]["diagnosis"]
        self.assertEqual(diagnosis["culprits"][0]["resource"]["id"], culprit[1])
        fault, over = run.came["published"]
        self.assertEqual(fault["TopicArn"], TOPIC)
        self.assertEqual(fault["Subject"], f"vpc-probe FAIL c1/web {diagnosis['culprits'][0]['finding']}")
        lines = fault["Message"].splitlines()
        self.assertTrue(lines[0].startswith(f"FAIL c1/web: prediction: {culprit[0].replace('-', ' ')} {culprit[1]}"), lines[0])
        self.assertIn(diagnosis["culprits"][0]["fixes"][0]["command"], lines)
        self.assertTrue(any(line.startswith("ECS says: ResourceInitializationError") for line in lines), lines)
        self.assertRegex(lines[-1], r"^Page: s3://reports/vpc-probe/c1/web/\d{8}T\d{6}Z\.html$")
        self.assertLessEqual(len(fault["Message"]), 1600)
        self.assertRegex(fault["Message"], r"\A[\n -~]+\Z")
        attributes = {name: one["StringValue"] for name, one in fault["MessageAttributes"].items()}
        self.assertEqual((attributes["event"], attributes["service"]), ("fault", "c1/web"))
        self.assertEqual(json.loads(attributes["diagnosis"]), diagnosis)
        self.assertTrue(over["Message"].startswith("OVER c1/web: "), over["Message"])

    def test_the_event_and_the_page_hold_the_diagnosis(self):
        run = RUNS["repaired"]
        types = [(event["Source"], event["DetailType"], event["Resources"]) for event in run.came["events"]]
        self.assertEqual(types, [("vpc-probe", kind, [ecs_events.SERVICE]) for kind in ("vpc-probe Fault", "vpc-probe Fault Over")])
        self.assertEqual(json.loads(run.came["events"][0]["Detail"]), run.payloads[0]["diagnosis"])
        page = run.came["objects"][re.search(r"Page: s3://(.*)", run.came["published"][0]["Message"])[1]]
        self.assertEqual(page["ContentType"], "text/html; charset=utf-8")
        self.assertIn(scenario.load(BROKEN).expect["culprit"].split()[1], page["Body"])

    def test_the_printed_policy_is_enough_and_each_right_to_say_is_used(self):
        run = RUNS["once"]
        self.assertEqual(run.said, ["fault"])
        to_say = {"sns:Publish", "events:PutEvents", "s3:PutObject", "ssm:GetParameter", "ssm:PutParameter"}
        self.assertEqual(to_say - set(run.came["asked"]), set())
        self.assertEqual(to_say - set(rights("--notify", NOTIFY)), set())
        self.assertEqual(list(json.loads(run.came["parameters"][STATE])), ["c1/web"])
        self.assertEqual(run.left["violations"], [])


class Events(unittest.TestCase):
    def test_each_kind_asks_about_its_service(self):
        """One function with the service in its options, for the schedule."""
        run = RUNS["kinds"]
        self.assertEqual(run.said, ["fault", "nothing", "nothing", "nothing"])
        self.assertEqual({one["subject"] for one in run.payloads}, {"c1/web"})

    def test_what_is_no_failure_makes_no_call(self):
        run = RUNS["nothing"]
        self.assertEqual(run.said[0], "nothing")
        self.assertIn("444455556666", run.said[1])
        self.assertEqual(run.came["asked"], [])

    def test_events_that_come_at_once_are_one_fault(self):
        """Reserved concurrency is 1, and so is the lab's: the tasks of a deployment fail together, and an event comes twice."""
        run = RUNS["at once"]
        self.assertEqual(sorted(run.said), ["fault"] + ["nothing"] * (len(AT_ONE_TIME) - 1))
        self.assertEqual((len(run.came["published"]), len(run.came["events"]), len(run.came["objects"])), (1, 1, 1))

    def test_an_end_that_is_older_than_the_fault_is_none(self):
        run = RUNS["old end"]
        self.assertEqual(run.said, ["fault", "nothing"])
        self.assertEqual(run.payloads[1]["why"], "a task failed after the event")
        self.assertEqual(run.looked, 1)

    def test_a_task_that_failed_before_the_last_diagnosis_is_covered_by_it(self):
        run = RUNS["old failure"]
        self.assertEqual(run.said, ["fault", "nothing"])
        self.assertEqual(run.looked, 1)

    def test_a_schedule_without_a_service_asks_about_what_is_open(self):
        run = RUNS["schedule"]
        self.assertEqual(run.said, ["nothing", "fault"])
        self.assertEqual([[one["said"] for one in answer] for answer in run.payloads[2:]], [["nothing"], ["over"]])
        self.assertEqual(len(run.came["published"]), 2)


class Measures(unittest.TestCase):
    def test_it_looks_from_inside_by_its_own_rights(self):
        run = RUNS["measured"]
        self.assertEqual(run.said, ["fault"])
        diagnosis = run.payloads[0]["diagnosis"]
        self.assertTrue(diagnosis["measured"])
        self.assertEqual(diagnosis["culprits"][0]["resource"]["id"], scenario.load(MEASURED).expect["culprit"].split()[1])
        self.assertIn("Measured: gateway-route-missing", run.came["published"][0]["Message"])
        self.assertEqual(run.left, {"functions": ["doctor"], "roles": ["doctor"], "interfaces": [], "violations": []})


class Refusals(unittest.TestCase):
    def test_without_its_state_it_says_nothing_and_fails(self):
        run = RUNS["no right"]
        self.assertIn("--state", run.said[0])
        self.assertEqual(run.failed, [True])
        self.assertEqual((run.came["published"], run.came["events"], run.came["objects"]), ([], [], {}))

    def test_a_destination_that_failed_gets_the_message_with_the_next_event(self):
        """The others do not get it again."""
        run = RUNS["throttled"]
        self.assertIn("Throttled", run.said[0])
        self.assertEqual((run.said[1:], run.failed), (["fault", "nothing"], [True, False, False]))
        self.assertEqual((len(run.came["published"]), len(run.came["events"])), (1, 1))

    def test_what_was_sent_nowhere_is_not_kept_as_said(self):
        """Lambda sees an error, and tries the event again; after that it goes to the dead-letter queue."""
        run = RUNS["sent nowhere"]
        self.assertIn(f"sns:{TOPIC}: NotFound", run.said[0])
        self.assertEqual((run.failed, run.payloads[0]["errorType"]), ([True], "Function.Incomplete"))
        self.assertEqual((run.came["published"], run.came["parameters"]), ([], {}))

    def test_a_parameter_that_holds_no_state_begins_a_new_one(self):
        run = RUNS["torn"]
        self.assertEqual(run.said, ["fault", "nothing"])
        self.assertEqual(run.payloads[0]["warnings"], [
            f'--state "{STATE}": the parameter holds no state (no JSON: wrong at byte 31); a new one begins: faults that were said '
            "before are said again"])
        self.assertEqual(run.payloads[1]["warnings"], [])
        self.assertEqual(list(json.loads(run.came["parameters"][STATE])), ["c1/web"])

    def test_another_invocation_at_the_same_time_is_told(self):
        """The function has no reserved concurrency of 1."""
        warnings = [one["warnings"] for one in RUNS["beside"].payloads]
        self.assertEqual(len(warnings[0]), 1)
        self.assertIn("reserved concurrency of 1", warnings[0][0])
        self.assertEqual(warnings[1], [])

    def test_a_state_without_room_says_whose_end_is_not_said(self):
        run = RUNS["full"]
        self.assertEqual(run.said, ["fault", "nothing"])
        self.assertIn("the end of a fault is not said of cluster/service-000", run.payloads[0]["warnings"][0])
        kept = run.came["parameters"][STATE]
        self.assertLessEqual(len(kept), 4096)
        self.assertIn("c1/web", json.loads(kept))


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
