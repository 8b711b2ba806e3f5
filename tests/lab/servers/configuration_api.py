"""EC2, ECS, Route 53, Route 53 Resolver and STS as an operator's shell reaches them. They answer from a configuration:
documents as the AWS CLI prints them. Every signature is verified, lists come in pages of 5.
"""
import base64
import json
import re
import urllib.parse

from servers import answers, signature

PAGE = 5
SERVICE_OF_SIGNING_NAME = {name: name for name in ("ec2", "ecs", "route53", "route53resolver", "sts")}
VALUE_OF_FILTER = {
    "vpc-id": lambda item: [item.get("VpcId")],
    "group-name": lambda item: [item.get("GroupName")],
    "description": lambda item: [item.get("Description")],
    "cidr-block": lambda item: [item.get("CidrBlock")],
    "attachment.vpc-id": lambda item: [one["VpcId"] for one in item.get("Attachments", [])],
    "requester-vpc-info.vpc-id": lambda item: [item.get("RequesterVpcInfo", {}).get("VpcId")],
    "accepter-vpc-info.vpc-id": lambda item: [item.get("AccepterVpcInfo", {}).get("VpcId")],
    "addresses.private-ip-address": lambda item: [one["PrivateIpAddress"] for one in item.get("PrivateIpAddresses", [])],
}
# What a call without the right gets: status, type, words (IAM User Guide, EC2 "Error codes").
DENIED = {
    "ec2": (403, "UnauthorizedOperation", "You are not authorized to perform this operation. User: {who} is not authorized to "
                                          "perform: {action} because no identity-based policy allows the {action} action"),
    "": (400, "AccessDeniedException", "User: {who} is not authorized to perform: {action} because no identity-based policy "
                                       "allows the {action} action"),
    "route53": (403, "AccessDenied", "User: {who} is not authorized to perform: {action}"),
}
SLOW_DOWN = {"ec2": (503, "RequestLimitExceeded", "Request limit exceeded."), "route53": (400, "Throttling", "Rate exceeded"),
             "": (400, "ThrottlingException", "Rate exceeded")}


class Refusal(Exception):
    def __init__(self, status, kind, message):
        super().__init__(message)
        self.status, self.kind, self.message = status, kind, message


def _read(documents):
    """{top-level key: list} of what the documents hold; attributes and definitions stay as they are."""
    lists, single = {}, {}
    for document in documents:
        for key, value in document.items():
            if isinstance(value, list):
                lists.setdefault(key, []).extend(value)
            elif key in ("EnableDnsSupport", "EnableDnsHostnames", "taskDefinition", "Account"):
                single[key] = value
    return lists, single


def _numbered(form, prefix):
    """Values of prefix.1, prefix.2, …"""
    found = [(int(match[1]), value) for key, value in form.items() if (match := re.fullmatch(re.escape(prefix) + r"\.(\d+)", key))]
    return [value for _, value in sorted(found)]


