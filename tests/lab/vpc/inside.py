"""The inside of the lab: builds a scenario's VPC and runs a command in its task. Started by shell and run only."""
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

from vpc import (api, behaviours, control, firewall, images, metadata, network, relay, resolvers, scenario, start,
                 webserver)
from vpc.certificates import Certificates
from vpc.isolation import require_own_namespace

SERVERS = scenario.LAB / "servers"
KEPT = ("PATH", "HOME", "TERM", "LANG", "LC_ALL", "COLUMNS", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")


class Vpc:
    """A running VPC. Everything in it ends with the process namespace it was built in."""

    def __init__(self, subject, state):
        self.scenario = subject
        self.certificates = Certificates(state)
        self.work = pathlib.Path(state) / "work"
        self.work.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "lab", str(self.work)], check=True)
        # LeakSanitizer looks for its own process in /proc. Inside a container another /proc may be forbidden.
        self.own_proc = subprocess.run(["mount", "-t", "proc", "proc", "/proc"], capture_output=True).returncode == 0
        delayed = relay.starter(subject, state)
        self.wires = network.Wires(subject, delayed)
        self.ready = []  # (address, port) that must listen before anything runs
        self._start_servers()
        metadata.serve(subject, self.wires.router)
        firewall.load(self.wires.router, firewall.router_rules(subject))
        self._write_resolv_conf()
        self._wait()

    def _start(self, *command):
        with self.wires.aws.entered(), open(self.work / "servers.log", "a") as log:
            subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _start_servers(self):
        plan = behaviours.Plan(self.scenario)
        conf = self.work / "nginx.conf"
        conf.write_text(webserver.config(self.scenario, self.certificates, plan, self.work))
        self._start("nginx", "-c", conf, "-e", "stderr")
        self.ready.append((network.AWS_SIDE, 443))
        if plan.port_of_address:
            firewall.load(self.wires.aws, firewall.server_rules(plan.port_of_address))
        if plan.faults:
            region = self.scenario.region
            self._start(sys.executable, "-sEB", SERVERS / "faults.py", self.certificates.chain(region),
                        self.certificates.key(region), *(f"{port}={name}:{argument}" for port, name, argument in plan.faults))
            self.ready.append((network.AWS_SIDE, plan.faults[-1][0]))
        for port, name, argument in plan.services:
            region = self.scenario.region
            self._start(sys.executable, "-sEB", SERVERS / behaviours.SERVICES[name], self.certificates.chain(region),
                        self.certificates.key(region), port, argument)
            self.ready.append((network.AWS_SIDE, port))
        if self.scenario.task["credentials"] != "none":
            settings = self.work / "api.json"
            settings.write_text(json.dumps(api.settings(self.scenario)))
            self._start(sys.executable, "-sEB", SERVERS / "aws_api.py", api.PORT, settings)
            self.ready.append(("127.0.0.1", api.PORT))
        self._start_registries()
        self._start_resolvers()

    def _start_registries(self):
        for port, (program, *arguments) in images.commands(self.scenario, self.work, self.certificates):
            python = [sys.executable, "-sEB", SERVERS / program] if program.endswith(".py") else [program]
            self._start(*python, *arguments)
            self.ready.append(("127.0.0.1", port))

    def _start_resolvers(self):
        by_role = {}
        for address in self.scenario.resolver_addresses:
            by_role.setdefault(self.scenario["resolvers"].get(address, "amazon"), []).append(address)
        for number, (role, addresses) in enumerate(by_role.items()):
            if role == "closed":
                continue
            if role in resolvers.ROLES:
                conf = self.work / f"unbound{number}.conf"
                conf.write_text(resolvers.unbound_config(self.scenario, role, addresses, self.work, number))
                self._start("unbound", "-c", conf)
            else:
                zonefile = self.work / f"zone{number}"
                zonefile.write_text(resolvers.zone(self.scenario, True))
                self._start(sys.executable, "-sEB", SERVERS / "dns_faults.py", role, zonefile, *addresses)
            if role not in ("truncated-no-tcp", "truncated-for-some"):
                self.ready.append((addresses[-1], 53))

    def _wait(self):
        give_up = time.monotonic() + 10
        for address in self.ready:
            with self.wires.aws.entered():
                while not _listens(address):
                    if time.monotonic() > give_up:
                        sys.exit(f"lab: {address[0]} port {address[1]} never listened: {self._log()}")
                    time.sleep(0.005)

    def _log(self):
        with contextlib.suppress(OSError):
            return (self.work / "servers.log").read_text()
        return ""

    def _write_resolv_conf(self):
        task = self.scenario.task
        conf = self.work / "resolv.conf"
        conf.write_text(f"search {self.scenario.region}.compute.internal\n" +
                        "".join(f"nameserver {address}\n" for address in task["nameservers"]))
        # A link to a file below another mount keeps its target; a machine without the file keeps none.
        subprocess.run(["mount", "--bind", str(conf), os.path.realpath("/etc/resolv.conf")], check=True)

    def environment(self):
        """What a container of this task would have, and where the lab's authority is."""
        task, region = self.scenario.task, self.scenario.region
        given = {key: os.environ[key] for key in KEPT if key in os.environ}
        given |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": region, "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
                  "VPC_PROBE_CA_FILE": str(self.certificates.ca_file),
                  "CURL_CA_BUNDLE": str(self.certificates.ca_file)}
        if not self.own_proc:
            given["ASAN_OPTIONS"] = given.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        if task["metadata"] != "none":
            given["ECS_CONTAINER_METADATA_URI_V4"] = metadata.URI
        return given | api.environment(self.scenario) | task["environment"]

    def run(self, command):
        """The command's exit status, as a shell gives it."""
        with self.wires.task.entered():
            began = time.monotonic()
            try:
                process = subprocess.Popen(command, env=self.environment())
            except FileNotFoundError:
                print(f"lab: no command '{command[0]}'", file=sys.stderr)
                return 127
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, _: process.send_signal(received))
        if control.CHANNEL in os.environ:
            control.Inside(self, process)
        status = process.wait()
        if start.TIMES in os.environ:
            os.write(int(os.environ[start.TIMES]), str(time.monotonic() - began).encode())
        return status if status >= 0 else 128 - status


def _listens(address):
    try:
        socket.create_connection(address, timeout=1).close()
        return True
    except OSError:
        return False


def main(state, name, *command):
    require_own_namespace(empty=True)
    return Vpc(scenario.load(name), state).run(list(command))


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except (scenario.ScenarioError, ValueError) as error:
        sys.exit(f"lab: {error}")
