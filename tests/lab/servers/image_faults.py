"""A registry that goes wrong, behind nginx: the first part of the path says how.

usage: image_faults.py PORT ACCOUNT, inside the lab only.
"""
import http.server
import json
import pathlib
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from vpc.isolation import require_own_namespace  # noqa: E402

FOR_EVER = 3600
MANY = 2 << 30


def error(code, message):
    return json.dumps({"errors": [{"code": code, "message": message}]}).encode()


def denial(action, account, because):
    return error("DENIED", f"User: arn:aws:sts::{account}:assumed-role/app-task/0123 is not authorized to perform: {action} "
                           f"on resource: arn:aws:ecr:eu-west-1:{account}:repository/app{because}")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    account = ""

    def log_message(self, *_):
        pass

    def do_GET(self):
        behaviour, _, path = self.path[1:].partition("/")
        name, _, argument = urllib.parse.unquote(behaviour).partition(":")
        self.close_connection = True
        try:
            getattr(self, name.replace("-", "_"))(argument, "/" + path)
        except OSError:
            pass  # the peer has gone, as it may

    def head(self, status, length=None, **headers):
        self.send_response_only(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()

    def answer(self, status, body, **headers):
        self.head(status, len(body), **headers)
        self.wfile.write(body)

    def redirect(self, to):
        self.answer(307, b"", Location=to)

    def status(self, argument, _):
        kinds = {"429": "TOOMANYREQUESTS", "403": "AccessDenied"}
        self.answer(int(argument), error(kinds.get(argument, "UNKNOWN"), "as the scenario wants"))

    def refused(self, because, path):
        action = "ecr:GetDownloadUrlForLayer" if "/blobs/" in path else "ecr:BatchGetImage"
        self.answer(403, denial(action, self.account, f" because no {because} allows the {action} action"))

    def echo(self, _, path):
        """What a proxy's page of an error may do."""
        self.answer(500, error(self.headers["Authorization"], f"you sent {self.headers['Authorization']} for {path}"),
                    x_amzn_RequestId=self.headers["Authorization"])

    def no_repository(self, _, path):
        self.answer(404, error("NAME_UNKNOWN", f"The repository with name 'app' does not exist in the registry with id '{self.account}'"))

    def bucket_denied(self, _, path):
        self.answer(403, b"<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
                    x_amz_request_id="0123456789ABCDEF")

    def link_expired(self, _, path):
        self.answer(403, b"<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
                    x_amz_request_id="0123456789ABCDEF")

    def truncated(self, _, path):
        self.answer(200, b'{"schemaVersion":2,"manifests":[{"digest":"sha2')

    def another(self, _, path):
        self.answer(200, b'{"schemaVersion":1,"name":"app","fsLayers":[]}')

    def cut(self, _, path):
        self.head(200, 4096)
        self.wfile.write(b'{"schemaVersion":2,')

    def huge(self, _, path):
        self.head(200, MANY)
        self.pour()

    def endless(self, _, path):
        self.head(200)
        self.pour()

    def pour(self):
        while True:
            self.wfile.write(b" " * 65536)

    def drip(self, _, path):
        self.head(200, FOR_EVER)
        for _ in range(FOR_EVER):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(1)

    def silent(self, _, path):
        time.sleep(FOR_EVER)

    def loop(self, _, path):
        self.redirect(path)

    def longer(self, _, path):
        self.redirect(path + "x")

    def plain(self, host, path):
        self.redirect(f"http://{host}{path}")

    def elsewhere(self, host, path):
        self.redirect(f"https://{host}{path}")


if __name__ == "__main__":
    require_own_namespace()
    Handler.account = sys.argv[2]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    server.daemon_threads = True
    server.serve_forever()