class Api:
    """`settings`: documents, key, secret, token; refused: actions; throttled: action → how often; seen: every action
    that was asked, in order; broken: action → cut, garbage or huge."""

    def __init__(self, settings):
        self.settings = settings
        self.configure(settings["documents"])
        self.throttled = dict(settings.get("throttled", {}))
        self.seen = []

    def configure(self, documents):
        self.lists, self.single = _read(documents)

    def answer(self, method, url, headers, body):
        """Status, headers and body."""
        service = "sts"
        try:
            keys = {self.settings["key"]: (self.settings["secret"], self.settings["token"] or None)}
            try:
                _, region, service = signature.verify(method, url, headers, body, keys)
            except signature.Wrong as wrong:
                raise Refusal(403, "SignatureDoesNotMatch", f"the lab's botocore says: {wrong}") from wrong
            if region != ("us-east-1" if service == "route53" else "eu-west-1"):
                raise Refusal(403, "SignatureDoesNotMatch", f"Credential should be scoped to a valid region, not {region}")
            action, asked = self._asked(service, method, url, headers, body)
            self._refuse(service, action)
            document = getattr(self, "_" + service)(action, asked)
            good = answers.serialise(service, action, document)
            return 200, self._broken(f"{service}:{action}", good)
        except Refusal as refusal:
            return refusal.status, answers.error_body(service, refusal.kind, refusal.message)

    def _broken(self, action, body):
        how = self.settings.get("broken", {}).get(action)
        if how == "cut":
            return body[:len(body) * 2 // 3]
        return bytes((i * 89 + 7) % 256 for i in range(4096)) if how == "garbage" else body

    @staticmethod
    def _asked(service, method, url, headers, body):
        """The action and its parameters, checked against botocore's input shape where they have names."""
        parts = urllib.parse.urlsplit(url)
        if service == "route53":
            if method != "GET" or parts.path != "/2013-04-01/hostedzonesbyvpc":
                raise Refusal(404, "UnknownOperation", "no such path")
            return "ListHostedZonesByVPC", dict(urllib.parse.parse_qsl(parts.query))
        if service in ("ec2", "sts"):
            form = dict(urllib.parse.parse_qsl(body.decode(), strict_parsing=True))
            version = answers.model(service).metadata["apiVersion"]
            if form.pop("Version", "") != version or method != "POST":
                raise Refusal(400, "InvalidParameterValue", "Version")
            action = form.pop("Action", "")
            known = answers.operation_of(service, action)
            if not known:
                raise Refusal(400, "InvalidAction", action)
            shape = known.input_shape
            names = {} if shape is None else {
                member.serialization.get("queryName", _capital(member.serialization.get("name", name)))
                for name, member in shape.members.items()}
            for key in form:
                if key.split(".")[0] not in names:
                    raise Refusal(400, "UnknownParameter", f"The parameter {key} is not recognized")
            return action, form
        target = {name.lower(): value for name, value in headers}.get("x-amz-target", "")
        prefix, _, action = target.partition(".")
        known = answers.operation_of(service, action)
        if prefix != answers.model(service).metadata["targetPrefix"] or not known:
            raise Refusal(400, "UnknownOperationException", target)
        document = json.loads(body)
        for key in document:
            if key not in known.input_shape.members:
                raise Refusal(400, "SerializationException", key)
        return action, document

    def _refuse(self, service, action):
        name = f"{service}:{action}"
        self.seen.append(name)
        if self.throttled.get(name, 0) > 0:
            self.throttled[name] -= 1
            raise Refusal(*SLOW_DOWN.get(service, SLOW_DOWN[""]))
        if name in self.settings.get("refused", ()):
            status, kind, words = DENIED.get(service, DENIED[""])
            raise Refusal(status, kind, words.format(who="arn:aws:sts::111122223333:assumed-role/operator/session", action=name))

    def _page(self, key, items, token):
        """Five of them from where the token says, under `key`, and the next token."""
        begin = int(base64.b64decode(token).decode().split(":")[1]) if token else 0
        document = {key: items[begin:begin + PAGE]}
        if begin + PAGE < len(items):
            document["token"] = base64.b64encode(f"next:{begin + PAGE}:+/=&".encode()).decode()
        return document

    def _ec2(self, action, form):
        if action == "DescribeVpcAttribute":
            key = _capital(form["Attribute"])
            value = self.single.get(key)
            return {"VpcId": form["VpcId"], **({key: value} if value else {})}
        if action == "GetManagedPrefixListEntries":
            found = next((item for item in self.lists.get("PrefixLists", [])
                          if item["PrefixListId"] == form["PrefixListId"] and "Cidrs" in item), None)
            if found is None:
                raise Refusal(400, "InvalidPrefixListID.NotFound", "The prefix list does not exist")
            document = self._page("Entries", [{"Cidr": cidr} for cidr in found["Cidrs"]], form.get("NextToken"))
        else:
            shape = answers.operation_of("ec2", action).output_shape
            key = next(name for name, member in shape.members.items() if member.type_name == "list")
            document = self._page(key, self._chosen(action, key, form), form.get("NextToken"))
        if "token" in document:
            document["NextToken"] = document.pop("token")
        return document

    def _chosen(self, action, key, form):
        items = self.lists.get(key, [])
        if key == "PrefixLists":  # AWS's own, with ranges; DescribeManagedPrefixLists prints them without
            items = [item for item in items if item["PrefixListName"].startswith("com.amazonaws.") and "Cidrs" in item]
        ids = {"VpcId": "Vpc", "SubnetId": "Subnet", "GroupId": "SecurityGroup", "DhcpOptionsId": "DhcpOptions"}
        for parameter, kind in ids.items():
            wanted = _numbered(form, parameter)
            items = [item for item in items if not wanted or item[parameter] in wanted]
            if wanted and not items:
                raise Refusal(400, f"Invalid{kind.replace('SecurityGroup', 'Group')}ID.NotFound", f"The ID '{wanted[0]}' does not exist")
        for key_, name in form.items():
            if match := re.fullmatch(r"Filter\.(\d+)\.Name", key_):
                values = _numbered(form, f"Filter.{match[1]}.Value")
                items = [item for item in items
                         if any(_is_like(text, value) for text in VALUE_OF_FILTER[name](item) for value in values)]
        return items

    def _sts(self, action, form):
        return {"UserId": "AROAEXAMPLE:session", "Account": self.single.get("Account", "111122223333"),
                "Arn": "arn:aws:sts::111122223333:assumed-role/operator/session"}

    def _route53(self, action, query):
        zones = self.lists.get("HostedZoneSummaries", [])
        document = self._page("HostedZoneSummaries", zones, query.get("nexttoken"))
        if "token" in document:
            document["NextToken"] = document.pop("token")
        return {**document, "MaxItems": str(PAGE)}

    def _route53resolver(self, action, asked):
        if action == "GetResolverRule":
            rules = [rule for rule in self.lists.get("ResolverRules", []) if rule["Id"] == asked["ResolverRuleId"]]
            if not rules:
                raise Refusal(400, "ResourceNotFoundException", "no such rule")
            return {"ResolverRule": rules[0]}
        key = {"ListResolverRuleAssociations": "ResolverRuleAssociations",
               "ListFirewallRuleGroupAssociations": "FirewallRuleGroupAssociations"}[action]
        vpc = asked.get("VpcId") or asked["Filters"][0]["Values"][0]
        items = [item for item in self.lists.get(key, []) if vpc in (item.get("VPCId"), item.get("VpcId"))]
        document = self._page(key, items, asked.get("NextToken"))
        if "token" in document:
            document["NextToken"] = document.pop("token")
        return document

    def _ecs(self, action, asked):
        clusters = {item["clusterArn"].rsplit("/", 1)[1] for item in self.lists.get("services", []) + self.lists.get("tasks", [])}
        if "cluster" in asked and asked["cluster"] not in clusters:
            raise Refusal(400, "ClusterNotFoundException", "Cluster not found.")
        if action == "ListTasks":
            arns = [task["taskArn"] for task in self.lists.get("tasks", [])
                    if task["group"] == f"service:{asked['serviceName']}" and task["lastStatus"] == asked["desiredStatus"]]
            document = self._page("taskArns", arns, asked.get("nextToken"))
            if "token" in document:
                document["nextToken"] = document.pop("token")
            return document
        if action == "DescribeTaskDefinition":
            return {"taskDefinition": self.single["taskDefinition"], "tags": []}
        key, name, wanted = {"DescribeTasks": ("tasks", "taskArn", asked.get("tasks")),
                             "DescribeServices": ("services", "serviceArn", asked.get("services"))}[action]
        found = [item for item in self.lists.get(key, []) for one in wanted
                 if one in (item[name], item[name].rsplit("/", 1)[1])]
        missing = [one for one in wanted if not any(one in (item[name], item[name].rsplit("/", 1)[1]) for item in found)]
        return {key: found, "failures": [{"arn": one, "reason": "MISSING"} for one in missing]}


def _is_like(text, pattern):
    """EC2's filters know * and ?."""
    return text is not None and bool(re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text))


def _capital(name):
    return name[0].upper() + name[1:]
