"""botocore_calls.py CALLS: makes calls as botocore makes them, one after the other, and prints what came of each.

CALLS is a JSON list of [service, operation, arguments] or [service, operation, arguments, until]: the call is made again
until its answer has what `until` says ({"State": "Active"}), or until there is no error where `until` is {}. An argument
{"file": PATH} is the file's bytes. A list of such calls in their place: they are made at once. Prints a JSON list of answers, or {"error": code, "message": …, "status": HTTP status}.
"""
import concurrent.futures
import json
import pathlib
import sys
import time

import botocore.config
import botocore.exceptions
import botocore.session
from botocore import xform_name

PAUSE_S, LONGEST_S = 0.02, 20
ONCE = botocore.config.Config(retries={"total_max_attempts": 1}, parameter_validation=False)  # the fake must refuse


def argument(value):
    if isinstance(value, dict):
        return pathlib.Path(value["file"]).read_bytes() if set(value) == {"file"} else {
            name: argument(item) for name, item in value.items()}
    return value


def call(client, operation, arguments):
    try:
        answer = getattr(client, xform_name(operation))(**arguments)
    except botocore.exceptions.ClientError as error:
        said = error.response
        return {"error": said["Error"]["Code"], "message": said["Error"]["Message"],
                "status": said["ResponseMetadata"]["HTTPStatusCode"]}
    answer["status"] = answer.pop("ResponseMetadata")["HTTPStatusCode"]
    return {name: value.read().decode() if hasattr(value, "read") else value for name, value in answer.items()}


def call_until(client, operation, arguments, until=None):
    give_up = time.monotonic() + LONGEST_S
    while True:
        said = call(client, operation, arguments)
        if until is None or ("error" not in said and until.items() <= said.items()):
            return said
        if said.get("status") == 500 or time.monotonic() > give_up:
            sys.exit(f"{operation}: {said}")
        time.sleep(PAUSE_S)


def main(calls):
    session, clients, answers = botocore.session.Session(), {}, []
    for step in json.loads(calls):
        at_once = step if isinstance(step[0], list) else [step]
        for service, *_ in at_once:
            if service not in clients:
                clients[service] = session.create_client(service, region_name="eu-west-1", config=ONCE)
        with concurrent.futures.ThreadPoolExecutor(len(at_once)) as threads:
            answers += threads.map(lambda one: call_until(clients[one[0]], one[1], argument(one[2]), *one[3:]), at_once)
    json.dump(answers, sys.stdout, default=str)


if __name__ == "__main__":
    main(*sys.argv[1:])
