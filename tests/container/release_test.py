#!/usr/bin/python3
"""build/release as container/release makes it: its files, their checksums, the bills of materials, an installation from
it. Debian's python3-jsonschema and the schemas of @cyclonedx/cyclonedx-library.
"""
import functools
import hashlib
import http.server
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import unittest

import jsonschema

sys.dont_write_bytecode = True
import engine  # noqa: E402

TREE = engine.TREE
RELEASE = TREE / "build/release"
SCHEMAS = TREE / "tests/template-linters/node_modules/@cyclonedx/cyclonedx-library/res/schema"
VERSION = re.search(r"project\(vpc-probe VERSION ([0-9.]+)", (TREE / "CMakeLists.txt").read_text())[1]
BUILD = {engine.NATIVE: "static", engine.OTHER: f"static-{engine.OTHER}"}


def make(*arguments):
    return subprocess.run([TREE / "container/release", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def digests():
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in RELEASE.iterdir()}


def schema(name):
    return json.loads((SCHEMAS / name).read_text())


def additional_items(validator, allowed, instance, rules):
    """Debian 12's jsonschema sorts what is too much for its message, and dictionaries have no order."""
    items = rules.get("items", {})
    if validator.is_type(instance, "array") and isinstance(items, list) and allowed is False and len(instance) > len(items):
        yield jsonschema.ValidationError(f"{len(instance)} items, at most {len(items)}")


Validator = jsonschema.validators.extend(jsonschema.Draft7Validator, {"additionalItems": additional_items})


def validate(document):
    """The schema refers to two others by their file names."""
    bom = schema("bom-1.6.SNAPSHOT.schema.json")
    base = bom["$id"].rpartition("/")[0]
    store = {f"{base}/{name}": schema(name)
             for name in ("spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json")}
    resolver = jsonschema.RefResolver.from_schema(bom, store=store)
    Validator(bom, resolver=resolver).validate(document)


def linked(architecture):
    """Names of the archives of which the linker's map shows a member."""
    text = (TREE / "build" / BUILD[architecture] / "vpc-probe.map").read_text(errors="replace")
    names = re.findall(r"^ ?\S*?([^/\s]+\.a)(?:\(|:)\S+", text, re.M) + re.findall(r"\s\S*?([^/\s]+\.a)\(\S+\)$", text, re.M)
    return set(names) - {"libvpcprobe.a"}


class Release(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        made = make(VERSION)
        if made.returncode:
            raise RuntimeError(made.stderr)
        cls.digests = digests()
        cls.bills = {arch: json.loads((RELEASE / f"vpc-probe-linux-{arch}.cdx.json").read_text()) for arch in BUILD}

    def test_every_file_and_its_checksum(self):
        per_architecture = {name.format(arch) for arch in BUILD for name in
                            ("vpc-probe-linux-{}", "vpc-probe-lambda-{}.zip", "vpc-probe-linux-{}.cdx.json")}
        self.assertEqual(set(self.digests), per_architecture | {"install.sh", "NOTES.md", "SHA256SUMS"})
        sums = dict(reversed(line.split("  ")) for line in (RELEASE / "SHA256SUMS").read_text().splitlines())
        self.assertEqual(sums, {name: value for name, value in self.digests.items() if name != "SHA256SUMS"})

    def test_a_second_time_it_is_the_same(self):
        self.assertEqual(make(VERSION).returncode, 0)
        self.assertEqual(digests(), self.digests)

    def test_another_version_than_the_tree_s_is_refused(self):
        done = make("9.9.9")
        self.assertEqual(done.returncode, 2)
        self.assertIn("'9.9.9' is not the version in CMakeLists.txt", done.stderr)

    def test_bills_of_materials_are_valid(self):
        for arch, bill in self.bills.items():
            with self.subTest(arch):
                validate(bill)
                with self.assertRaises(jsonschema.ValidationError):
                    validate({**bill, "components": [{"type": "nothing", "name": 1}]})
                digest = {"alg": "SHA-256", "content": self.digests[f"vpc-probe-linux-{arch}"]}
                self.assertEqual(bill["metadata"]["component"]["hashes"], [digest])
                self.assertEqual(bill["metadata"]["component"]["version"], VERSION)

    def test_every_archive_that_was_linked_is_named(self):
        for arch, bill in self.bills.items():
            with self.subTest(arch):
                named = {row["value"] for component in bill["components"] for row in component["properties"]
                         if row["name"] == "vpc-probe:archive"}
                self.assertEqual(named, linked(arch))
                self.assertLessEqual({"libcrypto.a", "libssl.a", "libcurl.a", "libcares.a", "libc.a", "libstdc++.a"}, named)

    def test_every_library_has_version_and_licence(self):
        for arch, bill in self.bills.items():
            with self.subTest(arch):
                for component in bill["components"]:
                    print(f"{arch}: {component['name']} {component['version']}: "
                          f"{', '.join(row['license']['name'] for row in component['licenses'])}")
                    self.assertTrue(component["version"] and component["licenses"], component["name"])
                names = {component["name"] for component in bill["components"]}
                self.assertLessEqual({"openssl", "curl", "c-ares", "nlohmann-json3", "spdlog", "fmtlib", "cli11"}, names)

    def test_install_from_it(self):
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=RELEASE)
        handler.log_message = lambda *_: None
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with tempfile.TemporaryDirectory() as target:
            done = subprocess.run(["sh", RELEASE / "install.sh", "--from", f"http://127.0.0.1:{server.server_port}", "--to", target],
                                  capture_output=True, text=True, timeout=60)
            server.shutdown()
            server.server_close()
            self.assertEqual((done.returncode, done.stdout), (0, f"{target}/vpc-probe: vpc-probe {VERSION}\n"), done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
