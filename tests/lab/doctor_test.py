"""doctor_test.py PROBE: by signed calls doctor finds what it finds in files, and never a wrong culprit where calls fail.

Reports are those that the scenarios' own tests keep; where one is not there, the scenario runs.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from servers import answers  # noqa: E402
from vpc import accounts, diagnosis, matrix, scenario, start  # noqa: E402
from vpc.accounts import GROUP, HEALTHY, SUBNET, VPC, broken, listed  # noqa: E402
from vpc.configuration import Configuration  # noqa: E402
from vpc.operating import KEYS, VARIABLES, case, operate, operate_all  # noqa: E402

# One for each kind of resource at fault, and two that are healthy.
SCENARIOS = ("acl-without-ephemeral-ports", "all-filtered", "custom-resolver-without-forwarding", "dual-stack",
             "egress-without-s3-prefix-list", "endpoint-filtered", "gateway-route-missing", "healthy", "no-private-names",
             "private-name-missing", "zone-filtered")
WHO = ["--region", "eu-west-1", "--subnet-ids", SUBNET, "--task-security-group", GROUP]


def probe(*arguments):
    return [PROBE, "doctor", "--format", "json", *arguments]


def alone(*command):
    """Where no AWS is needed."""
    return subprocess.run([str(word) for word in command], env={}, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def offline(documents, *arguments):
    with tempfile.TemporaryDirectory() as home:
        file = pathlib.Path(home) / "vpc.json"
        file.write_text("".join(json.dumps(document) + "\n" for document in documents))
        return json.loads(alone(*probe("--config", file, *arguments)).stdout)


def policy():
    return json.loads(alone(PROBE, "doctor", "--print-policy").stdout)["Statement"][0]["Action"]


def said(answer):
    """What must be the same however the configuration was read."""
    return {key: answer[key] for key in ("verdict", "exit_code", "summary", "culprits", "paths", "disagreements")}


def report_of(name):
    """The file of the scenario's report."""
    file = diagnosis.kept_report(name)
    if not file.is_file():
        start.prepare()
        matrix.run_one(name, pathlib.Path(PROBE), timed=False)
    return file


class Scenarios(unittest.TestCase):
    def test_the_culprit_is_that_of_the_scenario_and_of_the_files(self):
        subjects = [scenario.load(name) for name in SCENARIOS]
        accounts_of = [list(Configuration(subject).documents().values()) for subject in subjects]
        runs = operate_all([case(documents, probe("--report", report_of(subject.name)))
                            for subject, documents in zip(subjects, accounts_of)])
        for subject, documents, done in zip(subjects, accounts_of, runs):
            with self.subTest(subject.name):
                self.assertEqual(done.stderr, "")
                self.assertEqual(diagnosis.wrong(subject, done.document), [])
                self.assertEqual(said(done.document), said(offline(documents, "--report", report_of(subject.name))))
                self.assertEqual(done.status, done.document["exit_code"])
                self.assertEqual(done.document["not_seen"], [])


    def test_a_report_of_another_region_or_vpc_finds_nothing(self):
        report = json.loads(report_of("healthy").read_text())
        report["context"].update(source_addresses=["10.99.1.23"], subnet_cidrs=["10.99.1.0/24"])
        with tempfile.TemporaryDirectory() as home:
            file = pathlib.Path(home) / "report.json"
            file.write_text(json.dumps(report))
            done = operate(HEALTHY, probe("--report", file))
        self.assertEqual((done.status, done.stdout, done.stderr.count("\n")), (3, "", 1))
        self.assertIn("10.99.1.23", done.stderr)
        self.assertIn("--subnet-ids", done.stderr)


