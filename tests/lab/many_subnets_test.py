"""many_subnets_test.py PROBE: the doctor's rows of task-def-examples/many-subnets. The doctor as a function is asked for each subnet as the
state machine asks it; the machine's expressions make the rows and the matrix; `vpc-probe show` names the culprits of the broken ones.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile

LAB = pathlib.Path(__file__).resolve().parent
TREE = LAB.parents[1]
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import accounts, scenario, start  # noqa: E402
from vpc.configuration import Configuration  # noqa: E402
from vpc.operating import probe_in, several_case  # noqa: E402

EXAMPLE = TREE / "task-def-examples/many-subnets"
MACHINE = json.loads((EXAMPLE / "state-machine.asl.json").read_text())
DOCTOR = MACHINE["States"]["EachSubnet"]["ItemProcessor"]["States"]["ByDoctor"]
FUNCTION = json.loads((EXAMPLE / "doctor-function.json").read_text())
NAMES = ["registry-filtered", "gateway-route-missing", "healthy"]
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})


def evaluate(value, **states):
    """What Step Functions makes of a value with expressions."""
    if isinstance(value, dict):
        return {name: evaluate(item, **states) for name, item in value.items()}
    if isinstance(value, list):
        return [evaluate(item, **states) for item in value]
    if not (isinstance(value, str) and value.startswith("{%")):
        return value
    done = subprocess.run(["node", TREE / "tests/template-linters/expressions.js"], input=json.dumps({"expression": value, "states": states}),
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def item_of(name, number):
    """The subnet of a scenario's task, by another id in each scenario, as in one account."""
    configuration = Configuration(scenario.load(name))
    return {"subnet": f"{configuration.task_subnet[:-1]}{number}", "security_group": configuration.task_group, "doctor": FUNCTION["FunctionName"]}


def case(name, item, home):
    """The function of the example, called once with what the machine sends."""
    own = Configuration(scenario.load(name)).task_subnet
    documents = json.loads(json.dumps(accounts.with_service_of(scenario.load(name))).replace(own, item["subnet"]))
    zip_file = home / "doctor.zip"
    role = FUNCTION["Role"].rpartition("/")[2]
    calls = [["iam", "CreateRole", {"RoleName": role, "AssumeRolePolicyDocument": TRUST}],
             ["lambda", "CreateFunction", {**FUNCTION, "Architectures": ["x86_64"], "Code": {"ZipFile": {"file": str(zip_file)}}}],
             ["lambda", "Invoke", {"FunctionName": item["doctor"], "Payload": json.dumps(evaluate(DOCTOR["Arguments"]["Payload"], input=item))}]]
    printed = subprocess.run([PROBE, "doctor", "--print-policy"], env={}, capture_output=True, text=True, check=True)
    rights = json.loads(printed.stdout)["Statement"][0]["Action"]
    return several_case(documents, [[start.PYTHON, "-s", LAB / "vpc/botocore_calls.py", json.dumps(calls)]],
                        function_rights=["sts:GetCallerIdentity", *rights])


class ManySubnets(unittest.TestCase):
    def test_the_matrix_names_the_culprit_of_each_broken_subnet(self):
        home = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        subprocess.run(["strip", "-o", home / "bootstrap", PROBE], check=True)
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o100755 << 16
        with zipfile.ZipFile(home / "doctor.zip", "w") as archive:
            archive.writestr(entry, (home / "bootstrap").read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=1)
        items = {name: item_of(name, number) for number, name in enumerate(NAMES)}
        runs = probe_in("healthy", [case(name, item, home) for name, item in items.items()])
        rows = []
        for item, run in zip(items.values(), runs):
            answer, = [one for one in run.done[0].document if "Payload" in one]
            self.assertNotIn("FunctionError", answer, answer)
            self.assertEqual(run.left["violations"], [])
            rows.append(evaluate(DOCTOR["Output"], input=item, result={"Payload": json.loads(answer["Payload"])}))
        output = evaluate(MACHINE["States"]["Matrix"]["Output"], input=rows)
        self.assertEqual((output["passed"], [row["exit_code"] for row in output["rows"]]), (1, [29, 23, 0]))
        self.assertLess(len(json.dumps(rows[0])), 4096)  # Step Functions: 256 KiB for all
        shown = subprocess.run([PROBE, "show"], input=json.dumps(output), capture_output=True, text=True, check=True, env={"LC_ALL": "C.UTF-8"})
        table, *notes = shown.stdout.split("\n\n")
        for name in NAMES[:2]:
            kind, culprit = scenario.load(name).expect["culprit"].split()
            words = f" {kind.replace('-', ' ')} {culprit}"
            number, = [note.split()[0] for note in notes if words in note]
            line, = [line for line in table.splitlines() if line.startswith(items[name]["subnet"])]
            self.assertIn(number, line.split()[3].split(","))
            self.assertIn("✗", line)
        healthy, = [line for line in table.splitlines() if line.startswith(items["healthy"]["subnet"])]
        self.assertEqual(healthy.split()[1:3] + [*{*healthy.split()[3:]}], ["0", "predicted", "✓"])


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
