#pragma once
#include "agent/doctor/diagnosis.h"
#include "agent/explain/explain.h"

/// A closed group in front of one endpoint, as the renderers' tests show it; more than one of them adds its
/// own.
inline vpcprobe::Diagnosis diagnosis_of_a_closed_group() {
  using namespace vpcprobe;
  Diagnosis diagnosis;
  diagnosis.verdict = Verdict::fail;
  diagnosis.exit_code = 24;
  diagnosis.measured = true;
  diagnosis.summary =
      "security group sg-0eee1111fff2222dd (endpoints): no ingress rule for tcp 443 from "
      "sg-0aaa1111bbb2222cc or 10.0.1.0/24";
  diagnosis.who.region = "eu-west-1";
  diagnosis.who.vpc = "vpc-0a1b2c3d4e5f60718";
  diagnosis.who.subnets = {"subnet-000000000000000a1"};
  Culprit culprit;
  culprit.finding = "endpoint-filtered";
  culprit.endpoints = {"logs"};
  culprit.resource = {"security-group", "sg-0eee1111fff2222dd", "endpoints"};
  culprit.rule = "no ingress rule for tcp 443 from sg-0aaa1111bbb2222cc or 10.0.1.0/24";
  culprit.fixes = {
      {"allow 443 from the task's security group",
       "aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-0eee1111fff2222dd "
       "--ip-permissions "
       "'IpProtocol=tcp,FromPort=443,ToPort=443,UserIdGroupPairs=[{GroupId=sg-0aaa1111bbb2222cc}]'"}};
  diagnosis.culprits = {culprit};
  return diagnosis;
}

/// What ECS says of a task that cannot log, with a signature that no output may show.
inline vpcprobe::Explanation explanation_of_silent_logs() {
  using namespace vpcprobe;
  return explain(read_stop_messages(
                     "ResourceInitializationError: failed to validate logger args: create stream has been "
                     "retried 1 times: failed to create Cloudwatch log stream: RequestError: send request "
                     "failed caused by: Post \"https://logs.eu-west-1.amazonaws.com/?X-Amz-Signature=0123\": "
                     "dial tcp 10.0.1.12:443: i/o timeout : exit status 1"),
                 {"eu-west-1", {}});
}
