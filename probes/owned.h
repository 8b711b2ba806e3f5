#pragma once
#include <memory>

namespace vpcprobe {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

/// An object of a C library that `Free` gives back.
template <typename T, auto Free>
using Owned = std::unique_ptr<T, Deleter<Free>>;

}  // namespace vpcprobe
