"""Random VPCs in the kernel: documents of the AWS CLI as routes and nftables of one router, and real connections.

Four namespaces: the tasks, the router, all hosts and public addresses, and the NAT gateways. Each VPC has a slot of
addresses, so many VPCs are there at once; a batch replaces the rules and the routes of all slots.
Security groups judge a connection's first packet, since they are stateful. Network ACLs judge every packet that
leaves or enters a subnet, since they are not.
"""
import contextlib
import select
import socket
import subprocess
import time

from vpc.isolation import Network
from vpc.network import ip, sysctl
from vpc.random_vpc import FAR, FAR_SUBNETS, HTTPS, NAT_SUBNET, NFS

LINKS = {"task": ("100.127.1.1", "100.127.1.2", "fd7f:1::1", "fd7f:1::2"),
         "aws": ("100.127.2.1", "100.127.2.2", "fd7f:2::1", "fd7f:2::2"),
         "nat": ("100.127.3.1", "100.127.3.2", "fd7f:3::1", "fd7f:3::2")}
TASK_TABLE, NAT_TABLE, FAR_TABLE = 1000, 2000, 3000  # routing tables of the router, by slot; FAR_TABLE: by 10 * slot
# The stretches between the ports at which random_vpc's ACLs begin and end: of Linux's own ports, and of a NAT gateway's.
TASK_STRETCHES = ((32768, 40000), (40001, 50000), (50001, 60999))
NAT_STRETCHES = ((1024, 2048), (2049, 2049), (2050, 32767), (32768, 40000), (40001, 50000), (50001, 60999), (61000, 65535))
CONNTRACK_S = 1  # for the NAT gateways: what one batch leaves is gone before the next
IPV6_TRANSPARENT = 75  # linux/in6.h
VPCS_AT_ONCE, RULES_AT_ONCE = 4, 250  # in one nft transaction
SETTLED_S = 1.5  # after the last SYN: it was sent a second time by then
SYN = "tcp flags & (syn | ack) == syn"


def sample_ports(batch):
    """(source port, the port that the NAT gateway gives it): each stretch of both at least once. Batches differ, so
    that no connection of an earlier batch is in the way."""
    shift = batch % 500
    own = [port for low, high in TASK_STRETCHES for port in (low + shift, high - shift)]
    nat = [min(low + shift, high) for low, high in NAT_STRETCHES] + [65535 - shift]
    own += [low + 500 + shift for low, _ in TASK_STRETCHES[:len(nat) - len(own)]]
    return list(zip(own, nat, strict=True))


def _match(cidr, side):
    family = "ip6" if ":" in cidr else "ip"
    if cidr.endswith("/0"):
        return f"meta nfproto ipv{6 if family == 'ip6' else 4}"
    return f"{family} {side} {cidr}"


