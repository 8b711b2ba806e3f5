// AWS's partitions. Patterns and suffixes: boto/botocore partitions.json (2026-08). PrivateLink prefixes: the
// endpoint services that aws/aws-cdk names with another prefix. Regions: botocore, and AWS's published
// address ranges.
#include <array>
#include <vector>

#include "agent/aws/catalog.h"
#include "agent/base/nearest.h"

namespace vpcprobe {
namespace {

// id, DNS suffix, dual-stack suffix, pattern, known regions, exception prefix, its services, control regions
constexpr std::array kPartitions = std::to_array<Partition>({
    {"aws", "amazonaws.com", "api.aws", R"(^(us|eu|ap|sa|ca|me|af|il|mx)\-\w+\-\d+$)",
     "us-east-1,us-east-2,us-west-1,us-west-2,us-south-1,eu-west-1,eu-west-2,eu-west-3,eu-central-1,eu-"
     "central-2,"
     "eu-north-1,eu-south-1,eu-south-2,ap-northeast-1,ap-northeast-2,ap-northeast-3,ap-southeast-1,ap-"
     "southeast-2,"
     "ap-southeast-3,ap-southeast-4,ap-southeast-5,ap-southeast-6,ap-southeast-7,ap-south-1,ap-south-2,ap-"
     "east-1,"
     "ap-east-2,ca-central-1,ca-west-1,sa-east-1,sa-west-1,me-south-1,me-central-1,me-west-1,af-south-1,"
     "il-central-1,mx-central-1",
     "com.amazonaws", "", "us-east-1,eu-west-1"},
    {"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", R"(^cn\-\w+\-\d+$)",
     "cn-north-1,cn-northwest-1", "cn.com.amazonaws",
     "ecr.api,ecr.dkr,execute-api,elasticfilesystem,kinesis-streams,lambda,monitoring,s3/"
     "interface,sqs,states,sts,"
     "xray,ec2,ebs",
     "cn-north-1,cn-northwest-1"},
    {"aws-us-gov", "amazonaws.com", "api.aws", R"(^us\-gov\-\w+\-\d+$)", "us-gov-east-1,us-gov-west-1",
     "com.amazonaws", "", "us-gov-west-1,us-gov-east-1"},
    {"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", R"(^eusc\-(de)\-\w+\-\d+$)", "eusc-de-east-1",
     "eu.amazonaws", "ecr.dkr,ecr.api,execute-api,securityhub", "eusc-de-east-1"},
    {"aws-iso", "c2s.ic.gov", "api.aws.ic.gov", R"(^us\-iso\-\w+\-\d+$)", "us-iso-east-1,us-iso-west-1",
     "gov.ic.c2s", "ecr.api,ecr.dkr,elasticfilesystem,execute-api,sns,sqs,ec2,ebs,monitoring@us-iso-west-1",
     "us-iso-east-1,us-iso-west-1"},
    {"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", R"(^us\-isob\-\w+\-\d+$)",
     "us-isob-east-1,us-isob-west-1", "gov.sgov.sc2s",
     "ecr.api,ecr.dkr,elasticfilesystem,execute-api,sns,sqs,ec2,ebs", "us-isob-east-1,us-isob-west-1"},
    {"aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", R"(^eu\-isoe\-\w+\-\d+$)", "eu-isoe-west-1",
     "uk.adc-e.cloud", "ecr.api,ecr.dkr,execute-api,ebs", "eu-isoe-west-1"},
    {"aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", R"(^us\-isof\-\w+\-\d+$)",
     "us-isof-east-1,us-isof-south-1", "gov.ic.hci.csp", "ecr.api,ecr.dkr,execute-api,ebs",
     "us-isof-east-1,us-isof-south-1"},
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
