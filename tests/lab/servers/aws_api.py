"""AWS's APIs behind nginx: every signature is verified with botocore, and the answers are the documented ones.

usage: aws_api.py PORT SETTINGS.json, inside the lab only. The settings are vpc/api.py's.
"""
import hashlib
import http.server
import json
import pathlib
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from servers import signature  # noqa: E402
from vpc.isolation import require_own_namespace  # noqa: E402

FOR_EVER = 3600
PREFIX_OF_SIGNING_NAME = {"monitoring": "cloudwatch"}  # actions whose prefix is not the signing name
XML = {"s3", "sts", "cloudwatch", "sns"}
# A function's role has other rights than the task's: AWSLambdaVPCAccessExecutionRole. What is closed to everyone is closed to it.
FUNCTION_ROLE = "vpc-probe-doctor-eu-west-1"
FUNCTION_RIGHTS = {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "sts:GetCallerIdentity"}
OF_ONE_ROLE = ("identity-based policy", "permissions boundary", "session policy")


class Refusal(Exception):
    """An error of AWS's: HTTP status, type, words."""

    def __init__(self, status, kind, message):
        super().__init__(message)
        self.status, self.kind, self.message = status, kind, message


class Call:
    """One verified request: who asks for what."""

    def __init__(self, method, url, headers, body, settings):
        self.headers = {name.lower(): value for name, value in headers}
        self.url, self.body, self.settings = url, body, settings
        keys = {one["key"]: (one["secret"], one["token"] or None) for one in (settings, settings["function"])}
        try:
            key, _, name = signature.verify(method, url, headers, body, keys)
        except signature.Wrong as wrong:
            raise Refusal(403, "InvalidSignatureException", f"the lab's botocore says: {wrong}") from wrong
        self.is_of_function = key == settings["function"]["key"]
        self.role = FUNCTION_ROLE if self.is_of_function else settings["role"]
        self.prefix = PREFIX_OF_SIGNING_NAME.get(name, name)
        self.action = f"{self.prefix}:{self._operation(method)}"

    def _operation(self, method):
        if "x-amz-target" in self.headers:
            return self.headers["x-amz-target"].split(".")[-1]
        form = urllib.parse.parse_qs(self.body.decode())
        if "Action" in form:
            return form["Action"][0]
        path = urllib.parse.urlsplit(self.url).path
        return {"/2018-10-31/layers": "ListLayers", "/GetSamplingRules": "GetSamplingRules"}.get(path, "GetObject")

    @property
    def document(self):
        return json.loads(self.body or b"{}")


def denied(call, because):
    """AWS's sentence (IAM User Guide, "Troubleshoot access denied error messages")."""
    settings = call.settings
    resource = "*" if call.prefix == "ecr" else f"arn:aws:{call.prefix}:eu-west-1:{settings['account']}:{asked_for(call) or '*'}"
    if call.prefix == "s3":
        resource = f'"arn:aws:s3:::{urllib.parse.unquote(urllib.parse.urlsplit(call.url).path)[1:]}"'
    who = f"arn:aws:sts::{settings['account']}:assumed-role/{call.role}/0123456789abcdef"
    text = f"User: {who} is not authorized to perform: {call.action} on resource: {resource}{because}"
    return Refusal(403 if call.prefix in XML else 400, "AccessDenied" if call.prefix in XML else "AccessDeniedException", text)


def asked_for(call):
    if "x-amz-target" not in call.headers:
        return ""
    document = call.document
    return document.get("SecretId") or document.get("logGroupName") or "".join(document.get("Names", []))


def canonical_text(call):
    """What AWS says of a wrong signature: the whole request as it should have been, session token included."""
    return ("The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for "
            f"this request should have been\n'POST\n/\n\nx-amz-security-token:{call.headers.get('x-amz-security-token')}\n\n"
            f"{hashlib.sha256(call.body).hexdigest()}'")