class Predicted(unittest.TestCase):
    def test_says_what_files_say(self):
        faults = (accounts.unchanged, accounts.task_egress_closed, accounts.dns_hostnames_off)
        runs = operate_all([case(broken(fault), probe(*WHO)) for fault in faults])
        for fault, done in zip(faults, runs):
            with self.subTest(fault=fault.__name__):
                self.assertEqual(said(done.document), said(offline(broken(fault), *WHO)))
                self.assertEqual(bool(done.document["culprits"]), fault is not accounts.unchanged)

    def test_what_is_kept_reads_the_same(self):
        documents = broken(accounts.endpoint_group_empty)
        with tempfile.TemporaryDirectory() as home:
            kept = pathlib.Path(home) / "vpc.json"
            done = operate(documents, probe("--save-config", kept, *WHO))
            again = json.loads(alone(*probe("--config", kept, *WHO)).stdout)
            self.assertEqual(said(again), said(done.document))
            pages = [json.loads(line) for line in kept.read_text().splitlines()]
        for key in ("Subnets", "SecurityGroups", "NetworkAcls", "RouteTables", "VpcEndpoints", "NetworkInterfaces"):
            items = [item for page in pages for item in page.get(key, [])]
            self.assertGreater(len(items), 0)
            self.assertEqual(items, answerable(documents, key), key)


def answerable(documents, key):
    """The list with this key, without what the fake cannot answer."""
    shape = answers.operation_of("ec2", f"Describe{key}").output_shape.members[key]
    return answers.known(shape, [item for document in documents for item in document.get(key, [])])


class Botocore(unittest.TestCase):
    def test_reads_every_answer_of_the_fake(self):
        documents = accounts.with_references(accounts.with_service(broken(accounts.unchanged)))
        of_vpc = {"Filters": [{"Name": "vpc-id", "Values": [VPC]}]}
        by_key = {"Vpcs": ["DescribeVpcs", {"VpcIds": [VPC]}], "Subnets": ["DescribeSubnets", of_vpc],
                  "SecurityGroups": ["DescribeSecurityGroups", of_vpc], "NetworkAcls": ["DescribeNetworkAcls", of_vpc],
                  "RouteTables": ["DescribeRouteTables", of_vpc], "VpcEndpoints": ["DescribeVpcEndpoints", of_vpc],
                  "NetworkInterfaces": ["DescribeNetworkInterfaces", of_vpc], "PrefixLists": ["DescribePrefixLists", {}],
                  "DhcpOptions": ["DescribeDhcpOptions", {}], "InternetGateways": ["DescribeInternetGateways", {}],
                  "NatGateways": ["DescribeNatGateways", {}]}
        service = {"cluster": "prod", "services": ["web"]}
        others = [["ec2", "DescribeVpcAttribute", {"VpcId": VPC, "Attribute": "enableDnsSupport"}],
                  ["ec2", "GetManagedPrefixListEntries", {"PrefixListId": "pl-0123456789abcdef0"}],
                  ["route53", "ListHostedZonesByVPC", {"VPCId": VPC, "VPCRegion": "eu-west-1"}],
                  ["route53resolver", "GetResolverRule", {"ResolverRuleId": "rslvr-rr-1"}],
                  ["ecs", "DescribeServices", service],
                  ["ecs", "ListTasks", {"cluster": "prod", "serviceName": "web", "desiredStatus": "STOPPED"}],
                  ["sts", "GetCallerIdentity", {}]]
        calls = [["ec2", *call] for call in by_key.values()] + others
        done = operate(documents, [start.PYTHON, "-s", LAB / "vpc/botocore_reads.py", json.dumps(calls)],
                       {**VARIABLES, "AWS_STS_REGIONAL_ENDPOINTS": "regional"})
        self.assertEqual(done.stderr, "")
        for key, answer in zip(by_key, done.document):
            wanted = answerable(documents, key)
            if key == "PrefixLists":
                wanted = [item for item in wanted if item["PrefixListName"] != "offices"]
            self.assertEqual(answer[key], wanted, key)
        attribute, entries, zones, rule, services, tasks, caller = done.document[len(by_key):]
        self.assertEqual(attribute["EnableDnsSupport"], {"Value": True})
        self.assertEqual(entries["Entries"], [{"Cidr": "192.0.2.0/24"}])
        self.assertEqual(zones["HostedZoneSummaries"], listed(documents, "HostedZoneSummaries"))
        self.assertEqual(rule["ResolverRule"]["DomainName"], "corp.example.")
        self.assertEqual(services["services"], listed(documents, "services"))
        self.assertEqual(len(tasks["taskArns"]), 8)
        self.assertEqual(caller["Account"], "111122223333")


