"""A region's configuration, large: what doctor costs on it, as a ratio to `jq length` on the same file."""
import json
import pathlib
import resource
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lab"))
from vpc import documents  # noqa: E402
from vpc.documents import entry, permission, route  # noqa: E402

GROUPS, RULES, SUBNETS, ENDPOINTS, TABLES = 2000, 60, 500, 300, 200
ASKED, ZONES = 20, 3  # endpoints of the report, and addresses of each
VPC = documents.identifier("vpc", "bench")
LOCAL = "10.0.0.0/8"


def subnet_id(number):
    return documents.identifier("subnet", f"bench {number}")


def group_id(number):
    return documents.identifier("sg", f"bench {number}")


def address(endpoint, zone):
    return f"10.{zone}.{endpoint // 250}.{endpoint % 250 + 1}"


def groups():
    """The last one is of the endpoints; each rule but its last is for somebody else."""
    others = [permission((1000 + rule, 1000 + rule), [f"10.{rule}.0.0/16"]) for rule in range(RULES - 1)]
    task = [permission((443, 443), groups=[group_id(0)])]
    return [documents.security_group(group_id(number), VPC, f"group{number}", others + task,
                                     [permission(ranges=["0.0.0.0/0"])]) for number in range(GROUPS)]


def interfaces():
    made = [documents.network_interface(documents.identifier("eni", address(number, zone)), VPC, subnet_id(zone),
                                        [address(number, zone)], [group_id(GROUPS - 1)], "vpc_endpoint",
                                        f"VPC Endpoint Interface {documents.identifier('vpce', f'bench {number}')}")
            for number in range(ENDPOINTS) for zone in range(ZONES)]
    return [*made, documents.network_interface("eni-task", VPC, subnet_id(0), ["10.0.200.1"], [group_id(0)])]


def endpoints():
    return [documents.endpoint(documents.identifier("vpce", f"bench {number}"), VPC, f"com.amazonaws.vpce.svc-{number}",
                               "Interface", SubnetIds=[subnet_id(zone) for zone in range(ZONES)],
                               NetworkInterfaceIds=[documents.identifier("eni", address(number, zone)) for zone in range(ZONES)],
                               Groups=[{"GroupId": group_id(GROUPS - 1), "GroupName": "endpoints"}])
            for number in range(ENDPOINTS)]


def region():
    """The documents."""
    cidrs = [f"10.{zone}.0.0/16" if zone < ZONES else f"10.{100 + zone // 250}.{zone % 250}.0/24" for zone in range(SUBNETS)]
    entries = [entry(100, egress, "allow", "0.0.0.0/0") for egress in (True, False)]
    every = [subnet_id(number) for number in range(SUBNETS)]
    tables = [documents.route_table(documents.identifier("rtb", f"bench {number}"), VPC, every[number::TABLES],
                                    [route(LOCAL, "GatewayId", "local", origin="CreateRouteTable")], number == TABLES - 1)
              for number in range(TABLES)]
    return [{"Vpcs": [documents.vpc(VPC, [LOCAL], "dopt-0")]},
            {"Subnets": [documents.subnet(subnet_id(number), VPC, cidr, f"eu-west-1{'abc'[number % 3]}")
                         for number, cidr in enumerate(cidrs)]},
            {"SecurityGroups": groups()}, {"VpcEndpoints": endpoints()}, {"NetworkInterfaces": interfaces()},
            {"NetworkAcls": [documents.network_acl("acl-0", VPC, every, entries, True)]}, {"RouteTables": tables}]


def report():
    """Every address of 20 endpoints connects."""
    base = json.loads((HERE.parent / "lab" / "random_report.json").read_text())
    base["context"] |= {"source_addresses": ["10.0.200.1"], "subnet_cidrs": []}
    tcp = {"status": "ok", "elapsed_ms": 1, "rtt_us": 1, "errno": "", "syn_retransmits": 0, "icmp": None}
    return base | {"endpoints": [
        {"id": f"endpoint{number}", "service": "", "host": f"n{number}.example.com", "port": 443, "required": True,
         "required_by": [], "expects": "any", "path": "unknown", "path_evidence": "", "dns": None, "calls": [],
         "addresses": [{"address": address(number, zone), "scope": "private", "owner": None, "tcp": tcp, "tls": None,
                        "http": None} for zone in range(ZONES)]} for number in range(ASKED)]}


def cost(home, command):
    """(CPU seconds, resident MB, stdout)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(["/usr/bin/time", "-f", "%M", "-o", f"{home}/memory", *command], capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu, int(pathlib.Path(home, "memory").read_text().split()[-1]) / 1024, done.stdout


def rows(binary, home):
    """Rows for the table of tests/bench/run. Taken in turn, so that what else the machine does falls on both."""
    file, measured = pathlib.Path(home, "region.json"), pathlib.Path(home, "measured.json")
    file.write_text("\n".join(map(json.dumps, region())))
    measured.write_text(json.dumps(report()))
    doctor, length = [], []
    for _ in range(5):
        doctor.append(cost(home, [binary, "doctor", "--report", str(measured), "--config", str(file), "--format", "json"]))
        length.append(cost(home, ["jq", "length", str(file)]))
    paths = json.loads(doctor[0][2])["paths"]
    if [path["reach"] for path in paths] != ["reachable"] * ASKED * ZONES:
        sys.exit(f"bench: doctor: {doctor[0][2][:500]}")
    cpu, resident, _ = sorted(doctor)[2]
    jq_cpu, jq_resident, _ = sorted(length)[2]
    size = file.stat().st_size / 1e6
    return [(f"doctor, a region of {size:.0f} MB, 60 paths: CPU", f"{cpu:.2f} s", "goal < 1"),
            (f"  to jq length ({jq_cpu:.2f} s)", f"{cpu / jq_cpu:.2f} x", "goal <= 2"),
            (f"  resident (jq: {jq_resident:.0f} MB)", f"{resident:.0f} MB", "goal < 150")]
