"""Elements of a VPC as `aws … --output json` prints them, and the directory that `vpc-probe doctor --config` reads:
one file for each call, by the name of the command."""
import hashlib
import json

ACCOUNT = "111122223333"
REGION = "eu-west-1"
LAST = 32767  # RuleNumber of the entry that denies what no other entry takes


def identifier(prefix, name):
    """The same name gives the same id in every scenario: `sg-0…`, 17 hexadecimal digits."""
    return f"{prefix}-0{hashlib.sha256(f'{prefix} {name}'.encode()).hexdigest()[:16]}"


def named(name):
    return [{"Key": "Name", "Value": name}]


def _is_ipv6(cidr):
    return ":" in cidr


def vpc(identity, ranges, dhcp_options, account=ACCOUNT, name="lab"):
    def associations(family, chosen):
        return [{"AssociationId": identifier("vpc-cidr-assoc", cidr), family: cidr,
                 f"{family}State": {"State": "associated"}} for cidr in chosen]
    old = [cidr for cidr in ranges if not _is_ipv6(cidr)]
    new = [cidr for cidr in ranges if _is_ipv6(cidr)]
    return {"VpcId": identity, "CidrBlock": old[0], "CidrBlockAssociationSet": associations("CidrBlock", old),
            "Ipv6CidrBlockAssociationSet": associations("Ipv6CidrBlock", new), "DhcpOptionsId": dhcp_options,
            "State": "available", "OwnerId": account, "InstanceTenancy": "default", "IsDefault": False,
            "Tags": named(name)}


def subnet(identity, of_vpc, cidr, zone, ipv6=(), free=240, account=ACCOUNT, name=""):
    return {"SubnetId": identity, "VpcId": of_vpc, "CidrBlock": cidr, "AvailabilityZone": zone,
            "AvailableIpAddressCount": free, "State": "available", "OwnerId": account, "MapPublicIpOnLaunch": False,
            "Ipv6CidrBlockAssociationSet": [{"AssociationId": identifier("subnet-cidr-assoc", other),
                                             "Ipv6CidrBlock": other, "Ipv6CidrBlockState": {"State": "associated"}}
                                            for other in ipv6], "Tags": named(name) if name else []}


def permission(ports=None, ranges=(), groups=(), lists=(), protocol="tcp", account=ACCOUNT):
    """One entry of IpPermissions; no ports: everything."""
    rule = {"IpProtocol": protocol if ports or protocol not in ("tcp", "udp") else "-1"}
    if ports:
        rule |= {"FromPort": ports[0], "ToPort": ports[1]}
    return rule | {"IpRanges": [{"CidrIp": cidr} for cidr in ranges if not _is_ipv6(cidr)],
                   "Ipv6Ranges": [{"CidrIpv6": cidr} for cidr in ranges if _is_ipv6(cidr)],
                   "PrefixListIds": [{"PrefixListId": one} for one in lists],
                   "UserIdGroupPairs": [{"GroupId": group, "UserId": account} for group in groups]}


def security_group(identity, of_vpc, name, ingress, egress, account=ACCOUNT):
    return {"GroupId": identity, "GroupName": name, "Description": name, "VpcId": of_vpc, "OwnerId": account,
            "IpPermissions": ingress, "IpPermissionsEgress": egress, "Tags": []}


def entry(number, egress, action, cidr, ports=None, protocol=None):
    """One entry of a network ACL; no ports and no protocol: all traffic."""
    one = {"RuleNumber": number, "Egress": egress, "RuleAction": action,
           "Protocol": protocol or ("6" if ports else "-1"), "Ipv6CidrBlock" if _is_ipv6(cidr) else "CidrBlock": cidr}
    return one | ({"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {})


def network_acl(identity, of_vpc, subnets, entries, default=False, account=ACCOUNT, name=""):
    last = [entry(LAST, egress, "deny", "0.0.0.0/0") for egress in (True, False)]
    return {"NetworkAclId": identity, "VpcId": of_vpc, "IsDefault": default, "OwnerId": account,
            "Associations": [{"NetworkAclAssociationId": identifier("aclassoc", one), "NetworkAclId": identity,
                              "SubnetId": one} for one in subnets],
            "Entries": [*entries, *last], "Tags": named(name) if name else []}


def route(to, member, target, state="active", origin="CreateRoute"):
    """`member`: where the target stands: GatewayId, NatGatewayId …"""
    key = ("DestinationPrefixListId" if to.startswith("pl-") else
           "DestinationIpv6CidrBlock" if _is_ipv6(to) else "DestinationCidrBlock")
    return {key: to, member: target, "State": state, "Origin": origin}


def route_table(identity, of_vpc, subnets, routes, main=False, account=ACCOUNT, name=""):
    associated = {"AssociationState": {"State": "associated"}, "RouteTableId": identity}
    associations = [{"Main": False, "SubnetId": one, "RouteTableAssociationId": identifier("rtbassoc", one), **associated}
                    for one in subnets]
    if main:
        associations.append({"Main": True, "RouteTableAssociationId": identifier("rtbassoc", identity), **associated})
    return {"RouteTableId": identity, "VpcId": of_vpc, "Associations": associations, "Routes": routes,
            "PropagatingVgws": [], "OwnerId": account, "Tags": named(name) if name else []}


OPEN_POLICY = {"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}


def endpoint(identity, of_vpc, service, kind, policy=None, account=ACCOUNT, name="", **more):
    return {"VpcEndpointId": identity, "VpcEndpointType": kind, "VpcId": of_vpc, "ServiceName": service,
            "State": "available", "PolicyDocument": json.dumps(policy or OPEN_POLICY), "RouteTableIds": [],
            "SubnetIds": [], "Groups": [], "PrivateDnsEnabled": False, "RequesterManaged": False,
            "NetworkInterfaceIds": [], "DnsEntries": [], "OwnerId": account, "Tags": named(name) if name else [], **more}


def network_interface(identity, of_vpc, of_subnet, addresses, groups, kind="interface", description="",
                      account=ACCOUNT, **more):
    old = [address for address in addresses if not _is_ipv6(address)]
    new = [address for address in addresses if _is_ipv6(address)]
    return {"NetworkInterfaceId": identity, "VpcId": of_vpc, "SubnetId": of_subnet, "InterfaceType": kind,
            "Description": description, "Status": "in-use", "SourceDestCheck": True, "OwnerId": account,
            "PrivateIpAddress": old[0],
            "PrivateIpAddresses": [{"Primary": address == old[0], "PrivateIpAddress": address} for address in old],
            "Ipv6Addresses": [{"Ipv6Address": address} for address in new],
            "Groups": [{"GroupId": group, "GroupName": group} for group in groups], "TagSet": [], **more}


def dhcp_options(identity, servers, region=REGION, account=ACCOUNT):
    def configuration(key, values):
        return {"Key": key, "Values": [{"Value": value} for value in values]}
    return {"DhcpOptionsId": identity, "OwnerId": account, "Tags": [],
            "DhcpConfigurations": [configuration("domain-name", [f"{region}.compute.internal"]),
                                   configuration("domain-name-servers", servers)]}


def write(directory, documents):
    """One file for each document; `documents`: by the name of the command that prints it."""
    directory.mkdir(parents=True, exist_ok=True)
    for command, document in documents.items():
        (directory / f"{command}.json").write_text(json.dumps(document, indent=2) + "\n")
