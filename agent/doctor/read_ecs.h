#pragma once
#include <optional>

#include "agent/doctor/api_reading.h"
#include "agent/doctor/read_by_api.h"

namespace vpcprobe {

/// Reads the service or the task of `subject` and adds their documents to `read`, their subnets and groups to
/// `subject` where none were given. Returns the user's mistake, or nothing.
std::optional<UsageError> read_ecs(ApiReading& reading, ReadingSubject& subject, ReadByApi& read);

}  // namespace vpcprobe
