#pragma once
// The signed calls: one row per operation, each harmless, and the requests they become.
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/plan/plan.h"
#include "probes/http.h"

namespace vpcprobe {

/// A harmless operation: it creates nothing, changes nothing and returns no secret. Its answer shows whether
/// the service's policies allow the caller. In templates {object} is the object that it asks about.
struct ApiCall {
  std::string_view service;  ///< id in the catalog
  std::string_view action;   ///< as policies name it: "secretsmanager:GetSecretValue"
  std::string_view signing;  ///< the signing name
  std::string_view method = "POST";
  std::string_view path = "/";
  std::array<std::string_view, 2> headers{};
  std::string_view body{};  ///< {object} as a JSON string
  std::string_view kind{};  ///< what an {object} is: "secret", "parameter", "log_group"
  /// Asked about where the task names no object: one that does not exist. Empty: then nothing is asked.
  std::string_view made_up{};
  /// It only stands for what an application may call: a refusal says little of the application's own calls.
  bool sample = false;
  bool in_managed_policy = false;            ///< AmazonECSTaskExecutionRolePolicy allows it
  std::array<std::string_view, 3> proves{};  ///< errors that come only after every policy has let it through

  // Of a call that was let through, whether the object is there:
  std::string_view there{};                   ///< words of an error's message, in lower case
  std::array<std::string_view, 2> missing{};  ///< the same
  std::string_view there_list{};              ///< a member of the answer that is a list with something in it
  std::string_view missing_list{};            ///< the same
  std::string_view missing_code{};            ///< the finding, where the object is missing
};

std::span<const ApiCall> api_calls();
/// The row of an action, or null.
const ApiCall* find_api_call(std::string_view action);

struct PlannedCall {
  const ApiCall* operation = nullptr;
  std::string object;   ///< what the task names; empty for nothing of the task's
  HttpRequest request;  ///< without keys, and without the address to ask
};

/// What is asked of an endpoint: nothing where its service has no row.
std::vector<PlannedCall> calls_for(const PlannedEndpoint& endpoint);

/// True where the operation is about a made-up name, so that a policy may refuse it and allow what the task
/// asks.
bool is_made_up(const CallObservation& call);

}  // namespace vpcprobe
