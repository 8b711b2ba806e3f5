"""From outside: the command that runs something in the task of a scenario's VPC."""
import os
import pathlib
import sys

from vpc import isolation, scenario

TREE = scenario.LAB.parent.parent
PYTHON = "/usr/bin/python3"
TIMES = "VPC_PROBE_LAB_TIMES"  # a descriptor that gets the command's wall time, without the building of the VPC


def state_directory():
    """Where certificates and compiled Python are kept between runs."""
    return pathlib.Path(os.environ.get("VPC_PROBE_LAB_STATE", TREE / "build" / "lab"))


def task_command(name, command):
    """Argument vector that runs `command` in the task of `name`."""
    return isolation.enter_command([PYTHON, "-s", str(scenario.LAB / "vpc" / "inside.py"), str(state_directory()),
                                    name, *command])


def task_environment():
    path = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"  # where nginx, unbound and nft are
    return {**isolation.enter_environment(), "PATH": path, "PYTHONPATH": str(scenario.LAB), "PYTHONSAFEPATH": "1",
            "PYTHONPYCACHEPREFIX": str(state_directory() / "pycache")}


def prepare():
    """Makes what all scenarios share, before any of them starts."""
    from vpc.certificates import Certificates
    state_directory().mkdir(parents=True, exist_ok=True)
    sys.pycache_prefix = str(state_directory() / "pycache")
    Certificates(state_directory())
