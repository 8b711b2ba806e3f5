#include "agent/diagnosis/report_samples.h"

namespace vpcprobe::samples {

Report pulled() {
  Report report = passing();
  report.verdict = Verdict::fail;
  report.exit_code = 63;
  report.summary = "The image's layers are refused: the manifest came, S3 answers 403";
  report.depth = "image";
  report.context.credentials_status = "ok";
  const std::string registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
  const std::string bucket = "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com";
  const std::string blob = "sha256:" + std::string(64, 'c');
  ImageReport web{registry + "/web:7", "ecr.dkr", registry, 443, "web", "7", "linux/amd64", {}};
  const auto add = [&](PullStep step, const std::string& host, int status, const char* peer) {
    Hop& hop = web.seen.hops.emplace_back();
    hop.step = step;
    hop.host = host;
    if (host == registry) hop.path = "/v2/web/" + std::string(to_string(step));
    if (step == PullStep::layer) hop.blob = blob;
    hop.end = HopEnd::answered;
    hop.peer = peer;
    hop.status = status;
    hop.first_byte = Elapsed(14200);
    hop.elapsed = Elapsed(15100);
  };
  add(PullStep::manifest, registry, 200, "10.0.1.11");
  add(PullStep::layer, registry, 307, "10.0.1.11");
  add(PullStep::layer, bucket, 200, "52.218.30.10");
  web.seen.suits = true;
  web.seen.digest = "sha256:" + std::string(64, 'a');
  web.seen.offered = {{"linux", "amd64", ""}, {"linux", "arm64", "v8"}};
  web.seen.layers = 1;
  web.seen.foreign_layers = 1;
  web.seen.bytes = 64'000'000;
  web.seen.measured = Measured{10'000'000, Elapsed(400'000)};
  ImageReport side = web;
  side.image = registry + "/side:2";
  side.repository = "side";
  side.reference = "2";
  side.seen.measured.reset();
  side.seen.hops.back().status = 403;
  side.seen.hops.back().error = {"AccessDenied", "Access Denied"};
  side.seen.hops.back().request_id = "0123456789ABCDEF";
  report.images = {web, side};
  report.image_hosts = {report.endpoints.front()};
  report.image_hosts[0].id = report.image_hosts[0].host = bucket;
  return report;
}

}  // namespace vpcprobe::samples
