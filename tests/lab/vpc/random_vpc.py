"""Random small VPCs as documents of the AWS CLI: groups, network ACLs, routes, prefix lists, gateways.

Every VPC fills one slot of the lab's addresses (10.SLOT.0.0/16). The task is 10.SLOT.1.10; hosts stand in three
subnets, and in a second VPC (10.(100 + SLOT).0.0/16) behind a peering connection; public addresses are reached by
whatever the route table says. The documents are the whole description: vpc/kernel.py makes namespaces of them, and
doctor reads them.
"""
import random

from vpc import documents
from vpc.documents import entry, permission, route

SUBNETS, NAT_SUBNET, FAR_SUBNETS = (1, 2, 3), 100, (201, 202)
FAR = 100  # from a slot to the second octet of its peered VPC
HTTPS, NFS = 443, 2049
S3 = ("52.218.30.10", "52.218.200.10", "3.5.64.20")  # the second is not in the list: 52.218.128.0/17 is another region's
ELSEWHERE = "44.192.10.10"
S3_RANGES = ("3.5.64.0/21", "52.218.0.0/17")
GROUPS, FAR_GROUPS = (0, 1, 2, 3), (4, 5)
# Both ends of these are where an answer may begin to be denied (vpc/kernel.py takes its samples between them).
ACL_PORTS = ((443, 443), (2049, 2049), (0, 65535), (1024, 65535), (32768, 60999), (32768, 65535), (1024, 40000),
             (40001, 65535), (50001, 60999), (1024, 32767), (400, 500))
GROUP_PORTS = ((443, 443), (2049, 2049), (0, 65535), (400, 500), (80, 80), (444, 3000))


def ipv6(slot, subnet, host=0):
    return f"2001:db8:{slot:x}:{subnet:x}::{host:x}"


