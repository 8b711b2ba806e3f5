#pragma once
#include <string>
#include <string_view>

#include "agent/aws/catalog.h"
#include "agent/base/result.h"

namespace vpcprobe {

/// A service of the catalog as users write it: `kms`, or with what its name needs:
/// `execute-api:API-ID[/STAGE]`, `efs:FS-ID`, `ecr.dkr:ACCOUNT`.
struct ServiceReference {
  const Service* service = nullptr;
  HostValues values;  ///< account, api_id, stage or file_system_id; empty where nothing was said
};

/// The message follows the quoted text: "no service of the catalog; did you mean …". A service without a
/// known host cannot be referred to: its message suggests --target.
Result<ServiceReference> parse_service_reference(std::string_view text);

/// How users write this service where `host` is its name as far as it is known: "efs:fs-0123456789abcdef0",
/// with "efs:<fs-id>" where it cannot do without and the host does not say.
std::string reference_to(const Service& service, std::string_view host);

/// True for "fs-" and 8 to 40 hexadecimal digits.
bool is_file_system_id(std::string_view text);

}  // namespace vpcprobe
