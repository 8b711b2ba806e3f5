// The platform whose images are pulled.
#include "agent/image/rehearse.h"

#include <sys/personality.h>

#include "agent/task/image_platform.h"
#include "catch.h"

using namespace vpcprobe;

TEST_CASE("without a word of the task definition's the platform is ECS's default, not this machine's") {
  const int before = personality(PER_LINUX32);  // now uname says another machine than X86_64
  REQUIRE(before >= 0);
  const auto wanted_by = [](const char* architecture) {
    TaskContext context;
    context.definition.emplace().architecture = architecture;
    Plan plan;
    return wanted_platform({}, context, plan).to_string();
  };
  CHECK(wanted_by("") == "linux/amd64");
  CHECK(wanted_by("ARM64") == "linux/arm64");
  CHECK(machine_platform().to_string() != "linux/amd64");
  CHECK(wanted_platform({}, {}, {}).to_string() == machine_platform().to_string());
  personality(static_cast<unsigned long>(before));
}
