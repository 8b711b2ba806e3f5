#!/usr/bin/python3
"""Every signed call of the table: botocore accepts its signature, and its service models know what it asks.

Also with odd characters in names and ARNs, and with and without a session token (Debian's python3-botocore).
"""
import json
import os
import pathlib
import subprocess
import sys
import unittest
import urllib.parse

import botocore.session
from botocore.validate import ParamValidator

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path += [str(TESTS / "probes"), str(TESTS / "lab" / "servers")]
from signature_test import KEYS, Server  # noqa: E402

PROGRAM = os.environ["API_REQUESTS"]
PLAIN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/db-AbCdEf"
ODD = "/a b+c=d@e.f_g-h!~'\"\\(x)*&%20#?\u00fc\u20ac"
ODD_KEY = "arn:aws:s3:::my.bucket/dir with space/\u00fc+&=%20~'(x)!*,;:@$\"\\.env"
MODEL_NAMES = {"monitoring": "cloudwatch", "elasticfilesystem": "efs", "states": "stepfunctions"}  # by signing name
WRITES_NOTHING = {"logs:PutLogEvents"}  # to a stream that is not there; every other action must begin with one of
READS = ("Get", "List", "Describe")


class Requests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.session = botocore.session.get_session()

    def send(self, key, name, s3_arn):
        secret, token = KEYS[key]
        seen = []
        check = self.server.check

        def keep(*request):
            check(*request)
            seen.append((request, self.server.problem, self.server.scope))

        self.server.check = keep
        try:
            port = self.server.server.server_address[1]
            done = subprocess.run([PROGRAM, f"127.0.0.1:{port}", name, s3_arn], capture_output=True, text=True, check=True,
                                  timeout=60, env={"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
                                                   "AWS_SESSION_TOKEN": token or ""})
        finally:
            self.server.check = check
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), len(seen), done.stdout)
        self.assertGreaterEqual(len(lines), 15)
        return zip(lines, seen)

    def test_signatures_and_models(self):
        for key in KEYS:
            for name, s3_arn in ((PLAIN, "arn:aws:s3:::bucket/app.env"), (ODD, ODD_KEY)):
                for line, (request, problem, scope) in self.send(key, name, s3_arn):
                    with self.subTest(key=key, name=name, call=line):
                        action, status, *error = line.split(" ", 2)
                        self.assertEqual((status, problem, error), ("200", None, [""]))
                        self.assertEqual(scope[:2], (key, "eu-west-1"))
                        self.known_to_botocore(action, scope[2], request, s3_arn)

    def known_to_botocore(self, action, signing_name, request, s3_arn):
        method, url, headers, body = request
        headers = {name.lower(): value for name, value in headers}
        prefix, operation = action.split(":")
        self.assertTrue(action in WRITES_NOTHING or operation.startswith(READS), action)
        model = self.session.get_service_model(MODEL_NAMES.get(signing_name, signing_name))
        self.assertEqual(model.signing_name, signing_name)
        self.assertIn(prefix, {signing_name, "cloudwatch"})
        shape = model.operation_model(operation)
        self.assertEqual(method, shape.http["method"])
        if "x-amz-target" in headers:
            self.assertEqual(headers["x-amz-target"], f"{model.metadata['targetPrefix']}.{operation}")
            self.assertEqual(headers["content-type"], f"application/x-amz-json-{model.metadata['jsonVersion']}")
            self.valid(json.loads(body), shape)
        elif headers.get("content-type") == "application/x-www-form-urlencoded":
            form = {key: value for key, (value,) in urllib.parse.parse_qs(body.decode(), strict_parsing=True).items()}
            self.assertEqual((form.pop("Action"), form.pop("Version")), (operation, model.api_version))
            self.valid(form, shape)
        elif prefix == "s3":
            wanted = "/" + s3_arn.split(":::")[1]
            self.assertEqual(urllib.parse.unquote(urllib.parse.urlsplit(url).path), wanted)
            self.assertIn("if-match", headers)
        else:
            self.assertEqual(urllib.parse.urlsplit(url).path, shape.http["requestUri"].rstrip("/") or "/")

    def valid(self, document, shape):
        report = ParamValidator().validate(document, shape.input_shape)
        self.assertFalse(report.has_errors(), report.generate_report())


if __name__ == "__main__":
    unittest.main()
