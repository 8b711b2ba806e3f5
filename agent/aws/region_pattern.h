#pragma once
#include <string_view>

namespace vpcprobe {

/// True where `pattern` matches the whole of `region`. Knows just what partitions.json writes: `^`, `$`,
/// literals,
/// `\-`, `\w+`, `\d+` and `(one|or|other)`. Each `+` takes all it can, which is right because what follows it
/// there never matches `\w`. A region is at most 32 characters; anything longer is none.
bool matches_region_pattern(std::string_view pattern, std::string_view region);

}  // namespace vpcprobe
