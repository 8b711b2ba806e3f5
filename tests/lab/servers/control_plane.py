"""AWS's control plane as one operator reaches it: what configuration_api.py answers, and what changes: Lambda, IAM, where
verdicts go, and the parameters that say what was said."""
import re
import threading
import traceback
import typing

from servers import answers, parameters, signature
from servers.configuration_api import Api, Refusal
from servers.iam_api import Iam
from servers.lambda_api import Lambda
from servers.messages_api import Messages
from servers.parameter_store import ParameterStore

SCOPE = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/aws4_request")
ACTIONS = {"lambda:Invoke": "lambda:InvokeFunction"}  # rights whose name is not the operation's


class Service(typing.NamedTuple):
    """Where requests are signed for, how they are read, and the words of its refusals."""
    region: str
    read: typing.Callable  # (service, method, url, headers, body) → (action, parameters)
    invalid: str
    denied: str
    slow_down: tuple


def _form(service, _method, _url, _headers, body):
    return parameters.of_form(service, body)


def _target(service, _method, _url, headers, body):
    return parameters.of_target(service, headers, body)


def _object(_service, *request):
    return parameters.of_object(*request)


SERVICES = {
    "lambda": Service("eu-west-1", parameters.of_rest, "ValidationException", "AccessDeniedException",
                      (429, "TooManyRequestsException", "Rate Exceeded.")),
    "iam": Service("us-east-1", _form, "ValidationError", "AccessDenied", (400, "Throttling", "Rate exceeded")),
    "sns": Service("eu-west-1", _form, "ValidationError", "AuthorizationError", (400, "Throttled", "Rate exceeded")),
    "events": Service("eu-west-1", _target, "ValidationException", "AccessDeniedException",
                      (400, "ThrottlingException", "Rate exceeded")),
    "ssm": Service("eu-west-1", _target, "ValidationException", "AccessDeniedException",
                   (400, "ThrottlingException", "Rate exceeded")),
    "s3": Service("eu-west-1", _object, "InvalidRequest", "AccessDenied", (503, "SlowDown", "Please reduce your request rate.")),
}


class _AllBut:
    """Every action but these."""

    def __init__(self, actions):
        self.actions = actions

    def __contains__(self, action):
        return action not in self.actions


