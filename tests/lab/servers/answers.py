"""Answers of AWS's APIs in their own words: XML or JSON, from the output shapes of botocore's models.

`tests/lab/doctor_test.py` lets botocore read every one of them.
"""
import xml.sax.saxutils

import botocore.session

NAMESPACES = {"ec2": "http://ec2.amazonaws.com/doc/2016-11-15/", "route53": "https://route53.amazonaws.com/doc/2013-04-01/",
              "sts": "https://sts.amazonaws.com/doc/2011-06-15/"}
_session = botocore.session.Session()
_models = {}


def model(service):
    if service not in _models:
        _models[service] = _session.get_service_model(service)
    return _models[service]


def operation_of(service, action):
    """The model of an operation; nothing where AWS has none of this name."""
    known = model(service)
    return known.operation_model(action) if action in known.operation_names else None


def serialise(service, action, document):
    """The body of a good answer that says `document`, whose members have the CLI's names."""
    import json
    operation = operation_of(service, action)
    if model(service).metadata["protocol"] == "json":
        return json.dumps(document).encode()
    content = _members(operation.output_shape, document)
    if operation.output_shape.serialization.get("resultWrapper") or service == "sts":
        wrapper = operation.output_shape.serialization.get("resultWrapper", f"{action}Result")
        content = f"<{wrapper}>{content}</{wrapper}>"
    request = "<requestId>59dbff89-35bd-4eac-99ed-be587ed81825</requestId>" if service == "ec2" else ""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{action}Response xmlns="{NAMESPACES[service]}">{request}{content}</{action}Response>'
    return text.encode()


def _members(shape, values):
    unknown = set(values) - set(shape.members) - NEWER
    if unknown:
        raise ValueError(f"{shape.name} has no {sorted(unknown)}")
    text = ""
    for name, member in shape.members.items():
        if name in values:
            tag = member.serialization.get("name", name)
            text += f"<{tag}>{_value(member, values[name])}</{tag}>"
    return text


# Members that are younger than Debian 12's botocore.
NEWER = {"BlockPublicAccessStates", "SecurityGroupArn", "Operator", "ServiceRegion", "IpAddressType", "OwnershipControls"}


def _value(shape, value):
    if shape.type_name == "structure":
        return _members(shape, value)
    if shape.type_name == "list":
        tag = shape.member.serialization.get("name", "member")
        return "".join(f"<{tag}>{_value(shape.member, item)}</{tag}>" for item in value)
    if shape.type_name == "boolean":
        return "true" if value else "false"
    return xml.sax.saxutils.escape(str(value))


def known(shape, value):
    """`value` without the members that botocore does not know: a fake cannot answer them."""
    if shape.type_name == "structure":
        return {name: known(shape.members[name], item) for name, item in value.items() if name in shape.members}
    return [known(shape.member, item) for item in value] if shape.type_name == "list" else value


def error_body(service, kind, message):
    """The body of a refusal, in the shape of the service."""
    import json
    text = xml.sax.saxutils.escape(message)
    if service == "ec2":
        return (f'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>{kind}</Code><Message>{text}'
                "</Message></Error></Errors><RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>").encode()
    if service in ("route53", "sts"):
        return (f'<?xml version="1.0"?>\n<ErrorResponse xmlns="{NAMESPACES[service]}"><Error><Type>Sender</Type><Code>{kind}'
                f"</Code><Message>{text}</Message></Error><RequestId>b25f48e8-84fd-11e6-80d9</RequestId></ErrorResponse>").encode()
    return json.dumps({"__type": kind, "message": message}).encode()
