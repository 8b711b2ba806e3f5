#pragma once
// Collects the messages of an input: each text once, with every place that it is from.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agent/base/text_search.h"
#include "agent/explain/stop_messages.h"

namespace vpcprobe {

class Collector {
 public:
  static constexpr std::size_t kMostMessages = 200;
  // stoppedReason and reason have at most 1024 characters (botocore: ECS); a pasted deployment error has
  // more.
  static constexpr std::size_t kLongestMessage = 8192;

  void add(std::string_view text, const std::string& source, const std::string& region,
           std::optional<int> exit_code) {
    std::string line = on_one_line(text.substr(0, kLongestMessage));
    if (line.empty()) return;
    const auto [place, is_new] = at_.try_emplace(line, found_.messages.size());
    if (is_new && found_.messages.size() == kMostMessages) {
      at_.erase(place);
      ++found_.left_out;
      return;
    }
    if (is_new) found_.messages.push_back({std::move(line), {}, region, exit_code});
    std::vector<std::string>& sources = found_.messages[place->second].sources;
    const bool is_new_source = std::find(sources.begin(), sources.end(), source) == sources.end();
    if (!source.empty() && is_new_source && sources.size() < kMostMessages) sources.push_back(source);
  }
  const StopMessages& found() const { return found_; }
  StopMessages finish(bool json) && {
    found_.json = json;
    return std::move(found_);
  }

 private:
  StopMessages found_;
  std::map<std::string, std::size_t> at_;
};

}  // namespace vpcprobe
