"""Where a verdict goes: SNS topics, EventBridge buses and S3 buckets. They keep what came, and refuse as AWS does.
servers/control_plane.py verifies signatures and reads parameters."""
import base64
import hashlib
import json
import re
import uuid

from servers.configuration_api import Refusal

LARGEST = 256 << 10  # bytes of a message, and of the events of one call
EVENTS_AT_ONCE = 10
SUBJECT = re.compile(r"[!-~][ -~]{0,99}")  # ASCII, no control characters, at most 100


class Messages:
    """`settings`: topics (ARNs), buses (names), buckets (names)."""

    def __init__(self, settings):
        self.topics = settings.get("topics", [])
        self.buses = settings.get("buses", ["default"])
        self.buckets = settings.get("buckets", [])
        self.published, self.events, self.objects = [], [], {}

    def answer(self, action, asked):
        return getattr(self, "_" + action)(asked)

    def came(self):
        """What came, for a test to look at."""
        return {"published": self.published, "events": self.events,
                "objects": {name: {**one, "Body": one["Body"].decode(errors="replace")} for name, one in self.objects.items()}}

    def _Publish(self, asked):
        if asked.get("TopicArn") not in self.topics:
            raise Refusal(404, "NotFound", "Topic does not exist")
        size = len(asked["Message"].encode()) + sum(
            len(name) + sum(len(str(part)) for part in value.values()) for name, value in asked.get("MessageAttributes", {}).items())
        wrong = ("Invalid parameter: Message too long" if size > LARGEST else
                 "Invalid parameter: Empty message" if not asked["Message"] else
                 "Invalid parameter: Subject" if not SUBJECT.fullmatch(asked.get("Subject", "-")) else "")
        for name, value in asked.get("MessageAttributes", {}).items():
            if not value.get("StringValue") and not value.get("BinaryValue"):
                wrong = f"The message attribute '{name}' must contain non-empty message attribute value"
        if wrong:
            raise Refusal(400, "InvalidParameter", wrong)
        self.published.append(asked)
        return {"MessageId": str(uuid.uuid4())}

    def _PutEvents(self, asked):
        entries = asked["Entries"]
        if len(entries) > EVENTS_AT_ONCE or len(json.dumps(entries)) > LARGEST:
            raise Refusal(400, "ValidationException", "Total size of the entries in the request is over the limit.")
        answers = [self._entry(entry) for entry in entries]
        return {"Entries": answers, "FailedEntryCount": sum("ErrorCode" in one for one in answers)}

    def _entry(self, entry):
        lacking = [name for name in ("Source", "DetailType", "Detail") if not entry.get(name)]
        if lacking:
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": f"Parameter {lacking[0]} is not valid."}
        if entry["Source"].startswith("aws."):
            return {"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "Not authorized for the source."}
        try:
            is_object = isinstance(json.loads(entry["Detail"]), dict)
        except ValueError:
            is_object = False
        if not is_object:
            return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
        if entry.get("EventBusName", "default").rsplit("/", 1)[-1] in self.buses:  # a bus that is not there takes it silently
            self.events.append(entry)
        return {"EventId": str(uuid.uuid4())}

    def _PutObject(self, asked):
        if asked["Bucket"] not in self.buckets:
            raise Refusal(404, "NoSuchBucket", "The specified bucket does not exist")
        body = asked.get("Body", b"")
        if "ContentMD5" in asked and base64.b64decode(asked["ContentMD5"]) != hashlib.md5(body).digest():
            raise Refusal(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
        self.objects[f"{asked['Bucket']}/{asked['Key']}"] = {"Body": body, "ContentType": asked.get("ContentType", "binary/octet-stream")}
        return {"ETag": f'"{hashlib.md5(body).hexdigest()}"'}
