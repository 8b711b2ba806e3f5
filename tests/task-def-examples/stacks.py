"""What a template of CloudFormation makes, and the same as Terraform would say it."""
import json
import re

import yaml
from modules_test import policy

ACCOUNT, REGION = "111122223333", "eu-west-1"
PSEUDO_PARAMETERS = {"AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::Region": REGION}
ARN = f"arn:aws:{{}}:{REGION}:{ACCOUNT}:{{}}"
# CloudFormation: the "Return values" of each resource's page. {…} is a property of the resource.
RETURNED = {
    "AWS::Events::Rule": {"Arn": ARN.format("events", "rule/{Name}")},
    "AWS::IAM::Role": {"Arn": f"arn:aws:iam::{ACCOUNT}:role/{{RoleName}}"},
    "AWS::Lambda::Function": {"Ref": "{FunctionName}", "Arn": ARN.format("lambda", "function:{FunctionName}")},
    "AWS::Logs::LogGroup": {"Ref": "{LogGroupName}"},
    "AWS::S3::Bucket": {"Ref": "{BucketName}", "Arn": "arn:aws:s3:::{BucketName}"},
    "AWS::SNS::Topic": {"Ref": ARN.format("sns", "{TopicName}")},
    "AWS::SQS::Queue": {"Ref": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{{QueueName}}", "Arn": ARN.format("sqs", "{QueueName}"),
                        "QueueName": "{QueueName}"},
    "AWS::SSM::Parameter": {"Ref": "{Name}"},
}
NOTHING = object()  # AWS::NoValue


class _Loader(yaml.SafeLoader):
    """YAML with the short forms of CloudFormation's functions."""


def _function(loader, name, node):
    kinds = {yaml.ScalarNode: loader.construct_scalar, yaml.SequenceNode: lambda each: loader.construct_sequence(each, deep=True)}
    value = kinds[type(node)](node)
    if name == "GetAtt":
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _function)


