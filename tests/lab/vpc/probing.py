"""A scenario's VPC, and beside it an operator's workstation whose Lambda runs functions in that VPC.

usage: probing.py STATE SCENARIO CASES.json, in fresh namespaces, by vpc/operating.py. A case: the settings of
servers/control_plane.py with commands and their environment. Prints for each case what came of every command and what is
left in the account. `commands` run one after the other; kill_after of a case ends the first. `changes`: the number of a
command → the documents of the configuration from then on.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from servers.control_plane import ControlPlane  # noqa: E402
from vpc import scenario  # noqa: E402
from vpc.configuration import Configuration  # noqa: E402
from vpc.functions import Functions  # noqa: E402
from vpc.inside import Vpc  # noqa: E402
from vpc.isolation import Network, require_own_namespace  # noqa: E402
from vpc.network import ip  # noqa: E402
from vpc.workstation import Handler, environment_of, hosts_beside, serve, with_hosts  # noqa: E402


class Operator:
    """A namespace where only AWS's control plane is."""

    def __init__(self, state, cases_file):
        self.network = Network.create()
        ip(self.network, ["link set lo up"])
        with self.network.entered():
            self.ca_file, _ = serve(state)
        self.hosts = hosts_beside(cases_file)

    def start(self, command, environment, stderr):
        with self.network.entered():
            return subprocess.Popen(with_hosts(self.hosts, command), env=environment, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=stderr, text=True)


def run(case, operator, functions):
    plane = Handler.api = ControlPlane(case, functions)
    done = []
    for number, command in enumerate(case["commands"]):
        if str(number) in case.get("changes", {}):
            plane.change(case["changes"][str(number)])
        began, seen = time.monotonic(), len(plane.seen)
        with tempfile.TemporaryFile("w+") as stderr:
            process = operator.start(command, environment_of(case, operator.ca_file), stderr)
            plane.kill = process.kill
            first = process.stdout.readline()  # the verdict; what was made is deleted after it
            verdict = time.monotonic()
            stdout, _ = process.communicate()
            plane.kill_after = None
            stderr.seek(0)
            done.append({"status": process.returncode, "stdout": first + stdout, "stderr": stderr.read(), "seen": plane.seen[seen:],
                         "verdict_s": round(verdict - began, 2), "seconds": round(time.monotonic() - began, 2)})
    plane.functions.stop()
    return {"done": done, "left": plane.left(), "came": plane.came()}


def main(state, name, cases_file):
    require_own_namespace(empty=True)
    vpc = Vpc(scenario.load(name), state)
    cases = json.loads(pathlib.Path(cases_file).read_text())
    operator = Operator(state, cases_file)
    functions = Functions(vpc, Configuration(vpc.scenario), lambda: serve(state)[1], operator.hosts)
    json.dump([run(case, operator, functions) for case in cases], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
