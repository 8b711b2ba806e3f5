// Sends one signed request, for signature_test.py: URL PEER REGION SERVICE METHOD [HEADER]... <BODY
// The key comes from the usual variables of AWS's SDKs. Prints the status.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>

#include "probes/http.h"

int main(int argc, char** argv) {
  using namespace vpcprobe;
  if (argc < 6) return 2;
  const auto text = [](const char* name) { return std::string(std::getenv(name) ? std::getenv(name) : ""); };
  HttpRequest request;
  request.url = argv[1];
  request.peer = SocketAddress::parse(argv[2], 0);
  const AwsKeys keys{text("AWS_ACCESS_KEY_ID"), text("AWS_SECRET_ACCESS_KEY"), text("AWS_SESSION_TOKEN")};
  request.signing = Signing{keys, argv[3], argv[4]};
  request.method = argv[5];
  request.body.assign(std::istreambuf_iterator<char>(std::cin), {});
  request.headers.assign(argv + 6, argv + argc);
  const std::atomic<bool> stop{false};
  const HttpReply reply = fetch({request}, stop).front();
  std::printf("%ld %s\n", reply.status, reply.error.c_str());
  return 0;
}
