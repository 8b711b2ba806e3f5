"""The lab's private certificate authority: made once with openssl, kept in the lab's state directory.

A root and an intermediate, as Amazon has them; one leaf per region, an inspecting proxy's own root, and the
certificates that are wrong in one way each.
"""
import fcntl
import pathlib
import shutil
import subprocess

REGIONS = {"eu-west-1": "amazonaws.com", "us-east-1": "amazonaws.com", "cn-north-1": "amazonaws.com.cn"}
SERVICES = ["api.ecr", "*.dkr.ecr", "s3", "*.s3", "s3.dualstack", "*.s3.dualstack", "logs", "logs-fips",
            "secretsmanager", "ssm", "ssmmessages", "kms", "sts", "monitoring", "dynamodb", "sqs",
            "ec2", "ecs", "route53resolver", "lambda", "sns", "events"]
OTHERS = ["registry.example.com", "auth.example.com", "layers.example.com", "database.internal.example",
          "route53.amazonaws.com", "iam.amazonaws.com"]  # of no region
VERSION = "5"  # another value makes them all anew
LONG = ("20200101000000Z", "20491231000000Z")
LEAVES = {  # name: (authority, from, to); the names in it are those of the region
    "expired": ("issuing", "20200101000000Z", "20210101000000Z"),
    "not-yet-valid": ("issuing", "20480101000000Z", "20491231000000Z"),
    "wrong-name": ("issuing", *LONG),
    "intercepted": ("inspection", *LONG),
}

_CONFIG = """
[ca]
default_ca = lab
[lab]
database = {home}/index.txt
rand_serial = yes
new_certs_dir = {home}
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
organizationName = optional
[req]
distinguished_name = empty
[empty]
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = {names}
"""


class Certificates:
    """Paths of what the servers need. `ca_file` is what a task has to trust."""

    def __init__(self, state):
        self.home = pathlib.Path(state) / "certificates"
        self.ca_file = self.home / "ca.pem"
        self._make_once()

    def chain(self, name):
        return self.home / f"{name}.chain.pem"

    def key(self, name):
        return self.home / f"{name}.key"

    def _make_once(self):
        self.home.parent.mkdir(parents=True, exist_ok=True)
        with open(self.home.parent / "certificates.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            mark = self.home / "made"
            if mark.exists() and mark.read_text() == VERSION:
                return
            shutil.rmtree(self.home, ignore_errors=True)
            self.home.mkdir()
            self._make()
            mark.write_text(VERSION)

    def _make(self):
        self._issue("ca", "/O=VPC lab/CN=VPC lab root", None, *LONG)
        self._issue("issuing", "/O=VPC lab/CN=VPC lab RSA 2048 M01", "ca", *LONG)
        self._issue("inspection", "/O=Example Corp/CN=Example Corp TLS Inspection CA", None, *LONG)
        shutil.copy(self.home / "ca.crt", self.ca_file)
        for region, suffix in REGIONS.items():
            self._leaf(region, "issuing", f"logs.{region}.{suffix}", _names(region, suffix) + OTHERS, *LONG)
        for name, (authority, start, end) in LEAVES.items():
            names = ["internal-alb.example.com"] if name == "wrong-name" else _names("eu-west-1", "amazonaws.com")
            self._leaf(name, authority, names[0], names, start, end)

    def _leaf(self, name, authority, common_name, names, start, end):
        self._issue(name, f"/CN={common_name}", authority, start, end, names)
        parts = [self.home / f"{name}.crt", self.home / f"{authority}.crt"]
        self.chain(name).write_text("".join(part.read_text() for part in parts))

    def _issue(self, name, subject, authority, start, end, names=None):
        signer = authority or name
        config = self.home / f"{name}.cnf"
        san = ",".join(f"DNS:{host}" for host in names or ["unused.example"])
        config.write_text(_CONFIG.format(home=self.home, names=san))
        (self.home / "index.txt").touch()
        request = self.home / f"{name}.csr"
        _openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-config", config, "-keyout", self.key(name),
                 "-out", request, "-subj", subject)
        sign = ["-selfsign"] if signer == name else ["-cert", self.home / f"{signer}.crt"]
        _openssl("ca", "-batch", "-notext", "-config", config, *sign, "-keyfile", self.key(signer), "-in", request,
                 "-out", self.home / f"{name}.crt", "-startdate", start, "-enddate", end, "-extensions",
                 "leaf" if names else "authority")


def _names(region, suffix):
    return [f"{service}.{region}.{suffix}" for service in SERVICES]


def _openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.strip()}")
