#include "agent/explain/documents.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/base/text_search.h"
#include "probes/take_line.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 12;  // describe-tasks nests four levels

/// `key` as the CLI and events write it, or with a capital, as Step Functions and CloudFormation do.
std::string text_at(const Json& object, std::string key) {
  auto found = object.find(key);
  if (found == object.end()) {
    key.front() = static_cast<char>(key.front() - 'a' + 'A');
    found = object.find(key);
  }
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool may_be_json(std::string_view text) { return text.starts_with('{') || text.starts_with('['); }

/// The part of an ARN behind its last slash: the task's ID.
std::string short_name(const std::string& arn) { return arn.substr(arn.rfind('/') + 1); }

/// A field of a document that says why something stopped.
struct ReasonField {
  const char* key;
  const char* source;  ///< what the message is said to be of, if the object has no name
  const char* name;    ///< field with the object's name; null: none
};
constexpr ReasonField kReasonFields[] = {
    {"statusReason", "status", "name"},                      // attachments; AWS Batch jobs and attempts
    {"rolloutStateReason", "deployment", nullptr},           // describe-services
    {"resourceStatusReason", "stack", "logicalResourceId"},  // CloudFormation's stack events
    {"errorMessage", "call", "eventName"},                   // CloudTrail
    {"cause", "execution", nullptr},                         // Step Functions
    {"lastUpdateStatusReason", "function", "functionName"},  // Lambda's get-function
    {"stateReason", "function", "functionName"},
};

/// What programs call the text of a line in their logs, and CloudWatch Logs the line. Too general to be read
/// where a document has a reason of its own.
constexpr const char* kLogFields[] = {"message", "msg", "log", "error", "err", "exception"};

/// Source of `message` beside `code`, as CodeDeploy writes both.
constexpr std::string_view kDeployment = "deployment";

/// Finds containers, tasks, failures of run-task, service events and the like by their fields, at any place.
class JsonReader {
 public:
  JsonReader(Collector& into, bool logs) : into_(into), logs_(logs) {}

  void read(const Json& value, const std::string& region, int depth) {
    if (depth > kDeepest) return;
    if (value.is_string()) {
      read_text(value.get_ref<const std::string&>(), region, depth, {});
    } else if (value.is_array()) {
      for (const Json& item : value) read(item, region, depth + 1);
    } else if (value.is_object()) {
      read_object(value, region, depth);
    }
  }

 private:
  /// A document in a string, as Step Functions, SNS and SQS wrap one, or a message.
  void read_text(const std::string& text, const std::string& region, int depth, const std::string& source) {
    if (may_be_json(text)) {
      const Json inner = Json::parse(text, nullptr, false);
      if (!inner.is_discarded()) return read(inner, region, depth + 1);
    }
    into_.add(text, source, region, {});
  }

  void read_object(const Json& object, const std::string& outer_region, int depth) {
    const std::string task = text_at(object, "taskArn");
    const std::string region = task.empty() ? outer_region : region_of_arn(task);
    const std::string name = text_at(object, "name");
    add(object, "stoppedReason", task.empty() ? "task" : "task " + short_name(task), region);
    if (!name.empty() || !text_at(object, "containerArn").empty()) {
      add(object, "reason", "container " + name, region);
      add_exit_code(object, "container " + name, region);
    } else {
      add_failure(object, region);
    }
    for (const ReasonField& field : kReasonFields) {
      const std::string whose = field.name == nullptr ? std::string() : text_at(object, field.name);
      const std::string text = text_at(object, field.key);
      if (!text.empty()) read_text(text, region, depth, whose.empty() ? field.source : whose);
    }
    for (const char* key : kLogFields) {
      if (const std::string text = logs_ ? text_at(object, key) : std::string(); !text.empty())
        read_text(text, region, depth, "log");
    }
    if (object.contains("createdAt")) add(object, "message", "service event", region);
    if (object.contains("code")) add(object, "message", std::string(kDeployment), region);
    read_members(object, region, depth);
  }

  /// A container that ended with an error and has no reason: its exit code is all that there is.
  void add_exit_code(const Json& object, const std::string& source, const std::string& region) {
    const auto code = object.find("exitCode");
    const bool failed = code != object.end() && code->is_number_integer() && code->get<int>() != 0;
    if (failed && text_at(object, "reason").empty())
      into_.add("exitCode: " + std::to_string(code->get<int>()), source, region, code->get<int>());
  }

  /// Of run-task, or the reason of a service event in EventBridge.
  void add_failure(const Json& object, const std::string& region) {
    const std::string reason = text_at(object, "reason");
    const std::string arn = text_at(object, "arn");
    const std::string detail = text_at(object, "detail");
    const std::string type = text_at(object, "eventType");
    if (!reason.empty()) {
      into_.add(reason + (detail.empty() ? "" : ": " + detail), arn.empty() ? "failure" : short_name(arn),
                region, {});
    } else if (type == "WARN" || type == "ERROR") {
      add(object, "eventName", "service event", region);
    }
  }

  /// Overrides, tags and the like hold texts that are no messages: only structures are looked into, and
  /// strings that are documents.
  void read_members(const Json& object, const std::string& region, int depth) {
    for (const auto& [key, item] : object.items()) {
      const bool is_document =
          item.is_string() && may_be_json(item.get_ref<const std::string&>()) && !is_reason(key);
      if (is_document) {
        const Json inner = Json::parse(item.get_ref<const std::string&>(), nullptr, false);
        if (inner.is_object() || is_list_of_objects(inner)) read(inner, region, depth + 1);
      } else if (item.is_object() || is_list_of_objects(item)) {
        read(item, region, depth + 1);
      }
    }
  }

  static bool is_reason(std::string_view key) {
    const std::string lower = lower_case(key);
    return std::any_of(std::begin(kReasonFields), std::end(kReasonFields),
                       [&](const ReasonField& field) { return lower_case(field.key) == lower; });
  }

  static bool is_list_of_objects(const Json& value) {
    return value.is_array() &&
           std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_object(); });
  }

  void add(const Json& object, const char* key, const std::string& source, const std::string& region) {
    const auto code = object.find("exitCode");
    std::optional<int> exit_code;
    if (code != object.end() && code->is_number_integer()) exit_code = code->get<int>();
    into_.add(text_at(object, key), source, region, exit_code);
  }

  Collector& into_;
  bool logs_;
};

