#!/usr/bin/python3
"""Every report validates against the published schema, and the schema is strict.

usage: schema_test.py [REPORT.json ...]   (default: the approved reports of the JSON renderer)
"""
import copy
import json
import pathlib
import sys

import jsonschema

TESTS = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((TESTS.parent / "agent/render/report.schema.json").read_text())


def objects_of(value, path=""):
    """Every object in the report but the evidence, whose names are free."""
    if isinstance(value, dict):
        yield path, value
        for key, item in value.items():
            if key != "evidence":
                yield from objects_of(item, f"{path}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from objects_of(item, f"{path}/{index}")


def check_strict(validator, report):
    """An unknown field and a missing one are each refused, in every object."""
    paths = [path for path, _ in objects_of(report)]
    for path in paths:
        changed = copy.deepcopy(report)
        dict(objects_of(changed))[path]["unknown"] = 1
        assert not validator.is_valid(changed), f"an unknown field in {path or '/'} is accepted"
        for key in list(dict(objects_of(report))[path]):
            if key in ("dns_names", "images", "image_hosts"):
                continue
            changed = copy.deepcopy(report)
            del dict(objects_of(changed))[path][key]
            assert not validator.is_valid(changed), f"{path}/{key} may be missing"


def main():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    named = [pathlib.Path(name) for name in sys.argv[1:]]
    files = named or sorted((TESTS / "golden").glob("json.*.json"))
    assert files, "no report to validate"
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.count("\n") == 1 and text.endswith("\n"), f"{file.name} is not one line"
        report = json.loads(text)
        errors = [f"{file.name}: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(report)]
        assert not errors, "\n".join(errors)
    if not named:
        report = json.loads((TESTS / "golden/json.failing.json").read_text(encoding="utf-8"))
        for endpoints in (report["endpoints"], report["controls"]):
            del endpoints[3:]
        check_strict(validator, report)
        for name in ("refused", "pulled"):
            check_strict(validator, json.loads((TESTS / f"golden/json.{name}.json").read_text(encoding="utf-8")))
    print(f"{len(files)} reports valid")


main()
