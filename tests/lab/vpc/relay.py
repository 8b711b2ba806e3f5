"""The link that delays and loses: lab-relay between two TUN devices, for kernels without netem."""
import pathlib
import subprocess

from vpc.network import ip


def starter(scenario, state):
    """None where the link is a plain one, else a function that joins two namespaces by the relay."""
    link = scenario["link"]
    if not link["rtt_ms"] and not link["loss_percent"] and not link["rtt_of"]:
        return None
    program = pathlib.Path(state).parent / "lab-relay"
    candidates = sorted(pathlib.Path(state).parent.glob("*/lab-relay"), key=lambda path: path.stat().st_mtime)
    program = candidates[-1] if candidates else None
    if not program:
        raise ValueError("this scenario needs lab-relay: ninja -C build/quick lab-relay")
    arguments = [f"--rtt-ms={link['rtt_ms']}", f"--loss-percent={link['loss_percent']}"]
    for subject, rtt in link["rtt_of"].items():
        arguments += [f"--rtt-of={address}={rtt}" for address in scenario.addresses(subject)]

    def join(router, aws):
        with router.entered():
            process = subprocess.Popen([program, "aws", "vpc", *arguments], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE)
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError("lab-relay did not start")
        ip(router, [f"link set vpc netns {aws.path}"])

    return join
