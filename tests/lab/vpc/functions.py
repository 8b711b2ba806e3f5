"""Functions in the lab's subnets: each runs the bootstrap of its zip in a network namespace of its own, which has
link-local addresses only. Its packets leave by the network interface of the subnet, which is the task's own in the task's
subnet. servers/lambda_runtime.py is the runtime API beside it.
"""
import contextlib
import io
import ipaddress
import os
import pathlib
import shutil
import subprocess
import threading
import zipfile

from servers import lambda_runtime
from vpc import api, documents
from vpc.isolation import Network
from vpc.network import ip, sysctl
from vpc.workstation import with_hosts

MACHINES = {b"\x3e\x00": "x86_64", b"\xb7\x00": "arm64"}  # e_machine of ELF
LOG = 64 << 10  # bytes of a function's output that are kept
MASQUERADE = """table ip functions {
  chain postrouting { type nat hook postrouting priority 100; policy accept; oifname "eth0" masquerade; }
}
"""


class Functions:
    """The subnets of a running VPC for servers/lambda_api.py. A function in no subnet reaches AWS's control plane alone:
    `serve` starts it in the namespace of now, where `hosts` names it."""

    def __init__(self, vpc, configuration, serve, hosts):
        self.vpc, self.configuration, self.serve, self.hosts = vpc, configuration, serve, hosts
        self.default_groups = {configuration.default_group}
        self.networks, self.made = {}, 0
        self.lock = threading.Lock()
        told = configuration.documents()
        self.cidr_of = {one["SubnetId"]: one["CidrBlock"] for one in told["describe-subnets"]["Subnets"]}
        self.groups = {one["GroupId"] for one in told["describe-security-groups"]["SecurityGroups"]}

    def vpc_of(self, identity):
        """The VPC that has this subnet or group; nothing for none."""
        return self.configuration.vpc if identity in self.cidr_of or identity in self.groups else None

    def interface(self, name, subnet, groups):
        """A network interface of Lambda's, as EC2 says it."""
        identity = documents.identifier("eni", f"lambda {subnet} {sorted(groups)}")
        address = str(ipaddress.ip_network(self.cidr_of[subnet])[200])
        return documents.network_interface(identity, self.configuration.vpc, subnet, [address], sorted(groups), "lambda",
                                           f"AWS Lambda VPC ENI-{name}-{identity}", RequesterManaged=True)

    def sandbox(self, function):
        """Where the function runs; its groups must be the task's, whose rules the lab's filters are."""
        groups = set(function.vpc.get("SecurityGroupIds", ()))
        if groups and groups != {self.configuration.task_group}:
            raise ValueError(f"the lab has no filters for a function with {sorted(groups)}")
        with self.lock:
            self.made += 1
            outside = self._network_of(function.vpc["SubnetIds"][0]) if groups else None
            return Sandbox(self, function, outside, self.made)

    def _network_of(self, subnet):
        if subnet not in self.networks:
            own = subnet == self.configuration.task_subnet
            network = self.vpc.wires.task if own else self.vpc.wires.add_subnet(self.cidr_of[subnet])
            sysctl(network, ipv4__ip_forward=1)
            with network.entered():
                subprocess.run(["nft", "-f", "-"], input=MASQUERADE, text=True, check=True)
            self.networks[subnet] = network
        return self.networks[subnet]

    def variables(self, function, log_stream):
        """AWS: "Defined runtime environment variables"; and what makes the lab's authority trusted."""
        settings = function.settings
        region = self.vpc.scenario.region
        return {"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8", "TZ": ":UTC", "AWS_REGION": region, "AWS_DEFAULT_REGION": region,
                **lambda_runtime.OF_LAMBDA, "AWS_LAMBDA_FUNCTION_NAME": function.name, "_HANDLER": settings["Handler"],
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(settings["MemorySize"]), "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
                "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
                "AWS_ACCESS_KEY_ID": api.FUNCTION["key"], "AWS_SECRET_ACCESS_KEY": api.FUNCTION["secret"],
                "AWS_SESSION_TOKEN": api.FUNCTION["token"], **settings.get("Environment", {}).get("Variables", {}),
                "VPC_PROBE_CA_FILE": str(self.vpc.certificates.ca_file), "ASAN_OPTIONS": "detect_leaks=0"}


