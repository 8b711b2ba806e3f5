// An XML answer of any API becomes one JSON object, or one clean line.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "agent/calls/xml_answer.h"
#include "agent/doctor/read_configuration.h"

using namespace vpcprobe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view xml(reinterpret_cast<const char*>(data), size);
  constexpr std::array kOperations{"DescribeVpcs",         "DescribeSecurityGroups", "DescribeRouteTables",
                                   "DescribeVpcEndpoints", "ListHostedZonesByVPC",   "GetCallerIdentity"};
  for (const char* operation : kOperations) {
    const auto answer = read_xml_answer(operation, xml);
    if (!answer) {
      if (answer.error().message.empty() || answer.error().message.find('\n') != std::string::npos)
        std::abort();
      continue;
    }
    const auto document = nlohmann::json::parse(answer.value().json, nullptr, false);
    if (!document.is_object() || document.contains("NextToken")) std::abort();
    Configuration configuration;
    read_configuration(answer.value().json, configuration);
  }
  return 0;
}
