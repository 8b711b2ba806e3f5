"""nginx, answering on 443 as AWS's front ends do without credentials, and on other ports with one thing wrong."""
import email.utils
import time

from vpc import api, images
from vpc.behaviours import NGINX

MODULE = "/usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so"  # Server and Date headers as AWS sends them

_FRAME = """
load_module {module};
user root root;
daemon off;
master_process off;
pid {work}/nginx.pid;
error_log stderr warn;
worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {work};  proxy_temp_path {work};  fastcgi_temp_path {work};
  uwsgi_temp_path {work};  scgi_temp_path {work};
  keepalive_timeout 30;
  server_names_hash_bucket_size 128;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache off;
  map $request_id $uuid {{ "~^(.{{8}})(.{{4}})(.{{4}})(.{{4}})(.{{12}})$" "$1-$2-$3-$4-$5"; }}
  map $request_id $id16 {{ "~^(?<first>.{{16}})" $first; }}
{servers}
}}
"""

# What bears a signature goes to servers/aws_api.py.
_SIGNED = f"if ($http_authorization ~ ^AWS4-) {{ proxy_pass http://127.0.0.1:{api.PORT}; break; }}"

_ANSWERS = {
    "json": """
    more_clear_headers Server;
    add_header x-amzn-RequestId $uuid always;
    default_type application/x-amz-json-1.1;
    location / {
      SIGNED
      if ($request_method = OPTIONS) { return 200; }
      return 404 "<UnknownOperationException/>\\n";
    }""",
    "registry": """
    more_clear_headers Server;
    add_header Docker-Distribution-Api-Version registry/2.0 always;
    add_header Www-Authenticate 'Basic realm="https://$host/",service="ecr.amazonaws.com"' always;
    default_type text/plain;
    location / { return 401 "Not Authorized\\n"; }""",
    "s3": """
    more_set_headers "Server: AmazonS3";
    add_header x-amz-id-2 "$request_id$request_id" always;
    add_header x-amz-request-id $id16 always;
    location = / { absolute_redirect off; return 307 https://aws.amazon.com/s3/; }
    location / { default_type application/xml; SIGNED return 403 "<Error><Code>AccessDenied</Code></Error>"; }""",
    "dynamodb": """
    more_clear_headers Server;
    add_header x-amzn-RequestId $uuid always;
    location / { SIGNED return 200 "healthy: $host "; }""",
    "portal": """
    default_type text/html;
    location / { return 403 "<html><title>Access to this site is blocked</title></html>\\n"; }""",
}


def _answers(scenario, work):
    """nginx's answers by the kind of endpoint."""
    if not scenario["images"]["served"]:
        return {**_ANSWERS, "other-registry": _ANSWERS["registry"]}
    return {**_ANSWERS, "registry": images.ecr_answers(scenario), "other-registry": images.other_answers(scenario),
            "s3": images.layer_answers(scenario, work) + _ANSWERS["s3"]}


def config(scenario, certificates, plan, work):
    """The whole nginx.conf of this scenario."""
    answers = _answers(scenario, work)
    blocks = list(_servers(scenario, certificates, answers, 443, None, "", ""))
    for port, name, argument in plan.nginx:
        leaf, extra, like_aws = NGINX[name]
        if name == "clock":
            extra = f'more_set_headers "Date: {email.utils.formatdate(time.time() + int(argument), usegmt=True)}";'
        kind = "" if like_aws else "portal"
        blocks += _servers(scenario, certificates, answers, port, leaf, extra, kind)
    return _FRAME.format(module=MODULE, work=work, servers="".join(blocks))


def _servers(scenario, certificates, answers, port, leaf, extra, kind):
    if any(endpoint.kind == "nfs" for endpoint in scenario.endpoints.values()) and port == 443:
        yield "server { listen 2049; return 444; }"
    for endpoint in scenario.endpoints.values():
        if endpoint.kind == "nfs":
            continue
        region = scenario.region if scenario.region in endpoint.hosts[0] else _region_in(endpoint.hosts[0])
        yield _server(port, endpoint.hosts, answers[kind or endpoint.kind], certificates, leaf or region, extra)
    yield _server(port, ["_"], answers[kind or "json"], certificates, leaf or scenario.region, extra, default=True)


def _region_in(host):
    return next((part for part in host.split(".") if part.count("-") >= 2), "eu-west-1")


def _server(port, hosts, answer, certificates, leaf, extra, default=False):
    listen = f"{port} ssl" + (" default_server" if default else "")
    return f"""
  server {{
    listen {listen};
    listen [::]:{listen};
    server_name {' '.join(hosts)};
    ssl_certificate {certificates.chain(leaf)};
    ssl_certificate_key {certificates.key(leaf)};
    {extra}
    proxy_set_header Host $http_host;
    proxy_http_version 1.1;
    {answer.strip().replace("SIGNED", _SIGNED)}
  }}"""
