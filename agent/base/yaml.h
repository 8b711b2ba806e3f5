#pragma once
// YAML as the JSON values that everything else reads. libyaml, because its events arrive one at a time:
// depth, aliases and size are bounded before anything is built.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"

namespace vpcprobe {

/// The documents of a YAML stream. Scalars become strings, as CloudFormation and Compose read them; `null`,
/// `~` and nothing become null. Anchors, aliases and merge keys (`<<`) are resolved. CloudFormation's short
/// tags become their long form:
/// `!Ref X` is {"Ref": "X"}, `!Sub X` is {"Fn::Sub": "X"}; other tags are ignored.
/// At most 64 levels and 200 000 values, aliases counted as often as they are used. The error is one line
/// that repeats nothing of the text but the line's number, since the text may hold secrets.
Result<std::vector<nlohmann::json>> parse_yaml(std::string_view text);

/// "libyaml 0.2.5".
std::string yaml_library();

}  // namespace vpcprobe