class RandomVpc:
    """One VPC. The same seed and number give the same VPC in every slot but for its addresses."""

    def __init__(self, seed, number, slot):
        self.random = random.Random(f"{seed} {number}")
        self.number, self.slot = number, slot
        self.vpc = f"vpc-{number:08x}"
        self.cidr, self.cidr6 = f"10.{slot}.0.0/16", f"2001:db8:{slot:x}::/48"
        self.task = [f"10.{slot}.1.10", ipv6(slot, 1, 0x10)]
        self.nat_subnet = 1 if self.chance(0.15) else NAT_SUBNET
        self.nat_address = f"10.{slot}.{self.nat_subnet}.200"
        self.far_vpc, self.far_cidr = f"{self.vpc}-far", f"10.{slot + FAR}.0.0/16"
        self.hosts = [self._host(index) for index in range(self.random.randint(2, 5))]
        self.hosts += [self._far_host(index) for index in range(10, 10 + self.random.randint(1, 2))]
        self.documents = self._documents()

    def chance(self, share):
        return self.random.random() < share

    def pick(self, *weighted):
        """One of (weight, value) pairs."""
        return self.random.choices([value for _, value in weighted], [weight for weight, _ in weighted])[0]

    def some(self, choices, least, most):
        return self.random.sample(list(choices), min(len(choices), self.random.randint(least, most)))

    def subnet_id(self, subnet):
        return f"subnet-{self.number:08x}{subnet:03x}"

    def group_id(self, group):
        return f"sg-{self.number:08x}{group:03x}"

    def list_id(self, name):
        return f"pl-{self.number:08x}{name}"

    def _host(self, index):
        subnet = self.random.choice(SUBNETS)
        addresses = [f"10.{self.slot}.{subnet}.{20 + index}"]
        if self.chance(0.3):
            addresses.append(ipv6(self.slot, subnet, 0x20 + index))
        return {"id": f"eni-{self.number:08x}{index:02x}", "subnet": subnet, "addresses": addresses,
                "groups": [self.group_id(one) for one in self.some(GROUPS, 1, 2)], "vpc": self.vpc,
                "endpoint": f"vpce-{self.number:08x}{index:02x}" if self.chance(0.6) else "",
                "port": NFS if self.chance(0.15) else HTTPS}

    def _far_host(self, index):
        subnet = self.random.choice(FAR_SUBNETS)
        return {**self._host(index), "subnet": subnet, "addresses": [f"10.{self.slot + FAR}.{subnet}.{20 + index}"],
                "vpc": self.far_vpc, "groups": [self.group_id(self.random.choice(FAR_GROUPS))]}

    def targets(self):
        """(name, address, port) of every connection that the task tries."""
        inside = [(f"host{index}", address, host["port"]) for index, host in enumerate(self.hosts)
                  for address in host["addresses"]]
        return inside + [(f"public{index}", address, HTTPS) for index, address in enumerate([*S3, ELSEWHERE])]

    # Documents.

    def _documents(self):
        self.public_address = self.chance(0.3)
        return {
            "describe-vpcs": {"Vpcs": [documents.vpc(self.vpc, [self.cidr, self.cidr6], "dopt-0"),
                                       documents.vpc(self.far_vpc, [self.far_cidr], "dopt-0")]},
            "describe-subnets": {"Subnets": self._subnets()},
            "describe-security-groups": {"SecurityGroups": [self._group(one) for one in GROUPS + FAR_GROUPS]},
            "describe-network-acls": {"NetworkAcls": self._acls()},
            "describe-route-tables": {"RouteTables": self._route_tables()},
            "describe-vpc-endpoints": {"VpcEndpoints": self._endpoints()},
            "describe-network-interfaces": {"NetworkInterfaces": self._interfaces()},
            "describe-prefix-lists": {"PrefixLists": self._prefix_lists()},
            "describe-nat-gateways": {"NatGateways": [
                {"NatGatewayId": "nat-0", "VpcId": self.vpc, "SubnetId": self.subnet_id(self.nat_subnet),
                 "State": self.pick((85, "available"), (15, "failed")),
                 "ConnectivityType": self.pick((90, "public"), (10, "private")),
                 "NatGatewayAddresses": [{"PrivateIp": self.nat_address}]}]},
            "describe-internet-gateways": {"InternetGateways": [
                {"InternetGatewayId": "igw-0", "Attachments": [{"State": "available", "VpcId": self.vpc}]}]},
            "describe-vpc-peering-connections": {"VpcPeeringConnections": [
                {"VpcPeeringConnectionId": "pcx-0", "RequesterVpcInfo": {"VpcId": self.vpc},
                 "AccepterVpcInfo": {"VpcId": self.far_vpc},
                 "Status": {"Code": self.pick((9, "active"), (1, "pending-acceptance"))}}]},
            "describe-transit-gateway-vpc-attachments": {"TransitGatewayVpcAttachments": []},
        }

    def _subnets(self):
        near = [documents.subnet(self.subnet_id(one), self.vpc, f"10.{self.slot}.{one}.0/24",
                                 "eu-west-1" + {2: "b", 3: "c"}.get(one, "a"), [f"{ipv6(self.slot, one)}/64"])
                for one in (*SUBNETS, NAT_SUBNET)]
        return near + [documents.subnet(self.subnet_id(one), self.far_vpc, f"10.{self.slot + FAR}.{one}.0/24", "eu-west-1a")
                       for one in FAR_SUBNETS]

    def _prefix_lists(self):
        own = self.some([self.cidr, f"10.{self.slot}.2.0/24", f"{self.task[0]}/32", "44.192.0.0/11"], 1, 3)
        return [{"PrefixListId": self.list_id("a"), "PrefixListName": "com.amazonaws.eu-west-1.s3", "Cidrs": list(S3_RANGES)},
                {"PrefixListId": self.list_id("b"), "PrefixListName": "own", "Cidrs": own}]

    def _range(self):
        slot = self.slot
        host = self.random.choice(self.hosts)["addresses"]
        return self.pick((6, "0.0.0.0/0"), (4, self.cidr), (2, f"10.{slot}.1.0/24"), (2, f"10.{slot}.2.0/24"),
                         (1, f"10.{slot}.3.0/24"), (1, f"10.{slot}.1.0/28"), (1, f"{self.task[0]}/32"),
                         (1, f"{host[0]}/32"), (1, "52.218.0.0/16"), (1, "172.16.0.0/12"), (1, f"10.{slot}.100.0/24"), (2, self.far_cidr),
                         (3, "::/0"), (1, self.cidr6), (1, f"{ipv6(slot, 2)}/64"), (1, f"{self.task[1]}/128"))

    def _rule(self):
        peers = self.pick((5, "ranges"), (3, "groups"), (2, "lists"))
        given = {"ranges": [self._range() for _ in range(self.random.randint(1, 2))] if peers == "ranges" else [],
                 "groups": [self.group_id(one) for one in self.some(GROUPS + FAR_GROUPS, 1, 3)] if peers == "groups" else [],
                 "lists": [self.list_id(self.random.choice("ab"))] if peers == "lists" else []}
        protocol = self.pick((8, "tcp"), (1, "6"), (1, "udp"), (2, "-1"))
        return permission(None if protocol == "-1" else self.pick((5, (443, 443)), *((1, one) for one in GROUP_PORTS)),
                          protocol=protocol, **given)

    def _group(self, number):
        def rules(open_share):
            made = [self._rule() for _ in range(self.random.randint(0, 3))]
            return made + ([permission(ranges=("0.0.0.0/0", "::/0"))] if self.chance(open_share) else [])
        return documents.security_group(self.group_id(number), self.far_vpc if number in FAR_GROUPS else self.vpc,
                                        f"group{number}", rules(0.45), rules(0.65))

    def _usual_entries(self):
        """As people write them: 443 both ways, and some ephemeral ports for the answers."""
        ephemeral = [ports for ports in ACL_PORTS if ports[0] >= 1024 and ports != (2049, 2049)]
        return [entry(100 + 10 * number + egress, egress, "allow", self.pick((4, "0.0.0.0/0"), (1, self.cidr)), ports)
                for egress in (True, False) for number, ports in enumerate(((443, 443), self.random.choice(ephemeral)))]

    def _entries(self):
        if self.chance(0.4):
            return self._usual_entries()
        made = []
        for egress in (True, False):
            numbers = sorted(self.random.sample(range(1, 150), self.random.randint(0, 5)))
            for number in numbers:
                action = self.pick((5, "allow"), (4, "deny"))
                kind = self.pick((6, "ports"), (2, "all"), (1, "udp"))
                ports = self.random.choice(ACL_PORTS) if kind == "ports" else None
                made.append(entry(number, egress, action, self._range(), ports, "17" if kind == "udp" else None))
            if self.chance(0.75):
                made += [entry(200 + index, egress, "allow", cidr) for index, cidr in enumerate(("0.0.0.0/0", "::/0"))]
        self.random.shuffle(made)  # EC2 gives them in no order
        return made

    def _acls(self):
        chosen = {subnet: self.pick((3, 0), (2, 1), (2, 2)) for subnet in (*SUBNETS, NAT_SUBNET)}
        openly = [entry(100 + index, egress, "allow", cidr) for egress in (True, False)
                  for index, cidr in enumerate(("0.0.0.0/0", "::/0"))]
        near = [documents.network_acl(f"acl-{self.number:08x}{number}", self.vpc,
                                      [self.subnet_id(one) for one, acl in chosen.items() if acl == number],
                                      openly if number == 0 else self._entries(), number == 0) for number in range(3)]
        return [*near, documents.network_acl(f"acl-{self.number:08x}3", self.far_vpc, map(self.subnet_id, FAR_SUBNETS),
                                             openly if self.chance(0.5) else self._entries())]

    def _out(self):
        """A target for public ranges: the member and the id, and the state."""
        return self.pick((5, ("NatGatewayId", "nat-0", "active")), (3, ("GatewayId", "igw-0", "active")),
                         (1, ("NatGatewayId", "nat-gone", "blackhole")))

    def _routes(self):
        made = [route(cidr, "GatewayId", "local", origin="CreateRouteTable") for cidr in (self.cidr, self.cidr6)]
        if self.chance(0.6):
            made.append(route(self.list_id("a"), "GatewayId", "vpce-gateway"))
        if self.chance(0.7):
            made.append(route("0.0.0.0/0", *self._out()))
        if self.chance(0.7):
            made.append(route(self.far_cidr, "VpcPeeringConnectionId", "pcx-0"))
        for cidr in ("52.218.0.0/17", "52.218.0.0/16", "52.218.30.0/24", "3.5.64.0/21"):
            if self.chance(0.12):
                made.append(route(cidr, *self._out()))
        self.random.shuffle(made)
        return made

    def _far_routes(self):
        made = [route(self.far_cidr, "GatewayId", "local", origin="CreateRouteTable")]
        if self.chance(0.85):
            near = self.pick((4, self.cidr), (3, f"10.{self.slot}.1.0/24"), (1, f"10.{self.slot}.2.0/24"))
            made.append(route(near, "VpcPeeringConnectionId", "pcx-0"))
        if self.chance(0.15):
            made.append(route(self.pick((1, "10.0.0.0/8"), (1, f"{self.task[0]}/32")), "NatGatewayId", "nat-gone", "blackhole"))
        return made

    def _route_tables(self):
        private = [self.subnet_id(one) for one in SUBNETS if self.chance(0.6)]
        public = [route(cidr, "GatewayId", "local", origin="CreateRouteTable") for cidr in (self.cidr, self.cidr6)]
        if self.chance(0.85):
            public.append(route("0.0.0.0/0", "GatewayId", "igw-0"))
        return [documents.route_table(f"rtb-{self.number:08x}0", self.vpc, [], self._routes(), True),
                documents.route_table(f"rtb-{self.number:08x}1", self.vpc, private, self._routes()),
                documents.route_table(f"rtb-{self.number:08x}2", self.vpc, [self.subnet_id(NAT_SUBNET)], public),
                documents.route_table(f"rtb-{self.number:08x}3", self.far_vpc, [self.subnet_id(FAR_SUBNETS[0])], self._far_routes()),
                documents.route_table(f"rtb-{self.number:08x}4", self.far_vpc, [], self._far_routes(), True)]

    def _endpoints(self):
        made = [documents.endpoint(host["endpoint"], host["vpc"], "com.amazonaws.eu-west-1.execute-api", "Interface",
                                   SubnetIds=[self.subnet_id(host["subnet"])], NetworkInterfaceIds=[host["id"]],
                                   Groups=[{"GroupId": group, "GroupName": group} for group in host["groups"]])
                for host in self.hosts if host["endpoint"]]
        return [*made, documents.endpoint("vpce-gateway", self.vpc, "com.amazonaws.eu-west-1.s3", "Gateway")]

    def _interfaces(self):
        made = [documents.network_interface(host["id"], host["vpc"], self.subnet_id(host["subnet"]), host["addresses"],
                                            host["groups"], "vpc_endpoint" if host["endpoint"] else "interface",
                                            f"VPC Endpoint Interface {host['endpoint']}" if host["endpoint"] else "host")
                for host in self.hosts]
        groups = [self.group_id(one) for one in self.some(GROUPS, 1, 2)]
        public = {"Association": {"PublicIp": "198.51.100.7", "IpOwnerId": "amazon"}} if self.public_address else {}
        return [*made, documents.network_interface("eni-task", self.vpc, self.subnet_id(1), self.task, groups,
                                                   description="task", **public)]
