"""Security groups, network ACLs and lossy or narrow links, as nft rules on the router; and which address is
served by whom, as nft rules where the servers are.

What is like the task in another subnet has a link whose name begins with the task's: groups and routers hold for all of
them, the network ACL for the task's subnet alone."""
import ipaddress
import json
import subprocess

OF_TASK, OF_GROUP = 'iifname "task"', 'iifname "task*"'
SYN = "tcp flags & (syn | ack) == syn"


def _by_family(addresses):
    """(nft selector, set text) for the IPv4 and the IPv6 part of `addresses`."""
    for selector, part in (("ip", [a for a in addresses if ":" not in a]), ("ip6", [a for a in addresses if ":" in a])):
        if part:
            yield selector, "{ " + ", ".join(sorted(set(part))) + " }"


def _own_subnet(scenario, selector):
    interface = scenario.task["address" if selector == "ip" else "address6"]
    return f"{selector} saddr != {ipaddress.ip_interface(interface).network}" if interface else ""


def router_rules(scenario):
    filters = scenario["filters"]
    rules = []
    if filters["all_lost_ms"]:
        rules.append("iifname task tcp dport 443 ip saddr != @began add @began { ip saddr } "
                     f"add @outage {{ ip saddr timeout {filters['all_lost_ms']}ms }}")
        rules += ["ip saddr @outage drop", "ip daddr @outage drop"]
    if filters["loss_percent"]:
        rules.append(f"numgen random mod 100 < {filters['loss_percent']} drop")
    for selector, targets in _by_family(filters["silent_resolvers"]):
        rules.append(f"{selector} daddr {targets} drop")
    for selector, targets in _by_family(filters["silent_tcp_resolvers"]):
        rules.append(f"{selector} daddr {targets} tcp dport 53 drop")
    # A network ACL keeps no state, so it comes before the established connections. Inside a subnet there is none.
    for selector, sources in _by_family(scenario.all_addresses(filters["acl_inbound_denied"])):
        own = _own_subnet(scenario, selector)
        rules.append(f'oifname "task" {selector} saddr {sources} {own} tcp sport 443 tcp dport 1024-65535 drop')
    if filters["largest_packet"]:
        for selector, sources in _by_family(scenario.all_addresses(filters["largest_packet_from"])):
            rules.append(f"{selector} saddr {sources} meta length > {filters['largest_packet']} drop")
    for selector, targets in _by_family(scenario.all_addresses(filters["first_syn_lost"])):
        seen = f"{selector} daddr . tcp sport"
        rules.append(f"{SYN} {selector} daddr {targets} {seen} != @seen_{selector} "
                     f"add @seen_{selector} {{ {seen} }} drop")
    for selector, targets in _by_family(scenario.all_addresses(filters["one_syn_lost"])):
        rules.append(f"{SYN} {selector} daddr {targets} {selector} daddr != @met_{selector} "
                     f"add @met_{selector} {{ {selector} daddr }} drop")
    rules.append("ct state established,related accept")
    for subject in filters["endpoint_ingress_denied"]:
        links = OF_GROUP if subject in scenario.endpoints or "/" in subject else OF_TASK  # one address: an ACL's doing
        for selector, targets in _by_family(scenario.addresses(subject)):
            rules.append(f"{links} {selector} daddr {targets} drop")
    for selector, targets in _by_family(scenario.all_addresses(filters["refusing_router"])):
        to_them = f"{OF_GROUP} {selector} daddr {targets}"
        rules.append(f"{to_them} limit rate 1/hour burst {filters['refusals']} packets reject with icmpx type admin-prohibited")
        rules.append(f"{to_them} drop")
    if filters["task_egress"]:
        for selector, targets in _by_family(scenario.all_addresses(filters["task_egress"])):
            rules.append(f"{OF_GROUP} tcp dport 443 {selector} daddr {targets} accept")
        rules.append(f"{OF_GROUP} tcp dport 443 drop")
    return f"""
table inet vpc {{
  set seen_ip {{ type ipv4_addr . inet_service; flags dynamic; size 65535; timeout 60s; }}
  set seen_ip6 {{ type ipv6_addr . inet_service; flags dynamic; size 65535; timeout 60s; }}
  set met_ip {{ type ipv4_addr; flags dynamic; size 65535; }}
  set met_ip6 {{ type ipv6_addr; flags dynamic; size 65535; }}
  set syns_ip {{ type ipv4_addr; flags dynamic; size 65535; counter; }}
  set syns_ip6 {{ type ipv6_addr; flags dynamic; size 65535; counter; }}
  set began {{ type ipv4_addr; flags dynamic; size 16; }}
  set outage {{ type ipv4_addr; flags dynamic,timeout; size 16; }}
  chain count {{
    type filter hook prerouting priority -300; policy accept;
    iifname task {SYN} add @syns_ip {{ ip daddr }}
    iifname task {SYN} add @syns_ip6 {{ ip6 daddr }}
  }}
  chain forward {{
    type filter hook forward priority 0; policy accept;
    {chr(10).join("    " + rule for rule in rules).strip()}
  }}
}}
"""


def server_rules(port_of_address):
    """Sends 443 of these addresses to another local port; port 0: no one listens there."""
    redirects = []
    for selector, address, port in ((("ip6" if ":" in a else "ip"), a, p) for a, p in port_of_address.items()):
        action = f"redirect to :{port}" if port else "redirect to :9"  # the discard port, where nothing listens
        redirects.append(f"{selector} daddr {address} tcp dport 443 {action}")
    return f"""
table inet servers {{
  chain prerouting {{
    type nat hook prerouting priority -100; policy accept;
    {chr(10).join("    " + rule for rule in redirects).strip()}
  }}
}}
"""


def syns(network):
    """How many SYNs the task sent to each address, as the router counts them."""
    counts = {}
    for name in ("syns_ip", "syns_ip6"):
        with network.entered():
            told = subprocess.run(["nft", "-j", "list", "set", "inet", "vpc", name], capture_output=True, text=True, check=True)
        for part in json.loads(told.stdout)["nftables"]:
            for element in part.get("set", {}).get("elem", []):
                counts[element["elem"]["val"]] = element["elem"]["counter"]["packets"]
    return counts


def load(network, rules):
    with network.entered():
        done = subprocess.run(["nft", "-f", "-"], input=rules, text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"nft: {done.stderr.strip()}\n{rules}")
