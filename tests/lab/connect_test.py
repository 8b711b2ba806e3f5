"""How many SYNs the probe sends, as the router counts them, and what it makes of silence.

usage: connect_test.py [PROBE [TEST…]]   (default: the one tests/lab/run would take, and all tests)
"""
import json
import pathlib
import sys
import unittest

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import matrix, running, scenario  # noqa: E402

PROBE = None
# The first SYN, three more from sockets of their own, and the kernel's own after a second.
ALL_SYNS = 5


def probed(name, *arguments):
    """The report of one run in this scenario, and how many SYNs each address got."""
    with running.Running(name, "sleep", "5m") as lab:
        done = lab.control.tell(run=[PROBE, "run", "--format", "json", *arguments])
        return json.loads(done["stdout"]), lab.control.tell(syns=None)


def tcp_of(report):
    """What TCP saw, by address."""
    endpoints = report["endpoints"] + report["controls"]
    return {address["address"]: address["tcp"] for endpoint in endpoints for address in endpoint["addresses"]}


class Syns(unittest.TestCase):
    def test_an_address_that_answers_gets_one(self):
        report, syns = probed("healthy")
        answering = [address for address, tcp in tcp_of(report).items() if tcp["status"] == "ok"]
        self.assertEqual(len(answering), 20)
        self.assertEqual({syns[address] for address in answering}, {1})

    def test_a_silent_control_gets_two(self):
        report, syns = probed("healthy")
        controls = [address for control in report["controls"] for address in control["addresses"]]
        self.assertEqual([address["tcp"]["status"] for address in controls], ["timeout"] * len(controls))
        self.assertEqual([syns[address["address"]] for address in controls], [2] * len(controls))
        self.assertLess(report["duration_ms"], 1000)  # the kernel's second SYN would come later
        path = next(endpoint for endpoint in report["endpoints"] if endpoint["id"] == "s3")
        self.assertEqual(path["path"], "gateway-endpoint")
        self.assertRegex(path["path_evidence"], r"does not \(no answer to SYN in 3\d\d ms, 1 retransmit each\)")

    def test_a_silent_address_gets_all_and_is_believed_early_where_others_answer(self):
        report, syns = probed("gateway-route-missing")
        silent = {address: tcp for address, tcp in tcp_of(report).items() if address in public_addresses("s3")}
        self.assertEqual({tcp["status"] for tcp in silent.values()}, {"timeout"})
        for address, tcp in silent.items():
            self.assertEqual((syns[address], tcp["syn_retransmits"]), (ALL_SYNS, ALL_SYNS - 1))
        self.assertGreaterEqual(min(tcp["elapsed_ms"] for tcp in silent.values()), 1150)
        self.assertLess(report["duration_ms"], 2500)  # before the time-out

    def test_silence_is_waited_for_to_the_end_where_nothing_answers(self):
        report, syns = probed("all-filtered", "--timeout", "2s")
        silent = {address: tcp for address, tcp in tcp_of(report).items() if address not in control_addresses(report)}
        self.assertGreaterEqual(min(tcp["elapsed_ms"] for tcp in silent.values()), 2000)
        self.assertEqual({syns[address] for address in silent}, {ALL_SYNS})

    def test_a_lost_syn_is_told_by_the_next(self):
        report, syns = probed("packet-loss-of-one-syn")
        lossy = {address: tcp for address, tcp in tcp_of(report).items() if tcp["syn_retransmits"] and tcp["status"] == "ok"}
        self.assertEqual(sorted(lossy), sorted(scenario.load("healthy").endpoints["logs"].private))
        for address, tcp in lossy.items():
            self.assertEqual((syns[address], tcp["syn_retransmits"]), (2, 1))
            self.assertGreaterEqual(tcp["elapsed_ms"], 200)


def public_addresses(endpoint):
    return scenario.load("healthy").endpoints[endpoint].public


def control_addresses(report):
    return [address["address"] for control in report["controls"] for address in control["addresses"]]


if __name__ == "__main__":
    PROBE = matrix.find_binary(sys.argv.pop(1) if len(sys.argv) > 1 and "/" in sys.argv[1] else None)
    if not PROBE or not PROBE.is_file():
        sys.exit("connect_test: no probe: build it first")
    PROBE = str(PROBE)
    unittest.main()
