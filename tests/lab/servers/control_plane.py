"""AWS's control plane as one operator reaches it: what configuration_api.py answers, and Lambda and IAM, which change."""
import re
import threading
import traceback

from servers import answers, parameters, signature
from servers.configuration_api import Api, Refusal
from servers.iam_api import Iam
from servers.lambda_api import Lambda

SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
ACTIONS = {"lambda:Invoke": "lambda:InvokeFunction"}  # rights whose name is not the operation's
SLOW_DOWN = {"lambda": (429, "TooManyRequestsException", "Rate Exceeded."), "iam": (400, "Throttling", "Rate exceeded")}
INVALID = {"lambda": "ValidationException", "iam": "ValidationError"}
DENIED = {"lambda": "AccessDeniedException", "iam": "AccessDenied"}
REGION = {"lambda": "eu-west-1", "iam": "us-east-1"}


class ControlPlane:
    """`settings`: those of configuration_api.Api, and waits: seconds, by what is waited for; kill_after: after so many calls
    of Lambda and IAM `kill` is called, and the last one gets no answer."""

    def __init__(self, settings, network=None):
        self.settings = settings
        self.configuration = Api(settings)
        self.seen = self.configuration.seen
        self.account = self.configuration.single.get("Account", "111122223333")
        waits = settings.get("waits", {})
        self.iam = Iam(self.account, waits)
        self.functions = Lambda(REGION["lambda"], self.account, waits, self.iam, network)
        self.network = network
        self.failures = []
        self.counted, self.kill = 0, lambda: None
        self.lock = threading.Lock()

    def answer(self, method, url, headers, body):
        """Status, headers and body; nothing where the caller was ended."""
        authorization = {name.lower(): value for name, value in headers}.get("authorization", "")
        scope = SCOPE.search(authorization)
        service = scope[1] if scope else ""
        if service not in REGION:
            with self.lock:
                self._show_interfaces()
                status, answer = self.configuration.answer(method, url, headers, body)
            return status, [], answer
        try:
            said = self._changing(service, method, url, headers, body)
        except Refusal as refusal:
            kind = [("x-amzn-ErrorType", refusal.kind)] if service == "lambda" else []
            said = refusal.status, kind, answers.error_body(service, refusal.kind, refusal.message)
        except Exception as failure:  # the fake's own: a test must see it
            self.failures.append("".join(traceback.format_exception(failure)))
            said = 500, [], answers.error_body(service, "ServiceException", "the lab's fake failed")
        with self.lock:
            self.counted += 1
            last = self.counted == self.settings.get("kill_after")
        if last:
            self.kill()
            return None
        return said

    def _changing(self, service, method, url, headers, body):
        keys = {self.settings["key"]: (self.settings["secret"], self.settings["token"] or None)}
        try:
            region = signature.verify(method, url, headers, body, keys)[1]
        except signature.Wrong as wrong:
            kind = "InvalidSignatureException" if service == "lambda" else "SignatureDoesNotMatch"
            raise Refusal(403, kind, f"the lab's botocore says: {wrong}") from wrong
        if region != REGION[service]:
            raise Refusal(403, "SignatureDoesNotMatch", f"Credential should be scoped to a valid region, not {region}")
        try:
            action, asked = (parameters.of_form(service, body) if service == "iam" else
                             parameters.of_rest(service, method, url, headers, body))
        except (parameters.Wrong, ValueError) as wrong:
            self.seen.append(f"{service}:?")
            raise Refusal(400, INVALID[service], f"1 validation error detected: {wrong}") from wrong
        self._refuse(service, action)
        if service == "iam":
            with self.lock:
                document = self.iam.answer(action, asked)
            return 200, [], answers.serialise("iam", action, document)
        return answers.respond("lambda", action, self.functions.answer(action, asked))

    def _refuse(self, service, action):
        name = ACTIONS.get(f"{service}:{action}", f"{service}:{action}")
        with self.lock:
            self.seen.append(name)
            throttled = self.configuration.throttled
            if throttled.get(name, 0) > 0:
                throttled[name] -= 1
                raise Refusal(*SLOW_DOWN[service])
        refused = self.settings.get("refused", ())
        lacking = next((right for right in (name, *(("iam:PassRole",) if action == "CreateFunction" else ()))
                        if right in refused), None)
        if lacking:
            who = f"arn:aws:sts::{self.account}:assumed-role/operator/session"
            raise Refusal(403, DENIED[service], f"User: {who} is not authorized to perform: {lacking} because no "
                                                f"identity-based policy allows the {lacking} action")

    def _show_interfaces(self):
        """EC2 shows the network interfaces that Lambda made."""
        if self.network is None:
            return
        others = [one for one in self.configuration.lists.get("NetworkInterfaces", []) if one["InterfaceType"] != "lambda"]
        self.configuration.lists["NetworkInterfaces"] = others + [
            self.network.interface(*one) for one in self.functions.interfaces()]

    def left(self):
        """What is there now, for a test to look at."""
        return {"functions": self.functions.left(), "roles": sorted(self.iam.roles),
                "interfaces": [f"{name} {subnet}" for name, subnet, _ in self.functions.interfaces()],
                "violations": self.functions.violations + self.iam.violations + self.failures}
