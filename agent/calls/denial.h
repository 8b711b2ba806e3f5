#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace vpcprobe {

/// What AWS says when it refuses a call (IAM User Guide, "Troubleshoot access denied error messages"). Parts
/// that the text leaves out are empty. They are foreign text: show them through `printable`.
struct Denial {
  std::string principal;  ///< "arn:aws:sts::111122223333:assumed-role/task-execution/0123"
  std::string action;     ///< "ecr:GetAuthorizationToken"
  std::string resource;
  std::string_view policy;  ///< kind of the policy, as AWS calls it: "VPC endpoint policy"; a constant
  bool explicit_deny = false;
  std::string_view code;  ///< "denied-endpoint-policy"; "denied-unspecified" where no policy is named
};

/// Reads the denial in an error text; nothing where it speaks of none. Several policies may deny and AWS
/// names only one of them. Linear in the text.
std::optional<Denial> read_denial(std::string_view text);

/// The name of the role in "arn:aws:sts::111122223333:assumed-role/NAME/SESSION" or "…:role/PATH/NAME"; empty
/// for what is no role.
std::string role_name_of(std::string_view principal);

}  // namespace vpcprobe
