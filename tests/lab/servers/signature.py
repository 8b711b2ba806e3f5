"""Whether a request bears the signature that botocore would give it."""
import datetime
import hashlib
import re

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

_AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]+)/"
                            r"(?P<service>[^/]+)/aws4_request, ?SignedHeaders=(?P<headers>[^,]+), ?Signature=(?P<signature>\w{64})")


class Wrong(Exception):
    """The request's signature does not hold; the text says why."""


class _SignsAgain(SigV4Auth):
    """Signs with the headers the sender chose. S3 keeps a path as it is; the others encode it once more."""

    def __init__(self, *args, signed, path_as_is):
        super().__init__(*args)
        self._signed, self._path_as_is = signed, path_as_is

    def headers_to_sign(self, request):
        wanted = super().headers_to_sign(request)
        for name in list(wanted.keys()):
            if name not in self._signed:
                del wanted[name]
        return wanted

    def _normalize_url_path(self, path):
        return path if self._path_as_is else super()._normalize_url_path(path)


def verify(method, url, headers, body, keys):
    """`headers`: (name, value) pairs as received; `keys`: {access key id: (secret, session token or None)}.
    Returns (key id, region, service)."""
    received = {name.lower(): value for name, value in headers}
    match = _AUTHORIZATION.fullmatch(received.get("authorization", ""))
    if not match:
        raise Wrong("no AWS Signature Version 4")
    if match["key"] not in keys:
        raise Wrong("an unknown access key")
    secret, token = keys[match["key"]]
    if received.get("x-amz-security-token") != token:
        raise Wrong("another session token")
    stamp = received.get("x-amz-date", "")
    if not re.fullmatch(r"\d{8}T\d{6}Z", stamp) or not stamp.startswith(match["date"]):
        raise Wrong("no date")
    signed = match["headers"].split(";")
    needed = {"host", "x-amz-date"} | ({"x-amz-security-token"} if token else set())
    if signed != sorted(signed) or not needed <= set(signed) or not set(signed) <= set(received):
        raise Wrong(f"signed headers {match['headers']}")
    digest = received.get("x-amz-content-sha256")
    is_unsigned = match["service"] == "s3" and digest == "UNSIGNED-PAYLOAD"
    if digest and not is_unsigned and digest != hashlib.sha256(body).hexdigest():
        raise Wrong("another body")
    request = AWSRequest(method=method, url=url, data=body,
                         headers={name: value for name, value in received.items() if name != "authorization"})
    request.context["timestamp"] = stamp
    signer = _SignsAgain(Credentials(match["key"], secret, token), match["service"], match["region"], signed=signed,
                         path_as_is=match["service"] == "s3")
    wanted = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    if wanted != match["signature"]:
        raise Wrong("the signature does not match")
    return match["key"], match["region"], match["service"]


def skew_seconds(headers, now=None):
    """How far the request's date is from ours."""
    stamp = {name.lower(): value for name, value in headers}.get("x-amz-date", "")
    sent = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    return ((now or datetime.datetime.now(datetime.timezone.utc)) - sent).total_seconds()