class ControlPlane:
    """`settings`: those of configuration_api.Api, and waits: seconds, by what is waited for; others: names of functions that are
    there from the start; function_rights: actions that the credentials of a function (`function`) allow; kill_after: after so many calls
    of Lambda and IAM `kill` is called once, and the last one gets no answer."""

    def __init__(self, settings, network=None):
        self.settings = settings
        self.configuration = Api(settings)
        self.keys = {settings["key"]: (settings["secret"], settings["token"] or None)}
        self.refused = {settings["key"]: settings.get("refused", ())}
        self.apis = {settings["key"]: self.configuration}
        if "function_rights" in settings:
            function, refused = settings["function"], _AllBut(settings["function_rights"])
            self.keys[function["key"]] = (function["secret"], function["token"])
            self.refused[function["key"]] = refused
            self.apis[function["key"]] = Api({**settings, **function, "refused": refused})
        self.seen_of = {key: one.seen for key, one in self.apis.items()}
        self.seen = self.configuration.seen
        self.account = self.configuration.single.get("Account", "111122223333")
        waits = settings.get("waits", {})
        self.iam = Iam(self.account, waits)
        self.functions = Lambda(SERVICES["lambda"].region, self.account, waits, self.iam, network)
        for name in settings.get("others", ()):
            self.functions.add_other(name)
        self.messages = Messages(settings)
        self.parameters = ParameterStore(settings)
        self.network = network
        self.failures = []
        self.counted, self.kill = 0, lambda: None
        self.kill_after = settings.get("kill_after")
        self.lock = threading.Lock()

    def answer(self, method, url, headers, body):
        """Status, headers and body; nothing where the caller was ended."""
        authorization = {name.lower(): value for name, value in headers}.get("authorization", "")
        scope = SCOPE.search(authorization)
        key, service = scope.groups() if scope else ("", "")
        if service not in SERVICES:
            api = self.apis.get(key, self.configuration)
            with self.lock:
                self._show_interfaces(api)
                status, answer = api.answer(method, url, headers, body)
            return status, [], answer
        try:
            said = self._changing(service, method, url, headers, body)
        except Refusal as refusal:
            kind = [("x-amzn-ErrorType", refusal.kind)] if service == "lambda" else []
            said = refusal.status, kind, answers.error_body(service, refusal.kind, refusal.message)
        except Exception as failure:  # the fake's own: a test must see it
            where = traceback.extract_tb(failure.__traceback__)[-1]
            self.failures.append(f"the fake failed: {where.filename}:{where.lineno}: {failure!r}")
            said = 500, [], answers.error_body(service, "ServiceException", "the lab's fake failed")
        with self.lock:
            self.counted += 1
            last = self.counted == self.kill_after
        if last:
            self.kill()
            return None
        return said

    def _changing(self, service, method, url, headers, body):
        try:
            key, region, _ = signature.verify(method, url, headers, body, self.keys)
        except signature.Wrong as wrong:
            kind = "InvalidSignatureException" if service == "lambda" else "SignatureDoesNotMatch"
            raise Refusal(403, kind, f"the lab's botocore says: {wrong}") from wrong
        if region != SERVICES[service].region:
            raise Refusal(403, "SignatureDoesNotMatch", f"Credential should be scoped to a valid region, not {region}")
        try:
            action, asked = SERVICES[service].read(service, method, url, headers, body)
        except (parameters.Wrong, ValueError) as wrong:
            self.seen_of[key].append(f"{service}:?")
            raise Refusal(400, SERVICES[service].invalid, f"1 validation error detected: {wrong}") from wrong
        self._refuse(key, service, action)
        if service == "lambda":  # it has a lock of its own
            return answers.respond(service, action, self.functions.answer(action, asked))
        with self.lock:
            document = {"iam": self.iam, "ssm": self.parameters}.get(service, self.messages).answer(action, asked)
        if service == "s3":
            return answers.respond(service, action, document)
        return 200, [], answers.serialise(service, action, document)

    def _refuse(self, key, service, action):
        name = ACTIONS.get(f"{service}:{action}", f"{service}:{action}")
        with self.lock:
            self.seen_of[key].append(name)
            throttled = self.configuration.throttled
            if throttled.get(name, 0) > 0:
                throttled[name] -= 1
                raise Refusal(*SERVICES[service].slow_down)
        refused = self.refused[key]
        lacking = next((right for right in (name, *(("iam:PassRole",) if action == "CreateFunction" else ()))
                        if right in refused), None)
        if lacking:
            who = f"arn:aws:sts::{self.account}:assumed-role/{'operator' if key == self.settings['key'] else 'function'}/session"
            raise Refusal(403, SERVICES[service].denied, f"User: {who} is not authorized to perform: {lacking} because no "
                                                f"identity-based policy allows the {lacking} action")

    def _show_interfaces(self, api):
        """EC2 shows the network interfaces that Lambda made."""
        if self.network is None:
            return
        others = [one for one in api.lists.get("NetworkInterfaces", []) if one["InterfaceType"] != "lambda"]
        api.lists["NetworkInterfaces"] = others + [
            self.network.interface(*one) for one in self.functions.interfaces()]

    def change(self, documents):
        """Another configuration from now on."""
        with self.lock:
            for api in self.apis.values():
                api.configure(documents)

    def came(self):
        """What functions asked for, and what came of it."""
        return {**self.messages.came(), "parameters": self.parameters.values, "asked": [name for key, seen in self.seen_of.items() if key != self.settings["key"]
                                                  for name in seen]}

    def left(self):
        """What is there now, and what was done wrong, for a test to look at."""
        return {"functions": self.functions.left(), "roles": sorted(self.iam.roles),
                "interfaces": [f"{name} {subnet}" for name, subnet, _ in self.functions.interfaces()],
                "violations": self.functions.violations + self.iam.violations + self.failures}
