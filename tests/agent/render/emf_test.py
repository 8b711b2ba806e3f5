#!/usr/bin/python3
"""The approved metrics are one line each, fit the Embedded Metric Format, and have no dimension that grows with tasks."""
import json
import pathlib

import jsonschema

TESTS = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((TESTS / "agent/render/emf.schema.json").read_text())
DIMENSIONS = {"Region", "Zone", "Service"}
MOST_BYTES, MOST_VALUES, LONGEST_VALUE = 1 << 20, 100, 1024


def faults(line):
    """What is wrong with an object, beyond the schema."""
    root = json.loads(line)
    yield from (error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(root))
    if line.count("\n") != 1 or len(line.encode()) > MOST_BYTES:
        yield "not one line of at most 1 MB"
    for directive in root["_aws"]["CloudWatchMetrics"]:
        for key in {key for keys in directive["Dimensions"] for key in keys}:
            if key not in DIMENSIONS or not isinstance(root.get(key), str) or not 0 < len(root[key]) <= LONGEST_VALUE:
                yield f"dimension {key}: {root.get(key)!r}"
        for metric in directive["Metrics"]:
            value = root.get(metric["Name"])
            values = value if isinstance(value, list) else [value]
            right = 0 < len(values) <= MOST_VALUES and all(type(each) in (int, float) for each in values)
            if not right:
                yield f"metric {metric['Name']}: {value!r}"


def main():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    files = sorted((TESTS / "golden").glob("emf.*.json"))
    assert files, "no metrics to look at"
    found = [f"{file.name}: {fault}" for file in files for fault in faults(file.read_text())]
    assert not found, "\n".join(found)
    good = json.loads((TESTS / "golden/emf.passing.json").read_text())
    for spoil in (lambda root: root.pop("Region"), lambda root: root.pop("Failed"), lambda root: root.pop("_aws"),
                  lambda root: root["_aws"].update(Timestamp="now"), lambda root: root.update(ConnectTime=[1] * 101),
                  lambda root: root["_aws"]["CloudWatchMetrics"][0]["Dimensions"].append(["task_arn"])):
        bad = json.loads(json.dumps(good))
        spoil(bad)
        try:
            noticed = list(faults(json.dumps(bad) + "\n"))
        except KeyError:
            noticed = True
        assert noticed, "a fault is not noticed"
    print(f"{len(files)} objects valid")


main()
