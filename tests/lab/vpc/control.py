"""Commands to a running VPC from the test outside: another scenario's filters, the SYNs counted, a signal, a second
command.

Both ends of a socket pair speak JSON lines; each command is answered by one line.
"""
import json
import os
import signal
import socket
import subprocess
import threading

from vpc import firewall, scenario

CHANNEL = "VPC_PROBE_LAB_CONTROL"  # the inside's end of the pair


class Inside:
    """Obeys until the other end closes."""

    def __init__(self, vpc, process):
        self.vpc, self.process = vpc, process
        channel = socket.socket(fileno=int(os.environ[CHANNEL]))
        self.lines = channel.makefile("rw", buffering=1)
        threading.Thread(target=self._obey, daemon=True).start()

    def _obey(self):
        for line in self.lines:
            (verb, argument), = json.loads(line).items()
            self.lines.write(json.dumps(getattr(self, "do_" + verb)(argument)) + "\n")

    def do_filters_of(self, name):
        rules = firewall.router_rules(scenario.load(name))
        firewall.load(self.vpc.wires.router, "delete table inet vpc\n" + rules)

    def do_syns(self, _):
        return firewall.syns(self.vpc.wires.router)

    def do_signal(self, name):
        self.process.send_signal(signal.Signals["SIG" + name])

    def do_run(self, command):
        with self.vpc.wires.task.entered():
            before = os.times()
            done = subprocess.run(command, env=self.vpc.environment(), text=True, capture_output=True, timeout=60)
            after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return {"status": done.returncode, "stdout": done.stdout, "stderr": done.stderr, "cpu_s": cpu}


class Outside:
    """The test's end."""

    def __init__(self):
        self.own, self.inside = socket.socketpair()
        self.lines = self.own.makefile("rw", buffering=1)

    def tell(self, **command):
        self.lines.write(json.dumps(command) + "\n")
        return json.loads(self.lines.readline())

    def close(self):
        self.lines.close()
        self.own.close()