FIXED = {  # behaviour: (status, type, words)
    "throttled": (400, "ThrottlingException", "Rate exceeded"),
    "too-many": (429, "TooManyRequestsException", "Too Many Requests"),
    "unavailable": (503, "ServiceUnavailableException", "Service is unavailable."),
    "failing": (500, "InternalFailure", "An internal error occurred"),
    "expired": (400, "ExpiredTokenException", "The security token included in the request is expired"),
    "unknown-key": (400, "UnrecognizedClientException", "The security token included in the request is invalid."),
    "skewed": (403, "InvalidSignatureException", "Signature expired: 20261124T100000Z is now earlier than 20261124T101500Z "
               "(20261124T102000Z - 5 min.)"),
    "s3-skewed": (403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."),
    "invalid": (400, "ValidationException", "1 validation error detected"),
}


def misbehave(call):
    """What the scenario wants instead of an answer; nothing where it wants none."""
    wanted = call.settings["answers"].get(call.action, call.settings["answers"].get("*", ""))
    name, _, argument = wanted.partition(":")
    if call.is_of_function and (argument in OF_ONE_ROLE or not name):
        if call.action in FUNCTION_RIGHTS:
            return ""
        name, argument = "implicit", "identity-based policy"
    if name == "implicit":
        raise denied(call, f" because no {argument} allows the {call.action} action")
    if name == "explicit":
        article = "an" if argument[0] in "i" else "a"
        raise denied(call, f" with an explicit deny in {article} {argument}")
    if name == "denied":
        raise denied(call, "")
    if name == "wrong-signature":
        raise Refusal(403, "InvalidSignatureException", canonical_text(call))
    if name in FIXED:
        raise Refusal(*FIXED[name])
    return name


def ecr_get_authorization_token(call):
    return {"authorizationData": [{"authorizationToken": call.settings["ecr_token"], "expiresAt": 1.9e9,
                                   "proxyEndpoint": f"https://{call.settings['account']}.dkr.ecr.eu-west-1.amazonaws.com"}]}


def secretsmanager_get_secret_value(call):
    document = call.document
    if document["SecretId"] not in call.settings["secrets"]:
        if document["SecretId"] in call.settings["deleted_secrets"]:
            raise Refusal(400, "InvalidRequestException",
                          "You can't perform this operation on the secret because it was marked for deletion.")
        raise Refusal(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    if document.get("VersionStage", "AWSCURRENT") not in ("AWSCURRENT", "AWSPREVIOUS"):
        raise Refusal(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret value for "
                      f"staging label: {document['VersionStage']}")
    return {"ARN": document["SecretId"], "SecretString": call.settings["secret_value"]}


def ssm_get_parameters(call):
    names = call.document["Names"]
    there = [name for name in names if name in call.settings["parameters"]]
    return {"Parameters": [{"Name": name, "Type": "String", "Value": call.settings["secret_value"]} for name in there],
            "InvalidParameters": [name for name in names if name not in there]}


def logs_put_log_events(call):
    document = call.document
    if document["logGroupName"] not in call.settings["log_groups"]:
        raise Refusal(400, "ResourceNotFoundException", "The specified log group does not exist.")
    raise Refusal(400, "ResourceNotFoundException", "The specified log stream does not exist.")


def s3_get_object(call):
    arn = "arn:aws:s3:::" + urllib.parse.unquote(urllib.parse.urlsplit(call.url).path)[1:]
    if arn not in call.settings["s3_objects"]:
        raise Refusal(404, "NoSuchKey", "The specified key does not exist.")
    if "if-match" in call.headers:
        raise Refusal(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
    return {"content": call.settings["secret_value"]}


ANSWERS = {"ecr:GetAuthorizationToken": ecr_get_authorization_token,
           "secretsmanager:GetSecretValue": secretsmanager_get_secret_value,
           "ssm:GetParameters": ssm_get_parameters,
           "logs:PutLogEvents": logs_put_log_events,
           "s3:GetObject": s3_get_object}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    settings = {}

    def log_message(self, *_):
        pass

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        prefix = ""
        try:
            call = Call(self.command, f"https://{self.headers['Host']}{self.path}", list(self.headers.items()), body,
                        self.settings)
            prefix = call.prefix
            how = misbehave(call)
            if how == "silent":
                time.sleep(FOR_EVER)
            if how == "closed":
                self.close_connection = True
                return
            document = ANSWERS.get(call.action, lambda _: {})(call)
            self.send(200, json.dumps(document).encode(), how)
        except Refusal as refusal:
            wanted = self.settings["answers"].get("shape", "")
            self.send(refusal.status, self.error_body(refusal, prefix), wanted, refusal.kind)

    do_GET = do_POST = do_PUT = do_HEAD = answer

    @staticmethod
    def error_body(refusal, prefix):
        if prefix in XML:
            text = refusal.message.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
            return f"<?xml version=\"1.0\"?>\n<ErrorResponse><Error><Code>{refusal.kind}</Code><Message>{text}</Message></Error></ErrorResponse>".encode()
        return json.dumps({"__type": f"com.amazon.coral.service#{refusal.kind}", "message": refusal.message}).encode()

    def send(self, status, body, how, kind=""):
        if how == "truncated":
            body = body[:len(body) // 2]
        if how == "garbage":
            body = bytes((i * 89 + 7) % 256 for i in range(1 << 20))
        if how == "huge":
            body = b"[" * (64 << 20)
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(body)))
        if kind and how not in ("truncated", "garbage", "huge"):
            self.send_header("x-amzn-ErrorType", f"{kind}:http://internal.amazon.com/coral/")
        self.end_headers()
        self.wfile.write(body)


def main(port, settings):
    Handler.settings = json.loads(pathlib.Path(settings).read_text())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    require_own_namespace()
    main(*sys.argv[1:])
