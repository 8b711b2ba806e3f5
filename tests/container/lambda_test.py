"""The zip files of container/lambda: what is in them, that they are always the same, and that each answers an invocation
in the lab, the one for arm64 under emulation.
"""
import hashlib
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile

sys.dont_write_bytecode = True
import engine  # noqa: E402

sys.path.insert(0, str(engine.TREE / "tests/lab"))
import lambda_test as lab  # noqa: E402

# By which the processor of the other kind is emulated.
STARTS = {"amd64": [], "arm64": ["qemu-aarch64"]}


def make():
    done = subprocess.run([engine.TREE / "container/lambda"], check=True, stdout=subprocess.PIPE, text=True)
    return {path.stem.rpartition("-")[2]: path for path in (engine.TREE / line for line in done.stdout.split())}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Zips(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.zips = make()
        cls.digests = {arch: digest(path) for arch, path in cls.zips.items()}

    def test_both_architectures_always_the_same(self):
        self.assertEqual(set(self.zips), set(STARTS))
        for path in self.zips.values():
            path.unlink()
        self.assertEqual({arch: digest(path) for arch, path in make().items()}, self.digests)

    def test_nothing_but_an_executable_named_bootstrap(self):
        for arch, path in self.zips.items():
            with self.subTest(arch), zipfile.ZipFile(path) as archive:
                entry, = archive.infolist()
                self.assertEqual((entry.filename, entry.external_attr >> 16), ("bootstrap", 0o100755))
                with archive.open(entry) as file:
                    self.assertEqual(file.read(20)[18], engine.MACHINE[arch])
                print(f"{path.name}: {path.stat().st_size} bytes, {entry.file_size} unpacked", flush=True)

    def test_each_answers_an_invocation(self):
        for arch, path in self.zips.items():
            with self.subTest(arch), tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
                bootstrap = pathlib.Path(archive.extract("bootstrap", folder))
                bootstrap.chmod(0o755)
                lab.PROBE, *rest = [*STARTS[arch], str(bootstrap)]
                with lab.Function(*rest) as function:
                    report = function.invoke({"services": "ecr.api,logs"})
                    self.assertEqual((report["verdict"], report["exit_code"]), ("pass", 0))
                    self.assertEqual([endpoint["id"] for endpoint in report["endpoints"]], ["ecr.api", "logs"])
                    status, seen, _ = function.stop()
                self.assertEqual((status, seen["violations"]), (0, []))


if __name__ == "__main__":
    unittest.main(verbosity=2)
