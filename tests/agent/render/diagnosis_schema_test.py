#!/usr/bin/python3
"""Every diagnosis validates against the published schema, and the schema is strict."""
import copy
import json
import pathlib

import jsonschema

TESTS = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((TESTS.parent / "agent/render/diagnosis.schema.json").read_text(encoding="utf-8"))


def objects_of(value, path=()):
    if isinstance(value, dict):
        yield path
        for key, item in value.items():
            yield from objects_of(item, path + (key,))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from objects_of(item, path + (index,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def main():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    files = sorted((TESTS / "golden").glob("diagnosis.*.json"))
    assert files, "no diagnosis to validate"
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.count("\n") == 1 and text.endswith("\n"), f"{file.name} is not one line"
        errors = [f"{file.name}: {e.json_path}: {e.message[:200]}" for e in validator.iter_errors(json.loads(text))]
        assert not errors, "\n".join(errors)
    failing = json.loads((TESTS / "golden/diagnosis.failing.json").read_text(encoding="utf-8"))
    for path in objects_of(failing):
        changed = copy.deepcopy(failing)
        at(changed, path)["unknown"] = 1
        assert not validator.is_valid(changed), f"an unknown field in {path} is accepted"
        for key in list(at(failing, path)):
            changed = copy.deepcopy(failing)
            del at(changed, path)[key]
            assert not validator.is_valid(changed), f"{path} {key} may be missing"
    print(f"{len(files)} diagnoses valid")


main()