class Compiled:
    """One VPC's chains and routes, from its documents."""

    def __init__(self, vpc):
        self.vpc, self.slot, self.name = vpc, vpc.slot, f"v{vpc.slot}"
        self.list_of = {key: next(iter(value.values())) for key, value in vpc.documents.items()}
        self.interfaces = self.list_of["describe-network-interfaces"]
        self.task = next(one for one in self.interfaces if one["NetworkInterfaceId"] == "eni-task")
        self.nat = self.list_of["describe-nat-gateways"][0]
        self.cidrs = {one["SubnetId"]: [one["CidrBlock"], *(other["Ipv6CidrBlock"] for other in one["Ipv6CidrBlockAssociationSet"])]
                      for one in self.list_of["describe-subnets"]}
        self.chains = {}

    @staticmethod
    def addresses_of(interface):
        return ([one["PrivateIpAddress"] for one in interface["PrivateIpAddresses"]] +
                [one["Ipv6Address"] for one in interface["Ipv6Addresses"]])

    def _peers(self, rule):
        cidrs = [one["CidrIp"] for one in rule["IpRanges"]] + [one["CidrIpv6"] for one in rule["Ipv6Ranges"]]
        lists = {one["PrefixListId"]: one["Cidrs"] for one in self.list_of["describe-prefix-lists"]}
        cidrs += [cidr for one in rule["PrefixListIds"] for cidr in lists[one["PrefixListId"]]]
        named = {one["GroupId"] for one in rule["UserIdGroupPairs"]}
        members = [one for one in self.interfaces if named & {group["GroupId"] for group in one["Groups"]}]
        return cidrs + [f"{address}/{128 if ':' in address else 32}" for one in members for address in self.addresses_of(one)]

    def _groups_chain(self, name, interface, egress):
        """Returns where one rule of any group allows, else drops."""
        carried = {group["GroupId"] for group in interface["Groups"]}
        lines = []
        for group in self.list_of["describe-security-groups"]:
            for rule in group["IpPermissionsEgress" if egress else "IpPermissions"] if group["GroupId"] in carried else []:
                if rule["IpProtocol"] == "udp":
                    continue
                ports = "" if rule["IpProtocol"] == "-1" else f"tcp dport {rule['FromPort']}-{rule['ToPort']} "
                lines += [f"{_match(cidr, 'daddr' if egress else 'saddr')} {ports}return" for cidr in self._peers(rule)]
        self.chains[name] = [*lines, "drop"]

    def _acl_chain(self, subnet, egress):
        """The chain of one direction of a subnet's ACL; made once."""
        acl = next(one for one in self.list_of["describe-network-acls"]
                   if any(each["SubnetId"] == subnet for each in one["Associations"]))
        name = f"{self.name}_{acl['NetworkAclId'].replace('-', '_')}_{'out' if egress else 'in'}"
        if name not in self.chains:
            entries = sorted((one for one in acl["Entries"] if one["Egress"] == egress), key=lambda one: one["RuleNumber"])
            self.chains[name] = [self._acl_line(one, egress) for one in entries] + ["drop"]
        return name

    @staticmethod
    def _acl_line(one, egress):
        cidr = one.get("CidrBlock") or one["Ipv6CidrBlock"]
        ports = {"-1": "", "17": "meta l4proto udp "}.get(one["Protocol"])
        if ports is None:
            ports = f"tcp dport {one['PortRange']['From']}-{one['PortRange']['To']} "
        return f"{_match(cidr, 'daddr' if egress else 'saddr')} {ports}{'return' if one['RuleAction'] == 'allow' else 'drop'}"

    def compile(self):
        own, nat_subnet = self.task["SubnetId"], self.nat["SubnetId"]
        is_nat_outside = own != nat_subnet
        self._groups_chain(f"{self.name}_task", self.task, True)
        out, back = [f"{SYN} jump {self.name}_task"], []
        for subnet, cidrs in self.cidrs.items():
            for cidr in cidrs if subnet != own else []:
                out += [f"{_match(cidr, 'daddr')} jump {self._acl_chain(own, True)}",
                        f"{_match(cidr, 'daddr')} jump {self._acl_chain(subnet, False)}"]
                back += [f"{_match(cidr, 'saddr')} jump {self._acl_chain(subnet, True)}",
                         f"{_match(cidr, 'saddr')} jump {self._acl_chain(own, False)}"]
        inside = f"{{ {self.vpc.cidr}, {self.vpc.far_cidr} }}"
        foreign = f"ip daddr != {inside} " + ("" if is_nat_outside else 'oifname != "nat" ')
        out.append(f"{foreign}jump {self._acl_chain(own, True)}")
        back.append(f"ip saddr != {inside} jump {self._acl_chain(own, False)}")
        if is_nat_outside:
            out.append(f'oifname "nat" jump {self._acl_chain(nat_subnet, False)}')
        for number, interface in enumerate(one for one in self.interfaces if one is not self.task):
            self._groups_chain(f"{self.name}_host{number}", interface, False)
            out += [f"{SYN} {_match(address, 'daddr')} jump {self.name}_host{number}" for address in self.addresses_of(interface)]
        home = [f"jump {self._acl_chain(nat_subnet, True)}", f"jump {self._acl_chain(own, False)}"] if is_nat_outside else []
        self.chains |= {f"{self.name}_out": [*out, "accept"], f"{self.name}_back": [*back, "accept"],
                        f"{self.name}_natin": [f"jump {self._acl_chain(nat_subnet, False)}", "accept"],
                        f"{self.name}_natout": [f"jump {self._acl_chain(nat_subnet, True)}", "accept"],
                        f"{self.name}_home": [*home, "accept"]}
        return self

    # Routes.

    def _table_of(self, subnet):
        tables = self.list_of["describe-route-tables"]
        for table in tables:
            if any(one.get("SubnetId") == subnet for one in table["Associations"]):
                return table
        vpc = next(one["VpcId"] for one in self.list_of["describe-subnets"] if one["SubnetId"] == subnet)
        return next(table for table in tables if table["VpcId"] == vpc and any(one["Main"] for one in table["Associations"]))

    def _next_hop(self, route, kind):
        if route["State"] == "blackhole":
            return ""
        if route.get("VpcPeeringConnectionId"):
            is_active = self.list_of["describe-vpc-peering-connections"][0]["Status"]["Code"] == "active"
            return ("task" if kind == FAR_TABLE else "aws") if is_active else ""
        if route.get("NatGatewayId"):
            works = self.nat["State"] == "available" and self.nat["ConnectivityType"] == "public"
            return "nat" if works else ""
        if route.get("GatewayId") == "igw-0":
            return "aws" if kind == NAT_TABLE or "Association" in self.task else ""
        return "aws"

    def routes(self, subnet, table, kind):
        """`ip route` lines, and those of `ip -6 route`. Of two with one range a static range goes before a prefix
        list (AWS: "Route priority")."""
        lists = {one["PrefixListId"]: one["Cidrs"] for one in self.list_of["describe-prefix-lists"]}
        hops = {}
        for route in sorted(self._table_of(subnet)["Routes"], key=lambda one: "DestinationPrefixListId" not in one):
            cidrs = lists.get(route.get("DestinationPrefixListId")) or [
                route.get("DestinationCidrBlock") or route["DestinationIpv6CidrBlock"]]
            hops |= {cidr: self._next_hop(route, kind) for cidr in cidrs}
        if hops.get("0.0.0.0/0") == "aws":
            hops.setdefault("10.0.0.0/8", "")  # the internet has no private addresses
        for default in ("0.0.0.0/0", "::/0"):
            hops.setdefault(default, "")
        old, new = [], []
        for cidr, hop in hops.items():
            is_new = ":" in cidr
            over = f"via {LINKS[hop][3 if is_new else 1]} dev {hop}" if hop else ""
            (new if is_new else old).append(f"route add {'' if hop else 'blackhole '}{cidr} {over} table {table}")
        return old, new


