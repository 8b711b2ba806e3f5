"""probe_lambda_test.py PROBE: doctor measures by Lambda functions of its own, from outside, where no container can start.

Each broken VPC ends with its scenario's culprit, and with nothing left in the account. So does a run that is killed after
any of its calls, once --clean-up has run.
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import accounts, diagnosis, scenario  # noqa: E402
from vpc.documents import identifier  # noqa: E402
from vpc.operating import WAITS, probe_in, several_case  # noqa: E402

FIRST, SECOND, THIRD = (identifier("subnet", f"10.0.{number}.0/24") for number in (1, 2, 3))
# Broken VPCs, and the subnets of the service in them. The task of a scenario is in the first one.
BROKEN = {"gateway-route-missing": [FIRST, SECOND], "registry-filtered": [FIRST], "log-endpoint-missing": [FIRST],
          "resolver-silent": [FIRST], "one-silent-zone": [FIRST, SECOND, THIRD], "denied-endpoint-policy": [FIRST],
          "all-filtered": [FIRST], "name-not-found": [FIRST], "custom-resolver-without-forwarding": [FIRST],
          "interface-endpoints-filtered": [FIRST]}
# Functions that are there before, and that stay: more than a page, with names like ours among them.
OTHERS = ["billing", "orders", "reports", "search", "vpc-probe", "vpc-probe-doctor", "vpc-probe-doctor-canary"]
NOTHING = {"functions": OTHERS, "roles": [], "interfaces": [], "violations": []}
QUICK = "internet-egress-open"  # healthy, and no timeout is waited for
KILLS = range(1, 21)
AT_ONCE = 2


def setUpModule():
    """Doctor uploads its own file: without symbols, as users have it."""
    global PROBE
    home = pathlib.Path(unittest.enterModuleContext(tempfile.TemporaryDirectory()))
    subprocess.run(["strip", "-o", home / "vpc-probe", PROBE], check=True)
    PROBE = home / "vpc-probe"


def doctor(*arguments):
    return [PROBE, "doctor", "--region", "eu-west-1", *arguments]


def probe(name, *more):
    """The command, with the depth that the scenario's own probe has."""
    depth = scenario.load(name)["probe"]["arguments"]
    return doctor("--cluster", "c1", "--service", "web", "--probe", "lambda", "--yes", "--format", "json", *depth, *more)


CLEAN_UP = ("--clean-up", "--yes")


def account(name, subnets, *commands, waits=None, **settings):
    """The commands one after the other in one account with the scenario's VPC."""
    documents = accounts.with_service_of(scenario.load(name), subnets)
    return several_case(documents, commands, waits=waits or {}, others=OTHERS, **settings)


def at_once(call, items):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(call, items))


class Verdicts(unittest.TestCase):
    def test_each_broken_vpc_ends_with_its_culprit_and_nothing_is_left(self):
        runs = at_once(lambda name: probe_in(name, [account(name, BROKEN[name], probe(name))])[0], BROKEN)
        for name, run in zip(BROKEN, runs):
            with self.subTest(name):
                done, subject = run.done[0], scenario.load(name)
                self.assertEqual(done.stderr, "")
                self.assertEqual(diagnosis.wrong(subject, done.document), [])
                self.assertEqual((done.document["measured"], done.document["exit_code"]), (True, subject.expect["exit"]))
                self.assertEqual(done.status, done.document["exit_code"])
                self.assertEqual(done.seen.count("lambda:InvokeFunction"), len(BROKEN[name]))
                self.assertEqual(run.left, NOTHING)
        print("seconds to the verdict:", ", ".join(f"{name} {run.done[0].verdict_s}" for name, run in zip(BROKEN, runs)), file=sys.stderr)

    def test_a_right_that_only_the_function_lacks_is_no_culprit(self):
        name = "api-healthy"
        run = probe_in(name, [account(name, [FIRST], probe(name))])[0]
        self.assertEqual((run.done[0].document["culprits"], run.done[0].status), ([], 0))
        self.assertEqual(run.left, NOTHING)


class Platform(unittest.TestCase):
    def test_it_takes_its_time_and_throttles(self):
        busy = {"lambda:GetFunctionConfiguration": 1, "lambda:CreateFunction": 1, "lambda:InvokeFunction": 1,
                "lambda:UpdateFunctionConfiguration": 1, "lambda:DeleteFunction": 1, "lambda:ListFunctions": 1,
                "iam:CreateRole": 1, "iam:AttachRolePolicy": 1, "iam:DetachRolePolicy": 1, "iam:DeleteRole": 1}
        run = probe_in(QUICK, [account(QUICK, [FIRST], probe(QUICK), waits=WAITS, throttled=busy)])[0]
        self.assertEqual((run.done[0].status, run.done[0].document["measured"]), (0, True))
        self.assertEqual(run.left, NOTHING)

    def test_a_network_interface_that_stays_keeps_the_role(self):
        """Lambda removes it by that role."""
        run = probe_in(QUICK, [account(QUICK, [FIRST], probe(QUICK), waits={"interface": 3600})])[0]
        self.assertIn("role", run.done[0].stderr)
        self.assertEqual((len(run.left["interfaces"]), len(run.left["roles"])), (1, 1))
        self.assertEqual((run.left["functions"], run.left["violations"]), (OTHERS, []))

    def test_what_is_kept_is_used_again(self):
        run = probe_in(QUICK, [account(QUICK, [FIRST], probe(QUICK, "--keep"), probe(QUICK, "--keep"), doctor(*CLEAN_UP))])[0]
        first, second, last = run.done
        self.assertEqual([done.status for done in run.done], [0, 0, 0])
        self.assertEqual([done.seen.count("lambda:CreateFunction") for done in (first, second)], [1, 0])
        self.assertEqual(second.seen.count("lambda:InvokeFunction"), 1)
        self.assertEqual(run.left, NOTHING)


class Killed(unittest.TestCase):
    def test_clean_up_leaves_nothing_after_a_kill_at_any_call(self):
        """It comes at once: to functions that are not active yet, are being changed, or are deleted and still listed."""
        def runs_of(moments):
            return probe_in(QUICK, [account(QUICK, [FIRST, SECOND], probe(QUICK), doctor(*CLEAN_UP), waits=WAITS,
                                            kill_after=moment) for moment in moments])
        groups = [KILLS[begin::AT_ONCE] for begin in range(AT_ONCE)]
        runs = dict(zip((moment for group in groups for moment in group),
                        (run for group in at_once(runs_of, groups) for run in group)))
        for moment, run in runs.items():
            with self.subTest(killed_after=moment):
                killed, cleaned = run.done
                self.assertEqual((killed.status, cleaned.status), (-9, 0), cleaned.stderr)
                self.assertEqual(run.left, NOTHING)


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
