"""Gives anybody a token to pull with, signed as docker-registry wants it (distribution's "Token Authentication").

usage: token_server.py PORT CHAIN KEY, inside the lab only.
"""
import base64
import http.server
import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from vpc.isolation import require_own_namespace  # noqa: E402


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(chain, key, service, scope):
    certificates = re.findall("-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", chain, re.DOTALL)
    head = {"typ": "JWT", "alg": "RS256", "x5c": ["".join(text.split()) for text in certificates]}
    kind, name, actions = scope.split(":")
    now = int(time.time())
    claims = {"iss": "auth.example.com", "sub": "", "aud": service, "exp": now + 300, "nbf": now - 10, "iat": now,
              "jti": "planted", "access": [{"type": kind, "name": name, "actions": actions.split(",")}]}
    signed = ".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=signed.encode(), capture_output=True,
                               check=True).stdout
    return f"{signed}.{encoded(signature)}"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        body = json.dumps({"token": token(self.chain, self.key, asked["service"][0], asked["scope"][0])}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    require_own_namespace()
    Handler.chain, Handler.key = pathlib.Path(sys.argv[2]).read_text(), sys.argv[3]
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
