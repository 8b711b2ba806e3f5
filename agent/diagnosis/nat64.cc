#include "agent/diagnosis/nat64.h"

#include <algorithm>

namespace vpcprobe {
namespace {

bool is_by_nat64(const AddressReport* address) { return behind_nat64(address->seen.address).has_value(); }

}  // namespace

void add_nat64_evidence(Finding& finding, const AddressList& silent, const std::vector<Subject>& subjects) {
  const bool is_made_up = std::all_of(silent.begin(), silent.end(), is_by_nat64);
  if (is_made_up) add_evidence(finding, "nat64", true);
  const bool is_any_inside = std::any_of(silent.begin(), silent.end(),
                                         [](const AddressReport* one) { return is_inside(one->scope); });
  if (is_made_up && is_any_inside) add_evidence(finding, "nat64_inside", true);
  const bool connects = std::any_of(subjects.begin(), subjects.end(), [](const Subject& subject) {
    const AddressList connecting = with(subject.addresses.all(), Reach::connects);
    return std::any_of(connecting.begin(), connecting.end(), is_by_nat64);
  });
  if (connects) add_evidence(finding, "nat64_connects", true);
}

}  // namespace vpcprobe
