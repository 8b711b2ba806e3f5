"""From outside: the doctor in an operator's shell, with an account whose configuration is given."""
import json
import pathlib
import subprocess
import tempfile

from vpc import api, isolation, scenario, start

KEYS = {"key": api.PLANTED["key"], "secret": api.PLANTED["secret"], "token": api.PLANTED["token"]}
WAITS = {"role": 0.3, "policy": 0.3, "pending": 0.3, "update": 0.2, "delete": 0.2}  # s; those of AWS are up to 20 minutes
VARIABLES = {"AWS_ACCESS_KEY_ID": KEYS["key"], "AWS_SECRET_ACCESS_KEY": KEYS["secret"], "AWS_SESSION_TOKEN": KEYS["token"]}


class Done:
    """What came of a command: status, stdout, stderr, the actions that it asked AWS for, and its time: to the first line and
    in all."""

    def __init__(self, status, stdout, stderr, seen, verdict_s=None, seconds=None):
        self.status, self.stdout, self.stderr, self.seen = status, stdout, stderr, seen
        self.verdict_s, self.seconds = verdict_s, seconds

    @property
    def document(self):
        return json.loads(self.stdout)


def case(documents, command, environment=None, **settings):
    """A command where AWS's control plane answers from `documents`. `settings`: see servers/configuration_api.py."""
    return {**KEYS, **settings, "documents": documents, "command": [str(word) for word in command],
            "environment": VARIABLES if environment is None else environment}


def operate_all(cases):
    """Runs the cases one after the other: botocore's models are loaded once for all."""
    return [Done(**said) for said in _told(cases, "workstation.py")]


def _told(cases, program, *arguments):
    """What the program says of the cases, from inside."""
    start.prepare()
    with tempfile.TemporaryDirectory() as home:
        file = pathlib.Path(home) / "cases.json"
        file.write_text(json.dumps(cases))
        python = [start.PYTHON, "-s", str(scenario.LAB / "vpc" / program), str(start.state_directory()), *arguments, str(file)]
        done = subprocess.run(isolation.enter_command(python), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=300, env=start.task_environment())
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


class Probed:
    """What came of the commands of a case with Lambda in a scenario's VPC, what is left in the account, and which messages,
    events and objects came."""

    def __init__(self, done, left, came):
        self.done, self.left, self.came = [Done(**said) for said in done], left, came


def probe_in(name, cases):
    """Runs the cases (of several_case) one after the other beside the VPC of a scenario; see vpc/probing.py."""
    return [Probed(**said) for said in _told(cases, "probing.py", name)]


def several_case(documents, commands, environment=None, **settings):
    """A case of several commands, where the second finds what the first left."""
    one = case(documents, [], environment, **settings)
    return {**one, "function": api.FUNCTION, "commands": [[str(word) for word in command] for command in commands]}


def operate(*arguments, **settings):
    return operate_all([case(*arguments, **settings)])[0]
