#pragma once
// A diagnosis as a message: what a phone shows, the subject of a mail.
#include <cstddef>
#include <string>

#include "agent/doctor/diagnosis.h"

namespace vpcprobe {

/// What is said of a service. The diagnosis must outlive it.
struct Alert {
  std::string service;      ///< "c1/web"
  std::string service_arn;  ///< empty where it is not known
  bool is_over = false;     ///< a fault that was said is over
  std::string page;         ///< where the HTML page is: "s3://reports/…"; empty for none
  const Diagnosis& diagnosis;
};

/// AWS: "Publish", `Message`: in all the parts of an SMS together.
constexpr std::size_t kLongestAlert = 1600;

/// Printable ASCII in one line of fewer than 100 characters, as SNS wants it.
std::string alert_subject(const Alert& alert);
/// Lines of printable ASCII, kLongestAlert bytes at most. A command is there whole or not at all.
std::string alert_text(const Alert& alert);

}  // namespace vpcprobe
