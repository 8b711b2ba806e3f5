"""The configuration of a scenario's VPC, as the AWS CLI prints it: from the same settings that build the namespaces.

The fault stands where it stands in AWS: a closed group is a group without the rule, a shadowed name is a private
zone. What no configuration shows (a lossy link, a certificate) is not here.
"""
import ipaddress

from vpc import documents
from vpc.documents import entry, identifier, permission, route

ALL = ("0.0.0.0/0", "::/0")
DOCUMENTATION = ipaddress.ip_network("203.0.113.0/24")  # never an address of AWS
HTTPS, NFS = (443, 443), (2049, 2049)
TASK_PORTS = (1024, 65535)
SUBNETS = {2: "b", 3: "c"}  # the third octet of a subnet, and its zone; all others lie in zone a


def _around(address, prefix):
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


def _holds(cidr, address):
    return ipaddress.ip_address(address) in ipaddress.ip_network(cidr)


class Configuration:
    """The documents of one scenario. Ids come from names, so they are the same in every scenario."""

    def __init__(self, scenario):
        self.scenario = scenario
        self.vpc = identifier("vpc", "lab")
        self.task_group = identifier("sg", "task")
        self.endpoint_group = identifier("sg", "endpoints")
        self.default_group = identifier("sg", "default")
        self.private_table = identifier("rtb", "private")
        self.prefix_list = identifier("pl", "s3")
        self.groups, self.interfaces, self.endpoints = [], [], []
        self._lay_out()
        self._find_closed()
        self._add_groups()
        self._add_endpoints()

    def documents(self):
        """Every document, by the command that prints it."""
        return {
            "get-caller-identity": {"Account": self.scenario.account,
                                    "Arn": f"arn:aws:iam::{self.scenario.account}:role/operator", "UserId": "AROALAB"},
            "describe-vpcs": {"Vpcs": [documents.vpc(self.vpc, self.ranges, self.dhcp, self.scenario.account)]},
            "describe-vpc-attribute-enable-dns-support": {
                "VpcId": self.vpc, "EnableDnsSupport": {"Value": not self._is_amazon_silent()}},
            "describe-vpc-attribute-enable-dns-hostnames": {
                "VpcId": self.vpc, "EnableDnsHostnames": {"Value": not self._are_all_names_off()}},
            "describe-dhcp-options": {"DhcpOptions": self._dhcp_options()},
            "describe-subnets": {"Subnets": self._subnets()},
            "describe-security-groups": {"SecurityGroups": self.groups},
            "describe-network-acls": {"NetworkAcls": self._acls()},
            "describe-route-tables": {"RouteTables": self._route_tables()},
            "describe-vpc-endpoints": {"VpcEndpoints": self.endpoints},
            "describe-network-interfaces": {"NetworkInterfaces": self.interfaces},
            "describe-nat-gateways": {"NatGateways": self._nat_gateways()},
            "describe-internet-gateways": {"InternetGateways": self._internet_gateways()},
            "describe-vpc-peering-connections": {"VpcPeeringConnections": []},
            "describe-transit-gateway-vpc-attachments": {"TransitGatewayVpcAttachments": []},
            **self._prefix_lists(),
            **self._names(),
        }

    # Subnets, and who has which address.

    def _lay_out(self):
        scenario = self.scenario
        self.task_addresses = [scenario.task["address"].split("/")[0]]
        if scenario.task["address6"]:
            self.task_addresses.append(scenario.task["address6"].split("/")[0])
        inside = [*self.task_addresses, *scenario.private_addresses]
        old = [address for address in inside if ":" not in address]
        self.cidrs = list(dict.fromkeys(_around(address, 24) for address in old))
        self.ipv6 = list(dict.fromkeys(_around(address, 64) for address in inside if ":" in address))
        self.ranges = list(dict.fromkeys([_around(address, 16) for address in old] +
                                         [_around(cidr.split("/")[0], 56) for cidr in self.ipv6]))
        self.public = self.ranges[0].replace(".0.0/16", ".100.0/24")
        self.task_subnet = self.subnet_of(self.task_addresses[0])
        self.dhcp = identifier("dopt", "lab")

    def _third(self, cidr):
        return ipaddress.ip_network(cidr).network_address.packed[2]

    def _ipv6_of(self, cidr):
        """2a05:d018:1:101::/64 goes with 10.0.1.0/24."""
        return [other for other in self.ipv6 if ipaddress.ip_network(other).network_address.packed[7] == self._third(cidr)]

    def subnet_of(self, address):
        for cidr in self.cidrs:
            if any(_holds(one, address) for one in [cidr, *self._ipv6_of(cidr)] if (":" in one) == (":" in address)):
                return identifier("subnet", cidr)
        raise ValueError(f"{self.scenario.name}: no subnet has {address}")

    def _subnets(self):
        made = [documents.subnet(identifier("subnet", cidr), self.vpc, cidr, self._zone(cidr), self._ipv6_of(cidr),
                                 account=self.scenario.account, name=f"private-{self._zone(cidr)[-1]}")
                for cidr in self.cidrs]
        return [*made, documents.subnet(identifier("subnet", "public"), self.vpc, self.public, self._zone(self.public),
                                        account=self.scenario.account, name="public-a")]

    def _zone(self, cidr):
        return self.scenario.region + SUBNETS.get(self._third(cidr), "a")

    # Security groups. A single address that is denied cannot be a group's doing: the network ACL denies it.

    def _find_closed(self):
        denied = self.scenario["filters"]["endpoint_ingress_denied"]
        self.closed = [subject for subject in denied if subject in self.scenario.endpoints]
        self.denied_addresses = [subject for subject in denied if subject not in self.closed and "/" not in subject]
        self.old_only = any("/" in subject and ":" in subject for subject in denied)
        served = [one.name for one in self.scenario.endpoints.values() if one.private]
        self.all_closed = len(self.closed) > 1 and set(served) == set(self.closed)

    def group_of(self, name):
        if name not in self.closed:
            return self.endpoint_group
        return self.default_group if self.all_closed else identifier("sg", name)

    def _add_groups(self):
        out = [permission(ranges=ALL)]
        allowed = self.scenario["filters"]["task_egress"]
        egress = [permission(HTTPS, ranges=self._ranges_of(allowed))] if allowed else out
        here = {"ranges": [_around(self.task_addresses[0], 24)]} if self.old_only else {"groups": [self.task_group]}
        if self.scenario["routes"]["nat64"] and not self.old_only:
            here["ranges"] = [self._nat_address() + "/32"]  # what it translates comes from its own address
        self._group(self.task_group, "task", [], egress)
        self._group(self.endpoint_group, "endpoints", [permission(HTTPS, **here), permission(NFS, **here)], out)
        self._group(self.default_group, "default", [permission(groups=[self.default_group])], out)
        others = [permission(HTTPS, groups=[identifier("sg", "other-tasks")])]
        for name in [] if self.all_closed else self.closed:
            self._group(identifier("sg", name), name, others, out)
        self._interface("task", self.task_subnet, self.task_addresses, [self.task_group])

    def _ranges_of(self, subjects):
        ranges = [one for subject in subjects for one in self.scenario.addresses(subject)]
        return [one if "/" in one else f"{one}/{128 if ':' in one else 32}" for one in ranges]

    def _group(self, identity, name, ingress, egress):
        self.groups.append(documents.security_group(identity, self.vpc, name, ingress, egress, self.scenario.account))

    def _interface(self, name, subnet, addresses, groups, kind="interface", description="", **more):
        identity = identifier("eni", f"{name} {addresses[0]}")
        self.interfaces.append(documents.network_interface(identity, self.vpc, subnet, addresses, groups, kind,
                                                           description or name, self.scenario.account, **more))
        return identity

    # Endpoints, and other hosts of the VPC: a database, a registry, a mount target.

    def _add_endpoints(self):
        for one in self.scenario.endpoints.values():
            if not one.private:
                continue
            if one.kind != "nfs" and one.hosts[0].endswith(self.scenario.suffix):
                self._interface_endpoint(one)
            else:
                for address in one.private:
                    self._interface(one.name, self.subnet_of(address), [address], [self.group_of(one.name)],
                                    "efs" if one.kind == "nfs" else "interface")
        if self._has_gateway():
            tables = [self.private_table if self.scenario["routes"]["s3_gateway"] else identifier("rtb", "main")]
            self.endpoints.append(documents.endpoint(
                identifier("vpce", "s3 gateway"), self.vpc, self._service("s3", self.scenario.region), "Gateway",
                self._policy("s3"), self.scenario.account, "s3", RouteTableIds=tables))

    def _has_gateway(self):
        """A VPC with other endpoints has one for S3, at least for another route table."""
        if self.scenario["routes"]["s3_gateway"]:
            return True
        return bool(self.endpoints) and not self.scenario.endpoints["s3"].private

    def _service(self, name, region):
        """cn-north-1 has names of its own for most services."""
        is_own_name = self.scenario.suffix.endswith(".cn") and name in ("ecr.api", "ecr.dkr")
        return f"{'cn.' if is_own_name else ''}com.amazonaws.{region}.{name}"

    def _interface_endpoint(self, one):
        labels = one.hosts[0].removeprefix("*.").removesuffix("." + self.scenario.suffix).split(".")
        region = labels.pop()
        name = ".".join(reversed(labels))  # dkr.ecr -> ecr.dkr
        identity = identifier("vpce", one.name)
        by_subnet = {}
        for address in one.private:
            by_subnet.setdefault((self.subnet_of(address), None if ":" in address else address), []).append(address)
        for (subnet, old), addresses in [item for item in by_subnet.items() if item[0][1] is None]:
            next(other for key, other in by_subnet.items() if key[0] == subnet and key[1]).extend(addresses)
        interfaces = [self._interface(one.name, subnet, addresses, [self.group_of(one.name)], "vpc_endpoint",
                                      f"VPC Endpoint Interface {identity}")
                      for (subnet, old), addresses in by_subnet.items() if old]
        has_name = (one.private_dns or self._are_all_names_off()) and not self._zone_over(one)
        self.endpoints.append(documents.endpoint(
            identity, self.vpc, self._service(name, region), "Interface", self._policy(one.name),
            self.scenario.account, one.name, SubnetIds=list(dict.fromkeys(subnet for subnet, _ in by_subnet)),
            NetworkInterfaceIds=interfaces, PrivateDnsEnabled=has_name,
            Groups=[{"GroupId": self.group_of(one.name), "GroupName": one.name}]))

    def _policy(self, name):
        """What the endpoint's policy must be where AWS's answer names it."""
        refused = [self.scenario["images"][step] for step in ("manifests", "blobs")]
        images = {"ecr:BatchGetImage": "implicit:VPC endpoint policy"} if "refused:VPC endpoint policy" in refused else {}
        for action, answer in {**self.scenario["api"], **(images if name == "ecr.dkr" else {})}.items():
            effect, _, policy = answer.partition(":")
            if policy != "VPC endpoint policy" or name.split(".")[0] != action.split(":")[0]:
                continue
            if effect == "explicit":
                deny = {"Sid": "Closed", "Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"}
                return {"Statement": [*documents.OPEN_POLICY["Statement"], deny]}
            allow = {"Effect": "Allow", "Principal": "*", "Action": f"{action.split(':')[0]}:Describe*", "Resource": "*"}
            return {"Statement": [allow]}
        return None

    # Network ACLs and routes.

    def _acls(self):
        every = [identifier("subnet", cidr) for cidr in self.cidrs] + [identifier("subnet", "public")]
        families = ALL if self.ipv6 else ALL[:1]
        open_entries = [entry(100 + number, egress, "allow", cidr)
                        for egress in (True, False) for number, cidr in enumerate(families)]
        own = self._own_acl_entries(families)
        usual = [one for one in every if not own or one != self.task_subnet]
        acls = [documents.network_acl(identifier("acl", "default"), self.vpc, usual, open_entries, True,
                                      self.scenario.account)]
        if own:
            acls.append(documents.network_acl(identifier("acl", "private"), self.vpc, [self.task_subnet], own, False,
                                              self.scenario.account, "private"))
        return acls

    def _own_acl_entries(self, families):
        """Those of the task's subnet, where they are not the usual ones."""
        denied = self._ranges_of(self.scenario["filters"]["acl_inbound_denied"])
        if "0.0.0.0/0" in denied:  # 443 both ways, and no ephemeral ports
            return [entry(100, egress, "allow", "0.0.0.0/0", HTTPS) for egress in (True, False)]
        entries = [entry(50 + number, False, "deny", cidr, TASK_PORTS) for number, cidr in enumerate(denied)]
        entries += [entry(50 + number, True, "deny", cidr, HTTPS)
                    for number, cidr in enumerate(self._ranges_of(self.denied_addresses))]
        return entries and entries + [entry(100 + number, egress, "allow", cidr)
                                      for egress in (True, False) for number, cidr in enumerate(families)]

    def _route_tables(self):
        local = [route(cidr, "GatewayId", "local", origin="CreateRouteTable") for cidr in self.ranges]
        private, out = list(local), []
        if self.scenario["routes"]["s3_gateway"]:
            private.append(route(self.prefix_list, "GatewayId", identifier("vpce", "s3 gateway")))
        if self._has_nat():
            out = [route("0.0.0.0/0", "GatewayId", identifier("igw", "lab"))]
        if self.scenario["routes"]["nat64"]:
            private.append(route("64:ff9b::/96", "NatGatewayId", identifier("nat", "lab")))
        if self.scenario["routes"]["nat"]:
            private.append(route("0.0.0.0/0", "NatGatewayId", identifier("nat", "lab")))
        account = self.scenario.account
        subnets = [identifier("subnet", cidr) for cidr in self.cidrs]
        return [documents.route_table(identifier("rtb", "main"), self.vpc, [], local, True, account, "main"),
                documents.route_table(self.private_table, self.vpc, subnets, private, False, account, "private"),
                documents.route_table(identifier("rtb", "public"), self.vpc, [identifier("subnet", "public")],
                                      local + out, False, account, "public")]

    def _nat_address(self):
        return self.public.replace(".0/24", ".10")

    def _has_nat(self):
        return self.scenario["routes"]["nat"] or self.scenario["routes"]["nat64"]

    def _nat_gateways(self):
        if not self._has_nat():
            return []
        return [{"NatGatewayId": identifier("nat", "lab"), "VpcId": self.vpc, "SubnetId": identifier("subnet", "public"),
                 "State": "available", "ConnectivityType": "public", "Tags": documents.named("lab"),
                 "NatGatewayAddresses": [{"PrivateIp": self._nat_address(), "PublicIp": "198.51.100.10"}]}]

    def _internet_gateways(self):
        if not self._has_nat():
            return []
        return [{"InternetGatewayId": identifier("igw", "lab"), "OwnerId": self.scenario.account, "Tags": [],
                 "Attachments": [{"State": "available", "VpcId": self.vpc}]}]

    def _prefix_lists(self):
        name = f"com.amazonaws.{self.scenario.region}.s3"
        ranges = self.scenario["routes"]["prefix_list"]
        managed = {"PrefixListId": self.prefix_list, "PrefixListName": name, "AddressFamily": "IPv4", "OwnerId": "AWS",
                   "State": "create-complete"}
        return {"describe-prefix-lists": {"PrefixLists": [
                    {"PrefixListId": self.prefix_list, "PrefixListName": name, "Cidrs": ranges}]},
                "describe-managed-prefix-lists": {"PrefixLists": [managed]},
                f"get-managed-prefix-list-entries-{self.prefix_list}": {
                    "PrefixListId": self.prefix_list, "Entries": [{"Cidr": cidr} for cidr in ranges]}}

    # Names: what is put before the resolver of Amazon, or makes it silent.

    def _is_amazon_silent(self):
        return self.scenario["vpc"]["resolver"] in self.scenario["filters"]["silent_resolvers"]

    def _are_all_names_off(self):
        """Where no endpoint has its name, it is the VPC's attribute."""
        served = [one for one in self.scenario.endpoints.values() if one.private]
        return len(served) > 1 and not any(one.private_dns for one in served)

    def _dhcp_options(self):
        own = {self.scenario["vpc"]["resolver"], "169.254.169.253"}
        servers = self.scenario.task["nameservers"]
        named = ["AmazonProvidedDNS"] if set(servers) <= own else servers
        return [documents.dhcp_options(self.dhcp, named, self.scenario.region, self.scenario.account),
                documents.dhcp_options(identifier("dopt", "amazon"), ["AmazonProvidedDNS"], self.scenario.region,
                                       self.scenario.account)]

    def _zone_over(self, one):
        """The name of the VPC's own private zone that answers for an endpoint's name; empty for none."""
        said = self.scenario["names"].get(one.name)
        is_elsewhere = any(":" not in address and _holds(DOCUMENTATION, address) for address in one.public)
        host = one.hosts[0].removeprefix("*.")
        return host if isinstance(said, (list, dict)) or said in ("missing", "empty") or is_elsewhere else ""

    def _names(self):
        zones, rules, associations = [], [], []
        for one in self.scenario.endpoints.values():
            said = self.scenario["names"].get(one.name)
            host = one.hosts[0].removeprefix("*.")
            if self._zone_over(one):
                zones.append(self._zone_document(host, {"OwningAccount": self.scenario.account}))
            if one.private and one.private_dns and not self._zone_over(one) and one.hosts[0].endswith(self.scenario.suffix):
                zones.append(self._zone_document(host, {"OwningService": "vpce.amazonaws.com"}, one.name))
            if said in ("servfail", "silent", "refused"):
                rules.append({"Id": identifier("rslvr-rr", host), "DomainName": host + ".", "RuleType": "FORWARD",
                              "Name": one.name, "Status": "COMPLETE", "TargetIps": [{"Ip": "10.0.9.99", "Port": 53}]})
                associations.append({"Id": identifier("rslvr-rrassoc", host), "VPCId": self.vpc, "Status": "COMPLETE",
                                     "ResolverRuleId": identifier("rslvr-rr", host)})
        for host, said in self.scenario["names"].items():
            if said == "missing" and host not in self.scenario.endpoints:
                zones.append(self._zone_document(host, {"OwningAccount": self.scenario.account}))
        return {"list-hosted-zones-by-vpc": {"HostedZoneSummaries": zones, "MaxItems": "100"},
                "list-resolver-rules": {"ResolverRules": rules},
                "list-resolver-rule-associations": {"ResolverRuleAssociations": associations},
                "list-firewall-rule-group-associations": {"FirewallRuleGroupAssociations": []}}

    def _zone_document(self, host, owner, name=""):
        letters = identifier("Z", f"{host} {name}").removeprefix("Z-").upper()
        return {"HostedZoneId": f"Z{letters}", "Name": host + ".", "Owner": owner}


def write(scenario, directory):
    """Every document of the scenario into this directory."""
    documents.write(directory, Configuration(scenario).documents())
