#include "agent/explain/stop_messages.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "agent/aws/catalog.h"
#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostMessages = 200;
constexpr int kDeepest = 12;  // describe-tasks nests four levels
// stoppedReason and reason have at most 1024 characters (botocore: ECS); a pasted deployment error has more.
constexpr std::size_t kLongestMessage = 8192;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

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

class Collector {
 public:
  void add(std::string_view text, const std::string& source, const std::string& region,
           std::optional<int> exit_code) {
    std::string line = on_one_line(text.substr(0, kLongestMessage));
    if (line.empty()) return;
    const auto [place, is_new] = at_.try_emplace(line, found_.messages.size());
    if (is_new && found_.messages.size() == kMostMessages) {
      at_.erase(place);
      ++found_.left_out;
      return;
    }
    if (is_new) found_.messages.push_back({std::move(line), {}, region, exit_code});
    std::vector<std::string>& sources = found_.messages[place->second].sources;
    const bool is_new_source = std::find(sources.begin(), sources.end(), source) == sources.end();
    if (!source.empty() && is_new_source && sources.size() < kMostMessages) sources.push_back(source);
  }
  bool empty() const { return found_.messages.empty(); }
  StopMessages finish(bool json) && {
    found_.json = json;
    return std::move(found_);
  }

 private:
  StopMessages found_;
  std::map<std::string, std::size_t> at_;
};

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
};

/// Finds containers, tasks, failures of run-task, service events and the like by their fields, at any place.
class JsonReader {
 public:
  explicit JsonReader(Collector& into) : into_(into) {}

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
    if (object.contains("createdAt")) add(object, "message", "service event", region);
    if (object.contains("code")) add(object, "message", "deployment", region);  // CodeDeploy
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
};

bool read_json(std::string_view text, Collector& into) {
  const Json value = Json::parse(text.begin(), text.end(), nullptr, false);
  if (value.is_discarded() || value.is_number() || value.is_boolean() || value.is_null()) return false;
  JsonReader(into).read(value, {}, 0);
  return true;
}

/// "CannotPullContainerError: …", and the sentences of ECS that begin without such a word.
bool begins_message(std::string_view line) {
  constexpr std::string_view sentences[] = {"essential container", "task failed",    "scaling activity",
                                            "(service ",           "stopped reason", "status reason",
                                            "task stopped"};
  std::size_t length = 0;
  std::size_t capitals = 0;
  while (length < line.size() && (is_upper(line[length]) || is_lower(line[length]))) {
    if (is_upper(line[length++])) ++capitals;
  }
  if (capitals > 1 && length < line.size() && line[length] == ':' && is_upper(line[0])) return true;
  const std::string start = lower_case(line.substr(0, 24));
  return std::any_of(std::begin(sentences), std::end(sentences),
                     [&](std::string_view sentence) { return start.starts_with(sentence); });
}

/// Without quotes, bullets and the rule that Terraform draws before an error.
std::string_view trimmed(std::string_view line) {
  constexpr std::string_view edges = " \t\r\n\"'`-*";
  constexpr std::string_view rule = "│";
  while (!line.empty()) {
    if (line.starts_with(rule)) {
      line.remove_prefix(rule.size());
    } else if (edges.find(line.front()) != std::string_view::npos) {
      line.remove_prefix(1);
    } else {
      break;
    }
  }
  return line;
}

/// Lines of one JSON object each, as a log of events has them.
bool read_json_lines(std::string_view input, Collector& into) {
  bool any = false;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    if (trimmed(line).empty()) continue;
    if (!line.starts_with('{') || !read_json(line, into)) return false;
    any = true;
  }
  return any;
}

void read_plain(std::string_view input, Collector& into) {
  std::string message;
  const auto close = [&] {
    into.add(message, {}, {}, {});
    message.clear();
  };
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    const std::string_view text = trimmed(line);
    if (text.empty() || begins_message(text)) close();
    message.append(text).append("\n");
  }
  close();
}

/// "States.TaskFailed: {…}": a document behind some words.
bool read_embedded(std::string_view input, Collector& into) {
  const std::size_t start = input.find("{\"");
  const std::size_t end = input.rfind('}');
  if (start == std::string_view::npos || end == std::string_view::npos || end < start) return false;
  Collector found;
  if (!read_json(input.substr(start, end + 1 - start), found) || found.empty()) return false;
  into = std::move(found);
  return true;
}

}  // namespace

std::string region_of_arn(std::string_view arn) {
  constexpr int region_field = 3;
  for (int i = 0; i < region_field; ++i) arn.remove_prefix(std::min(arn.find(':') + 1, arn.size()));
  const std::string_view region = arn.substr(0, arn.find(':'));
  return find_partition(region) != nullptr ? std::string(region) : std::string();
}

StopMessages read_stop_messages(std::string_view input) {
  const std::string_view start = trimmed(input);
  const bool begins_json =
      !start.empty() && (input.find_first_of("{[\"") == input.find_first_not_of(" \t\r\n"));
  if (begins_json) {
    Collector whole;
    if (read_json(input, whole)) return std::move(whole).finish(true);
    Collector lines;
    if (read_json_lines(input, lines)) return std::move(lines).finish(true);
  }
  Collector embedded;
  if (!begins_json && read_embedded(input, embedded)) return std::move(embedded).finish(true);
  Collector plain;
  read_plain(input, plain);
  return std::move(plain).finish(false);
}

}  // namespace vpcprobe
