"""The Lambda runtime API on loopback, strict by its documentation, and the function that it starts.

usage: lambda_runtime.py TIMEOUT-MS BOOTSTRAP [ARGUMENT…]

It also takes invocations as AWS's runtime interface emulator does: POST /2015-03-31/functions/function/invocations
answers with the function's response, or its error and X-Amz-Function-Error. When the function has ended, the last line
on stdout is {"calls": [[method, path, status]…], "violations": […], "init_error": …}; the exit status is the function's.
"""
import contextlib
import http.server
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import uuid

ADDRESS = ("127.0.0.1", 9001)
TIMED_OUT, ENDED = "Sandbox.Timedout", "Runtime.ExitError"
API = "/2018-06-01/runtime"
INVOKE = "/2015-03-31/functions/function/invocations"
ARN = "arn:aws:lambda:eu-west-1:444455556666:function:vpc-probe"
LARGEST = 6 * 1024 * 1024
OF_LAMBDA = {"_HANDLER": "bootstrap", "LAMBDA_TASK_ROOT": "/var/task", "AWS_LAMBDA_FUNCTION_NAME": "vpc-probe",
             "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
             "AWS_EXECUTION_ENV": "AWS_Lambda_provided.al2023", "AWS_LAMBDA_RUNTIME_API": "%s:%d" % ADDRESS}


class Invocation:
    def __init__(self, event, timeout_ms):
        self.event, self.timeout_ms = event, timeout_ms
        self.id, self.echo = str(uuid.uuid4()), str(uuid.uuid4())
        self.answer = queue.Queue(1)  # (body, error type or None)


class Service:
    def __init__(self, timeout_ms, arn=ARN):
        self.timeout_ms, self.arn = timeout_ms, arn
        self.waiting = queue.Queue()
        self.current, self.invoked = None, None
        self.calls, self.violations = [], []
        self.asked, self.init_error, self.status = False, None, None

    def invoke(self, event, timeout_ms=None):
        """The function's answer and its error type, or none."""
        wanted = self.invoked = Invocation(event, timeout_ms or self.timeout_ms)
        if self.status is not None:
            self.ended(self.status)
        self.waiting.put(wanted)
        try:
            return wanted.answer.get(timeout=wanted.timeout_ms / 1000)
        except queue.Empty:
            self.violations.append("timed out")
            return failure(TIMED_OUT, "Task timed out"), TIMED_OUT

    def ended(self, status):
        """The function's process has ended: the invocation that waits for it fails."""
        self.status = status
        if self.invoked is not None and self.invoked.answer.empty():
            told = failure(ENDED, f"RequestId: {self.invoked.id} Error: Runtime exited with error: exit status {status}")
            with contextlib.suppress(queue.Full):
                self.invoked.answer.put_nowait((told, self.init_error or ENDED))


def failure(kind, message):
    return json.dumps({"errorMessage": message, "errorType": kind}).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def service(self):
        return self.server.service

    def do_GET(self):
        if self.path != f"{API}/invocation/next":
            return self.violation(404, "no such path")
        if self.headers.get("Content-Length", "0") != "0":
            return self.violation(400, "a body")
        if self.service.current:
            return self.violation(403, "next before the response")
        self.service.asked = True
        now = self.service.current = self.service.waiting.get()
        self.answer(200, now.event, {
            "Content-Type": "application/json", "Lambda-Runtime-Aws-Request-Id": now.id,
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + now.timeout_ms),
            "Lambda-Runtime-Invoked-Function-Arn": self.service.arn, "Lambda-Runtime-Invocation-Id": now.echo,
            "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == INVOKE:
            return self.invoke(body)
        if self.path == f"{API}/init/error":
            if self.service.asked:
                return self.violation(403, "an error of the start after it")
            self.service.init_error = self.error_in(body)
            return self.accepted()
        match = re.fullmatch(f"{API}/invocation/([^/]+)/(response|error)", self.path)
        now = self.service.current
        if not match:
            return self.violation(404, "no such path")
        if not now or match[1] != now.id:
            return self.violation(400, "InvalidRequestID")
        if self.headers.get("Lambda-Runtime-Invocation-Id") != now.echo:
            return self.violation(400, "InvalidInvocationId")
        if len(body) > LARGEST:
            return self.violation(413, "RequestEntityTooLarge")
        error = self.error_in(body) if match[2] == "error" else None
        self.service.current = None
        self.accepted()
        now.answer.put((body, error))

    def error_in(self, body):
        kind = self.headers.get("Lambda-Runtime-Function-Error-Type", "")
        told = json.loads(body)
        right = (re.fullmatch(r"\w+\.\w+", kind) and set(told) == {"errorMessage", "errorType", "stackTrace"} and
                 isinstance(told["errorMessage"], str) and told["errorType"] == kind and isinstance(told["stackTrace"], list))
        if not right:
            self.service.violations.append(f"{self.path}: error type {kind}, body {told}")
        return kind

    def invoke(self, body):
        answer, error = self.service.invoke(body)
        self.answer(200, answer, {"X-Amz-Function-Error": error} if error else {})

    def accepted(self):
        self.answer(202, json.dumps({"status": "OK"}).encode())

    def violation(self, status, what):
        self.service.violations.append(f"{self.command} {self.path}: {what}")
        self.answer(status, json.dumps({"errorMessage": what, "errorType": "InvalidRequest"}).encode())

    def answer(self, status, body, headers=None):
        if self.path != INVOKE:
            name = re.sub(r"/[0-9a-f-]{36}/", "/ID/", self.path.removeprefix(API))
            self.service.calls.append([self.command, name, status])
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # the function has gone


def pass_on(function):
    while True:
        function.send_signal(signal.sigwait({signal.SIGTERM}))


def main(timeout_ms, *bootstrap):
    server = Server(ADDRESS, Handler)
    server.service = Service(int(timeout_ms))
    function = subprocess.Popen(bootstrap, env={**os.environ, **OF_LAMBDA})
    # A thread takes the signal: a handler would not run while the main one waits in the kernel.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=pass_on, args=(function,), daemon=True).start()
    status = function.wait()
    service = server.service
    print(json.dumps({"calls": service.calls, "violations": service.violations, "init_error": service.init_error}), flush=True)
    os._exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main(*sys.argv[1:])
