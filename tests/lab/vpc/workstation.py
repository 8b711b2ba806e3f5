"""An operator's workstation: AWS's control plane at its own names, on a loopback that nothing else is on.

Run inside fresh namespaces by vpc/operating.py: workstation.py CASES.json, a list of cases: the settings of
servers/configuration_api.py with a command and its environment. Prints what came of them as JSON.
"""
import http.server
import json
import os
import pathlib
import ssl
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from servers.control_plane import ControlPlane  # noqa: E402
from vpc.certificates import Certificates  # noqa: E402
from vpc.isolation import require_own_namespace  # noqa: E402

HOSTS = ["ec2.eu-west-1.amazonaws.com", "ecs.eu-west-1.amazonaws.com", "route53.amazonaws.com",
         "route53resolver.eu-west-1.amazonaws.com", "sts.eu-west-1.amazonaws.com", "lambda.eu-west-1.amazonaws.com",
         "iam.amazonaws.com", "sns.eu-west-1.amazonaws.com", "events.eu-west-1.amazonaws.com",
         "ssm.eu-west-1.amazonaws.com", "reports.s3.eu-west-1.amazonaws.com"]  # the last one: a bucket


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # a shorter queue drops connections that come at once: each costs a second


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api = None

    def log_message(self, *_):
        pass

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = self.api.answer(self.command, f"https://{self.headers['Host']}{self.path}", list(self.headers.items()), body)
        if said is None:  # the caller was ended
            self.close_connection = True
            return
        status, headers, answer = said
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != http.HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_DELETE = answer


def serve(state):
    """In the network namespace of now: the file of the authority, and the server."""
    certificates = Certificates(state)
    server = Server(("127.0.0.1", 443), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain("eu-west-1"), certificates.key("eu-west-1"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return str(certificates.ca_file), server


def run(case, ca_file):
    Handler.api = ControlPlane(case)
    done = subprocess.run(case["command"], env=environment_of(case, ca_file), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return {"status": done.returncode, "stdout": done.stdout, "stderr": done.stderr, "seen": Handler.api.seen}


def environment_of(case, ca_file):
    """LeakSanitizer reads /proc, which is that of the machine here: process numbers differ."""
    return {"PATH": os.environ["PATH"], "VPC_PROBE_CA_FILE": ca_file, "AWS_CA_BUNDLE": ca_file,
            "ASAN_OPTIONS": "detect_leaks=0", **case["environment"]}


def hosts_beside(cases_file):
    """A file for /etc/hosts, where AWS's names are this machine's."""
    hosts = pathlib.Path(cases_file).with_suffix(".hosts")
    hosts.write_text("127.0.0.1 localhost " + " ".join(HOSTS) + "\n")
    return hosts


def with_hosts(hosts, command):
    """The command where that file is /etc/hosts."""
    return ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" "$(readlink -f /etc/hosts)" && exec "$@"', hosts, *command]


def main(state, cases_file):
    require_own_namespace(empty=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    hosts = hosts_beside(cases_file)
    subprocess.run(["mount", "--bind", str(hosts), os.path.realpath("/etc/hosts")], check=True)
    ca_file, _ = serve(state)
    json.dump([run(case, ca_file) for case in json.loads(pathlib.Path(cases_file).read_text())], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
