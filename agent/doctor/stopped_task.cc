#include "agent/doctor/stopped_task.h"

#include <tuple>

#include "agent/base/exit_codes.h"

namespace vpcprobe {

const EcsTask* last_task(const Configuration& configuration) {
  const auto rank = [](const EcsTask& task) {
    return std::tuple(task.has_failed, task.has_stopped, task.stopped_at);
  };
  const EcsTask* last = nullptr;
  for (const auto& [arn, task] : configuration.tasks.by_id)
    if (last == nullptr || rank(*last) < rank(task)) last = &task;
  return last;
}

void add_last_task(Diagnosis& diagnosis, const Configuration& configuration, const std::string& region) {
  const EcsTask* task = last_task(configuration);
  if (task == nullptr || !task->has_stopped) return;
  diagnosis.stopped_at = task->stopped_at;
  add_explanation(diagnosis,
                  explain(read_stop_messages("{\"tasks\":[" + task->document + "]}"), {region, {}}));
}

void add_explanation(Diagnosis& diagnosis, Explanation explanation) {
  const bool decides =
      !diagnosis.measured && diagnosis.culprits.empty() && explanation.exit_code != kIncomplete;
  if (decides) {
    diagnosis.is_message_only = diagnosis.verdict == Verdict::pass;
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
