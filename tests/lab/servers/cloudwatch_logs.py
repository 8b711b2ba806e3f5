"""CloudWatch Logs as far as PutLogEvents and CreateLogStream go, as strict as AWS: signatures by botocore, shapes by
botocore's model, limits and errors by the API reference.

usage: cloudwatch_logs.py CHAIN KEY PORT KEY-ID/SECRET/TOKEN, inside the lab only

GET /received   what came: {"streams": {"GROUP:STREAM": [message…]}, "calls": [[operation, error or ""]…], "formats": […]}
POST /prepare   {"groups": […], "fail": [error…]}: groups that exist, errors of the next calls
"""
import http.server
import json
import pathlib
import ssl
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from botocore.session import get_session  # noqa: E402
from botocore.validate import ParamValidator  # noqa: E402
from servers import signature  # noqa: E402
from vpc.isolation import require_own_namespace  # noqa: E402

MODEL = get_session().get_service_model("logs")
TARGET = "Logs_20140328."
KEPT = 1000  # messages of a stream
DAY_MS = 24 * 3600 * 1000
STATUS = {"ServiceUnavailableException": 503, "InternalFailure": 500}  # the others are 400
keys = {}
groups = {"/ecs/app", "canary", "team/app"}
streams, calls, formats, failures = {}, [], [], []


class ServiceError(Exception):
    def __init__(self, name, message):
        super().__init__(f"{name}: {message}")
        self.name, self.message = name, message


def check_stream(given):
    if given["logGroupName"] not in groups:
        raise ServiceError("ResourceNotFoundException", "The specified log group does not exist.")
    return f"{given['logGroupName']}:{given['logStreamName']}"


def create_log_stream(given):
    name = check_stream(given)
    if name in streams:
        raise ServiceError("ResourceAlreadyExistsException", "The specified log stream already exists")
    if ":" in given["logStreamName"] or "*" in given["logStreamName"]:
        raise ServiceError("InvalidParameterException", "the log stream's name")
    streams[name] = []
    return {}


def put_log_events(given):
    name, events = check_stream(given), given["logEvents"]
    if name not in streams:
        raise ServiceError("ResourceNotFoundException", "The specified log stream does not exist.")
    times = [event["timestamp"] for event in events]
    if times != sorted(times):
        raise ServiceError("InvalidParameterException", "Log events in a single PutLogEvents request must be in chronological order.")
    if len(events) > 10000 or sum(len(event["message"].encode()) + 26 for event in events) > 1048576:
        raise ServiceError("InvalidParameterException", "Upload too large")
    if times[-1] - times[0] > DAY_MS:
        raise ServiceError("InvalidParameterException", "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
    now = time.time() * 1000
    fresh = [event for event in events if now - 14 * DAY_MS < event["timestamp"] < now + 2 * 3600 * 1000]
    streams[name] = [*streams[name], *(event["message"] for event in fresh)][-KEPT:]
    return {"nextSequenceToken": "0"}


OPERATIONS = {"CreateLogStream": create_log_stream, "PutLogEvents": put_log_events}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/received":
            return self.answer(200, {"streams": streams, "calls": calls, "formats": formats})
        return self.answer(404, b"<UnknownOperationException/>\n")

    def do_OPTIONS(self):
        self.answer(200, b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/prepare":
            wanted = json.loads(body)
            groups.clear()
            groups.update(wanted.get("groups", []))
            failures[:] = wanted.get("fail", [])
            return self.answer(200, {})
        operation = self.headers.get("X-Amz-Target", "").removeprefix(TARGET)
        try:
            answer = self.serve(operation, body)
            calls.append([operation, ""])
            del calls[:-KEPT], formats[:-KEPT]
            self.answer(200, answer)
        except ServiceError as error:
            calls.append([operation, error.name])
            self.answer(STATUS.get(error.name, 400), {"__type": error.name, "message": error.message})

    def serve(self, operation, body):
        if failures:
            raise ServiceError(failures.pop(0), "as prepared")
        self.check_signature(body)
        if self.headers["Content-Type"] != "application/x-amz-json-1.1" or operation not in OPERATIONS:
            raise ServiceError("UnknownOperationException", operation)
        given = json.loads(body)
        report = ParamValidator().validate(given, MODEL.operation_model(operation).input_shape)
        unknown = set(given) - set(MODEL.operation_model(operation).input_shape.members)
        if report.has_errors() or unknown:
            raise ServiceError("InvalidParameterException", report.generate_report() + " ".join(unknown))
        if operation == "PutLogEvents":
            formats.append(self.headers.get("x-amzn-logs-format", ""))
        return OPERATIONS[operation](given)

    def check_signature(self, body):
        headers = list(self.headers.items())
        if not self.headers.get("Authorization"):
            raise ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token")
        if abs(signature.skew_seconds(headers)) > 300:
            raise ServiceError("InvalidSignatureException", "Signature expired")
        try:
            _, region, service = signature.verify("POST", f"https://{self.headers['Host']}{self.path}", headers, body, keys)
        except signature.Wrong as wrong:
            name = "UnrecognizedClientException" if "unknown access key" in str(wrong) else "InvalidSignatureException"
            # AWS repeats the whole canonical request here, session token included.
            raise ServiceError(name, f"{wrong}; x-amz-security-token:{self.headers.get('x-amz-security-token')}") from wrong
        if service != "logs" or f".{region}." not in self.headers["Host"]:
            raise ServiceError("InvalidSignatureException", f"Credential should be scoped to correct service: 'logs', not {service}")

    def answer(self, status, body):
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response_only(status)
        self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Date", self.date_time_string())
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main(chain, key, port, credentials):
    require_own_namespace()
    key_id, secret, token = credentials.split("/")
    keys[key_id] = (secret, token)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, key)
    server = Server(("", int(port)), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
