#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace vpcprobe {

/// arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE. Region and account may be empty (S3).
struct Arn {
  std::string partition;
  std::string service;
  std::string region;
  std::string account;
  std::string resource;  ///< everything after the account, colons included
};

/// Nothing for a text that is no ARN: fewer than six parts, or characters that no ARN has.
std::optional<Arn> parse_arn(std::string_view text);

/// True for the 12 digits of an AWS account.
bool is_account(std::string_view text);

}  // namespace vpcprobe
