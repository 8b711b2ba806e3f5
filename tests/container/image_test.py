"""The images that tests/container/build made: what is in them, and the main job done from one in the lab's task.

It runs as Fargate runs a hardened container: not root, on a read-only file system, with no capability.
"""
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.dont_write_bytecode = True
import engine  # noqa: E402

sys.path.insert(0, str(engine.TREE / "tests/lab"))
from vpc import start  # noqa: E402

# Bytes, unpacked. Debian 13's OpenSSL 3.5 is the larger part: its AES-GCM for AVX-512 alone is 0.7 MB. With Debian 12's
# the same tree is 6.7 MB.
LARGEST = 8_200_000
HARDENED = ["--read-only", "--read-only-tmpfs=false", "--cap-drop", "all", "--security-opt", "no-new-privileges",
            "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"]
CA_FILE = "/lab-ca.pem"


class Image:
    """An image as it is saved: its configuration, its files, the contents of each."""

    def __init__(self, name):
        with tempfile.TemporaryDirectory() as folder:
            saved = pathlib.Path(folder) / "image.tar"
            engine.run([*engine.PODMAN, "save", "--quiet", "--format", "docker-archive", "--output", saved, name])
            with tarfile.open(saved) as archive:
                manifest, = json.load(archive.extractfile("manifest.json"))
                self.config = json.load(archive.extractfile(manifest["Config"]))
                self.files = []
                self.contents = {}
                for layer in manifest["Layers"]:
                    with tarfile.open(fileobj=archive.extractfile(layer)) as members:
                        self.files += [member for member in members if not member.isdir()]
                        self.contents |= {member.name: members.extractfile(member).read() for member in members if member.isreg()}


class Contents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.images = {architecture: Image(name) for architecture, name in engine.built().items()}
        assert engine.NATIVE in cls.images, "tests/container/build comes first"

    def test_a_binary_and_a_name_for_its_user_and_nothing_else(self):
        for architecture, image in self.images.items():
            with self.subTest(architecture):
                total = sum(member.size for member in image.files)
                for member in image.files:
                    print(f"\n{oct(member.mode)[-3:]} {member.uid}:{member.gid} {member.size:8} /{member.name}", end="")
                print(f"\n{architecture}: {total} bytes unpacked", flush=True)
                self.assertEqual(sorted(member.name for member in image.files), ["etc/passwd", "vpc-probe"])
                self.assertLessEqual(total, LARGEST)
                for member in image.files:
                    self.assertTrue(member.isreg() and not member.mode & 0o7022 and member.uid == 0, member.name)

    def test_what_starts_where_and_as_whom(self):
        for architecture, image in self.images.items():
            with self.subTest(architecture):
                self.assertEqual(image.config["architecture"], architecture)
                self.assertEqual(image.contents["vpc-probe"][18], engine.MACHINE[architecture])
                config = image.config["config"]
                self.assertEqual((config["User"], config["Entrypoint"], config.get("Cmd")), ("65532:65532", ["/vpc-probe"], None))
                self.assertEqual(image.contents["etc/passwd"].decode().split(":")[2], "65532")

    def test_it_says_what_it_is(self):
        labels = self.images[engine.NATIVE].config["config"]["Labels"]
        version = engine.output([*engine.PODMAN, "run", "--rm", "--network", "none", *HARDENED, engine.IMAGE, "--version"])
        self.assertIn(labels["org.opencontainers.image.version"], version.split())
        self.assertEqual(labels["org.opencontainers.image.title"], "vpc-probe")
        for architecture, image in self.images.items():
            self.assertEqual(image.config["config"]["Labels"]["vpc-probe.bill-of-materials"],
                             f"vpc-probe-linux-{architecture}.cdx.json of release {labels['org.opencontainers.image.version']}")


class Dockerfile(unittest.TestCase):
    def test_the_builder_says_its_own_platform(self):
        """Only Buildah is here to try: BuildKit's older versions take a global ARG without a value for an empty one."""
        lines = (engine.TREE / "container/Dockerfile").read_text().splitlines()
        before = lines[:next(number for number, line in enumerate(lines) if line.startswith("FROM "))]
        self.assertEqual([line for line in before if line and not line.startswith("#")], [])


class Task:
    """The task of a scenario's VPC, held open for containers."""

    def __init__(self, scenario):
        start.prepare()
        show = "readlink /proc/thread-self/ns/net; env; echo .; read -r _"
        self.process = subprocess.Popen(start.task_command(scenario, ["sh", "-c", show]), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=start.task_environment())
        network = self.process.stdout.readline().strip()
        lines = iter(self.process.stdout.readline, ".\n")
        self.environment = dict(line.rstrip("\n").split("=", 1) for line in lines)
        self.namespace = next(pid / "ns/net" for pid in pathlib.Path("/proc").glob("[0-9]*") if self._is_in(pid, network))

    @staticmethod
    def _is_in(pid, network):
        try:
            return os.readlink(pid / "ns/net") == network
        except OSError:  # gone meanwhile
            return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate("\n")

    def run(self, *arguments):
        given = {key: value for key, value in self.environment.items() if key.startswith(("AWS_", "ECS_"))}
        variables = [f"--env={key}={value}" for key, value in {**given, "VPC_PROBE_CA_FILE": CA_FILE}.items()]
        return subprocess.run([*engine.PODMAN, "run", "--rm", "--network", f"ns:{self.namespace}", "--dns", "10.0.0.2",
                               *HARDENED, "--volume", f"{self.environment['VPC_PROBE_CA_FILE']}:{CA_FILE}:ro", *variables,
                               engine.IMAGE, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


class MainJob(unittest.TestCase):
    def test_a_broken_vpc_is_diagnosed(self):
        with Task("gateway-route-missing") as task:
            done = task.run()
        self.assertEqual(done.returncode, 23, done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual([finding["code"] for finding in report["findings"] if finding["severity"] == "error"],
                         ["gateway-route-missing"])
        self.assertEqual(report["context"]["resolvers"], ["10.0.0.2:53"])
        self.assertEqual(report["context"]["subnet_cidr"], "10.0.1.0/24")

    def test_a_healthy_vpc_passes(self):
        with Task("healthy") as task:
            done = task.run("run", "--format", "text")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, "^PASS ")


if __name__ == "__main__":
    unittest.main(verbosity=2)
