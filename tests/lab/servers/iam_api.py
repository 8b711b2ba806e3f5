"""IAM's roles: made, read, listed in pages, given managed policies, deleted. Only the Query API's words and their order
are here; servers/control_plane.py verifies signatures and reads parameters."""
import json
import time
import urllib.parse

from servers.configuration_api import Refusal

PAGE = 5
MANAGED = {"service-role/AWSLambdaVPCAccessExecutionRole", "service-role/AWSLambdaBasicExecutionRole"}
VPC_ACCESS = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


class Role:
    def __init__(self, account, number, asked):
        self.name, self.path, self.tags = asked["RoleName"], asked.get("Path", "/"), asked.get("Tags", [])
        self.description, self.trust = asked.get("Description"), asked["AssumeRolePolicyDocument"]
        self.arn = f"arn:aws:iam::{account}:role{self.path}{self.name}"
        self.id = f"AROALAB{number:014d}"
        self.made = time.monotonic()
        self.policies = {}  # ARN → when it was attached

    def document(self, tags=True):
        said = {"Path": self.path, "RoleName": self.name, "RoleId": self.id, "Arn": self.arn,
                "CreateDate": "2026-01-02T03:04:05Z", "MaxSessionDuration": 3600,
                "AssumeRolePolicyDocument": urllib.parse.quote(self.trust)}
        if self.description:
            said["Description"] = self.description
        return said | ({"Tags": self.tags} if tags and self.tags else {})

    def trusts_lambda(self):
        statements = json.loads(self.trust)["Statement"]
        return any(one["Effect"] == "Allow" and "sts:AssumeRole" in one["Action"] and
                   "lambda.amazonaws.com" in one["Principal"].get("Service", ()) for one in statements)


class Iam:
    """`waits`: seconds until what is new is known to Lambda: "role", "policy"."""

    def __init__(self, account, waits):
        self.account, self.waits = account, waits
        self.roles, self.violations = {}, []
        self.users_of = lambda arn: []  # names of the functions with this role

    def answer(self, action, asked):
        return getattr(self, "_" + action)(asked) or {}

    # What Lambda asks.

    def is_assumable(self, arn):
        role = self._by_arn(arn)
        return role is not None and role.trusts_lambda() and time.monotonic() >= role.made + self.waits.get("role", 0)

    def has_vpc_access(self, arn):
        attached = self._by_arn(arn).policies.get(VPC_ACCESS)
        return attached is not None and time.monotonic() >= attached + self.waits.get("policy", 0)

    def _by_arn(self, arn):
        return next((role for role in self.roles.values() if role.arn == arn), None)

    # The actions.

    def _known(self, asked):
        role = self.roles.get(asked["RoleName"])
        if role is None:
            raise Refusal(404, "NoSuchEntity", f"The role with name {asked['RoleName']} cannot be found.")
        return role

    def _CreateRole(self, asked):
        if asked["RoleName"] in self.roles:
            raise Refusal(409, "EntityAlreadyExists", f"Role with name {asked['RoleName']} already exists.")
        try:
            statements = json.loads(asked["AssumeRolePolicyDocument"])["Statement"]
            if not all({"Effect", "Principal", "Action"} <= set(one) for one in statements):
                raise ValueError("a statement")
        except (ValueError, KeyError, TypeError) as error:
            raise Refusal(400, "MalformedPolicyDocument", "This policy contains invalid Json") from error
        role = self.roles[asked["RoleName"]] = Role(self.account, len(self.roles), asked)
        return {"Role": role.document()}

    def _GetRole(self, asked):
        return {"Role": self._known(asked).document()}

    def _ListRoles(self, asked):
        roles = [role.document(tags=False) for role in self.roles.values() if role.path.startswith(asked.get("PathPrefix", "/"))]
        return self._page("Roles", roles, asked)

    def _ListRoleTags(self, asked):
        return self._page("Tags", self._known(asked).tags, asked)

    def _ListAttachedRolePolicies(self, asked):
        attached = [{"PolicyName": arn.rsplit("/", 1)[1], "PolicyArn": arn} for arn in self._known(asked).policies]
        return self._page("AttachedPolicies", attached, asked)

    @staticmethod
    def _page(key, items, asked):
        begin = int(asked.get("Marker", "at/0+=").strip("at/+="))
        size = min(PAGE, asked.get("MaxItems", PAGE))
        more = begin + size < len(items)
        return {key: items[begin:begin + size], "IsTruncated": more, **({"Marker": f"at/{begin + size}+="} if more else {})}

    def _AttachRolePolicy(self, asked):
        if asked["PolicyArn"].removeprefix("arn:aws:iam::aws:policy/") not in MANAGED:
            raise Refusal(404, "NoSuchEntity", f"Policy {asked['PolicyArn']} does not exist or is not attachable.")
        self._known(asked).policies.setdefault(asked["PolicyArn"], time.monotonic())

    def _DetachRolePolicy(self, asked):
        role = self._known(asked)
        if asked["PolicyArn"] not in role.policies:
            raise Refusal(404, "NoSuchEntity", f"Policy {asked['PolicyArn']} was not found.")
        self._warn_of_users(role, "loses its policy")
        del role.policies[asked["PolicyArn"]]

    def _DeleteRole(self, asked):
        role = self._known(asked)
        if role.policies:
            raise Refusal(409, "DeleteConflict", "Cannot delete entity, must detach all policies first.")
        self._warn_of_users(role, "is deleted")
        del self.roles[role.name]

    def _warn_of_users(self, role, what):
        """Lambda removes network interfaces by this role: without it they stay, and hold their groups."""
        self.violations += [f"the role {role.name} {what} while {user} needs it" for user in self.users_of(role.arn)]
