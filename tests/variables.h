#pragma once
// Environment variables that only a test has.
#include <map>
#include <string>

#include "agent/base/environment.h"

using Variables = std::map<std::string, std::string>;

/// Looks names up in `variables`, which must outlive it.
inline vpcprobe::Environment environment_of(const Variables& variables) {
  return [&variables](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}
