"""Namespaces: getting into them, and refusing to work anywhere else.

Nothing of the lab touches the machine's own network: `enter` starts the inside of the lab in new user, network,
mount and process namespaces, and `require_own_namespace` stops whoever is not there.
"""
import contextlib
import ctypes
import os
import socket
import sys

CLONE_NEWNET = 0x40000000
OUTSIDE = "VPC_PROBE_LAB_OUTSIDE"  # the machine's own network namespace, which must not be ours
_libc = ctypes.CDLL(None, use_errno=True)


def own_network():
    return os.readlink("/proc/thread-self/ns/net")


def enter_command(command):
    """`command` in fresh namespaces, as root there and nowhere else; everything started there ends with it."""
    return ["unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", *command]


def enter_environment():
    return {**os.environ, OUTSIDE: own_network()}


def require_own_namespace(empty=False):
    """Ends the program unless it runs inside the lab; `empty`: and nothing was built there yet."""
    outside = os.environ.get(OUTSIDE)
    if not outside or outside == own_network():
        sys.exit("lab: refused: not inside a network namespace of its own (use tests/lab/shell or tests/lab/run)")
    interfaces = [name for _, name in socket.if_nameindex()]
    if empty and interfaces != ["lo"]:
        sys.exit(f"lab: refused: this network namespace is in use ({', '.join(interfaces)})")


def _check(result, what):
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


class Network:
    """A network namespace, held open by a descriptor; commands and sockets go in with `with network:`."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        os.set_inheritable(descriptor, True)

    @classmethod
    def current(cls):
        return cls(os.open("/proc/thread-self/ns/net", os.O_RDONLY))

    @classmethod
    def create(cls):
        with _returning():
            _check(_libc.unshare(CLONE_NEWNET), "unshare")
            return cls.current()

    @property
    def path(self):
        """How `ip … netns` is told of it."""
        return f"/proc/self/fd/{self.descriptor}"

    @contextlib.contextmanager
    def entered(self):
        with _returning():
            _check(_libc.setns(self.descriptor, CLONE_NEWNET), "setns")
            yield self


@contextlib.contextmanager
def _returning():
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        yield
    finally:
        _check(_libc.setns(before, CLONE_NEWNET), "setns")
        os.close(before)
