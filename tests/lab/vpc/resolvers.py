"""unbound as Amazon's resolver at VPC+2 and 169.254.169.253, and as whatever else answers names in the scenario."""

ROLES = ("amazon", "forwarder", "public-only")  # those of unbound; the others are in servers/dns_faults.py

_CONFIG = """
server:
  username: ""
  chroot: ""
  directory: "{work}"
  pidfile: ""
  do-daemonize: no
  use-syslog: no
  log-time-ascii: yes
  verbosity: 0
{interfaces}
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
  module-config: "iterator"
  num-threads: 1
  outgoing-range: 256
  edns-buffer-size: 4096
  max-udp-size: {max_udp}
  qname-minimisation: no
  do-not-query-localhost: no
  infra-host-ttl: 0
  rrset-roundrobin: yes
{zones}
remote-control:
  control-enable: no
{upstream}
"""
_AUTHORITY = """
auth-zone:
  name: "."
  zonefile: "{zonefile}"
  for-upstream: yes
  for-downstream: no
  fallback-enabled: no
"""
_FORWARD = """
forward-zone:
  name: "."
  forward-addr: {target}
"""
_ANSWER_ZONES = {"refused": "always_refuse", "silent": "always_deny", "missing": "always_nxdomain"}


def zone(scenario, inside):
    """Every name of the world as a root zone. `inside`: with the VPC's private hosted zones."""
    lines = [". 3600 IN SOA ns. hostmaster. 1 3600 600 86400 60", ". 3600 IN NS ns.", "ns. 3600 IN A 10.0.0.2"]
    for endpoint in scenario.endpoints.values():
        said = scenario["names"].get(endpoint.name) if inside else None
        for host in endpoint.hosts:
            addresses = endpoint.answer(inside)
            translated = scenario.made_up(addresses) if inside else []
            lines += _records(host, scenario["names"].get(host, said) if inside else None, addresses + translated)
    known = {host for endpoint in scenario.endpoints.values() for host in endpoint.hosts}
    for host, addresses in scenario["elsewhere"].items():
        if host not in known:
            lines += _records(host, None, addresses)
    for host, said in scenario["names"].items():
        if host not in known and host not in scenario.endpoints:
            lines += _records(host, said, [])
    return "\n".join(lines) + "\n"


def _records(host, said, addresses):
    if isinstance(said, list):
        addresses = said
    elif isinstance(said, dict):
        return [f"{host}. 60 IN CNAME {said['cname']}."]
    elif said == "empty":
        return [f'{host}. 60 IN TXT "no address"']
    elif said == "servfail":
        return [f"{host}. 60 IN CNAME {host}."]  # a loop, which a resolver answers with SERVFAIL
    elif said == "missing":
        return []
    elif said not in (None, "refused", "silent"):
        raise ValueError(f"names: {host}: '{said}' is no answer")
    return [f"{host}. 60 IN {'AAAA' if ':' in address else 'A'} {address}" for address in addresses]


def unbound_config(scenario, role, addresses, work, number):
    """unbound.conf for a resolver of this role at these addresses; writes its zone file beside it."""
    upstream = _FORWARD.format(target=scenario["vpc"]["resolver"])
    if role != "forwarder":
        zonefile = work / f"zone{number}"
        zonefile.write_text(zone(scenario, role != "public-only"))
        upstream = _AUTHORITY.format(zonefile=zonefile)
    zones = []
    for subject, said in scenario["names"].items() if role == "amazon" else []:
        hosts = scenario.endpoints[subject].hosts if subject in scenario.endpoints else [subject]
        if isinstance(said, str) and said in _ANSWER_ZONES:
            zones += [f'  local-zone: "{host.removeprefix("*.")}." {_ANSWER_ZONES[said]}' for host in hosts]
    interfaces = "\n".join(f"  interface: {address}" for address in addresses)
    return _CONFIG.format(work=work, interfaces=interfaces, max_udp=scenario["vpc"]["largest_dns_answer"],
                          zones="\n".join(zones), upstream=upstream)
