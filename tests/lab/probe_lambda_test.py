"""probe_lambda_test.py PROBE: doctor measures by Lambda functions of its own, from outside, where no container can start.

Each broken VPC ends with its scenario's culprit, and with nothing left in the account. So does a run that is killed after
any of its calls, once --clean-up has run.
"""
import pathlib
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import accounts, diagnosis, scenario, start  # noqa: E402
from vpc.configuration import Configuration  # noqa: E402
from vpc.documents import identifier  # noqa: E402
from vpc.operating import VARIABLES, WAITS, probe_in, several_case  # noqa: E402

ZONES = [identifier("subnet", f"10.0.{number}.0/24") for number in (1, 2, 3)]
# Broken VPCs, and the subnets of the service in them; none: the task's alone.
BROKEN = {"gateway-route-missing": ZONES, "registry-filtered": (), "log-endpoint-missing": (), "resolver-silent": (),
          "one-silent-zone": ZONES, "denied-endpoint-policy": (), "all-filtered": (), "name-not-found": (),
          "custom-resolver-without-forwarding": (), "interface-endpoints-filtered": ZONES}
NOTHING = {"functions": [], "roles": [], "interfaces": [], "violations": []}
KILLS = range(1, 21)
AT_ONCE = 2


def probe(name):
    """The command: with the depth that the scenario's own probe has."""
    depth = scenario.load(name)["probe"]["arguments"]
    return [PROBE, "doctor", "--region", "eu-west-1", "--cluster", "c1", "--service", "web", "--probe", "lambda", "--yes",
            "--format", "json", *depth]


def clean_up():
    return [PROBE, "doctor", "--region", "eu-west-1", "--clean-up", "--yes"]


def probed(name, subnets=(), commands=None, **settings):
    """What came of the commands in one account of the scenario's."""
    documents = accounts.with_service_of(scenario.load(name), subnets)
    return several_case(documents, commands or [probe(name)], **settings)


def at_once(call, items):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(call, items))


class Verdicts(unittest.TestCase):
    def test_each_broken_vpc_ends_with_its_culprit_and_nothing_is_left(self):
        runs = at_once(lambda name: probe_in(name, [probed(name, BROKEN[name], waits={})])[0], BROKEN)
        for name, run in zip(BROKEN, runs):
            with self.subTest(name):
                done, subject = run.done[0], scenario.load(name)
                self.assertEqual(diagnosis.wrong(subject, done.document), [], done.stderr)
                self.assertEqual((done.status, done.document["measured"]), (done.document["exit_code"], True))
                self.assertEqual(done.document["exit_code"], subject.expect["exit"])
                self.assertEqual(run.left, NOTHING)
        print("seconds to the verdict:", *(f"{name} {run.done[0].seconds}" for name, run in zip(BROKEN, runs)), file=sys.stderr)


class Waits(unittest.TestCase):
    def test_the_platform_takes_its_time(self):
        """Everything that is eventually so, busy APIs among it; the network interface of a deleted function stays."""
        name = "gateway-route-missing"
        busy = {"lambda:CreateFunction": 1, "lambda:InvokeFunction": 1, "lambda:DeleteFunction": 1, "iam:CreateRole": 1,
                "lambda:UpdateFunctionConfiguration": 1, "lambda:GetFunctionConfiguration": 1, "iam:DeleteRole": 1}
        run = probe_in(name, [probed(name, waits=WAITS, throttled=busy)])[0]
        self.assertEqual(diagnosis.culprits_of(run.done[0].document), [scenario.load(name).expect["culprit"]])
        self.assertEqual(run.left, NOTHING)


class Killed(unittest.TestCase):
    def test_clean_up_leaves_nothing_after_a_kill_at_any_call(self):
        name = "gateway-route-missing"
        half = len(KILLS) // AT_ONCE
        groups = [KILLS[begin:begin + half] for begin in range(0, len(KILLS), half)]

        def runs_of(moments):
            return probe_in(name, [probed(name, commands=[probe(name), clean_up()], waits={}, kill_after=moment)
                                   for moment in moments])
        runs = [run for group in at_once(runs_of, groups) for run in group]
        for moment, run in zip(KILLS, runs):
            with self.subTest(killed_after=moment):
                self.assertEqual(run.done[1].status, 0, run.done[1].stderr)
                self.assertEqual(run.left, NOTHING)


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
