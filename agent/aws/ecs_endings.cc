// How messages end: the words of Go, AWS's SDKs, registries and IAM. AWS lists dial tcp, dial udp, i/o
// timeout, TLS handshake timeout, read: connection timed out, Client.Timeout, request canceled, signal:
// killed and context deadline exceeded as network faults, never permissions ("Troubleshooting Amazon ECS
// ResourceInitializationError errors").
#include <algorithm>

#include "agent/aws/ecs_messages.h"
#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

constexpr Patterns<24> missing_or_hidden = {"pull access denied…repository does not exist",
                                            "requested access to the resource is denied",
                                            "repository…not found: does not exist or no pull access"};

constexpr EcsEnding endings[] = {
    {.patterns = {"proxyconnect tcp"},
     .says =
         "an HTTP proxy is configured, and the connection to it failed: check HTTPS_PROXY and NO_PROXY, and "
         "whether the proxy allows the task"},

    {.blame = Blame::application,
     .patterns = {"dial unix", "dial tcp 127.", "dial tcp [::1]", "://127.0.0.1", "://localhost", "://[::1]",
                  "unix:///", "econnrefused 127.", "econnrefused ::1"},
     .says = "the address is this host's own and does not answer: the call went to another program or "
             "container on "
             "it, or a name leads here by mistake (a DNS filter, /etc/hosts)",
     .is_not = "an endpoint or a policy of AWS: nothing left the host"},

    // ── Credentials, clock, rates
    {.patterns = {"169.254.170.2…timeout", "169.254.170.2…connection refused",
                  "169.254.170.2…deadline exceeded", "169.254.169.254…timeout",
                  "169.254.169.254…deadline exceeded", "no ec2 imds role found…deadline exceeded",
                  "no ec2 imds role found…canceled", "no ec2 imds role found…timeout",
                  "no ec2 imds role found…statuscode: 0"},
     .codes = {"credentials-unreachable"},
     .says = "the address that gives the role's credentials does not answer",
     .is_not = "a permission, nor an endpoint of the VPC: the credentials come from the task's own host"},
    {.blame = Blame::permission,
     .patterns = {"requesttimetooskewed", "signature expired", "signature not yet current",
                  "request has expired"},
     .codes = {"clock-skewed"},
     .says = "AWS answered and rejected the time in the request"},
    {.blame = Blame::permission,
     .patterns = {"expiredtoken", "security token included in the request is expired"},
     .codes = {"credentials-expired"},
     .says = "AWS answered: the credentials have expired"},
    {.blame = Blame::permission,
     .patterns = {"invalidsignature", "signaturedoesnotmatch", "unrecognizedclientexception",
                  "invalidclienttokenid", "security token included in the request is invalid",
                  "incompletesignature", "invalidaccesskeyid", "missingauthenticationtoken",
                  "authorizationheadermalformed"},
     .codes = {"signature-rejected"},
     .says = "AWS answered and does not accept the signature or the key"},
    {.blame = Blame::permission,
     .patterns = {"nocredentialproviders", "no valid providers in chain", "no ec2 imds role found",
                  "unable to locate credentials", "failed to refresh cached credentials",
                  "container metadata…credentials not found"},
     .codes = {"credentials-missing"},
     .says = "no credentials were found"},
    {.blame = Blame::limit,
     .patterns = {"throttlingexception", "rate exceeded", "toomanyrequests", "too many requests",
                  "pull rate limit", "requestlimitexceeded", "slowdown", "status code: 429",
                  "statuscode: 429"},
     .codes = {"throttled"},
     .says = "an answer came: too many requests"},

    // ── The object does not exist
    {.blame = Blame::missing,
     .patterns = missing_or_hidden,
     .codes = {"repository-not-found", "denied-unspecified"},
     .elsewhere = true,
     .says = "the registry answered: there is no such repository, or it is private and needs a login"},
    {.blame = Blame::missing,
     .patterns = missing_or_hidden,
     .codes = {"repository-not-found", "denied-unspecified"},
     .says = "the registry answered: there is no such repository, or this role may not see it"},
    {.blame = Blame::missing,
     .patterns = {"repositorynotfoundexception", "repository with name…does not exist", "name unknown",
                  "name_unknown", "api error (404): repository"},
     .codes = {"repository-not-found"},
     .says = "the registry answered: there is no such repository"},
    {.blame = Blame::missing,
     .patterns = {"manifest unknown", "manifest_unknown", "imagenotfoundexception",
                  "requested image not found", "manifest for…not found", "failed to resolve ref…: not found",
                  "failed to resolve ref…404 not found", "tag…not found in repository",
                  "content at…/manifests/…not found"},
     .codes = {"image-not-found"},
     .says = "the registry answered: the repository has no such tag or digest"},
    {.blame = Blame::missing,
     .service = "secretsmanager",
     .patterns = {"resourcenotfoundexception", "can't find the specified secret",
                  "can't retrieve the secret"},
     .codes = {"secret-not-found"},
     .says = "Secrets Manager answered: there is no such secret in this Region and account"},
    {.blame = Blame::missing,
     .service = "ssm",
     .patterns = {"parameternotfound", "invalid ssm parameters",
                  "invalid parameters:", "parameters were not found"},
     .codes = {"parameter-not-found"},
     .says = "Parameter Store answered: there is no such parameter in this Region and account"},
    {.blame = Blame::missing,
     .service = "logs",
     .patterns = {"resourcenotfoundexception", "log group does not exist"},
     .codes = {"log-group-not-found"},
     .says = "CloudWatch Logs answered: there is no such log group in this Region and account"},
    {.blame = Blame::missing,
     .service = "s3",
     .patterns = {"nosuchbucket", "nosuchkey", "404 not found", "status code: 404", "statuscode: 404"},
     .codes = {"environment-file-not-found"},
     .says = "S3 answered: there is no such bucket or object"},
    {.blame = Blame::missing,
     .patterns = {"clusternotfoundexception", "clientexception: cluster not found",
                  "operation: cluster not found", "servicenotfoundexception", "taskdefinition not found",
                  "unable to describe task definition"},
     .says = "ECS answered: there is no such cluster, service or task definition in this Region and account"},
    {.blame = Blame::missing,
     .service = "efs",
     .patterns = {"filesystemnotfound", "no mount target", "mount target…not found",
                  "access point…does not exist", "accesspointnotfound", "file system…does not exist",
                  "filesystem…does not exist"},
     .says = "EFS answered: there is no such file system or access point in this Region and account"},

    // ── A denial
    {.blame = Blame::permission,
     .patterns = {"httpread…403 forbidden", "httpread…status code 403", "/blobs/…403 forbidden",
                  "error pulling image configuration…403"},
     .codes = {"layer-denied"},
     .elsewhere = true,
     .says = "the registry or its layer storage answered 403"},
    {.blame = Blame::permission,
     .patterns = {"httpread…403 forbidden", "httpread…status code 403", "httpread…accessdenied",
                  "starport-layer-bucket…403", "starport-layer-bucket…accessdenied",
                  "error pulling image configuration…403"},
     .codes = {"layer-denied"},
     .says = "S3 answered 403 for an image layer: the network works, a policy denies it"},
    {.blame = Blame::permission,
     .patterns = {"access to kms is not allowed", "ciphertext refers to a customer master key",
                  "kms…accessdenied", "accessdenied…kms:decrypt"},
     .codes = {"denied-unspecified"},
     .says =
         "AWS answered: KMS denies the key; the role lacks kms:Decrypt on it, or the key's policy does not "
         "allow the role"},
    {.blame = Blame::permission,
     .patterns = {"403 forbidden", "status code: 403", "statuscode: 403", "status code 403", "accessdenied",
                  "access denied", "unauthorizedoperation", "not authorized to perform",
                  "authorizationerror"},
     .codes = {"denied-unspecified"},
     .says = "an answer came, and it is a denial"},
    {.blame = Blame::permission,
     .patterns = {"401 unauthorized", "status code: 401", "statuscode: 401", "no basic auth credentials",
                  "authentication required", "your account must log in", "incorrect username or password",
                  "authorization failed"},
     .codes = {"denied-unspecified"},
     .says = "the server answered and needs a login that it did not get"},
    {.blame = Blame::connection,
     .patterns = {"407 proxy authentication", "malformed http", "unexpected media type text/html", "<html"},
     .codes = {"http-not-aws"},
     .says = "what answered is not AWS: a proxy or a filter"},
    // Go writes the bare status text if a proxy answers CONNECT with it.
    {.blame = Blame::connection,
     .patterns = {"/\": forbidden$", "/\": service unavailable$", "/\": bad gateway$",
                  "/\": gateway timeout$", "/\": proxy authentication required$"},
     .codes = {"http-not-aws"},
     .says = "an HTTP proxy answered instead, and did not connect to this host: check HTTPS_PROXY and "
             "NO_PROXY, and whether the proxy allows the host"},
    {.blame = Blame::platform,
     .patterns = {"500 internal server error", "502 bad gateway", "503 service unavailable",
                  "504 gateway time", "service unavailable. please try again", "(serverexception)",
                  "serviceunavailable", "status code: 500", "status code: 502", "status code: 503",
                  "statuscode: 500", "statuscode: 502", "statuscode: 503", "internalfailure"},
     .says = "an answer came: the other side has a fault of its own (5xx)"},

    // ── Names
    {.patterns = {"no such host", "nxdomain", "name or service not known", "failed to resolve \"fs-",
                  "failed to resolve server", "nodename nor servname", "getaddrinfo enotfound",
                  "could not resolve host", "unknownhostexception", "failed to resolve dns name",
                  "domain name not found"},
     .codes = {"name-not-found"},
     .says = "the name has no address here"},
    {.patterns = {"server misbehaving", "servfail", "read udp…connection refused", ":53: connection refused"},
     .codes = {"name-server-failure"},
     .says = "the DNS resolver answers with an error"},
    {.patterns = {"read udp…i/o timeout", "dial udp…i/o timeout", "dial tcp: lookup…i/o timeout",
                  "temporary failure in name resolution", ":53: i/o timeout", "eai_again"},
     .codes = {"resolver-silent", "name-timeout"},
     .says = "the DNS resolver does not answer"},

    // ── TLS
    {.patterns = {"tls handshake timeout", "tls handshake timed out", "ssl…handshake timed out",
                  "handshake operation timed out"},
     .codes = {"tls-stalled"},
     .says = "TCP connected, then the TLS handshake stopped"},
    {.patterns = {"certificate has expired or is not yet valid…is before"},
     .codes = {"certificate-not-yet-valid"},
     .says = "the certificate is not valid yet, by the clock here"},
    {.patterns = {"certificate has expired"},
     .codes = {"certificate-expired"},
     .says = "the certificate has expired, by the clock here"},
    {.patterns = {"certificate is valid for", "certificate is not valid for any names", "hostname mismatch"},
     .codes = {"certificate-name-mismatch"},
     .says = "what answers has a certificate for other names"},
    {.patterns = {"unknown authority", "certificate_verify_failed", "certificate verify failed",
                  "self signed certificate", "self-signed certificate", "unable to get local issuer",
                  "verify the first certificate", "pkix path building failed"},
     .codes = {"certificate-untrusted"},
     .says = "what answers has a certificate that the caller does not trust"},
    {.patterns = {"first record does not look like a tls", "server gave http response to https client",
                  "wrong version number"},
     .codes = {"tls-not-spoken"},
     .says = "what answers does not speak TLS"},
    {.patterns = {"protocol version not supported", "alert protocol version"},
     .codes = {"tls-version-refused"},
     .says = "what answers accepts no TLS version of today"},
    {.service = "efs",
     .patterns = {"connection reset by peer"},
     .says =
         "the connection to the mount target, or to the mount helper's own TLS tunnel to it, was cut; the "
         "text does not say by which side",
     .is_not = "the elasticfilesystem endpoint: mounting goes to the mount target, by NFS"},
    {.patterns = {"remote error: tls", "handshake failure", "connection reset by peer", ": eof$",
                  "unexpected eof", "econnreset"},
     .codes = {"tls-reset", "http-silent"},
     .says = "the connection was established and then cut"},

    // ── HTTP
    {.patterns = {"request canceled (client.timeout exceeded while awaiting headers",
                  "timeout awaiting response headers"},
     .codes = {"http-silent"},
     .says = "the connection was established, and the request got no answer"},

    // ── Connecting
    {.patterns = {"connection refused", "econnrefused"},
     .codes = {"endpoint-refused"},
     .says = "the address answers, and nothing listens there"},
    {.patterns = {"no route to host", "host is unreachable", "ehostunreach"},
     .codes = {"no-route"},
     .says = "a router or this host reports that the address cannot be reached"},
    {.patterns = {"]:443: connect: network is unreachable",
                  "]:443: connect: cannot assign requested address"},
     .codes = {"no-route"},
     .says = "the task has no path out by IPv6"},
    {.patterns = {"network is unreachable", "enetunreach"},
     .codes = {"network-unreachable"},
     .says = "the task has no route at all to the address"},
    {.service = "efs",
     .patterns = {"failed due to timeout", "timed out", "timeout"},
     .silence = true,
     .says = "no answer came at all"},
    // botocore: a time-out has words of its own ("Connect timeout on endpoint URL").
    {.patterns = {"could not connect to the endpoint url"},
     .codes = {"name-not-found", "no-route"},
     .says = "no connection was made: the name has no address, or the address cannot be reached or refuses; "
             "it was not a time-out"},
    {.patterns = {"i/o timeout",
                  "connection timed out",
                  "request canceled while waiting for connection",
                  "client.timeout exceeded while awaiting headers",
                  "context deadline exceeded",
                  "signal: killed",
                  "requestcanceled",
                  "request canceled",
                  "context canceled",
                  "statuscode: 0,",
                  "operation timed out",
                  "connect timeout",
                  "connection issue between the task and",
                  "dial tcp",
                  "dial udp",
                  "send request failed",
                  "etimedout",
                  "connect timed out",
                  "upstream] connection #…timed out",
                  "context ca...",
                  "aws_client] connection initialization error"},
     .silence = true,
     .says = "no answer came at all"},

    {.patterns = {"failed to do request"},
     .silence = true,
     .says = "the request did not get through; the text does not say how"},
};

}  // namespace

std::span<const EcsEnding> ecs_endings() { return endings; }

const EcsEnding* find_ending(std::string_view line, std::string_view service, bool elsewhere) {
  const auto fits = [&](const EcsEnding& row) {
    if ((!row.service.empty() && row.service != service) || (row.elsewhere && !elsewhere)) return false;
    return std::any_of(row.patterns.begin(), row.patterns.end(), [line](const char* pattern) {
      return pattern != nullptr && find_fragments(line, pattern) != std::string_view::npos;
    });
  };
  const auto found = std::find_if(std::begin(endings), std::end(endings), fits);
  return found == std::end(endings) ? nullptr : &*found;
}

}  // namespace vpcprobe
