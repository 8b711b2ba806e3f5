#pragma once
#include <algorithm>
#include <vector>

namespace vpcprobe {

/// Appends those items that the list does not have yet.
template <typename T>
void add_once(std::vector<T>& list, const std::vector<T>& items) {
  for (const T& item : items) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
  }
}

}  // namespace vpcprobe
