"""The signed side of AWS in a scenario: the credentials a task has, and what the APIs say.

Everything secret in it is planted: a test looks for it wherever it must not be.
"""
import datetime
import json

PORT = 8300  # of servers/aws_api.py, behind nginx
CREDENTIALS_PATH = "/v2/credentials/01234567-89ab-cdef-0123-456789abcdef"
PLANTED = {
    "key": "ASIAPLANTEDKEYOFLAB1",
    "secret": "planted/secret+access:key=OfTheLab4567890123",
    "token": "planted+session/token=" * 50,
    "ecr_token": "QVdTOnBsYW50ZWQtZWNyLXBhc3N3b3Jk",
    "secret_value": "planted-value-of-a-secret",
}
# Of a function's role, which has AWSLambdaVPCAccessExecutionRole alone.
FUNCTION = {"key": "ASIAPLANTEDKEYOFFUN1", "secret": "planted/secret+access:key=OfAFunction456789",
            "token": "planted+function/token=" * 50}
MODES = ("none", "role", "environment", "half", "expired", "silent", "error", "uninitialized", "garbage")


def settings(scenario):
    """What servers/aws_api.py reads."""
    return {**PLANTED, "function": FUNCTION, "account": scenario.account, "role": scenario.task["role"], "answers": scenario["api"],
            **scenario["objects"]}


def environment(scenario):
    """Variables by which the SDKs find the credentials of this task."""
    mode = scenario.task["credentials"]
    if mode not in MODES:
        raise ValueError(f"credentials: '{mode}' is none of {', '.join(MODES)}")
    if mode == "none":
        return {}
    if mode == "half":
        return {"AWS_ACCESS_KEY_ID": PLANTED["key"]}
    if mode == "environment":
        return {"AWS_ACCESS_KEY_ID": PLANTED["key"], "AWS_SECRET_ACCESS_KEY": PLANTED["secret"],
                "AWS_SESSION_TOKEN": PLANTED["token"]}
    return {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": CREDENTIALS_PATH}


def credentials_answer(scenario):
    """Status and body of the container endpoint, as the ECS agent gives them."""
    mode = scenario.task["credentials"]
    ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=-1 if mode == "expired" else 6)
    document = {"RoleArn": f"arn:aws:iam::{scenario.account}:role/{scenario.task['role']}",
                "AccessKeyId": PLANTED["key"], "SecretAccessKey": PLANTED["secret"], "Token": PLANTED["token"],
                "Expiration": ends.strftime("%Y-%m-%dT%H:%M:%SZ")}
    if mode == "error":
        return "400 Bad Request", json.dumps({"code": "InvalidIdInRequest", "message": "Invalid ID", "HTTPErrorCode": 400}).encode()
    if mode == "uninitialized":
        return "503 Service Unavailable", json.dumps({"code": "CredentialsUninitialized", "message": "", "HTTPErrorCode": 503}).encode()
    if mode == "garbage":
        return "200 OK", json.dumps(document).encode()[:-20]
    return "200 OK", json.dumps(document).encode()