class Sandbox:
    """One function's process, started by its first invocation, and again where it has ended."""

    def __init__(self, functions, function, outside, number):
        self.functions, self.function = functions, function
        self.home = functions.vpc.work / f"function{number}"
        self.network = Network.create()
        self.control_plane = None
        if outside:
            self._join(outside, number)
        else:
            ip(self.network, ["link set lo up"])
            with self.network.entered():
                self.control_plane = functions.serve()
        self._unpack()
        self.process, self.server, self.log = None, None, bytearray()
        self.lock = threading.Lock()

    def _join(self, outside, number):
        """A pair of link-local addresses, and the subnet's interface behind them. No task metadata is there."""
        first = int(ipaddress.ip_address("169.254.76.0")) + 4 * number
        gateway, own = ipaddress.ip_address(first + 1), ipaddress.ip_address(first + 2)
        ip(outside, [f"link add fn{number} type veth peer name vinternal_1 netns {self.network.path}",
                     f"addr add {gateway}/30 dev fn{number}", f"link set fn{number} up"])
        ip(self.network, ["link set lo up", f"addr add {own}/30 dev vinternal_1", "link set vinternal_1 up",
                          f"route add default via {gateway}", "route add unreachable 169.254.170.2"])

    def _unpack(self):
        self.home.mkdir()
        with zipfile.ZipFile(io.BytesIO(self.function.code)) as archive:
            for entry in archive.infolist():
                path = pathlib.Path(archive.extract(entry, self.home))
                if path.is_file():
                    path.chmod((entry.external_attr >> 16) & 0o777)

    def _start(self):
        """Nothing, or why the process cannot start."""
        bootstrap = self.home / "bootstrap"
        if not bootstrap.is_file():
            return f"Error: Couldn't find valid bootstrap(s): [{lambda_runtime.OF_LAMBDA['LAMBDA_TASK_ROOT']}/bootstrap]"
        with open(bootstrap, "rb") as file:
            head = file.read(20)
        machine = MACHINES.get(head[18:20]) if head[:4] == b"\x7fELF" else None
        if machine and machine not in self.function.settings["Architectures"]:
            return "Error: fork/exec /var/task/bootstrap: exec format error"
        with self.network.entered():
            self.server = lambda_runtime.Server(lambda_runtime.ADDRESS, lambda_runtime.Handler)
            self.server.service = lambda_runtime.Service(self.function.settings["Timeout"] * 1000, self.function.arn)
            try:
                command = with_hosts(self.functions.hosts, [bootstrap]) if self.control_plane else [bootstrap]
                self.process = subprocess.Popen(command, cwd=self.home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                                stderr=subprocess.STDOUT,
                                                env=self.functions.variables(self.function, "2026/01/02/[$LATEST]0123"))
            except OSError as error:
                self._end()
                return f"Error: fork/exec /var/task/bootstrap: {error.strerror.lower()}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        threading.Thread(target=self._watch, args=(self.process, self.server.service), daemon=True).start()
        return ""

    def _watch(self, process, service):
        """Keeps the end of its output; an invocation that is under way fails where the process ends."""
        with contextlib.suppress(ValueError):  # closed
            for line in process.stdout:
                self.log += line
                del self.log[:-LOG]
        service.ended(process.wait())

    def invoke(self, event, timeout_s):
        """(payload, whether it failed, log). One at a time: Lambda would start a second sandbox."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                self._end()
                why = self._start()
                if why:
                    return lambda_runtime.failure("Runtime.InvalidEntrypoint", f"RequestId: 0 {why}"), True, bytes(self.log)
            payload, error = self.server.service.invoke(event, timeout_s * 1000)
            violations = [one for one in self.server.service.violations if one != "timed out"]
            if violations:
                raise RuntimeError(f"the function breaks the runtime API's rules: {violations}")
            if error == lambda_runtime.TIMED_OUT:
                self._end()
            return payload, error is not None, bytes(self.log)

    def _end(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.server is not None:
            threading.Thread(target=self._close, args=(self.server,), daemon=True).start()
        self.process = self.server = None

    @staticmethod
    def _close(server):
        server.shutdown()
        server.server_close()

    def stop(self):
        """For good. An invocation that is under way ends with its process."""
        process = self.process
        if process is not None and process.poll() is None:
            process.kill()
        with self.lock:
            self._end()
            if self.control_plane:
                self._close(self.control_plane)
            shutil.rmtree(self.home)
            os.close(self.network.descriptor)
