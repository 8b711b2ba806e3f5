#pragma once
#include <cstdint>

namespace vpcprobe {

/// The verbs of the command line, in the order of `commands()`.
enum class Verb : std::uint8_t {
  run,
  wait,
  watch,
  health,
  doctor,
  plan,
  explain,
  show,
  services,
  codes,
  completion,
  manual
};

/// Some of the verbs.
class VerbSet {
 public:
  constexpr VerbSet(Verb verb) : bits_(1U << static_cast<unsigned>(verb)) {}
  static constexpr VerbSet every() { return VerbSet(~0U); }
  constexpr bool holds(Verb verb) const { return (bits_ & VerbSet(verb).bits_) != 0; }
  friend constexpr VerbSet operator|(VerbSet a, VerbSet b) { return VerbSet(a.bits_ | b.bits_); }

 private:
  constexpr explicit VerbSet(unsigned bits) : bits_(bits) {}
  unsigned bits_;
};
constexpr VerbSet operator|(Verb a, Verb b) { return VerbSet(a) | VerbSet(b); }

}  // namespace vpcprobe