class Kernel:
    """The four namespaces, and what a batch of VPCs does in them."""

    def __init__(self, slots):
        self.slots = slots
        self.router = Network.current()
        self.sides = {name: Network.create() for name in LINKS}
        for network in (self.router, *self.sides.values()):
            sysctl(network, ipv6__conf__default__accept_dad=0, ipv4__conf__all__rp_filter=0, ipv4__conf__default__rp_filter=0,
                   ipv4__conf__all__send_redirects=0, ipv4__conf__default__send_redirects=0)
        ip(self.router, [f"link add {name} type veth peer name router netns {side.path}" for name, side in self.sides.items()])
        for name, side in self.sides.items():
            self._join(name, side)
        for network in (self.router, self.sides["nat"]):
            sysctl(network, ipv4__ip_forward=1, ipv6__conf__all__forwarding=1)
        sysctl(self.sides["nat"], **{f"netfilter__nf_conntrack_tcp_timeout_{state}": CONNTRACK_S for state in (
            "syn_sent", "syn_recv", "established", "fin_wait", "close_wait", "last_ack", "time_wait", "close")})
        sysctl(self.sides["aws"], core__somaxconn=65535, ipv4__tcp_max_syn_backlog=65535)
        self._address_slots()
        self.listeners = self._listen()

    def _join(self, name, side):
        own, other, own6, other6 = LINKS[name]
        ip(self.router, [f"addr add {own}/30 dev {name}", f"addr add {own6}/64 dev {name} nodad", f"link set {name} up"])
        ip(side, ["link set lo up", f"addr add {other}/30 dev router", f"addr add {other6}/64 dev router nodad",
                  "link set router up", f"route add default via {own}", f"route add default via {own6}"])

    def _address_slots(self):
        tasks = [address for slot in self.slots for address in (f"10.{slot}.1.10/32", f"2001:db8:{slot:x}:1::10/128")]
        ip(self.sides["task"], [f"addr add {one} dev lo" + (" nodad" if ":" in one else "") for one in tasks])
        # Whatever comes in over the link is for a host there.
        aws = ["rule add iif router lookup 100", "route add local default dev lo table 100"]
        for version in ("-4", "-6"):
            with self.sides["aws"].entered():
                subprocess.run(["ip", version, "-batch", "-"], input="\n".join(aws) + "\n", text=True, check=True)
        lines, lines6 = [], []
        for slot in self.slots:
            nats = [f"10.{slot}.{subnet}.200" for subnet in (1, NAT_SUBNET)]
            lines += [f"rule add from 10.{slot}.1.10 lookup {TASK_TABLE + slot}",
                      f"route add 10.{slot}.1.10 via {LINKS['task'][1]}"]
            lines += [line for nat in nats for line in (f"rule add from {nat} lookup {NAT_TABLE + slot}",
                                                         f"route add {nat} via {LINKS['nat'][1]}")]
            lines += [f"rule add from 10.{slot + FAR}.{subnet}.0/24 lookup {FAR_TABLE + 10 * slot + number}"
                      for number, subnet in enumerate(FAR_SUBNETS)]
            lines6 += [f"rule add from 2001:db8:{slot:x}:1::10 lookup {TASK_TABLE + slot}",
                       f"route add 2001:db8:{slot:x}:1::10 via {LINKS['task'][3]}"]
        ip(self.router, lines)
        self._ip6(lines6)

    def _ip6(self, lines):
        subprocess.run(["ip", "-6", "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=True)

    def _listen(self):
        listeners = []
        with self.sides["aws"].entered():
            for port in (HTTPS, NFS):
                listener = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=65535)
                listener.setsockopt(socket.IPPROTO_IPV6, IPV6_TRANSPARENT, 1)  # answers from addresses of no interface
                listener.setblocking(False)
                listeners.append(listener)
        return listeners

    def load(self, vpcs, batch):
        """Rules and routes of these VPCs instead of those of the batch before."""
        compiled = [Compiled(vpc).compile() for vpc in vpcs]
        for text in _router_tables(compiled):
            self._nft(self.router, text)
        for text in _nat_tables(vpcs, sample_ports(batch)):
            self._nft(self.sides["nat"], text)
        lines, lines6 = [], []
        for one in compiled:
            tables = [(TASK_TABLE, one.slot, one.task["SubnetId"]), (NAT_TABLE, one.slot, one.nat["SubnetId"])]
            tables += [(FAR_TABLE, 10 * one.slot + number, one.vpc.subnet_id(subnet)) for number, subnet in enumerate(FAR_SUBNETS)]
            for kind, number, subnet in tables:
                old, new = one.routes(subnet, kind + number, kind)
                lines += [f"route flush table {kind + number}", *old]
                lines6 += [f"route flush table {kind + number}", *new]
        subprocess.run(["ip", "-4", "-force", "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=False,
                       stderr=subprocess.DEVNULL)  # a table that is empty cannot be flushed
        subprocess.run(["ip", "-6", "-force", "-batch", "-"], input="\n".join(lines6) + "\n", text=True, check=False,
                       stderr=subprocess.DEVNULL)

    @staticmethod
    def _nft(network, text):
        with network.entered():
            done = subprocess.run(["nft", "-f", "-"], input=text, text=True, capture_output=True)
        if done.returncode:
            raise RuntimeError(f"nft: {done.stderr[:2000]}")

    def connect_all(self, vpcs, batch):
        """{(slot, address): how many of the sample ports connect}, all at once."""
        waiting, open_ports = {}, {}
        poll = select.epoll()
        with contextlib.ExitStack() as stack, self.sides["task"].entered():
            for vpc in vpcs:
                for _, address, port in vpc.targets():
                    open_ports[vpc.slot, address] = 0
                    for own, _ in sample_ports(batch):
                        one = stack.enter_context(_connecting(vpc.task[":" in address], own, address, port))
                        waiting[one.fileno()] = (one, (vpc.slot, address))
                        poll.register(one, select.EPOLLOUT)
            end = time.monotonic() + SETTLED_S
            while waiting and (left := end - time.monotonic()) > 0:
                for descriptor, _ in poll.poll(left):
                    one, key = waiting.pop(descriptor)
                    poll.unregister(descriptor)
                    if one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                        open_ports[key] += 1
        poll.close()
        self._drain()
        return open_ports

    def _drain(self):
        for listener in self.listeners:
            with contextlib.suppress(BlockingIOError):
                while True:
                    listener.accept()[0].close()


def _connecting(source, source_port, address, port):
    one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset ends it: nothing waits afterwards
    one.bind((source, source_port))
    with contextlib.suppress(BlockingIOError):
        one.connect((address, port))
    return one


def _router_tables(compiled):
    """Texts for nft, one after the other: all at once are more than a netlink socket without privileges takes."""
    yield "table inet vpcs\ndelete table inet vpcs\ntable inet vpcs {}\n"
    waiting, rules = [], 0
    for name, lines in [chain for one in compiled for chain in one.chains.items()]:  # what a chain jumps to goes before
        if rules + len(lines) > RULES_AT_ONCE:
            yield "table inet vpcs {\n" + "\n".join(waiting) + "\n}\n"
            waiting, rules = [], 0
        waiting.append(f"  chain {name} {{\n    " + "\n    ".join(lines) + "\n  }")
        rules += len(lines)
    yield "table inet vpcs {\n" + "\n".join(waiting) + "\n}\n"
    yield ("table inet vpcs {\n  chain forward {\n    type filter hook forward priority 0; policy drop;\n"
           "    meta l4proto icmpv6 accept\n  }\n}\n")
    for first in range(0, len(compiled), VPCS_AT_ONCE):
        yield from _dispatch(compiled[first:first + VPCS_AT_ONCE])


def _dispatch(compiled):
    """From the links and addresses of a packet to the chain of its VPC."""
    rules = []
    for iif, oif, side, chain, key in (("task", "", "saddr", "out", "task"), ("aws", "task", "daddr", "back", "task"),
                                       ("aws", "nat", "daddr", "natin", "nat"), ("nat", "aws", "saddr", "natout", "nat"),
                                       ("nat", "task", "daddr", "home", "task")):
        where = f'iifname "{iif}" ' + (f'oifname "{oif}" ' if oif else "")
        for version, family in enumerate(("ip", "ip6")):
            if key == "nat" and version:
                continue
            elements = ", ".join(f"{one.vpc.task[version] if key == 'task' else one.vpc.nat_address} : goto {one.name}_{chain}"
                                 for one in compiled)
            rules.append(f"{where}{family} {side} vmap {{ {elements} }}")
    yield "table inet vpcs {\n  chain forward {\n    " + "\n    ".join(rules) + "\n  }\n}\n"


def _nat_tables(vpcs, ports):
    yield ("table ip nat\ndelete table ip nat\ntable ip nat {\n  chain postrouting {\n"
           "    type nat hook postrouting priority 100; policy accept;\n  }\n}\n")
    for first in range(0, len(vpcs), VPCS_AT_ONCE):
        elements = ", ".join(f"{vpc.task[0]} . {own} : {vpc.nat_address} . {given}"
                             for vpc in vpcs[first:first + VPCS_AT_ONCE] for own, given in ports)
        yield ("table ip nat {\n  chain postrouting {\n"
               f"    meta l4proto tcp snat to ip saddr . tcp sport map {{ {elements} }}\n  }}\n}}\n")
