"""Lambda's functions in subnets: pending, updated in a while, invoked for real, deleted in a while, with the network
interfaces that they leave. servers/control_plane.py verifies signatures and reads parameters.

The interfaces: one for each combination of subnet and groups. The interface of a deleted function keeps the groups that it
had last. If one of them is not the VPC's default group, no one can delete that group for a long time: a violation.
"""
import base64
import hashlib
import io
import json
import re
import threading
import time
import uuid
import zipfile

from servers.configuration_api import Refusal

LARGEST_UPLOAD = 50 << 20
LONGEST_EVENT = 6 << 20
LONGEST_VARIABLES = 4096
LONGEST_TIMEOUT = 900  # s; the model has no maximum
RESERVED = {  # AWS: "Defined runtime environment variables"
    "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"}
PAGE = 5
BUSY = "The operation cannot be performed at this time. "


def invalid(message):
    return Refusal(400, "InvalidParameterValueException", message)


class Function:
    def __init__(self, arn, asked, ready_at):
        self.name, self.arn = asked["FunctionName"], arn
        self.settings = {key: asked[key] for key in ("Description", "Runtime", "Handler", "Role", "Environment") if key in asked}
        self.settings |= {"MemorySize": asked.get("MemorySize", 128), "Timeout": asked.get("Timeout", 3),
                          "Architectures": asked.get("Architectures", ["x86_64"])}
        self.vpc = asked.get("VpcConfig", {})
        self.tags = dict(asked.get("Tags", {}))
        self.code = asked["Code"]["ZipFile"]
        self.ready_at = ready_at
        self.update_until, self.next_vpc = 0.0, None
        self.gone_at = None
        self.sandbox = None

    def is_pending(self):
        return time.monotonic() < self.ready_at

    def is_updating(self):
        return time.monotonic() < self.update_until

    @property
    def interfaces(self):
        """(subnet, groups) of each network interface that it uses."""
        return {(subnet, frozenset(self.vpc["SecurityGroupIds"])) for subnet in self.vpc.get("SubnetIds", ())}


