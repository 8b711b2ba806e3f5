"""Images in a scenario: a docker-registry behind nginx as ECR, S3 with its layers, and registries of others.

The registry is Debian's docker-registry over a storage laid out here: every file is where a push would have put it.
"""
import hashlib
import json
import urllib.parse

from vpc import api

ECR_PORT, OTHER_PORT, FAULTS_PORT, TOKEN_PORT = 8311, 8312, 8313, 8314
BUCKET = "prod-{region}-starport-layer-bucket.s3.{region}.{suffix}"
SIGNATURE = "planted-presigned-signature"  # in every link to a layer; must be in no report
BINARY = "/usr/bin/docker-registry"
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
LAYERS = (1_700_000, 4_000, 120)  # bytes of each layer

_REGISTRY = """version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage:
  filesystem: {{rootdirectory: {storage}}}
  maintenance: {{uploadpurging: {{enabled: false}}}}
http:
  addr: 127.0.0.1:{port}
  relativeurls: true
{more}
"""
_REDIRECT = """middleware:
  storage:
    - name: redirect
      options: {{baseurl: "https://{bucket}"}}
"""
_TOKENS = """auth:
  token:
    realm: https://auth.example.com/token
    service: registry.example.com
    issuer: auth.example.com
    rootcertbundle: {ca}
"""


class Storage:
    """A docker-registry's storage (its filesystem driver's layout, version 2)."""

    def __init__(self, root):
        self.root = root / "docker" / "registry" / "v2"

    def _write(self, path, text):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)

    def blob(self, repository, content, kind="_layers"):
        digest = hashlib.sha256(content).hexdigest()
        self._write(f"blobs/sha256/{digest[:2]}/{digest}/data", content)
        self._write(f"repositories/{repository}/{kind}/sha256/{digest}/link", f"sha256:{digest}".encode())
        return {"digest": f"sha256:{digest}", "size": len(content)}

    def manifest(self, repository, document, tag=None):
        described = self.blob(repository, json.dumps(document).encode(), "_manifests/revisions")
        if tag:
            link = described["digest"].encode()
            self._write(f"repositories/{repository}/_manifests/tags/{tag}/current/link", link)
            self._write(f"repositories/{repository}/_manifests/tags/{tag}/index/{described['digest'].replace(':', '/')}/link", link)
        return {"mediaType": document["mediaType"], **described}


def _image(storage, repository, platform, tag=None):
    config = json.dumps({**platform, "rootfs": {"type": "layers", "diff_ids": []}, "config": {}}).encode()
    layers = [bytes((n * 31 + size) % 251 for n in range(size)) + json.dumps(platform).encode() for size in LAYERS]
    document = {"schemaVersion": 2, "mediaType": MANIFEST,
                "config": {"mediaType": CONFIG, **storage.blob(repository, config)},
                "layers": [{"mediaType": LAYER, **storage.blob(repository, layer)} for layer in layers]}
    return storage.manifest(repository, document, tag)


def lay_out(root):
    """app:1 for two platforms, app:arm for one, app:plain without an index; nothing else."""
    storage = Storage(root)
    amd, arm = {"os": "linux", "architecture": "amd64"}, {"os": "linux", "architecture": "arm64", "variant": "v8"}
    both = [{**_image(storage, "app", platform), "platform": platform} for platform in (amd, arm)]
    attestation = {**_image(storage, "app", {"os": "unknown", "architecture": "unknown"}),
                   "platform": {"os": "unknown", "architecture": "unknown"}}
    index = {"schemaVersion": 2, "mediaType": INDEX}
    storage.manifest("app", {**index, "manifests": [*both, attestation]}, "1")
    storage.manifest("app", {**index, "manifests": both[1:]}, "arm")
    _image(storage, "app", amd, "plain")
    _image(storage, "app", arm, "plain-arm")


def commands(scenario, work, certificates):
    """(port, command) of every server this needs; writes their files into `work`."""
    images = scenario["images"]
    if not images["served"]:
        return
    storage = work / "registry"
    lay_out(storage)
    bucket = scenario.fill(BUCKET)
    tokens = _TOKENS.format(ca=certificates.ca_file) if images["other_wants"] == "token" else ""
    for name, port, more in (("ecr", ECR_PORT, _REDIRECT.format(bucket=bucket)), ("other", OTHER_PORT, tokens)):
        file = work / f"{name}.yml"
        file.write_text(_REGISTRY.format(storage=storage, port=port, more=more))
        yield port, [BINARY, "serve", file]
    yield FAULTS_PORT, ["image_faults.py", str(FAULTS_PORT), scenario.account]
    if tokens:
        leaf = certificates.chain(scenario.region)
        yield TOKEN_PORT, ["token_server.py", str(TOKEN_PORT), leaf, certificates.key(scenario.region)]


def _faulty(behaviour):
    return f"proxy_buffering off; proxy_pass http://127.0.0.1:{FAULTS_PORT}/{urllib.parse.quote(behaviour, safe='')}$uri$is_args$args;"


def ecr_answers(scenario):
    """nginx's locations of ECR's registry: the token of GetAuthorizationToken opens it."""
    images, token = scenario["images"], api.PLANTED["ecr_token"]
    link = f"proxy_redirect ~^(https://prod-.*)$ $1?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature={SIGNATURE};"
    to_registry = f"{link} proxy_pass http://127.0.0.1:{ECR_PORT};"
    manifests = _faulty(images["manifests"]) if images["manifests"] else to_registry
    blobs = _faulty(images["blobs"]) if images["blobs"] else to_registry
    opened = f'if ($http_authorization != "Basic {token}") {{ return 401 "Not Authorized\\n"; }}'
    return f"""
    more_clear_headers Server;
    add_header Docker-Distribution-Api-Version registry/2.0 always;
    add_header Www-Authenticate 'Basic realm="https://$host/",service="ecr.amazonaws.com"' always;
    default_type text/plain;
    location / {{ {opened} {to_registry} }}
    location ~ /manifests/ {{ {opened} {manifests} }}
    location ~ /blobs/ {{ {opened} {blobs} }}"""


def layer_answers(scenario, work):
    """nginx's locations of S3 for the layers' bucket. S3 refuses a link with a second authorization."""
    images = scenario["images"]
    how = f"root {work / 'registry'}; try_files $uri =404;"
    if images["layers"]:
        how = _faulty(images["layers"])
    return f"""
    location /docker/ {{
      default_type application/octet-stream;
      if ($http_authorization) {{ return 400 "<Error><Code>InvalidArgument</Code></Error>"; }}
      if ($args !~ "X-Amz-Signature={SIGNATURE}$") {{ return 403 "<Error><Code>AccessDenied</Code></Error>"; }}
      {how}
    }}"""


def other_answers(scenario):
    """nginx's locations of somebody else's registry, and of its token server."""
    images = scenario["images"]
    manifests = _faulty(images["other_manifests"]) if images["other_manifests"] else f"proxy_pass http://127.0.0.1:{OTHER_PORT};"
    login = ""
    if images["other_wants"] == "login":
        login = 'if ($http_authorization = "") { add_header Www-Authenticate \'Basic realm="theirs"\' always; return 401; }'
    return f"""
    location / {{ {login} proxy_pass http://127.0.0.1:{OTHER_PORT}; }}
    location ~ /manifests/ {{ {login} {manifests} }}
    location = /token {{ proxy_pass http://127.0.0.1:{TOKEN_PORT}; }}"""
