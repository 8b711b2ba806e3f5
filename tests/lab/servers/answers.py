"""Answers of AWS's APIs in their own words: XML or JSON, from the output shapes of botocore's models.

`tests/lab/doctor_test.py` lets botocore read every one of them.
"""
import json
import xml.sax.saxutils

import botocore.session
from botocore.validate import ParamValidator

NAMESPACES = {"ec2": "http://ec2.amazonaws.com/doc/2016-11-15/", "route53": "https://route53.amazonaws.com/doc/2013-04-01/",
              "sts": "https://sts.amazonaws.com/doc/2011-06-15/", "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
              "sns": "http://sns.amazonaws.com/doc/2010-03-31/"}
IN_XML = ("route53", "sts", "iam", "sns")  # their refusals look the same
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
    operation = operation_of(service, action)
    if model(service).metadata["protocol"] == "json":
        return json.dumps(document).encode()
    shape = operation.output_shape
    content = _members(shape, document) if shape else ""
    if shape and (shape.serialization.get("resultWrapper") or service == "sts"):
        wrapper = shape.serialization.get("resultWrapper", f"{action}Result")
        content = f"<{wrapper}>{content}</{wrapper}>"
    request = "<requestId>59dbff89-35bd-4eac-99ed-be587ed81825</requestId>" if service == "ec2" else ""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{action}Response xmlns="{NAMESPACES[service]}">{request}{content}</{action}Response>'
    return text.encode()


def respond(service, action, document):
    """Status, headers and body of a good answer of a REST API, checked against the model."""
    operation = operation_of(service, action)
    shape, headers, content = operation.output_shape, [], {}
    status, body = operation.http.get("responseCode", 200), b""
    if shape is None:
        return status, headers, body
    wrong = ParamValidator().validate(document, shape)
    if wrong.has_errors():
        raise ValueError(f"{action}: {wrong.generate_report()}")
    for name, value in document.items():
        place = shape.members[name].serialization.get("location")
        if place == "statusCode":
            status = value
        elif place == "header":
            headers.append((shape.members[name].serialization["name"], value))
        elif name == shape.serialization.get("payload"):
            body = value
        else:
            content[name] = value
    is_json = model(service).metadata["protocol"] == "rest-json" and "payload" not in shape.serialization
    return status, headers, json.dumps(content).encode() if is_json else body


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
    text = xml.sax.saxutils.escape(message)
    if service == "ec2":
        return (f'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>{kind}</Code><Message>{text}'
                "</Message></Error></Errors><RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>").encode()
    if service in IN_XML:
        return (f'<?xml version="1.0"?>\n<ErrorResponse xmlns="{NAMESPACES[service]}"><Error><Type>Sender</Type><Code>{kind}'
                f"</Code><Message>{text}</Message></Error><RequestId>b25f48e8-84fd-11e6-80d9</RequestId></ErrorResponse>").encode()
    if service == "s3":
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{kind}</Code><Message>{text}</Message></Error>'.encode()
    if service == "lambda":  # the type stands in a header
        return json.dumps({"Type": "User", "Message": message}).encode()
    return json.dumps({"__type": kind, "message": message}).encode()
