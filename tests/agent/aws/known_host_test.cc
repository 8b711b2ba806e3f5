#include "agent/aws/known_host.h"

#include "catch.h"

using namespace vpcprobe;

TEST_CASE("names that services have besides those of the catalog are recognised") {
  struct Name {
    const char* host;
    const char* service;
    const char* region;
  };
  constexpr Name names[] = {
      {"111122223333.ddb.us-east-1.amazonaws.com", "dynamodb", "us-east-1"},
      {"111122223333.ddb.us-east-1.api.aws", "dynamodb", "us-east-1"},
      {"111122223333.ddb.cn-north-1.amazonaws.com.cn", "dynamodb", "cn-north-1"},
      {"s3-us-west-2.amazonaws.com", "s3", "us-west-2"},
      {"bucket.s3-us-west-2.amazonaws.com", "s3", "us-west-2"},
      {"orders-111122223333.s3-accesspoint.eu-west-1.amazonaws.com", "s3", "eu-west-1"},
      {"111122223333.s3-control.eu-west-1.amazonaws.com", "s3", "eu-west-1"},
      {"ecs-a-12.us-east-1.amazonaws.com", "ecs-agent", "us-east-1"},
      {"ecs-t-3.eu-west-1.amazonaws.com", "ecs-telemetry", "eu-west-1"},
      {"s3.amazonaws.com", "s3", ""},
      {"vpce-0a1b-c2d3.sqs.us-east-1.vpce.amazonaws.com", "sqs", "us-east-1"},
  };
  for (const Name& name : names) {
    INFO(name.host);
    const auto known = recognise_aws_name(name.host);
    REQUIRE(known);
    CHECK(known->service->id == name.service);
    CHECK(known->values.region == name.region);
  }
  for (const char* other : {"ecs-a-x.us-east-1.amazonaws.com", "s3-website-us-east-1.amazonaws.com",
                            "ddb.nowhere-1.amazonaws.com", "bucket.s3-accelerate.amazonaws.com"}) {
    INFO(other);
    CHECK_FALSE(recognise_aws_name(other));
  }
}
