#pragma once
// A diagnosis as a message: what a phone shows, the subject of a mail.
#include <cstddef>
#include <string>

#include "agent/doctor/diagnosis.h"

namespace vpcprobe {

/// What is said of a service. The diagnosis must outlive it.
struct Notice {
  std::string service;      ///< "c1/web"
  std::string service_arn;  ///< empty where it is not known
  bool is_over = false;     ///< a fault that was said is over
  std::string page;         ///< where the HTML page is: "s3://reports/…"; empty for none
  const Diagnosis& diagnosis;
};

/// AWS: "Publish", `Message`: in all the parts of an SMS together.
constexpr std::size_t kLongestNotice = 1600;

/// Printable ASCII in one line of fewer than 100 characters, as SNS wants it.
std::string notice_subject(const Notice& notice);
/// Lines of printable ASCII, kLongestNotice bytes at most. A command is there whole or not at all.
std::string notice_text(const Notice& notice);

}  // namespace vpcprobe
