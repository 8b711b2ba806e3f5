"""What AWS would say of a document: its service models by Debian's python3-botocore, and the grammars they do not hold."""
import json
import re

from botocore import xform_name
from botocore.validate import ParamValidator

# Younger than the models of Debian 12's botocore.
YOUNGER = {"Runtime": {"provided.al2023"}}
# Actions of IAM that are no operation of the service's model, or another one.
PERMISSIONS = {"iam:PassRole", "lambda:InvokeFunction"}
PRINCIPALS = {"ecs-tasks", "scheduler", "lambda", "states", "events", "cloudwatch"}
_SERVICES = {"states": "stepfunctions"}


def problems_of_parameters(value, shape, optional=()):
    """What the model of a shape has against a value: names, types, lengths, required members, enums."""
    report = ParamValidator().validate(value, shape)
    found = [line for line in report.generate_report().splitlines()
             if not any(f'"{name}"' in line and line.startswith("Missing required") for name in optional)]
    return found + list(_wrong_enums(value, shape, shape.name))


def _wrong_enums(value, shape, name):
    if shape.type_name == "structure" and isinstance(value, dict):
        for key, member in shape.members.items():
            if key in value:
                yield from _wrong_enums(value[key], member, key)
    elif shape.type_name == "list" and isinstance(value, list):
        for item in value:
            yield from _wrong_enums(item, shape.member, name)
    elif shape.type_name == "string" and shape.enum and value not in [*shape.enum, *YOUNGER.get(name, ())]:
        yield f"{name}: {value} is none of {', '.join(shape.enum)}"


def as_list(value):
    return value if isinstance(value, list) else [value]


def actions_of(policy):
    return [action for statement in policy["Statement"] for action in as_list(statement["Action"])]


def problems_of_policy(policy, session, trust=False, on_resource=False):
    """The grammar of an IAM policy document (IAM: "Grammar of the IAM JSON policy language"), and whether what it names exists."""
    if set(policy) != {"Version", "Statement"} or policy["Version"] != "2012-10-17":
        yield "wants Version 2012-10-17 and Statement"
    for statement in policy["Statement"]:
        wanted = {"Effect", "Action"} | (set() if trust else {"Sid", "Resource"}) | ({"Principal"} if trust or on_resource else set())
        if set(statement) - {"Condition"} != wanted:
            yield f"a statement has {sorted(statement)}, and not {sorted(wanted)}"
        if statement["Effect"] not in ("Allow", "Deny") or not re.fullmatch("[A-Za-z0-9]*", statement.get("Sid", "")):
            yield f"Effect {statement['Effect']}, Sid {statement.get('Sid')}"
        for action in as_list(statement["Action"]):
            if not _exists(action, session):
                yield f"no action {action}"
        for resource in as_list(statement.get("Resource", [])):
            if resource != "*" and not re.fullmatch(r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d{12}:\S+", resource):
                yield f"no ARN: {resource}"
        for service in as_list(statement.get("Principal", {}).get("Service", [])):
            if service.removesuffix(".amazonaws.com") not in PRINCIPALS:
                yield f"no service principal {service}"
        for operator, keys in statement.get("Condition", {}).items():
            if operator not in ("StringEquals", "ArnEquals", "ArnLike"):
                yield f"condition {operator}"
            for key in keys:
                if not re.fullmatch(r"(aws|iam|ecs|lambda):\w+", key):
                    yield f"condition key {key}"


def _exists(action, session):
    service, _, name = action.partition(":")
    service = _SERVICES.get(service, service)
    return action in PERMISSIONS or (service in session.get_available_services()
                                     and name in session.get_service_model(service).operation_names)


def matches(pattern, event):
    """Whether EventBridge's rule takes an event ("Creating event patterns"): the operators that the examples use."""
    def values(path, part):
        if not path:
            return as_list(part)
        return [found for item in as_list(part) if isinstance(item, dict) and path[0] in item for found in values(path[1:], item[path[0]])]

    def one(condition, found):
        if not isinstance(condition, dict):
            return condition in found
        (operator, operand), = condition.items()
        if operator == "prefix":
            return any(value.startswith(operand) for value in found)
        if operator != "anything-but":
            raise ValueError(f"no operator {operator} here")
        if isinstance(operand, dict):
            return any(not one(operand, [value]) for value in found)
        return any(value not in as_list(operand) for value in found)

    def walk(node, path):
        for key, below in node.items():
            if key == "$or":
                yield any(all(walk(arm, path)) for arm in below)
            elif isinstance(below, dict):
                yield from walk(below, [*path, key])
            else:
                found = values([*path, key], event)
                yield any(one(condition, found) for condition in below)
    return all(walk(pattern, []))


def problems_of_task_definition(definition):
    """What RegisterTaskDefinition refuses and the model does not say (ECS: "Task definition parameters"), and how a
    container of ours must run."""
    containers = {container["name"]: container for container in definition["containerDefinitions"]}
    if not any(container.get("essential", True) for container in containers.values()):
        yield "no essential container"
    if "FARGATE" in definition["requiresCompatibilities"] and (definition["networkMode"], definition["cpu"]) != ("awsvpc", "256"):
        yield "Fargate wants awsvpc, and these examples the smallest task"
    for container in containers.values():
        for dependency in container.get("dependsOn", []):
            other = containers.get(dependency["containerName"])
            if not other or dependency["condition"] == "SUCCESS" and other.get("essential", True):
                yield f"{container['name']} depends on {dependency}"
        group = container.get("logConfiguration", {}).get("options", {}).get("awslogs-group", "/")
        if not group.startswith("/"):
            yield f"log group {group}"
    ours = containers["vpc-probe"]
    if not ours["readonlyRootFilesystem"] or ours["linuxParameters"]["capabilities"] != {"drop": ["ALL"]} or ours["user"] != "65532:65532":
        yield "vpc-probe is not hardened"


def shape_of_option(model, operation, option):
    members = model.operation_model(operation).input_shape.members
    return next((shape for name, shape in members.items() if xform_name(name, "-") == option), None)


def read(path):
    return json.loads(path.read_text())
