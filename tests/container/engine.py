"""Podman and Buildah with a storage of their own, so that the machine's images and containers are left alone."""
import pathlib
import platform
import subprocess

TREE = pathlib.Path(__file__).resolve().parents[2]
STATE = TREE / "build" / "container"
IMAGE = "localhost/vpc-probe:test"
MACHINE = {"amd64": 62, "arm64": 183}  # e_machine of ELF
NATIVE = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
OTHER, = MACHINE.keys() - {NATIVE}
OTHER_IMAGE = f"localhost/vpc-probe:test-{OTHER}"  # only after `tests/container/build --both`
_STORAGE = ["--root", str(STATE / "storage"), "--runroot", str(STATE / "run"), "--storage-driver", "vfs"]
# No init system: control groups are made by hand, or not at all.
PODMAN = ["podman", *_STORAGE, "--runtime", "runc", "--cgroup-manager", "cgroupfs"]
BUILDAH = ["buildah", *_STORAGE]


def run(command, **options):
    return subprocess.run([str(part) for part in command], check=True, text=True, stdin=subprocess.DEVNULL, **options)


def output(command):
    return run(command, stdout=subprocess.PIPE).stdout.strip()


def built():
    """The images that tests/container/build made, by architecture."""
    names = output([*PODMAN, "images", "--noheading", "--format", "{{.Repository}}:{{.Tag}}"]).split()
    return {architecture: image for architecture, image in ((NATIVE, IMAGE), (OTHER, OTHER_IMAGE)) if image in names}
