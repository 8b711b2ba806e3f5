#!/usr/bin/env python3
"""container/update-facts on a copy of the tree: what it takes from files, what it shows, what it refuses."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

TREE = pathlib.Path(__file__).resolve().parents[2]
TABLES = ("agent/aws/ranges.tsv", "agent/aws/services.tsv", "container/roots.pem", "container/update-facts")
DATE = "2026-08-22-15-17-05"
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def ip_ranges(rows, date=DATE):
    document = {"createDate": date, "prefixes": [], "ipv6_prefixes": []}
    for service, region, prefix in rows:
        many, key = ("ipv6_prefixes", "ipv6_prefix") if ":" in prefix else ("prefixes", "ip_prefix")
        document[many].append({key: prefix, "region": region, "service": service})
    return json.dumps(document)


class UpdateFacts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        for name in TABLES:
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TREE / name, self.tree / name)
        self.rows = [line.split("\t") for line in self.text(TABLES[0]).splitlines()[2:]]

    def text(self, name):
        return (self.tree / name).read_text()

    def file(self, content):
        path = self.tree / f"given-{len(list(self.tree.glob('given-*')))}"
        path.write_text(content)
        return path

    def run_it(self, *arguments):
        return subprocess.run([self.tree / "container/update-facts", *arguments], capture_output=True, text=True)

    def test_the_same_ranges_are_no_difference(self):
        date = self.text(TABLES[0]).split("ip-ranges.json of ")[1].split(",")[0]
        done = self.run_it("--ranges", self.file(ip_ranges(self.rows, date)))
        self.assertEqual((done.returncode, done.stdout), (0, "agent/aws/ranges.tsv: no difference\n"), done.stderr)

    def test_a_new_range_is_shown_and_written(self):
        done = self.run_it("--ranges", self.file(ip_ranges([*self.rows, ["S3", "eu-west-1", "198.51.100.0/24"],
                                                            ["EC2", "eu-west-1", "203.0.113.0/24"]], "2027-01-02-03-04-05")))
        self.assertIn("agent/aws/ranges.tsv: 2 lines added, 1 removed", done.stdout)
        self.assertIn("  +S3\teu-west-1\t198.51.100.0/24", done.stdout)
        self.assertIn("ip-ranges.json of 2027-01-02-03-04-05,", self.text(TABLES[0]))
        self.assertNotIn("203.0.113.0/24", self.text(TABLES[0]))

    def test_the_roots_are_those_of_debian(self):
        done = self.run_it("--roots", BUNDLE, "--roots-date", "2023-03-11")
        self.assertEqual(done.returncode, 0, done.stderr)
        given = self.text(TABLES[2])
        self.assertEqual(given.count("BEGIN CERTIFICATE"), 5)
        self.assertIn("# Release date: 2023-03-11\n", given)
        certificates = [line for line in given.splitlines() if not line.startswith("#")]
        self.assertEqual(certificates, [line for line in (TREE / TABLES[2]).read_text().splitlines() if not line.startswith("#")])

    def test_new_endpoint_services_become_rows(self):
        done = self.run_it("--privatelink", self.file("com.amazonaws.eu-west-1.brand-new\ncom.amazonaws.eu-west-1.logs s3\n"))
        self.assertEqual(done.stdout, "agent/aws/services.tsv: 1 lines added, 0 removed\n  +brand-new\tbrand-new\t\t\t\n", done.stderr)

    def test_wrong_files_change_nothing(self):
        before = [self.text(name) for name in TABLES]
        for arguments, message in (
                ((), "no file is given"), (("--ranges", self.file("{}")), "is not AWS's ip-ranges.json"),
                (("--roots", BUNDLE), "--roots needs --roots-date"),
                (("--roots", self.file("{}"), "--roots-date", "2027-01-01"), "no certificate of Amazon Root CA 1"),
                (("--privatelink", self.file("com.amazonaws.eu-west-1.<b>")), "no endpoint service name")):
            with self.subTest(message):
                done = self.run_it(*arguments)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(message, done.stderr)
        self.assertEqual([self.text(name) for name in TABLES], before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
