// Templates of CloudFormation, SAM and the CDK. Pseudo parameters become placeholders that the plan fills;
// parameters count with their defaults; what only a deployment knows stays open. Sources: the CloudFormation
// user guide on intrinsic functions and pseudo parameters, and the return values of each resource type.
#include <algorithm>
#include <array>

#include "agent/base/add_once.h"
#include "agent/base/json_members.h"
#include "agent/base/json_node.h"
#include "agent/base/words.h"
#include "agent/task/forms.h"
#include "agent/task/placeholder.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr int kDeepestReference = 32;          // from one resource to the next
constexpr int kMostReferences = 20'000;        // in all, so that references to references end
constexpr std::size_t kLongestValue = 65'536;  // bytes
constexpr std::size_t kMostText = 16U << 20;   // bytes of all values that references bring in
constexpr std::size_t kLongestList = 256;
constexpr std::string_view kNoValue = "AWS::NoValue";

/// What Ref and Fn::GetAtt give of a resource, where the type says it. {name} is the value of
/// `name_property`, else the logical id left open.
struct ReturnValue {
  std::string_view type;
  std::string_view attribute;  ///< empty: Ref
  std::string_view name_property;
  std::string_view value;
};
constexpr std::array kReturnValues = std::to_array<ReturnValue>({
    {.type = "AWS::SecretsManager::Secret",
     .attribute = "",
     .name_property = "Name",
     .value = "arn:${AWS.Partition}:secretsmanager:${AWS.Region}:${AWS.AccountId}:secret:{name}"},
    {.type = "AWS::SecretsManager::Secret",
     .attribute = "Id",
     .name_property = "Name",
     .value = "arn:${AWS.Partition}:secretsmanager:${AWS.Region}:${AWS.AccountId}:secret:{name}"},
    {.type = "AWS::SSM::Parameter",
     .attribute = "",
     .name_property = "Name",
     .value = "arn:${AWS.Partition}:ssm:${AWS.Region}:${AWS.AccountId}:parameter/{name}"},
    {.type = "AWS::ECR::Repository", .attribute = "", .name_property = "RepositoryName", .value = "{name}"},
    {.type = "AWS::ECR::Repository",
     .attribute = "Arn",
     .name_property = "RepositoryName",
     .value = "arn:${AWS.Partition}:ecr:${AWS.Region}:${AWS.AccountId}:repository/{name}"},
    {.type = "AWS::ECR::Repository",
     .attribute = "RepositoryUri",
     .name_property = "RepositoryName",
     .value = "${AWS.AccountId}.dkr.ecr.${AWS.Region}.${AWS.URLSuffix}/{name}"},
    {.type = "AWS::Logs::LogGroup", .attribute = "", .name_property = "LogGroupName", .value = "{name}"},
    {.type = "AWS::S3::Bucket", .attribute = "", .name_property = "BucketName", .value = "{name}"},
    {.type = "AWS::S3::Bucket",
     .attribute = "Arn",
     .name_property = "BucketName",
     .value = "arn:${AWS.Partition}:s3:::{name}"},
});

class Template {
 public:
  Template(const Json& document, TaskForms& out) : document_(document), out_(out) {}

  void read() {
    for (const auto& [id, resource] : document_.at("Resources").items()) {
      if (!resource.is_object()) continue;
      const std::string type = text_in(resource, "Type");
      const auto properties = resource.find("Properties");
      if (properties == resource.end()) continue;
      if (type == "AWS::ECS::TaskDefinition") {
        Json definition = with_api_keys(resolved(*properties));
        if (!definition.is_object()) throw WrongDocument{"Resources." + id + ".Properties must be an object"};
        if (!definition.contains("family")) definition["family"] = id;
        leave_open_containers(id, definition);
        out_.definitions.push_back(std::move(definition));
      } else if (type == "AWS::Batch::JobDefinition") {
        Json job = with_api_keys(resolved(*properties));
        if (job.is_object() && !job.contains("jobDefinitionName")) job["jobDefinitionName"] = id;
        read_job_definition(job, out_);
      } else if (type == "AWS::ECS::ExpressGatewayService") {
        Json service = with_api_keys(resolved(*properties));
        if (service.is_object() && !service.contains("serviceName")) service["serviceName"] = id;
        read_express_service(service, out_);
      } else if (type == "AWS::ECS::Service") {
        read_service(with_api_keys(resolved(*properties)), out_);
      }
    }
    if (!defaults_.empty())
      out_.remarks.push_back("Parameters count with their defaults: " + enumerate(defaults_) + ".");
    if (!conditions_.empty())
      out_.remarks.push_back("Conditions count as true: " + enumerate(conditions_) + ".");
  }

