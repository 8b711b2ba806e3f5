#include "agent/doctor/stopped_task.h"

#include "agent/base/exit_codes.h"

namespace vpcprobe {

void add_explanation(Diagnosis& diagnosis, Explanation explanation) {
  const bool decides =
      !diagnosis.measured && diagnosis.culprits.empty() && explanation.exit_code != kIncomplete;
  if (decides) {
    diagnosis.summary =
        explanation.summary + "; " +
        (diagnosis.verdict == Verdict::pass ? "the configuration, as it is now, allows it"
                                            : "the configuration that was seen does not show the cause");
    diagnosis.exit_code = explanation.exit_code;
    diagnosis.verdict = Verdict::fail;
  }
  diagnosis.explanation = std::move(explanation);
}

}  // namespace vpcprobe
