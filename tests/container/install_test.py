#!/usr/bin/env python3
"""container/install.sh against a release on a server of this machine: what it installs, and what it refuses."""
import contextlib
import functools
import hashlib
import http.server
import os
import pathlib
import platform
import subprocess
import tempfile
import threading
import unittest

TREE = pathlib.Path(__file__).resolve().parents[2]
NAME = {"x86_64": "vpc-probe-linux-amd64", "aarch64": "vpc-probe-linux-arm64"}[platform.machine()]
BINARY = b"#!/bin/sh\necho vpc-probe 9.9.9\n"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def released(files):
    """Serves files; gives the URL and an empty directory to install into."""
    with tempfile.TemporaryDirectory() as served, tempfile.TemporaryDirectory() as target:
        for name, content in files.items():
            pathlib.Path(served, name).write_bytes(content)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=served))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", pathlib.Path(target)
        finally:
            server.shutdown()
            server.server_close()


def sums(content, name=NAME):
    return {"SHA256SUMS": f"{hashlib.sha256(b'other').hexdigest()}  other\n{hashlib.sha256(content).hexdigest()}  {name}\n".encode()}


def install(*arguments, environment=None):
    """As a person does: the script comes through a pipe."""
    return subprocess.run(["sh", "-s", "--", *map(str, arguments)], input=(TREE / "container/install.sh").read_text(),
                          capture_output=True, text=True, timeout=60, env=environment)


class Install(unittest.TestCase):
    def test_installs_the_binary_for_this_machine_and_nothing_else(self):
        with released({NAME: BINARY, **sums(BINARY)}) as (url, target):
            done = install("--from", url, "--to", target)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(done.stdout, f"{target}/vpc-probe: vpc-probe 9.9.9\n")
            self.assertEqual(os.listdir(target), ["vpc-probe"])
            self.assertEqual((target / "vpc-probe").stat().st_mode & 0o777, 0o755)

    def test_replaces_an_older_one(self):
        with released({NAME: BINARY, **sums(BINARY)}) as (url, target):
            (target / "vpc-probe").write_text("old")
            self.assertEqual(install("--from", url, "--to", target).returncode, 0)
            self.assertEqual((target / "vpc-probe").read_bytes(), BINARY)

    def refused(self, files, message, code=1):
        with released(files) as (url, target):
            (target / "vpc-probe").write_text("old")
            done = install("--from", url, "--to", target)
            self.assertEqual(done.returncode, code)
            self.assertIn(message, done.stderr)
            self.assertEqual(os.listdir(target), ["vpc-probe"])
            self.assertEqual((target / "vpc-probe").read_text(), "old")

    def test_another_checksum_leaves_all_as_it_was(self):
        self.refused({NAME: BINARY + b"#", **sums(BINARY)}, "is not what SHA256SUMS says")

    def test_a_checksum_of_another_name_does_not_count(self):
        self.refused({NAME: BINARY, **sums(BINARY, "x-" + NAME)}, f"SHA256SUMS names no {NAME}")

    def test_what_is_not_there_is_not_installed(self):
        self.refused(sums(BINARY), "cannot download")
        self.refused({NAME: BINARY}, "cannot download")

    def test_another_architecture_is_refused(self):
        with tempfile.TemporaryDirectory() as folder, released({NAME: BINARY, **sums(BINARY)}) as (url, target):
            uname = pathlib.Path(folder, "uname")
            uname.write_text('#!/bin/sh\n[ "$1" = -s ] && echo Linux || echo riscv64\n')
            uname.chmod(0o755)
            done = install("--from", url, "--to", target, environment={"PATH": f"{folder}:{os.environ['PATH']}"})
            self.assertEqual((done.returncode, os.listdir(target)), (1, []))
            self.assertIn("no binary for Linux on riscv64", done.stderr)

    def test_wrong_usage(self):
        for arguments, message in ((["--from"], "--from needs a value"), (["--into", "x"], "no option '--into'"),
                                   ([], "no release is named"), (["--from", "http://example.com"], "is not https"),
                                   (["--from", "https://example.com", "--to", "/nowhere"], "no directory '/nowhere'")):
            with self.subTest(arguments):
                done = install(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