 private:
  /// `ContainerDefinitions: !Ref Containers`, or one container of the list.
  void leave_open_containers(const std::string& id, Json& definition) {
    const auto found = definition.find("containerDefinitions");
    if (found == definition.end()) return;
    const std::string of = " of " + id + " is left open by the template.";
    if (found->is_string()) {
      out_.remarks.push_back("The list of containers" + of);
      *found = Json::array();
    } else if (found->is_array()) {
      const auto open =
          std::remove_if(found->begin(), found->end(), [](const Json& item) { return item.is_string(); });
      if (open != found->end()) out_.remarks.push_back("A container" + of);
      found->erase(open, found->end());
    }
  }

  Json bounded(std::string value) {
    if (value.size() > kLongestValue)
      throw WrongDocument{"a value of the template is longer than " + std::to_string(kLongestValue) +
                          " bytes"};
    text_ += value.size();
    if (text_ > kMostText)
      throw WrongDocument{"the template's references repeat more than " + std::to_string(kMostText >> 20) +
                          " MiB"};
    return value;
  }

  static bool is_short_list(const Json& value) {
    return value.is_array() && value.size() <= kLongestList &&
           std::none_of(value.begin(), value.end(), [](const Json& item) { return item.is_structured(); });
  }

  static const Json* member_of(const Json* object, const std::string& key) {
    if (object == nullptr || !object->is_object()) return nullptr;
    const auto found = object->find(key);
    return found == object->end() ? nullptr : &*found;
  }

  /// As CloudFormation turns values into text: numbers and booleans too; empty for what is no scalar.
  static std::string scalar(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    return value.is_number() || value.is_boolean() ? value.dump() : std::string();
  }

  Json resolved(const Json& value) {
    if (value.is_array()) {
      Json list = Json::array();
      for (const Json& item : value) {
        Json one = resolved(item);
        if (!one.is_null()) list.push_back(std::move(one));
      }
      return list;
    }
    if (!value.is_object()) return value;
    if (value.size() == 1) {
      const std::string& name = value.begin().key();
      for (const Function& row : kFunctions) {
        if (row.name == name) return (this->*row.read)(value.begin().value());
      }
      if (name.starts_with("Fn::")) return placeholder(name.substr(4) + "." + scalar(value.begin().value()));
    }
    Json object = Json::object();
    for (const auto& [key, member] : value.items()) {
      Json one = resolved(member);
      if (!one.is_null()) object[key] = std::move(one);
    }
    return object;
  }

  Json ref(const Json& argument) { return value_of(scalar(argument), ""); }

  Json get_att(const Json& argument) {
    if (argument.is_array() && argument.size() == 2)
      return value_of(scalar(argument[0]), scalar(resolved(argument[1])));
    const std::string text = scalar(argument);
    const std::size_t dot = std::min(text.find('.'), text.size());
    return value_of(text.substr(0, dot), text.substr(std::min(dot + 1, text.size())));
  }