/// Registries and metadata servers write errors as CodeDeploy does. Inside a text they are a part of it.
bool is_only_errors(const StopMessages& found) {
  return std::all_of(found.messages.begin(), found.messages.end(), [](const StopMessage& message) {
    return message.sources == std::vector<std::string>{std::string(kDeployment)};
  });
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

}  // namespace

bool read_document(std::string_view text, Collector& into) {
  const Json value = Json::parse(text.begin(), text.end(), nullptr, false);
  if (value.is_discarded() || value.is_number() || value.is_boolean() || value.is_null()) return false;
  const std::size_t before = into.found().messages.size();
  JsonReader(into, false).read(value, {}, 0);
  if (into.found().messages.size() == before) JsonReader(into, true).read(value, {}, 0);
  return true;
}

bool read_document_lines(std::string_view input, Collector& into) {
  bool any = false;
  while (!input.empty()) {
    const std::string_view line = take_line(input);
    if (is_blank(line)) continue;
    if (!line.starts_with('{') || !read_document(line, into)) return false;
    any = true;
  }
  return any;
}

bool read_embedded_document(std::string_view input, Collector& into) {
  const std::size_t start = input.find("{\"");
  const std::size_t end = input.rfind('}');
  if (start == std::string_view::npos || end == std::string_view::npos || end < start) return false;
  Collector found;
  if (!read_document(input.substr(start, end + 1 - start), found) || is_only_errors(found.found()))
    return false;
  into = std::move(found);
  return true;
}

}  // namespace vpcprobe
