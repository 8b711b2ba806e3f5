// AWS's partitions. Patterns and suffixes: boto/botocore partitions.json (2026-08). PrivateLink prefixes: the
// endpoint services that aws/aws-cdk names with another prefix. Regions: botocore, and AWS's published
// address ranges.
#include <array>
#include <vector>

#include "agent/aws/catalog.h"
#include "agent/base/nearest.h"

namespace vpcprobe {
namespace {

// To add a partition, add a row; the columns are in catalog.h.
constexpr std::array kPartitions = std::to_array<Partition>({
    {.id = "aws",
     .dns_suffix = "amazonaws.com",
     .dualstack_suffix = "api.aws",
     .region_regex = R"(^(us|eu|ap|sa|ca|me|af|il|mx)\-\w+\-\d+$)",
     .known_regions = "us-east-1,us-east-2,us-west-1,us-west-2,us-south-1,eu-west-1,eu-west-2,"
                      "eu-west-3,eu-central-1,eu-central-2,eu-north-1,eu-south-1,eu-south-2,"
                      "ap-northeast-1,ap-northeast-2,ap-northeast-3,ap-southeast-1,"
                      "ap-southeast-2,ap-southeast-3,ap-southeast-4,ap-southeast-5,"
                      "ap-southeast-6,ap-southeast-7,ap-south-1,ap-south-2,ap-east-1,ap-east-2,"
                      "ca-central-1,ca-west-1,sa-east-1,sa-west-1,me-south-1,me-central-1,"
                      "me-west-1,af-south-1,il-central-1,mx-central-1",
     .exception_prefix = "com.amazonaws",
     .exception_services = "",
     .control_regions = "us-east-1,eu-west-1"},
    {.id = "aws-cn",
     .dns_suffix = "amazonaws.com.cn",
     .dualstack_suffix = "api.amazonwebservices.com.cn",
     .region_regex = R"(^cn\-\w+\-\d+$)",
     .known_regions = "cn-north-1,cn-northwest-1",
     .exception_prefix = "cn.com.amazonaws",
     .exception_services = "ecr.api,ecr.dkr,execute-api,elasticfilesystem,kinesis-streams,lambda,"
                           "monitoring,s3/interface,sqs,states,sts,xray,ec2,ebs",
     .control_regions = "cn-north-1,cn-northwest-1"},
    {.id = "aws-us-gov",
     .dns_suffix = "amazonaws.com",
     .dualstack_suffix = "api.aws",
     .region_regex = R"(^us\-gov\-\w+\-\d+$)",
     .known_regions = "us-gov-east-1,us-gov-west-1",
     .exception_prefix = "com.amazonaws",
     .exception_services = "",
     .control_regions = "us-gov-west-1,us-gov-east-1"},
    {.id = "aws-eusc",
     .dns_suffix = "amazonaws.eu",
     .dualstack_suffix = "api.amazonwebservices.eu",
     .region_regex = R"(^eusc\-(de)\-\w+\-\d+$)",
     .known_regions = "eusc-de-east-1",
     .exception_prefix = "eu.amazonaws",
     .exception_services = "ecr.dkr,ecr.api,execute-api,securityhub",
     .control_regions = "eusc-de-east-1"},
    {.id = "aws-iso",
     .dns_suffix = "c2s.ic.gov",
     .dualstack_suffix = "api.aws.ic.gov",
     .region_regex = R"(^us\-iso\-\w+\-\d+$)",
     .known_regions = "us-iso-east-1,us-iso-west-1",
     .exception_prefix = "gov.ic.c2s",
     .exception_services = "ecr.api,ecr.dkr,elasticfilesystem,execute-api,sns,sqs,ec2,ebs,"
                           "monitoring@us-iso-west-1",
     .control_regions = "us-iso-east-1,us-iso-west-1"},
    {.id = "aws-iso-b",
     .dns_suffix = "sc2s.sgov.gov",
     .dualstack_suffix = "api.aws.scloud",
     .region_regex = R"(^us\-isob\-\w+\-\d+$)",
     .known_regions = "us-isob-east-1,us-isob-west-1",
     .exception_prefix = "gov.sgov.sc2s",
     .exception_services = "ecr.api,ecr.dkr,elasticfilesystem,execute-api,sns,sqs,ec2,ebs",
     .control_regions = "us-isob-east-1,us-isob-west-1"},
    {.id = "aws-iso-e",
     .dns_suffix = "cloud.adc-e.uk",
     .dualstack_suffix = "api.cloud-aws.adc-e.uk",
     .region_regex = R"(^eu\-isoe\-\w+\-\d+$)",
     .known_regions = "eu-isoe-west-1",
     .exception_prefix = "uk.adc-e.cloud",
     .exception_services = "ecr.api,ecr.dkr,execute-api,ebs",
     .control_regions = "eu-isoe-west-1"},
    {.id = "aws-iso-f",
     .dns_suffix = "csp.hci.ic.gov",
     .dualstack_suffix = "api.aws.hci.ic.gov",
     .region_regex = R"(^us\-isof\-\w+\-\d+$)",
     .known_regions = "us-isof-east-1,us-isof-south-1",
     .exception_prefix = "gov.ic.hci.csp",
     .exception_services = "ecr.api,ecr.dkr,execute-api,ebs",
     .control_regions = "us-isof-east-1,us-isof-south-1"},
});

}  // namespace

std::span<const Partition> partitions() { return kPartitions; }

std::string_view nearest_region(std::string_view region) {
  std::vector<std::string_view> known;
  for (const Partition& partition : partitions()) {
    for (const std::string_view name : list_of(partition.known_regions)) known.push_back(name);
  }
  return nearest(region, known);
}

}  // namespace vpcprobe
