"""The documents of the lab's VPCs: shaped as AWS's own models say, and the scenarios say who is at fault in them."""
import pathlib
import subprocess
import sys
import unittest

import botocore.loaders
import botocore.model

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import configuration, scenario  # noqa: E402

# The operation of each document whose name is not its command's alone.
OPERATIONS = {"describe-vpc-attribute-enable-dns-support": "describe-vpc-attribute",
              "describe-vpc-attribute-enable-dns-hostnames": "describe-vpc-attribute"}
SERVICES = {"list-hosted-zones-by-vpc": "route53", "list-resolver-rules": "route53resolver",
            "list-resolver-rule-associations": "route53resolver",
            "list-firewall-rule-group-associations": "route53resolver", "get-caller-identity": "sts"}
ADDED = {"get-managed-prefix-list-entries": {"PrefixListId"}}  # the CLI does not print whose entries they are
SHOWN = ("private-name-missing", "no-private-names", "name-not-found", "name-empty", "name-timeout", "mixed-answers",
         "resolvers-disagree", "all-filtered", "interface-endpoints-filtered", "zone-filtered", "gateway-route-missing",
         "endpoint-filtered", "denied-endpoint-policy", "denied-identity-policy")


def command_of(document):
    if document.startswith("get-managed-prefix-list-entries-"):
        return "get-managed-prefix-list-entries"
    return OPERATIONS.get(document, document)


class Shapes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.models = {}

    def output_of(self, command):
        service = SERVICES.get(command, "ec2")
        if service not in self.models:
            description = botocore.loaders.Loader().load_service_model(service, "service-2")
            self.models[service] = botocore.model.ServiceModel(description)
        model = self.models[service]
        wanted = command.replace("-", "")
        name = next(one for one in model.operation_names if one.lower() == wanted)
        return model.operation_model(name).output_shape

    def check(self, value, shape, place):
        if shape.type_name == "structure":
            self.assertIsInstance(value, dict, place)
            for key, inner in value.items():
                self.assertIn(key, shape.members, place)
                self.check(inner, shape.members[key], f"{place}.{key}")
        elif shape.type_name == "list":
            self.assertIsInstance(value, list, place)
            for one in value:
                self.check(one, shape.member, f"{place}[]")
        else:
            wanted = {"string": str, "boolean": bool, "integer": int, "timestamp": str}[shape.type_name]
            self.assertIsInstance(value, wanted, place)

    def test_every_member_is_in_the_model(self):
        for name in scenario.names():
            for document, content in configuration.Configuration(scenario.load(name)).documents().items():
                command = command_of(document)
                content = {key: value for key, value in content.items() if key not in ADDED.get(command, ())}
                with self.subTest(scenario=name, document=document):
                    self.check(content, self.output_of(command), command)


class Culprits(unittest.TestCase):
    def test_each_fault_has_a_culprit_or_says_why_not(self):
        for name in scenario.names():
            expect = scenario.load(name).expect
            said = [key for key in ("culprit", "not_configured") if expect[key]]
            with self.subTest(name):
                self.assertEqual(len(said), 1 if expect["errors_and_warnings"] else 0)

    def test_every_code_that_a_configuration_causes_has_a_culprit_somewhere(self):
        shown = {code.split(":")[0] for name in scenario.names()
                 for code in scenario.load(name).expect["errors_and_warnings"] if scenario.load(name).expect["culprit"]}
        self.assertEqual(sorted(set(SHOWN) - shown), [])

    def test_the_same_name_has_the_same_id(self):
        healthy = configuration.Configuration(scenario.load("healthy")).documents()
        closed = configuration.Configuration(scenario.load("endpoint-filtered")).documents()
        self.assertEqual(healthy["describe-subnets"], closed["describe-subnets"])
        self.assertNotEqual(healthy["describe-security-groups"], closed["describe-security-groups"])


class Command(unittest.TestCase):
    def test_a_wrong_name_is_one_clear_line(self):
        done = subprocess.run([LAB / "configuration", "helthy"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1))
        self.assertIn("no scenario 'helthy'", done.stderr)


if __name__ == "__main__":
    unittest.main()
