#pragma once
#include <map>
#include <string>

namespace vpcprobe {

/// What the task metadata and a task definition both say of a container.
struct ContainerContext {
  std::string name;
  std::string image;
  std::string log_driver;                          ///< "awslogs", "awsfirelens", …; empty if not shown
  std::map<std::string, std::string> log_options;  ///< those that `is_kept_log_option` allows
};

}  // namespace vpcprobe