class Lambda:
    """`waits`: seconds of "pending", "update", "delete" (until it leaves the list) and "interface" (until the network
    interface of a deleted function goes). `network`: vpc/functions.py's; vpc_of says which VPC has a subnet or group."""

    def __init__(self, region, account, waits, iam, network):
        self.region, self.account, self.waits, self.iam, self.network = region, account, waits, iam, network
        self.functions, self.deleted, self.lingering, self.violations = {}, [], {}, []
        self.lock = threading.Lock()
        iam.users_of = self._users_of

    def answer(self, action, asked):
        with self.lock:
            self._settle()
            asked = dict(asked)
            if "FunctionName" in asked:
                asked["FunctionName"] = asked["FunctionName"].removeprefix(self._arn("")).removesuffix(":$LATEST")
            if action != "Invoke":
                return getattr(self, "_" + action)(asked) or {}
            function = self._invocable(asked)
        return self._invoke(function, asked)  # beside other calls: it takes long

    def left(self):
        """Names of the functions that are there, without deleted ones that the list may still have."""
        with self.lock:
            return list(self.functions)

    def interfaces(self):
        """NetworkInterfaces as EC2 says them: (name, subnet, groups) of what is used, and of what lingers."""
        with self.lock:
            self._settle()
            used = {key: function.name for function in self.functions.values() for key in function.interfaces}
            return [(name, *key) for key, name in (used | {key: name for key, (name, _, _) in self.lingering.items()}).items()]

    def add_other(self, name):
        """A function of someone else, in no subnet."""
        asked = {"FunctionName": name, "Runtime": "python3.9", "Handler": "main.handler", "Code": {"ZipFile": b""},
                 "Description": "Answers orders", "Role": f"arn:aws:iam::{self.account}:role/orders"}
        self.functions[name] = Function(self._arn(name), asked, 0)

    def stop(self):
        for function in self.functions.values():
            self._end_sandbox(function)

    # Time passes.

    def _settle(self):
        """Does what was due since the last call."""
        now = time.monotonic()
        for function in self.functions.values():
            if function.next_vpc is not None and now >= function.update_until:
                function.vpc, function.next_vpc = function.next_vpc, None
        self.deleted = [function for function in self.deleted if now < function.gone_at]
        self.lingering = {key: value for key, value in self.lingering.items() if now < value[1]}

    def _users_of(self, role):
        with self.lock:
            self._settle()
            functions = [function.name for function in self.functions.values() if function.settings["Role"] == role]
            return functions + [f"the network interface of {name}" for name, _, used in self.lingering.values() if used == role]

    # What the actions need.

    def _arn(self, name):
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{name}"

    def _known(self, asked):
        function = self.functions.get(asked["FunctionName"])
        if function is None:
            raise Refusal(404, "ResourceNotFoundException", f"Function not found: {self._arn(asked['FunctionName'])}")
        return function

    def _of_arn(self, asked):
        return self._known({"FunctionName": asked["Resource"].removeprefix(self._arn(""))})

    def _check_vpc(self, vpc):
        """What EC2 says of the subnets and the groups."""
        subnets, groups = vpc.get("SubnetIds", []), vpc.get("SecurityGroupIds", [])
        if bool(subnets) != bool(groups):
            raise invalid("SubnetIds and SecurityIds must coexist or be both empty list.")
        of = set()
        for kind, ids in (("Subnet", subnets), ("SecurityGroup", groups)):
            for one in ids:
                if self.network.vpc_of(one) is None:
                    code = f"Invalid{kind.replace('SecurityGroup', 'Group')}ID.NotFound"
                    raise invalid(f"Error occurred while Describe{kind}s. EC2 Error Code: {code}. EC2 Error Message: The ID "
                                  f"'{one}' does not exist")
                of.add(self.network.vpc_of(one))
        if len(of) > 1:
            raise invalid("Security Groups are required to be in the same VPC.")

    @staticmethod
    def _check_variables(asked):
        variables = asked.get("Environment", {}).get("Variables", {})
        reserved = sorted(RESERVED & set(variables))
        if reserved:
            raise invalid("Lambda was unable to configure your environment variables because the environment variables you have "
                          "provided contains reserved keys that are currently not supported for modification. Reserved keys "
                          f"used in this request: {', '.join(reserved)}")
        if len(json.dumps(variables)) > LONGEST_VARIABLES:
            raise invalid("Lambda was unable to configure your environment variables because the environment variables you have "
                          "provided exceeded the 4KB limit.")

    def _check_role(self, asked):
        if not self.iam.is_assumable(asked["Role"]):
            raise invalid("The role defined for the function cannot be assumed by Lambda.")
        if asked.get("VpcConfig", {}).get("SubnetIds") and not self.iam.has_vpc_access(asked["Role"]):
            raise invalid("The provided execution role does not have permissions to call CreateNetworkInterface on EC2")

    @staticmethod
    def _check_timeout(asked):
        if asked.get("Timeout", 3) > LONGEST_TIMEOUT:
            raise Refusal(400, "ValidationException", f"1 validation error detected: Value '{asked['Timeout']}' at 'timeout' failed to "
                                                      "satisfy constraint: Member must have value less than or equal to 900")

    @staticmethod
    def _check_code(asked):
        code = asked["Code"].get("ZipFile")
        if code is None or asked.get("PackageType", "Zip") != "Zip" or not {"Runtime", "Handler"} <= set(asked):
            raise invalid("the lab's Lambda takes an uploaded zip with a runtime and a handler")
        if len(code) > LARGEST_UPLOAD:
            raise Refusal(413, "RequestEntityTooLargeException", f"Zipped size must be smaller than {LARGEST_UPLOAD} bytes")
        try:
            wrong = zipfile.ZipFile(io.BytesIO(code)).testzip()
        except zipfile.BadZipFile:
            wrong = "all"
        if wrong:
            raise invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")

    # The actions.

    def _CreateFunction(self, asked):
        if asked["FunctionName"] in self.functions:
            raise Refusal(409, "ResourceConflictException", f"Function already exist: {asked['FunctionName']}")
        self._check_timeout(asked)
        self._check_variables(asked)
        self._check_code(asked)
        self._check_role(asked)
        self._check_vpc(asked.get("VpcConfig", {}))
        pending = self.waits.get("pending", 0) if asked.get("VpcConfig", {}).get("SubnetIds") else 0
        function = Function(self._arn(asked["FunctionName"]), asked, time.monotonic() + pending)
        self.functions[function.name] = function
        return self._configuration(function)

    def _configuration(self, function):
        code = function.code
        said = {"FunctionName": function.name, "FunctionArn": function.arn, **function.settings, "CodeSize": len(code),
                "CodeSha256": base64.b64encode(hashlib.sha256(code).digest()).decode(), "Version": "$LATEST",
                "LastModified": "2026-01-02T03:04:05.000+0000", "PackageType": "Zip", "RevisionId": str(uuid.uuid4()),
                "TracingConfig": {"Mode": "PassThrough"}, "EphemeralStorage": {"Size": 512}}
        vpc = function.next_vpc if function.next_vpc is not None else function.vpc
        if vpc.get("SubnetIds"):
            said["VpcConfig"] = {**vpc, "VpcId": self.network.vpc_of(vpc["SubnetIds"][0])}
        if function.is_pending():
            return said | {"State": "Pending", "StateReason": "The function is being created.", "StateReasonCode": "Creating",
                           "LastUpdateStatus": "InProgress"}
        if function.is_updating():
            return said | {"State": "Active", "LastUpdateStatus": "InProgress", "LastUpdateStatusReasonCode": "Creating",
                           "LastUpdateStatusReason": "The function is being created."}
        return said | {"State": "Active", "LastUpdateStatus": "Successful"}

    def _GetFunctionConfiguration(self, asked):
        return self._configuration(self._known(asked))

    def _GetFunction(self, asked):
        function = self._known(asked)
        return {"Configuration": self._configuration(function), "Tags": function.tags,
                "Code": {"RepositoryType": "S3", "Location": "https://awslambda-eu-west-1-tasks.s3.eu-west-1.amazonaws.com/code"}}

    def _ListFunctions(self, asked):
        every = sorted([*self.functions.values(), *self.deleted], key=lambda function: function.name)
        begin = int(base64.b64decode(asked["Marker"]).decode().split(":")[1]) if "Marker" in asked else 0
        end = begin + min(PAGE, asked.get("MaxItems", PAGE))
        listed = []
        for function in every[begin:end]:  # a list says no state
            said = self._configuration(function)
            listed.append({key: value for key, value in said.items() if not re.match("State|LastUpdate", key)})
        more = {"NextMarker": base64.b64encode(f"next:{end}:+/=&".encode()).decode()} if end < len(every) else {}
        return {"Functions": listed, **more}

    def _refuse_while_busy(self, function):
        if function.is_pending():
            raise Refusal(409, "ResourceConflictException", BUSY + "The function is currently in the following state: Pending")
        if function.is_updating():
            raise Refusal(409, "ResourceConflictException", f"{BUSY}An update is in progress for resource: {function.arn}")

    def _UpdateFunctionConfiguration(self, asked):
        function = self._known(asked)
        self._refuse_while_busy(function)
        self._check_timeout(asked)
        self._check_variables(asked)
        if "VpcConfig" in asked:
            vpc = asked["VpcConfig"]
            self._check_vpc(vpc)
            if not vpc.get("SubnetIds"):
                self._leave_interfaces(function)
            function.next_vpc = vpc
        function.settings |= {key: value for key, value in asked.items() if key in function.settings}
        function.update_until = time.monotonic() + self.waits.get("update", 0)
        self._end_sandbox(function)
        said = self._configuration(function)
        return said | {"LastUpdateStatus": "InProgress", "LastUpdateStatusReasonCode": "Creating",
                       "LastUpdateStatusReason": "The function is being created."}

    def _DeleteFunction(self, asked):
        function = self._known(asked)
        if function.is_updating():
            self._refuse_while_busy(function)
        del self.functions[function.name]
        function.gone_at = time.monotonic() + self.waits.get("delete", 0)
        self.deleted.append(function)
        self._leave_interfaces(function)
        self._end_sandbox(function)

    def _leave_interfaces(self, function):
        """Those of no other function stay for a while, with their groups."""
        used = set().union(*(other.interfaces for other in self.functions.values() if other is not function))
        for subnet, groups in function.interfaces - used:
            locked = groups - self.network.default_groups
            if locked:
                self.violations.append(f"{function.name} leaves {subnet} with {', '.join(sorted(locked))} locked")
            until = time.monotonic() + self.waits.get("interface", 0)
            self.lingering[subnet, groups] = (function.name, until, function.settings["Role"])

    def _TagResource(self, asked):
        self._of_arn(asked).tags.update(asked["Tags"])

    def _ListTags(self, asked):
        return {"Tags": self._of_arn(asked).tags}

    # Invocations.

    def _invocable(self, asked):
        function = self._known(asked)
        if function.is_pending():
            self._refuse_while_busy(function)
        if len(asked.get("Payload", b"")) > LONGEST_EVENT:
            raise Refusal(413, "RequestTooLargeException", "Request must be smaller than 6291456 bytes for the InvokeFunction operation")
        try:
            json.loads(asked.get("Payload", b"{}"))
        except ValueError as error:
            raise Refusal(400, "InvalidRequestContentException", f"Could not parse request body into json: {error}") from error
        return function

    def _invoke(self, function, asked):
        kind = asked.get("InvocationType", "RequestResponse")
        if kind == "DryRun":
            return {"StatusCode": 204}
        event = asked.get("Payload", b"{}")
        if kind == "Event":
            threading.Thread(target=self._run, args=(function, event), daemon=True).start()
            return {"StatusCode": 202}
        payload, failed, log = self._run(function, event)
        said = {"StatusCode": 200, "Payload": payload, "ExecutedVersion": "$LATEST"}
        if asked.get("LogType") == "Tail":
            said["LogResult"] = base64.b64encode(log[-4096:]).decode()
        return said | ({"FunctionError": "Unhandled"} if failed else {})

    def _run(self, function, event):
        with self.lock:
            if function.sandbox is None:
                function.sandbox = self.network.sandbox(function)
            sandbox = function.sandbox
        return sandbox.invoke(event, function.settings["Timeout"])

    @staticmethod
    def _end_sandbox(function):
        if function.sandbox is not None:
            function.sandbox.stop()
            function.sandbox = None
