#!/usr/bin/python3
"""botocore accepts the signature of every kind of request, and refuses one that was tampered with."""
import http.server
import os
import pathlib
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "lab" / "servers"))
import signature  # noqa: E402

PROGRAM = os.environ.get("SIGNED_REQUEST")
KEYS = {"AKIDEXAMPLE": ("a+secret/with:odd=characters", None),
        "ASIAEXAMPLE": ("another/+secret", "token/with+odd=characters" * 30)}
JSON = "Content-Type: application/x-amz-json-1.1"


class Server:
    """Keeps what came and what was wrong with it."""

    def __init__(self):
        self.problem, self.scope, self.request = None, None, None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.request = (self.command, f"http://{self.headers['Host']}{self.path}", list(self.headers.items()), body)
                outer.check(*outer.request)
                self.send_response(200 if outer.problem is None else 403)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST = do_HEAD = do_PUT = answer

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def check(self, *request):
        try:
            self.problem, self.scope = None, signature.verify(*request, KEYS)
        except signature.Wrong as wrong:
            self.problem = str(wrong)


class Signatures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    def send(self, key, url, service, method="POST", body="{}", headers=(JSON,)):
        secret, token = KEYS[key]
        port = self.server.server.server_address[1]
        result = subprocess.run([PROGRAM, url, f"127.0.0.1:{port}", "eu-west-1", service, method, *headers],
                                input=body,
                                env={"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
                                     "AWS_SESSION_TOKEN": token or ""},
                                capture_output=True, text=True, check=True, timeout=30)
        self.assertEqual((result.stdout.strip(), self.server.problem), ("200", None))
        self.assertEqual(self.server.scope, (key, "eu-west-1", service))

    def test_every_kind(self):
        odd = '{"SecretId":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:a/b+c=d@e.f_g-h!%20 \u00fc"}'
        target = "X-Amz-Target: secretsmanager.GetSecretValue"
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        for key in KEYS:
            with self.subTest(key=key):
                self.send(key, "http://api.ecr.eu-west-1.amazonaws.com/", "ecr",
                          headers=(JSON, "X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"))
                self.send(key, "http://secretsmanager.eu-west-1.amazonaws.com/", "secretsmanager", body=odd,
                          headers=(JSON, target))
                self.send(key, "http://sts.eu-west-1.amazonaws.com/", "sts", body="Action=GetCallerIdentity&Version=2011-06-15",
                          headers=("Content-Type: application/x-www-form-urlencoded",))
                self.send(key, "http://s3.eu-west-1.amazonaws.com/", "s3", method="GET", body="",
                          headers=(f"X-Amz-Content-Sha256: {empty}",))
                self.send(key, "http://lambda.eu-west-1.amazonaws.com/2015-03-31/functions?MaxItems=1", "lambda",
                          method="GET", body="", headers=())
                self.send(key, "http://logs.eu-west-1.amazonaws.com:8443/", "logs", body="x" * 1_500_000)

    def test_tampering_is_seen(self):
        self.send("ASIAEXAMPLE", "http://kms.eu-west-1.amazonaws.com/", "kms")
        method, url, headers, body = self.server.request
        without_token = [pair for pair in headers if pair[0].lower() != "x-amz-security-token"]
        for changed in ((method, url, headers, body + b" "), ("PUT", url, headers, body), (method, url + "x", headers, body),
                        (method, url, without_token, body)):
            with self.assertRaises(signature.Wrong):
                signature.verify(*changed, KEYS)


if __name__ == "__main__":
    unittest.main()