class Refused(unittest.TestCase):
    def test_without_any_one_right_the_same_resource_or_none(self):
        actions = [action for action in policy() if not action.startswith("ecs:")]
        for fault in (accounts.endpoint_group_empty, accounts.no_s3_route):
            documents = accounts.with_references(broken(fault))
            whole, *lacking = operate_all([case(documents, probe(*WHO))] +
                                          [case(documents, probe(*WHO), refused=[action]) for action in actions])
            self.assertNotEqual(diagnosis.culprits_of(whole.document), [])
            for action, done in zip(actions, lacking):
                with self.subTest(fault=fault.__name__, refused=action):
                    self.assertIn(action, done.seen)
                    self.assertLessEqual(set(diagnosis.culprits_of(done.document)),
                                         set(diagnosis.culprits_of(whole.document)))
                    self.assertIn(action, " ".join(part["why"] for part in done.document["not_seen"]))

    def test_nothing_allowed(self):
        done = operate(HEALTHY, probe(*WHO), refused=policy())
        self.assertEqual((done.status, done.document["culprits"]), (3, []))
        why = {part["what"]: part["why"] for part in done.document["not_seen"]}
        self.assertEqual(why["Subnets"], "ec2:DescribeSubnets: UnauthorizedOperation")

    def test_throttled_calls_are_made_again(self):
        busy = {"ec2:DescribeSubnets": 2, "ec2:DescribeVpcEndpoints": 1, "route53:ListHostedZonesByVPC": 1,
                "route53resolver:ListResolverRuleAssociations": 1}
        done = operate(HEALTHY, probe(*WHO), throttled=busy)
        self.assertEqual((done.status, done.document["not_seen"]), (0, []))
        calm = operate(HEALTHY, probe(*WHO))
        self.assertEqual(len(done.seen), len(calm.seen) + sum(busy.values()))

    def test_answers_that_cannot_be_read_are_not_seen(self):
        actions = ["ec2:DescribeRouteTables", "route53:ListHostedZonesByVPC",
                   "route53resolver:ListFirewallRuleGroupAssociations"]
        cases = [{action: how} for action in actions for how in ("cut", "garbage")]
        for broken_answer, done in zip(cases, operate_all([case(HEALTHY, probe(*WHO), broken=one) for one in cases])):
            with self.subTest(broken=broken_answer):
                self.assertEqual(done.document["culprits"], [])
                self.assertEqual(len(done.document["not_seen"]), 1)
                self.assertIn("cannot be read", done.document["not_seen"][0]["why"])


class Credentials(unittest.TestCase):
    def test_a_profile(self):
        with tempfile.TemporaryDirectory() as home:
            (pathlib.Path(home) / ".aws").mkdir()
            (pathlib.Path(home) / ".aws/credentials").write_text(
                f"[prod]\naws_access_key_id = {KEYS['key']}\naws_secret_access_key={KEYS['secret']}\n"
                f"aws_session_token = {KEYS['token']}\n")
            (pathlib.Path(home) / ".aws/config").write_text("[profile prod]\nregion = eu-west-1\n")
            done = operate(HEALTHY, probe(*WHO[2:]), {"HOME": home, "AWS_PROFILE": "prod"})
        self.assertEqual((done.status, done.stderr), (0, ""))

    def test_wrong_ones_end_it(self):
        wrong = {**VARIABLES, "AWS_SECRET_ACCESS_KEY": "another/secret"}
        done = operate(HEALTHY, probe(*WHO), wrong)
        self.assertEqual((done.status, done.stdout), (3, ""))
        self.assertIn("does not accept the credentials: SignatureDoesNotMatch", done.stderr)

    def test_nothing_secret_comes_out(self):
        done = operate(HEALTHY, probe("--log-level", "trace", *WHO))
        self.assertIn("ec2:DescribeVpcs", done.stderr)
        for value in KEYS.values():
            self.assertNotIn(value[:20], done.stdout + done.stderr)


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
