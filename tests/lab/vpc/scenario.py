"""Reads a scenario: the default VPC of vpc.toml with what the scenario file changes."""
import copy
import ipaddress
import pathlib
import tomllib

LAB = pathlib.Path(__file__).resolve().parent.parent
ENDPOINT_KEYS = {"host", "also", "private", "public", "private_dns", "kind"}
NAT64 = ipaddress.ip_address("64:ff9b::")
FREE_TABLES = {"endpoints", "elsewhere", "environment", "behaviour", "names", "resolvers", "rtt_of", "api"}


class ScenarioError(Exception):
    """A scenario file that cannot be used; the text says where and why."""


def names():
    return sorted(path.stem for path in (LAB / "scenarios").glob("*.toml"))


def load(name):
    """The scenario called `name`, or the file of that path."""
    path = pathlib.Path(name) if name.endswith(".toml") else LAB / "scenarios" / f"{name}.toml"
    if not path.is_file():
        raise ScenarioError(f"no scenario '{name}' (tests/lab/run --list names them)")
    changes = _read(path)
    if not changes.get("description"):
        raise ScenarioError(f"{path.name}: it needs a description")
    settings = merge(usual(), changes, path.name)
    return Scenario(path.stem, settings)


def usual():
    """The settings that every scenario starts from."""
    return _read(LAB / "vpc.toml")


def _read(path):
    try:
        return tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path.name}: {error}") from error


def merge(base, changes, where, free=False):
    """The settings with what a scenario file changes."""
    merged = copy.deepcopy(base)
    for key, value in changes.items():
        if not free and key not in base:
            raise ScenarioError(f"{where}: unknown key '{key}' (known: {', '.join(base)})")
        if isinstance(value, dict) and isinstance(base.get(key, {}), dict):
            inside_free = key in FREE_TABLES or free
            merged[key] = merge(base.get(key, {}), value, f"{where}: {key}", inside_free)
        else:
            merged[key] = value
    return merged


class Endpoint:
    """A service's endpoint: its names and where they can point."""

    def __init__(self, name, settings, fill):
        unknown = set(settings) - ENDPOINT_KEYS
        if unknown:
            raise ScenarioError(f"endpoint {name}: unknown key '{sorted(unknown)[0]}'")
        self.name = name
        self.hosts = [fill(host) for host in [settings["host"], *settings.get("also", [])]]
        self.private = settings.get("private", [])
        self.public = settings.get("public", [])
        self.private_dns = settings.get("private_dns", True)
        self.kind = settings.get("kind", "json")

    @property
    def addresses(self):
        return self.private + self.public

    def answer(self, inside):
        """Addresses its name has; `inside`: as Amazon's resolver in the VPC says it."""
        return self.private if inside and self.private and self.private_dns else self.public


class Scenario:
    """One VPC, its fault and what the probe must find."""

    def __init__(self, name, settings):
        self.name = name
        self.settings = settings
        vpc = settings["vpc"]
        self.region, self.suffix, self.account = vpc["region"], vpc["suffix"], vpc["account"]
        self.endpoints = {key: Endpoint(key, value, self.fill) for key, value in settings["endpoints"].items()}
        self.expect = settings["expect"]
        self.task = settings["task"]
        self.description = settings["description"]

    def __getitem__(self, table):
        return self.settings[table]

    def fill(self, text):
        return text.format(region=self.region, suffix=self.suffix, account=self.account)

    def addresses(self, subject):
        """Addresses of an endpoint's name (in use: private first), an address, a range, or `*` for all."""
        if subject == "*":
            return sorted({address for endpoint in self.endpoints.values() for address in endpoint.addresses})
        if subject in self.endpoints:
            return self.endpoints[subject].addresses
        try:
            ipaddress.ip_network(subject)
        except ValueError as error:
            raise ScenarioError(f"{self.name}: '{subject}' is no endpoint, address or range") from error
        return [subject]

    def all_addresses(self, subjects):
        return [address for subject in subjects for address in self.addresses(subject)]

    @property
    def public_addresses(self):
        here = [address for endpoint in self.endpoints.values() for address in endpoint.public]
        return here + [address for addresses in self["elsewhere"].values() for address in addresses]

    @property
    def private_addresses(self):
        return [address for endpoint in self.endpoints.values() for address in endpoint.private]

    def made_up(self, addresses):
        """What DNS64 adds to the addresses of one name: nothing where one is of IPv6."""
        if not self["vpc"]["dns64"] or any(":" in address for address in addresses):
            return []
        return [str(NAT64 + int(ipaddress.ip_address(address))) for address in addresses]

    @property
    def translated_addresses(self):
        """Those that a NAT gateway of this VPC connects to the addresses behind them."""
        if not self["routes"]["nat64"]:
            return []
        return [address for endpoint in self.endpoints.values() for address in self.made_up(endpoint.answer(True))]

    @property
    def resolver_addresses(self):
        """Every resolver of this VPC: Amazon's two and those the scenario adds."""
        return list(dict.fromkeys([self["vpc"]["resolver"], "169.254.169.253", *self.task["nameservers"], *self["resolvers"]]))


def is_ipv6(text):
    return ipaddress.ip_network(text, strict=False).version == 6
