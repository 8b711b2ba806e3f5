"""Links, addresses and routes: task — VPC router — everything else.

The router stands in the namespace the lab starts in. `aws` holds every address that answers: endpoint network
interfaces, public AWS and Amazon's resolver; what may be reached is decided by the router's routes and filters.
"""
import ipaddress
import subprocess

from vpc.isolation import Network
from vpc.scenario import is_ipv6

ROUTER_SIDE, AWS_SIDE = "100.127.0.1", "100.127.0.2"  # the link between router and aws; appears in no answer
ROUTER_SIDE6, AWS_SIDE6 = "fd7f::1", "fd7f::2"
METADATA = "169.254.170.2"


def ip(network, lines):
    """Runs `ip` commands, one per line, inside `network`."""
    with network.entered():
        done = subprocess.run(["ip", "-batch", "-"], input="\n".join(lines) + "\n", text=True, capture_output=True,
                              close_fds=False)
    if done.returncode:
        raise RuntimeError(f"ip: {done.stderr.strip()}")


def sysctl(network, **values):
    with network.entered():
        for key, value in values.items():
            with open("/proc/sys/net/" + key.replace("__", "/"), "w") as file:
                file.write(str(value))


class Wires:
    """The three namespaces, joined. `relay` starts the delaying link instead of a plain one."""

    def __init__(self, scenario, relay=None):
        self.scenario = scenario
        self.router = Network.current()
        self.task = Network.create()
        self.aws = Network.create()
        for network in (self.router, self.task, self.aws):
            # No one else is on these links; looking for duplicates would hold the first IPv6 packets for a second.
            sysctl(network, ipv6__conf__default__accept_dad=0)
        self._join(relay)
        self._address_task()
        self._address_aws()
        self._route()

    def _join(self, relay):
        lines = [f"link add task type veth peer name eth0 netns {self.task.path}"]
        if not relay:
            lines.append(f"link add aws type veth peer name vpc netns {self.aws.path}")
        ip(self.router, lines)
        if relay:
            relay(self.router, self.aws)
        lines = [f"addr add {ROUTER_SIDE} peer {AWS_SIDE} dev aws",
                 f"addr add {ROUTER_SIDE6}/64 dev aws nodad",
                 f"addr add {self.scenario.task['gateway']}/32 dev task",
                 f"addr add {METADATA}/32 dev lo", "link set lo up", "link set task up", "link set aws up"]
        ip(self.router, lines)
        sysctl(self.router, ipv4__ip_forward=1, ipv6__conf__all__forwarding=1, ipv4__conf__task__proxy_arp=1,
               ipv4__neigh__task__proxy_delay=0)

    def add_subnet(self, cidr):
        """The namespace of an interface like the task's in another subnet: whose routes are the same, see firewall.py."""
        hosts = ipaddress.ip_network(cidr)
        gateway, own, link = hosts[1], hosts[200], f"task{hosts.network_address.packed[2]}"
        network = Network.create()
        ip(self.router, [f"link add {link} type veth peer name eth0 netns {network.path}", f"addr add {gateway}/32 dev {link}",
                         f"link set {link} up", f"route add {own} dev {link}"])
        sysctl(self.router, **{f"ipv4__conf__{link}__proxy_arp": 1, f"ipv4__neigh__{link}__proxy_delay": 0})
        ip(network, ["link set lo up", f"addr add {own}/{hosts.prefixlen} dev eth0", "link set eth0 up",
                     f"route add 169.254.169.253 via {gateway}", f"route add default via {gateway}"])
        return network

    def _address_task(self):
        task = self.scenario.task
        lines = ["link set lo up", f"addr add {task['address']} dev eth0", "link set eth0 up",
                 f"route add {METADATA} via {task['gateway']}", f"route add 169.254.169.253 via {task['gateway']}"]
        if task["default_route"]:
            lines.append(f"route add default via {task['gateway']}")
        if task["address6"]:
            lines += [f"addr add {task['address6']} dev eth0 nodad noprefixroute", "route add fe80::1 dev eth0",
                      "route add default via fe80::1 dev eth0"]
        lines += [f"route add unreachable {address}" for address in task["unreachable"]]
        ip(self.task, lines)

    def _address_aws(self):
        scenario = self.scenario
        lines = ["link set lo up", "link set vpc up", f"addr add {AWS_SIDE} peer {ROUTER_SIDE} dev vpc",
                 f"addr add {AWS_SIDE6}/64 dev vpc nodad", f"route add default via {ROUTER_SIDE}",
                 f"route add default via {ROUTER_SIDE6}"]
        held = {*scenario.private_addresses, *scenario.public_addresses, *scenario.resolver_addresses,
                *scenario.translated_addresses}
        lines += [f"addr add {address} dev lo" + (" nodad" if ":" in address else "") for address in sorted(held)]
        ip(self.aws, lines)

    def _route(self):
        scenario, routes = self.scenario, self.scenario["routes"]
        to_aws = {*scenario.private_addresses, *scenario.resolver_addresses, *scenario.translated_addresses}
        if routes["s3_gateway"]:
            to_aws |= set(routes["prefix_list"])
        lines = [f"route add {target} via {AWS_SIDE6 if is_ipv6(target) else AWS_SIDE}" for target in sorted(to_aws)]
        # A VPC without a route drops the packet; it sends no ICMP error.
        lines += [f"route add default via {AWS_SIDE}", f"route add default via {AWS_SIDE6}"] if routes["nat"] else [
            "route add blackhole default", "route add blackhole ::/0"]
        if scenario.task["address6"]:
            lines += ["addr add fe80::1/64 dev task nodad",
                      f"route add {scenario.task['address6'].split('/')[0]} dev task"]
        lines.append(f"route add {scenario.task['address'].split('/')[0]} dev task")
        ip(self.router, lines)
