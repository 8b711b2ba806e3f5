// Whatever a file for `show` holds: diagnoses are found in it or not, and their table is printable.
#include <algorithm>
#include <cstdlib>

#include "agent/doctor/read_diagnoses.h"
#include "agent/render/diagnosis_matrix.h"

using namespace vpcprobe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto diagnoses = read_diagnoses({reinterpret_cast<const char*>(data), size});
  const std::string text = render_diagnosis_matrix(diagnoses, {.colour = false, .utf8 = false});
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c < 0x7f); }))
    std::abort();
  return 0;
}
