"""botocore_reads.py CALLS: reads an account as botocore does, pages followed, and prints every answer.

CALLS is a JSON list of [service, operation, arguments]. The answers come as a JSON list in the same order, without
what botocore adds.
"""
import json
import sys

import botocore.session
from botocore import xform_name


def read(client, operation, arguments):
    """The answer of all pages: lists are joined."""
    whole, token = {}, {}
    while token is not None:
        answer = getattr(client, xform_name(operation))(**arguments, **token)
        answer.pop("ResponseMetadata")
        token = next(({key: answer.pop(key)} for key in ("NextToken", "nextToken") if key in answer), None)
        for key, value in answer.items():
            whole[key] = whole.get(key, []) + value if isinstance(value, list) else value
    return whole


def main(calls):
    session, clients = botocore.session.Session(), {}
    answers = []
    for service, operation, arguments in json.loads(calls):
        if service not in clients:
            clients[service] = session.create_client(service, region_name="eu-west-1")
        answers.append(read(clients[service], operation, arguments))
    json.dump(answers, sys.stdout, default=lambda time: time.isoformat())


if __name__ == "__main__":
    main(*sys.argv[1:])
