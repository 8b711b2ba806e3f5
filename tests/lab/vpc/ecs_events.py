"""Events of ECS as EventBridge delivers them, with all their members (AWS: "Amazon ECS events")."""

CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/c1"
SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service/c1/web"
LATER = "2049-01-01T00:00:00Z"  # after any diagnosis of a test
REASON = ("ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to "
          "retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed\ncaused by: "
          'Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 10.0.1.10:443: i/o timeout. Please check your task network '
          "configuration.")


def _event(kind, resources, detail, time=LATER, account="111122223333"):
    return {"version": "0", "id": "3317b2af-7005-947d-b652-f55e762e571a", "detail-type": kind, "source": "aws.ecs",
            "account": account, "time": time, "region": "eu-west-1", "resources": resources, "detail": detail}


def stopped_task(subnet, reason=REASON, code="TaskFailedToStart", group="service:web", task="0" * 31 + "1"):
    """A task as the detail of its event has it, and as DescribeTasks says it."""
    arn = f"arn:aws:ecs:eu-west-1:111122223333:task/c1/{task}"
    interface = [{"name": "subnetId", "value": subnet}, {"name": "networkInterfaceId", "value": "eni-0123456789abcdef0"},
                 {"name": "macAddress", "value": "0a:98:eb:a7:29:ba"}, {"name": "privateIPv4Address", "value": "10.0.1.23"}]
    return {
        "attachments": [{"id": "1789bcae-ddfb-4d10-8ebe-8ac87ddba5b8", "type": "eni", "status": "DELETED", "details": interface}],
        "attributes": [{"name": "ecs.cpu-architecture", "value": "x86_64"}], "availabilityZone": "eu-west-1a", "clusterArn": CLUSTER,
        "containers": [{"containerArn": f"{arn}/cf159fd6", "lastStatus": "STOPPED", "name": "app", "taskArn": arn,
                        "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1", "networkInterfaces": [], "cpu": "0"}],
        "cpu": "256", "createdAt": "2026-11-27T08:38:00.121Z", "desiredStatus": "STOPPED", "enableExecuteCommand": False,
        "executionStoppedAt": "2026-11-27T08:39:58.000Z", "ephemeralStorage": {"sizeInGiB": 20}, "group": group, "launchType": "FARGATE",
        "lastStatus": "STOPPED", "memory": "512", "overrides": {"containerOverrides": [{"name": "app"}]},
        "platformVersion": "1.4.0", "startedBy": "ecs-svc/0123456789012345678", "stopCode": code, "stoppedAt": "2026-11-27T08:39:59.000Z",
        "stoppedReason": reason, "stoppingAt": "2026-11-27T08:39:57.000Z", "taskArn": arn,
        "taskDefinitionArn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7", "updatedAt": "2026-11-27T08:39:59.000Z", "version": 5}


def task_state_change(task, **more):
    return _event("ECS Task State Change", [task["taskArn"]], task, **more)


def deployment_state_change(name="SERVICE_DEPLOYMENT_FAILED", **more):
    return _event("ECS Deployment State Change", [SERVICE], {
        "eventType": "ERROR" if name.endswith("FAILED") else "INFO", "eventName": name,
        "deploymentId": "ecs-svc/0123456789012345678", "updatedAt": "2026-11-27T08:40:00Z",
        "reason": "ECS deployment circuit breaker: task failed to start."}, **more)


def service_action(name="SERVICE_STEADY_STATE", **more):
    return _event("ECS Service Action", [SERVICE], {"eventType": "INFO", "eventName": name, "clusterArn": CLUSTER,
                                                    "createdAt": "2026-11-27T08:50:00Z"}, **more)


def schedule(**more):
    return {**_event("Scheduled Event", ["arn:aws:events:eu-west-1:111122223333:rule/doctor"], {}, **more), "source": "aws.events"}
