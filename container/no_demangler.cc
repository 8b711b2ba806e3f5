// libstdc++ ends a program on an unhandled exception by writing its demangled type, for which it brings a
// demangler of 50 KB. agent/main.cc catches everything, so nothing is lost without it.
#include <cstdlib>

namespace __gnu_cxx {
[[noreturn]] void __verbose_terminate_handler() { std::abort(); }
}  // namespace __gnu_cxx
