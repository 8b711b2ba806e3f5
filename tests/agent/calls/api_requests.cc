// Sends every signed call of the table once, for api_requests_test.py: PEER OBJECT S3-ARN
// The key comes from the usual variables of AWS's SDKs. Prints the actions, one per line, in the order of the
// requests, which go one after the other.
#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "agent/calls/api_calls.h"

namespace {

using namespace vpcprobe;

PlannedEndpoint endpoint_of(const Service& service, const char* object, const char* s3_arn) {
  PlannedEndpoint endpoint;
  endpoint.service = &service;
  endpoint.region = "eu-west-1";
  HostValues values;
  values.region = endpoint.region;
  endpoint.target.host = expand(service.host, *find_partition(endpoint.region), values);
  endpoint.target.port = service.port;
  if (service.expects == EndpointType::gateway) {
    endpoint.s3_objects = {s3_arn, "arn:aws:s3:::a-whole-bucket/*"};
  } else {
    endpoint.objects = {{object}};
  }
  return endpoint;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto text = [](const char* name) { return std::string(std::getenv(name) ? std::getenv(name) : ""); };
  const AwsKeys keys{text("AWS_ACCESS_KEY_ID"), text("AWS_SECRET_ACCESS_KEY"), text("AWS_SESSION_TOKEN")};
  const std::atomic<bool> stop{false};
  for (const Service& service : services()) {
    for (PlannedCall& call : calls_for(endpoint_of(service, argv[2], argv[3]))) {
      HttpRequest request = call.request;
      request.url.replace(0, std::string("https").size(), "http");  // the server speaks no TLS
      request.peer = SocketAddress::parse(argv[1], 0);
      request.signing = Signing{keys, "eu-west-1", std::string(call.operation->signing)};
      const HttpReply reply = fetch({request}, stop).front();
      std::printf("%s %ld %s\n", std::string(call.operation->action).c_str(), reply.status,
                  reply.error.c_str());
    }
  }
  return 0;
}
