"""Documents of an AWS account, for tests of the doctor: a healthy VPC, faults of it, a service whose tasks stop."""
import copy
import json
import pathlib

from vpc.configuration import Configuration

HEALTHY = json.loads((pathlib.Path(__file__).resolve().parents[2] / "agent/doctor/healthy.json").read_text())
ARN = "arn:aws:ecs:eu-west-1:111122223333:"
DEFINITION = f"{ARN}task-definition/web:7"
FAILED_TASK = f"{ARN}task/prod/" + "f" * 32
REASON = ("ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable "
          "to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed\n"
          'caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 10.0.1.10:443: i/o timeout. Please check '
          "your task network configuration.")


def listed(documents, key):
    return next(document[key] for document in documents if key in document)


VPC = listed(HEALTHY, "Vpcs")[0]["VpcId"]
SUBNET = listed(HEALTHY, "Subnets")[0]["SubnetId"]
GROUP = "sg-0aaa1111bbb2222cc"


def unchanged(_):
    """A healthy VPC."""


def endpoint_group_empty(documents):
    endpoint = next(one for one in listed(documents, "VpcEndpoints") if one["ServiceName"].endswith(".logs"))
    wanted = endpoint["Groups"][0]["GroupId"]
    for group in listed(documents, "SecurityGroups"):
        if group["GroupId"] == wanted:
            group["IpPermissions"] = []


def no_s3_route(documents):
    for table in listed(documents, "RouteTables"):
        table["Routes"] = [route for route in table["Routes"] if "DestinationPrefixListId" not in route]


def task_egress_closed(documents):
    for group in listed(documents, "SecurityGroups"):
        if group["GroupId"] == GROUP:
            group["IpPermissionsEgress"] = []


def acl_without_ephemeral_ports(documents):
    for acl in listed(documents, "NetworkAcls"):
        for entry in acl["Entries"]:
            if not entry["Egress"] and entry["RuleAction"] == "allow":
                entry.update(Protocol="6", PortRange={"From": 443, "To": 443})


def dns_hostnames_off(documents):
    for document in documents:
        if "EnableDnsHostnames" in document:
            document["EnableDnsHostnames"] = {"Value": False}


def broken(fault):
    documents = copy.deepcopy(HEALTHY)
    fault(documents)
    return documents


def with_references(documents):
    """The same, and what only references name: a rule of Route 53 Resolver, a prefix list of the account's own."""
    documents.append({"ResolverRuleAssociations": [
        {"Id": "rslvr-rrassoc-1", "ResolverRuleId": "rslvr-rr-1", "VPCId": VPC, "Status": "COMPLETE"}]})
    documents.append({"ResolverRules": [{"Id": "rslvr-rr-1", "DomainName": "corp.example.", "RuleType": "FORWARD",
                                         "TargetIps": [{"Ip": "10.9.9.9", "Port": 53}]}]})
    own = "pl-0123456789abcdef0"
    documents.append({"PrefixLists": [{"PrefixListId": own, "PrefixListName": "offices", "Cidrs": ["192.0.2.0/24"]}]})
    listed(documents, "SecurityGroups")[0]["IpPermissions"].append(
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": own}], "IpRanges": [],
         "Ipv6Ranges": [], "UserIdGroupPairs": []})
    return documents


def _task(name, stopped, reason):
    return {"taskArn": f"{ARN}task/prod/{name}", "clusterArn": f"{ARN}cluster/prod", "taskDefinitionArn": DEFINITION,
            "group": "service:web", "launchType": "FARGATE", "lastStatus": "STOPPED", "desiredStatus": "STOPPED",
            "stoppedAt": stopped, "stoppedReason": reason, "stopCode": "TaskFailedToStart", "containers": [],
            "attachments": [{"id": "1", "type": "ElasticNetworkInterface", "status": "DELETED",
                             "details": [{"name": "subnetId", "value": SUBNET}]}]}


def with_service(documents):
    """The same, and the service web of the cluster prod: eight tasks stopped, the last one for want of ECR's API."""
    tasks = [_task(f"{number:032x}", 1.7e9 + number, "Scaling activity initiated by (deployment ecs-svc/1)")
             for number in range(7)]
    tasks.insert(3, _task("f" * 32, 1.8e9, REASON))
    network = {"subnets": [SUBNET], "securityGroups": [GROUP], "assignPublicIp": "DISABLED"}
    log = {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web", "awslogs-region": "eu-west-1",
                                               "awslogs-stream-prefix": "web"}}
    return documents + [
        {"services": [{"serviceArn": f"{ARN}service/prod/web", "serviceName": "web", "clusterArn": f"{ARN}cluster/prod",
                       "taskDefinition": DEFINITION, "status": "ACTIVE", "events": [],
                       "networkConfiguration": {"awsvpcConfiguration": network}}]},
        {"tasks": tasks},
        {"taskDefinition": {"family": "web", "revision": 7, "networkMode": "awsvpc", "taskDefinitionArn": DEFINITION,
                            "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [
                                {"name": "app", "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1",
                                 "logConfiguration": log}]}}]


def with_service_of(subject, subnets=()):
    """The documents of a scenario's VPC, and the service web of the cluster c1 in it: its tasks need what the lab's task
    needs. Without `subnets` it has the subnet of the lab's task."""
    configuration = Configuration(subject)
    arn = f"arn:aws:ecs:{subject.region}:{subject.account}:"
    log = {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/app", "awslogs-region": subject.region,
                                               "awslogs-stream-prefix": "ecs"}}
    container = {"name": "app", "image": subject.fill(subject.task["images"][0]), "logConfiguration": log, "secrets": [
        {"name": "DB", "valueFrom": f"arn:aws:secretsmanager:{subject.region}:{subject.account}:secret:app/db-AbCdEf"}]}
    network = {"subnets": list(subnets) or [configuration.task_subnet], "securityGroups": [configuration.task_group], "assignPublicIp": "DISABLED"}
    definition = f"{arn}task-definition/web:7"
    return [
        *configuration.documents().values(),
        {"services": [{"serviceArn": f"{arn}service/c1/web", "serviceName": "web", "clusterArn": f"{arn}cluster/c1",
                       "taskDefinition": definition, "status": "ACTIVE", "launchType": "FARGATE", "events": [],
                       "networkConfiguration": {"awsvpcConfiguration": network}}]},
        {"tasks": []},
        {"taskDefinition": {"family": "web", "revision": 7, "networkMode": "awsvpc", "taskDefinitionArn": definition,
                            "executionRoleArn": f"arn:aws:iam::{subject.account}:role/app-execution",
                            "taskRoleArn": f"arn:aws:iam::{subject.account}:role/app-task",
                            "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [container]}}]