  Json sub(const Json& argument) {
    const bool with_map = argument.is_array() && argument.size() == 2 && argument[1].is_object();
    const std::string text = scalar(with_map ? argument[0] : argument);
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t close = text.compare(i, 2, "${") == 0 ? text.find('}', i) : std::string::npos;
      if (close == std::string::npos) {
        out += text[i++];
        continue;
      }
      const std::string name = text.substr(i + 2, close - i - 2);
      if (name.starts_with('!')) {
        out += "${" + name.substr(1) + "}";
      } else if (with_map && argument[1].contains(name)) {
        out += scalar(resolved(argument[1].at(name)));
      } else {
        const std::size_t dot = std::min(name.find('.'), name.size());
        out += scalar(value_of(name.substr(0, dot), name.substr(std::min(dot + 1, name.size()))));
      }
      i = close + 1;
    }
    return bounded(std::move(out));
  }

  Json join(const Json& argument) {
    if (!argument.is_array() || argument.size() != 2) return placeholder("Join");
    const Json parts = resolved(argument[1]);
    if (!parts.is_array()) return placeholder("Join." + scalar(parts));
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) out += scalar(argument[0]);
      out += scalar(parts[i]);
    }
    return bounded(std::move(out));
  }

  Json split(const Json& argument) {
    if (!argument.is_array() || argument.size() != 2) return placeholder("Split");
    const std::string by = scalar(argument[0]);
    std::string text = scalar(resolved(argument[1]));
    Json parts = Json::array();
    // The parts of a value that is open as a whole are open too.
    if (by.empty() || (text.starts_with("${") && text.find('}') == text.size() - 1)) return text;
    for (std::size_t at; (at = text.find(by)) != std::string::npos; text.erase(0, at + by.size()))
      parts.push_back(text.substr(0, at));
    parts.push_back(text);
    return parts;
  }

  Json select(const Json& argument) {
    if (!argument.is_array() || argument.size() != 2) return placeholder("Select");
    const std::string index = scalar(argument[0]);
    const Json list = resolved(argument[1]);
    const bool number =
        !index.empty() && index.size() < 5 && index.find_first_not_of("0123456789") == std::string::npos;
    if (list.is_array() && number && std::stoul(index) < list.size()) return list[std::stoul(index)];
    const std::string text = scalar(list);
    return placeholder(is_open(text) ? text.substr(2, text.size() - 3) + "." + index : "Select." + index);
  }

  Json if_else(const Json& argument) {
    if (!argument.is_array() || argument.size() != 3) return placeholder("If");
    add_once(conditions_, {scalar(argument[0])});
    return resolved(argument[1]);
  }

  Json find_in_map(const Json& argument) {
    if (!argument.is_array() || argument.size() < 3) return placeholder("FindInMap");
    std::string path;
    const Json* at = member_of(&document_, "Mappings");
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string key = scalar(resolved(argument[i]));
      path += (path.empty() ? "" : ".") + key;
      at = member_of(at, key);
    }
    const bool is_plain = at != nullptr && (!at->is_structured() || is_short_list(*at));
    if (!is_plain) return placeholder(path);
    for (const Json& item : at->is_array() ? *at : Json::array({*at})) bounded(scalar(item));
    return *at;
  }

  Json import_value(const Json& argument) { return placeholder("ImportValue." + scalar(resolved(argument))); }
  Json base64(const Json& argument) { return resolved(argument); }

  /// A pseudo parameter, a parameter or a resource, by its name.
  Json value_of(const std::string& name, const std::string& attribute) {
    if (name == kNoValue) return nullptr;
    if (++references_ > kMostReferences)
      throw WrongDocument{"more than " + std::to_string(kMostReferences) + " references"};
    if (name.starts_with("AWS::")) return placeholder("AWS." + name.substr(5));
    if (attribute.empty()) {
      const auto parameters = document_.find("Parameters");
      if (parameters != document_.end() && parameters->is_object() && parameters->contains(name))
        return default_of(name, parameters->at(name));
    }
    const Json& resources = document_.at("Resources");
    const auto resource = resources.find(name);
    if (resource == resources.end() || !resource->is_object())
      return placeholder(attribute.empty() ? name : name + "." + attribute);
    return return_value(name, attribute, *resource);
  }

  Json default_of(const std::string& name, const Json& parameter) {
    const auto value = parameter.is_object() ? parameter.find("Default") : parameter.end();
    // The default of these is the name of a parameter of Systems Manager, whose value a deployment reads.
    const bool by_name = text_in(parameter, "Type").starts_with("AWS::SSM::");
    const std::string text = value == parameter.end() || by_name ? std::string() : scalar(*value);
    if (text.empty()) return placeholder(name);
    add_once(defaults_, {name});
    return bounded(text);
  }

  Json return_value(const std::string& id, const std::string& attribute, const Json& resource) {
    const std::string type = text_in(resource, "Type");
    const auto row = std::find_if(kReturnValues.begin(), kReturnValues.end(), [&](const ReturnValue& value) {
      return value.type == type && value.attribute == attribute;
    });
    if (row == kReturnValues.end()) return placeholder(attribute.empty() ? id : id + "." + attribute);
    std::string name = placeholder(id);
    const auto properties = resource.find("Properties");
    if (properties != resource.end() && properties->is_object() && depth_ < kDeepestReference) {
      ++depth_;
      const auto property = properties->find(std::string(row->name_property));
      const std::string given = property == properties->end() ? "" : scalar(resolved(*property));
      --depth_;
      if (!given.empty())
        name = given.substr(given.starts_with('/') && row->value.ends_with("/{name}") ? 1 : 0);
    }
    std::string value(row->value);
    return bounded(value.replace(value.find("{name}"), 6, name));
  }

  struct Function {
    std::string_view name;
    Json (Template::*read)(const Json& argument);
  };
  static const std::array<Function, 10> kFunctions;

  const Json& document_;
  TaskForms& out_;
  std::vector<std::string> defaults_;
  std::vector<std::string> conditions_;
  int depth_ = 0;
  int references_ = 0;
  std::size_t text_ = 0;
};

const std::array<Template::Function, 10> Template::kFunctions = {{
    {.name = "Ref", .read = &Template::ref},
    {.name = "Fn::GetAtt", .read = &Template::get_att},
    {.name = "Fn::Sub", .read = &Template::sub},
    {.name = "Fn::Join", .read = &Template::join},
    {.name = "Fn::Split", .read = &Template::split},
    {.name = "Fn::Select", .read = &Template::select},
    {.name = "Fn::If", .read = &Template::if_else},
    {.name = "Fn::FindInMap", .read = &Template::find_in_map},
    {.name = "Fn::ImportValue", .read = &Template::import_value},
    {.name = "Fn::Base64", .read = &Template::base64},
}};

}  // namespace

void read_cloudformation(const Json& document, TaskForms& out) {
  Template(document, out).read();
  if (out.definitions.empty() && out.described.empty())
    throw WrongDocument{"no task definition: no resource of the template is an AWS::ECS::TaskDefinition"};
}

}  // namespace vpcprobe
