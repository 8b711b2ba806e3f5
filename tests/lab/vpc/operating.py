"""From outside: the doctor in an operator's shell, with an account whose configuration is given."""
import json
import pathlib
import subprocess
import tempfile

from vpc import api, isolation, scenario, start

KEYS = {"key": api.PLANTED["key"], "secret": api.PLANTED["secret"], "token": api.PLANTED["token"]}
VARIABLES = {"AWS_ACCESS_KEY_ID": KEYS["key"], "AWS_SECRET_ACCESS_KEY": KEYS["secret"], "AWS_SESSION_TOKEN": KEYS["token"]}


class Done:
    """What came of a command: status, stdout, stderr, and the actions that it asked AWS for."""

    def __init__(self, status, stdout, stderr, seen):
        self.status, self.stdout, self.stderr, self.seen = status, stdout, stderr, seen

    @property
    def document(self):
        return json.loads(self.stdout)


def case(documents, command, environment=None, **settings):
    """A command where AWS's control plane answers from `documents`. `settings`: see servers/configuration_api.py."""
    return {**KEYS, **settings, "documents": documents, "command": [str(word) for word in command],
            "environment": VARIABLES if environment is None else environment}


def operate_all(cases):
    """Runs the cases one after the other: botocore's models are loaded once for all."""
    start.prepare()
    with tempfile.TemporaryDirectory() as home:
        file = pathlib.Path(home) / "cases.json"
        file.write_text(json.dumps(cases))
        python = [start.PYTHON, "-s", str(scenario.LAB / "vpc" / "workstation.py"), str(start.state_directory()), str(file)]
        done = subprocess.run(isolation.enter_command(python), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=300, env=start.task_environment())
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [Done(**said) for said in json.loads(done.stdout)]


def operate(*arguments, **settings):
    return operate_all([case(*arguments, **settings)])[0]
