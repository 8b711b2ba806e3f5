"""Applies a command of the AWS CLI to a scenario's VPC: the settings as they are afterwards. Only commands that
doctor prints, and only where they name what is there: anything else is refused."""
import shlex

from vpc.configuration import Configuration
from vpc.documents import identifier
from vpc.scenario import ScenarioError

HTTPS = "443"


class Command:
    """`aws SERVICE OPERATION --option value …`."""

    def __init__(self, text):
        words = shlex.split(text)
        if len(words) < 3 or words[0] != "aws" or any("<" in word for word in words):
            raise ScenarioError(f"not a whole command of the AWS CLI: {text}")
        self.text, self.operation, self.options = text, " ".join(words[1:3]), {}
        for word in words[3:]:
            if word.startswith("--"):
                name = word.removeprefix("--")
                self.options[name] = []
            else:
                self.options[name].append(word)

    def value(self, option):
        return " ".join(self.options.get(option, []))

    def refuse(self, why):
        raise ScenarioError(f"{why}: {self.text}")


def _modify_vpc_endpoint(scenario, configuration, command):
    endpoint = command.value("vpc-endpoint-id")
    if "add-route-table-ids" in command.options:
        right = (identifier("vpce", "s3 gateway"), configuration.private_table)
        if (endpoint, command.value("add-route-table-ids")) != right:
            command.refuse("no such gateway endpoint or route table of the task")
        return {"routes": {"s3_gateway": True}}
    for one in scenario.endpoints.values() if "private-dns-enabled" in command.options else []:
        if identifier("vpce", one.name) == endpoint:
            return {"endpoints": {one.name: {"private_dns": True}}}
    return command.refuse("no such endpoint")


def _authorize_ingress(scenario, configuration, command):
    if (command.value("source-group"), command.value("port")) != (configuration.task_group, HTTPS):
        command.refuse("it does not let the task in on 443")
    opened = [name for name in configuration.closed if configuration.group_of(name) == command.value("group-id")]
    if not opened:
        command.refuse("no endpoint has this group and is closed")
    denied = scenario["filters"]["endpoint_ingress_denied"]
    return {"filters": {"endpoint_ingress_denied": [subject for subject in denied if subject not in opened]}}


def _authorize_egress(scenario, configuration, command):
    if command.value("group-id") != configuration.task_group or f"PrefixListId={configuration.prefix_list}" not in command.text:
        command.refuse("it does not let the task out to the prefix list of S3")
    return {"filters": {"task_egress": [*scenario["filters"]["task_egress"], *scenario["routes"]["prefix_list"]]}}


def _modify_vpc_attribute(scenario, configuration, command):
    if command.value("vpc-id") != configuration.vpc or "enable-dns-hostnames" not in command.options:
        command.refuse("no such VPC or attribute")
    return {"endpoints": {one.name: {"private_dns": True} for one in scenario.endpoints.values()}}


OPERATIONS = {"ec2 modify-vpc-endpoint": _modify_vpc_endpoint,
              "ec2 modify-vpc-attribute": _modify_vpc_attribute,
              "ec2 authorize-security-group-ingress": _authorize_ingress,
              "ec2 authorize-security-group-egress": _authorize_egress}


def changes_by(scenario, text):
    """What the command changes in the scenario's settings, as a scenario file has them."""
    command = Command(text)
    if command.operation not in OPERATIONS:
        command.refuse(f"the lab applies {', '.join(OPERATIONS)} only")
    return OPERATIONS[command.operation](scenario, Configuration(scenario), command)


def scenario_file(description, settings, base):
    """The settings as a scenario file: what is as in `base` is left out."""
    changed = {key: value for key, value in settings.items() if value != base.get(key) and key not in ("description", "expect")}
    return f"description = {_toml(description)}\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in changed.items())


def _toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {_toml(inner)}' for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
