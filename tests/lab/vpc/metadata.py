"""The ECS task metadata endpoint (version 4) at 169.254.170.2, and the ways in which it can be broken."""
import ipaddress
import json
import socket
import threading
import time

from vpc import api

IDENTIFIER = "0123456789abcdef0123456789abcdef-1117626119"
PATH = f"/v4/{IDENTIFIER}"
URI = f"http://169.254.170.2{PATH}"
TASK_ID = "0123456789abcdef0123456789abcdef"
MODES = ("ecs", "none", "garbage", "wrong-types", "error", "huge", "silent", "drip", "refused", "closed")


def task_document(scenario):
    """What `/task` answers: field for field as AWS documents it."""
    task = scenario.task
    partition = {"amazonaws.com": "aws", "amazonaws.com.cn": "aws-cn"}[scenario.suffix]
    arn = f"arn:{partition}:ecs:{scenario.region}:{scenario.account}"
    containers = [_container(scenario, arn, f"container{number}" if number else "app", scenario.fill(image))
                  for number, image in enumerate(task["images"])]
    return {"Cluster": f"{arn}:cluster/c1", "TaskARN": f"{arn}:task/c1/{TASK_ID}", "Family": "app", "Revision": "7",
            "DesiredStatus": "RUNNING", "KnownStatus": "RUNNING", "Limits": {"CPU": 0.25, "Memory": 512},
            "PullStartedAt": "2026-01-02T03:04:05.000000001Z", "PullStoppedAt": "2026-01-02T03:04:10.5Z",
            "AvailabilityZone": f"{scenario.region}a", "Containers": containers, "LaunchType": "FARGATE",
            "ClockDrift": {"ClockErrorBound": 0.44, "ReferenceTimestamp": "2026-01-02T03:04:17Z",
                           "ClockSynchronizationStatus": "SYNCHRONIZED"},
            "EphemeralStorageMetrics": {"Utilized": 261, "Reserved": 20496}}


def _container(scenario, arn, name, image):
    task = scenario.task
    address, _, prefix = task["address"].partition("/")
    network = {"NetworkMode": "awsvpc", "IPv4Addresses": [address], "AttachmentIndex": 0,
               "MACAddress": "0a:00:00:00:00:01", "IPv4SubnetCIDRBlock": _subnet(task["address"]),
               "DomainNameServers": task["nameservers"],
               "DomainNameSearchList": [f"{scenario.region}.compute.internal"],
               "PrivateDNSName": f"ip-{address.replace('.', '-')}.{scenario.region}.compute.internal",
               "SubnetGatewayIpv4Address": f"{task['gateway']}/{prefix}"}
    if task["address6"]:
        network["IPv6Addresses"] = [task["address6"].split("/")[0]]
        network["IPv6SubnetCIDRBlock"] = _subnet(task["address6"])
    document = {"DockerId": IDENTIFIER, "Name": name, "DockerName": name, "Image": image, "ImageID": "sha256:00",
                "Labels": {"com.amazonaws.ecs.task-definition-family": "app"}, "DesiredStatus": "RUNNING",
                "KnownStatus": "RUNNING", "Limits": {"CPU": 128}, "Type": "NORMAL", "Networks": [network],
                "ContainerARN": f"{arn}:container/c1/{TASK_ID}/{name}", "Snapshotter": "overlayfs"}
    if task["log_driver"] == "awslogs":
        document |= {"LogDriver": "awslogs", "LogOptions": {
            "awslogs-group": "/ecs/app", "awslogs-region": task["log_region"] or scenario.region, "awslogs-stream": f"ecs/app/{TASK_ID}"}}
    return document


def _subnet(interface):
    return str(ipaddress.ip_interface(interface).network)


def serve(scenario, network):
    """Answers in threads until the process ends. Does nothing where the scenario has no metadata."""
    mode = scenario.task["metadata"]
    if mode not in MODES:
        raise ValueError(f"metadata: '{mode}' is none of {', '.join(MODES)}")
    if mode == "refused" or (mode == "none" and scenario.task["credentials"] == "none"):
        return
    with network.entered():
        listener = socket.create_server(("169.254.170.2", 80), backlog=64)
    document = task_document(scenario)

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_answer, args=(connection, mode, document, scenario), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def _answer(connection, mode, document, scenario):
    with connection:
        try:
            request = b""
            while b"\r\n\r\n" not in request:
                received = connection.recv(4096)
                if not received:
                    return
                request += received
            path = request.split(b" ")[1].decode()
            if path == api.CREDENTIALS_PATH:
                _send_credentials(connection, scenario)
            else:
                _send(connection, mode, path, document)
        except OSError:
            pass  # the peer has gone


def _head(status, body):
    return (f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n").encode()


def _send_credentials(connection, scenario):
    if scenario.task["credentials"] == "silent":
        time.sleep(3600)
    status, body = api.credentials_answer(scenario)
    connection.sendall(_head(status, body) + body)


def _send(connection, mode, path, document):
    body = json.dumps(document if path == f"{PATH}/task" else document["Containers"][0]).encode()
    status = "200 OK" if path in (PATH, f"{PATH}/task") else "404 Not Found"
    if mode == "garbage":
        body = bytes(range(256)) * 8
    elif mode == "wrong-types":
        body = json.dumps({"TaskARN": 7, "Containers": "none", "AvailabilityZone": {}}).encode()
    elif mode == "error":
        status, body = "500 Internal Server Error", b'{"message":"unable to get task metadata"}'
    elif mode == "huge":
        body = b"[" * (32 << 20)
    elif mode == "closed":
        return
    head = _head(status, body)
    if mode == "silent":
        time.sleep(3600)
    if mode == "drip":
        for byte in head + body:
            connection.sendall(bytes([byte]))
            time.sleep(1)
    connection.sendall(head + body)