class Stack:
    """A template with values for its parameters."""

    def __init__(self, path, **values):
        self.template = yaml.load(path.read_text(), _Loader)
        parameters = self.template["Parameters"]
        if unknown := set(values) - set(parameters):
            raise ValueError(f"no parameter {sorted(unknown)}")
        self.values = {**PSEUDO_PARAMETERS, "AWS::NoValue": NOTHING}
        for name, parameter in parameters.items():
            value = values[name] if name in values else parameter["Default"]
            if value not in parameter.get("AllowedValues", [value]):
                raise ValueError(f"{name}: {value}")
            self.values[name] = int(value) if parameter["Type"] == "Number" else value
        self.asked = {}  # attributes by logical name
        self.resources = {name: (resource["Type"], self.value(resource["Properties"]))
                          for name, resource in self.template["Resources"].items() if self.holds(resource.get("Condition"))}
        self.outputs = {name: self.value(output["Value"]) for name, output in self.template["Outputs"].items()}

    def of_type(self, kind):
        return [properties for each, properties in self.resources.values() if each == kind]

    def holds(self, condition):
        return condition is None or self.value(self.template["Conditions"][condition])

    def value(self, node):
        if isinstance(node, list):
            return [value for value in map(self.value, node) if value is not NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (name, argument), = node.items()
            if name in _FUNCTIONS:
                return _FUNCTIONS[name](self, argument)
        values = {name: self.value(each) for name, each in node.items()}
        return {name: each for name, each in values.items() if each is not NOTHING}

    def ref(self, name):
        return self.values[name] if name in self.values else self.returned(name, "Ref")

    def returned(self, name, attribute):
        resource = self.template["Resources"][name]
        if not self.holds(resource.get("Condition")):
            raise ValueError(f"{name} is not made here")
        if attribute != "Ref":
            self.asked.setdefault(name, set()).add(attribute)
        properties = resource["Properties"]
        return re.sub(r"\{(\w+)\}", lambda found: self.value(properties[found[1]]), RETURNED[resource["Type"]][attribute])

    def sub(self, argument):
        text, names = (argument[0], self.value(argument[1])) if isinstance(argument, list) else (argument, {})

        def one(found):
            name, _, attribute = found[1].partition(".")
            return str(names[name] if name in names else self.returned(name, attribute) if attribute else self.ref(name))
        return re.sub(r"\$\{([^}]+)\}", one, text)


_FUNCTIONS = {
    "Ref": lambda stack, name: stack.ref(name),
    "Condition": lambda stack, name: stack.holds(name),
    "Fn::And": lambda stack, each: all(stack.value(each)),
    "Fn::Equals": lambda stack, each: len({*stack.value(each)}) == 1,
    "Fn::GetAtt": lambda stack, names: stack.returned(*names),
    "Fn::If": lambda stack, arms: stack.value(arms[1 if stack.holds(arms[0]) else 2]),
    "Fn::Not": lambda stack, each: not stack.value(each)[0],
    "Fn::Sub": lambda stack, argument: stack.sub(argument),
}


# --- the same in Terraform -------------------------------------------------------------------------------------------------

def _alarm(take):
    yield "aws_cloudwatch_metric_alarm", {
        "alarm_name": take("AlarmName"), "alarm_description": take("AlarmDescription"), "namespace": take("Namespace"),
        "metric_name": take("MetricName"), "dimensions": {each["Name"]: each["Value"] for each in take("Dimensions")},
        "statistic": take("Statistic"), "period": take("Period"), "evaluation_periods": take("EvaluationPeriods"),
        "threshold": take("Threshold"), "comparison_operator": take("ComparisonOperator"),
        "treat_missing_data": take("TreatMissingData"), "alarm_actions": take("AlarmActions")}


def _bucket(take):
    name = take("BucketName")
    yield "aws_s3_bucket", {"bucket": name}
    public = take("PublicAccessBlockConfiguration")
    yield "aws_s3_bucket_public_access_block", {
        "bucket": name, "block_public_acls": public["BlockPublicAcls"], "block_public_policy": public["BlockPublicPolicy"],
        "ignore_public_acls": public["IgnorePublicAcls"], "restrict_public_buckets": public["RestrictPublicBuckets"]}
    yield "aws_s3_bucket_lifecycle_configuration", {"bucket": name, "rule": [
        {"id": rule["Id"], "status": rule["Status"], "filter": [{"prefix": rule["Prefix"]}], "expiration": [{"days": rule["ExpirationInDays"]}]}
        for rule in take("LifecycleConfiguration")["Rules"]]}


def _function_of_lambda(take):
    code = take("Code")
    yield "aws_lambda_function", {
        "function_name": take("FunctionName"), "description": take("Description"), "runtime": take("Runtime"), "handler": take("Handler"),
        "architectures": take("Architectures"), "role": take("Role"), "s3_bucket": code["S3Bucket"], "s3_key": code["S3Key"],
        "timeout": take("Timeout"), "memory_size": take("MemorySize"), "environment": [{"variables": take("Environment")["Variables"]}],
        "reserved_concurrent_executions": take("ReservedConcurrentExecutions")}


def _retries(take):
    failed = take("DestinationConfig")["OnFailure"]["Destination"]
    yield "aws_lambda_function_event_invoke_config", {
        "function_name": take("FunctionName"), "qualifier": take("Qualifier"),
        "maximum_event_age_in_seconds": take("MaximumEventAgeInSeconds"), "maximum_retry_attempts": take("MaximumRetryAttempts"),
        "destination_config": [{"on_failure": [{"destination": failed}]}]}


def _role(take):
    name = take("RoleName")
    yield "aws_iam_role", {"name": name, "assume_role_policy": policy(take("AssumeRolePolicyDocument"))}
    for each in take("Policies"):
        yield "aws_iam_role_policy", {"name": each["PolicyName"], "role": name, "policy": policy(each["PolicyDocument"])}


def _rule(take):
    name = take("Name")
    started = {"event_pattern": take("EventPattern"), "schedule_expression": take("ScheduleExpression")}
    yield "aws_cloudwatch_event_rule", {"name": name, "description": take("Description"),
                                        **{key: value for key, value in started.items() if value is not None}}
    for target in take("Targets"):
        retries = target["RetryPolicy"]
        yield "aws_cloudwatch_event_target", {
            "rule": name, "target_id": target["Id"], "arn": target["Arn"], "dead_letter_config": [{"arn": target["DeadLetterConfig"]["Arn"]}],
            "retry_policy": [{"maximum_event_age_in_seconds": retries["MaximumEventAgeInSeconds"],
                              "maximum_retry_attempts": retries["MaximumRetryAttempts"]}]}


def _one(kind, **names):
    """A resource whose properties are arguments of one resource of Terraform."""
    return lambda take: [(kind, {argument: take(name) for argument, name in names.items()})]


def _of_each(kind, argument, plural):
    def convert(take):
        document = policy(take("PolicyDocument"))
        return [(kind, {argument: each, "policy": document}) for each in take(plural)]
    return convert


_IN_TERRAFORM = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::Events::Rule": _rule,
    "AWS::IAM::Role": _role,
    "AWS::Lambda::EventInvokeConfig": _retries,
    "AWS::Lambda::Function": _function_of_lambda,
    "AWS::Lambda::Permission": _one("aws_lambda_permission", function_name="FunctionName", action="Action", principal="Principal",
                                    source_arn="SourceArn"),
    "AWS::Logs::LogGroup": _one("aws_cloudwatch_log_group", name="LogGroupName", retention_in_days="RetentionInDays"),
    "AWS::S3::Bucket": _bucket,
    "AWS::SNS::Subscription": _one("aws_sns_topic_subscription", topic_arn="TopicArn", protocol="Protocol", endpoint="Endpoint"),
    "AWS::SNS::Topic": _one("aws_sns_topic", name="TopicName"),
    "AWS::SNS::TopicPolicy": _of_each("aws_sns_topic_policy", "arn", "Topics"),
    "AWS::SQS::Queue": _one("aws_sqs_queue", name="QueueName", message_retention_seconds="MessageRetentionPeriod",
                            sqs_managed_sse_enabled="SqsManagedSseEnabled"),
    "AWS::SQS::QueuePolicy": _of_each("aws_sqs_queue_policy", "queue_url", "Queues"),
    "AWS::SSM::Parameter": _one("aws_ssm_parameter", name="Name", description="Description", type="Type", tier="Tier", value="Value"),
}


def in_terraform(stack):
    """The resources of a stack as (type, arguments), policies and patterns as objects; sorted."""
    found = []
    for kind, properties in stack.resources.values():
        left = dict(properties)
        found += [*_IN_TERRAFORM[kind](lambda name: left.pop(name, None))]
        if left:
            raise ValueError(f"{kind}: {sorted(left)} is not compared")
    return _sorted(found)


def of_module(made):
    """What a module makes, in the same form."""
    read = {"policy": policy, "assume_role_policy": policy, "event_pattern": json.loads}
    return _sorted([(each["type"], {name: read[name](value) if name in read else value for name, value in each["values"].items()})
                    for each in made["resources"]])


def _sorted(resources):
    return sorted(resources, key=lambda each: (each[0], json.dumps(each[1], sort_keys=True)))
