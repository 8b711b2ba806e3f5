"""The parameters of a request, read as botocore's model says, and checked against it: names, types, required members,
allowed values, patterns and lengths."""
import base64
import json
import re
import urllib.parse

from botocore.validate import ParamValidator

from servers import answers

# Values that are younger than Debian 12's botocore.
NEWER = {"provided.al2023"}


class Wrong(Exception):
    """The request does not fit the model; the text says where."""


def of_rest(service, method, url, headers, body):
    """(action, parameters) of a call to a REST API with JSON."""
    parts = urllib.parse.urlsplit(url)
    for name in answers.model(service).operation_names:
        operation = answers.operation_of(service, name)
        path = re.escape(operation.http["requestUri"].split("?")[0].removesuffix("/"))  # AWS takes both
        path = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", path)
        found = re.fullmatch(path + "/?", parts.path) if operation.http["method"] == method else None
        if found:
            given = {"uri": {key: urllib.parse.unquote(value) for key, value in found.groupdict().items()},
                     "querystring": dict(urllib.parse.parse_qsl(parts.query, strict_parsing=bool(parts.query))),
                     "header": {key.lower(): value for key, value in headers}}
            return name, _checked(operation.input_shape, _gathered(operation.input_shape, given, body))
    raise Wrong(f"{method} {parts.path}: no such operation")


def of_object(method, url, headers, body):
    """(action, parameters) of S3's PutObject at the bucket's own name."""
    parts = urllib.parse.urlsplit(url)
    shape = answers.operation_of("s3", "PutObject").input_shape
    if method != "PUT" or parts.query:
        raise Wrong(f"{method} {parts.path}: the lab's S3 takes objects only")
    given = {"uri": {"Bucket": parts.hostname.split(".s3.")[0], "Key": urllib.parse.unquote(parts.path[1:])},
             "querystring": {}, "headers": {}, "header": {key.lower(): value for key, value in headers}}
    return "PutObject", _checked(shape, _gathered(shape, given, body))


def of_target(service, headers, body):
    """(action, parameters) of a call of the JSON protocol, whose header x-amz-target names the action."""
    target = {key.lower(): value for key, value in headers}.get("x-amz-target", "")
    prefix, _, action = target.partition(".")
    operation = answers.operation_of(service, action)
    if prefix != answers.model(service).metadata["targetPrefix"] or not operation:
        raise Wrong(f"no target {target}")
    return action, _checked(operation.input_shape, json.loads(body))


def _gathered(shape, given, body):
    found, inside = {}, shape.members.copy()
    for name, member in shape.members.items():
        place = member.serialization.get("location")
        if place:
            del inside[name]
            key = member.serialization["name"]
            value = given[place].get(key.lower() if place == "header" else key)
            if value is not None:
                found[name] = _plain(member, value)
    unknown = set(given["querystring"]) - {member.serialization.get("name") for member in shape.members.values()}
    if unknown:
        raise Wrong(f"the query has {sorted(unknown)}")
    payload = shape.serialization.get("payload")
    if payload:
        return {**found, payload: body} if body else found
    if not inside:
        if body:
            raise Wrong("a body where the operation has none")
        return found
    try:
        document = json.loads(body or b"{}")
    except ValueError as error:
        raise Wrong(f"the body is no JSON: {error}") from error
    if not isinstance(document, dict) or set(document) - set(inside):
        raise Wrong(f"the body has {sorted(set(document) - set(inside))}")
    return found | {name: _without_base64(inside[name], value) for name, value in document.items()}


def _without_base64(shape, value):
    if shape.type_name == "structure" and isinstance(value, dict):
        return {name: _without_base64(shape.members[name], item) if name in shape.members else item
                for name, item in value.items()}
    return base64.b64decode(value, validate=True) if shape.type_name == "blob" else value


def of_form(service, body):
    """(action, parameters) of a call to a Query API."""
    form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
    if form.pop("Version", "") != answers.model(service).metadata["apiVersion"]:
        raise Wrong("Version")
    action = form.pop("Action", "")
    operation = answers.operation_of(service, action)
    if not operation:
        raise Wrong(f"no action {action}")
    if operation.input_shape is None:
        return action, {}
    found = _structure(operation.input_shape, form, "")
    if form:
        raise Wrong(f"the form has {sorted(form)}")
    return action, _checked(operation.input_shape, found)


def _structure(shape, form, prefix):
    """The members that the form has below the prefix. What is read leaves the form."""
    found = {}
    for name, member in shape.members.items():
        key = prefix + member.serialization.get("name", name)
        if key in form:
            found[name] = _plain(member, form.pop(key))
        elif any(other.startswith(key + ".") for other in form):
            read = {"list": _list, "map": _map}.get(member.type_name)
            found[name] = read(member, form, key) if read else _structure(member, form, key + ".")
    return found


def _list(shape, form, key):
    found = []
    while any(other.split(f"{key}.member.{len(found) + 1}")[0] == "" for other in form):
        item = f"{key}.member.{len(found) + 1}"
        found.append(_plain(shape.member, form.pop(item)) if item in form else _structure(shape.member, form, item + "."))
    return found


def _map(shape, form, key):
    found = {}
    while f"{key}.entry.{len(found) + 1}.{shape.key.serialization['name']}" in form:
        entry = f"{key}.entry.{len(found) + 1}."
        name = form.pop(entry + shape.key.serialization["name"])
        found[name] = _structure(shape.value, form, f"{entry}{shape.value.serialization['name']}.")
    return found


def _plain(shape, text):
    if shape.type_name in ("integer", "long"):
        return int(text)
    return text == "true" if shape.type_name == "boolean" else text


def _checked(shape, values):
    wrong = ParamValidator().validate(values, shape)
    if wrong.has_errors():
        raise Wrong(wrong.generate_report())
    _fits(shape, values, shape.name)
    return values


# Letters, numbers, spaces, marks, symbols and punctuation of Unicode, as near as Python has them.
CLASSES = {"L": r"\w", "N": r"\d", "Z": r"\s", "M": r"\u0300-\u036f", "S": r"$+<-~", "P": r"!-/:-@\[-`{-~\u2010-\u2027"}


def _in_python(pattern):
    return re.sub(r"\\p\{(\w)\}", lambda found: CLASSES[found[1]], pattern)


def _fits(shape, value, place):
    """What botocore leaves to AWS: allowed values, patterns, greatest lengths and numbers."""
    if shape.type_name == "structure":
        for name, item in value.items():
            _fits(shape.members[name], item, f"{place}.{name}")
    elif shape.type_name == "list":
        for item in value:
            _fits(shape.member, item, f"{place}[]")
    elif shape.type_name == "map":
        for name, item in value.items():
            _fits(shape.key, name, f"{place} key")
            _fits(shape.value, item, f"{place}.{name}")
    elif shape.type_name == "string":
        if shape.enum and value not in shape.enum and value not in NEWER:
            raise Wrong(f"Value '{value}' at '{place}' failed to satisfy constraint: one of {shape.enum}")
        if "pattern" in shape.metadata and not re.fullmatch(_in_python(shape.metadata["pattern"]), value):
            raise Wrong(f"Value '{value}' at '{place}' failed to satisfy constraint: {shape.metadata['pattern']}")
    most = shape.metadata.get("max")
    size = value if shape.type_name in ("integer", "long") else len(value) if hasattr(value, "__len__") else 0
    if most is not None and size > most:
        raise Wrong(f"'{place}' is more than {most}")
