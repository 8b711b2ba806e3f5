// What is wrong in a form is one clear line; what is too much ends early.
#include "agent/task/forms.h"

#include <utility>

#include "agent/task/definition.h"
#include "catch.h"

using namespace vpcprobe;

namespace {

std::string error(const std::string& text) {
  const Result<TaskDefinition> result = parse_task_definition(text);
  return result ? "read" : result.error().message;
}

std::string image(const std::string& text) {
  const Result<TaskDefinition> result = parse_task_definition(text);
  INFO((result ? "" : result.error().message));
  REQUIRE(result);
  REQUIRE(result.value().containers.size() == 1);
  return result.value().containers[0].container.image;
}

std::string template_with(const std::string& image) {
  return R"({"Parameters":{"Tag":{"Type":"String","Default":7},"Uri":{"Type":"String"}},)"
         R"("Mappings":{"M":{"live":{"Image":"mapped:1"}}},)"
         R"("Resources":{"Repo":{"Type":"AWS::ECR::Repository","Properties":{"RepositoryName":{"Ref":"Tag"}}},)"
         R"("T":{"Type":"AWS::ECS::TaskDefinition","Properties":{"ContainerDefinitions":[{"Name":"a","Image":)" +
         image + "}]}}}}";
}

}  // namespace

TEST_CASE("garbage in each form gives one line") {
  CHECK(error("") == "it is empty");
  CHECK(error(" \n\t ") == "it is empty");
  CHECK(error("just some words") == "no task definition: neither a JSON object nor a YAML mapping");
  CHECK(error("[]") == "no task definition: the list is empty");
  CHECK(error("[1]") == "no task definition: neither a JSON object nor a YAML mapping");
  CHECK(error("{}") == "no task definition: it has no containerDefinitions");
  CHECK(error("{\"a\": [1, 2}") == "no JSON: wrong at byte 12");
  CHECK(error("a: [1, 2") == "no YAML: wrong at line 2");
  CHECK(error("a: b: c\n") == "no YAML: wrong at line 1");
  CHECK(error("- image: a\n  b\n c") == "no YAML: wrong at line 3");
  CHECK(error("a: *nothing\n") == "line 1 uses an alias without an anchor");
  CHECK(error("? [a]\n: b\n") == "line 1 has a key that is no text");
  CHECK(error("family: x\n") == "no task definition: it has no containerDefinitions");
  CHECK(error(R"([{"image":"a"}])") == "containerDefinitions[0].name is missing");
  CHECK(error(R"({"Resources":{}})") ==
        "no task definition: no resource of the template is an AWS::ECS::TaskDefinition");
  CHECK(error(R"({"Resources":{"T":{"Type":"AWS::ECS::TaskDefinition","Properties":[]}}})") ==
        "Resources.T.Properties must be an object");
  CHECK(error(template_with(R"({"Ref":["a"]})")) == "read");
  CHECK(error(template_with("[]")) == "containerDefinitions[0].image must be a string, not array");
  CHECK(error(R"({"format_version":"1.2","terraform_version":"1.9.0","planned_values":{}})") ==
        "no task definition: no resource is an aws_ecs_task_definition");
  CHECK(error(R"({"planned_values":{"root_module":{"resources":[{"type":"aws_ecs_task_definition","address":)"
              R"("aws_ecs_task_definition.w","values":{"container_definitions":"[{"}}]}}})") ==
        "\"aws_ecs_task_definition.w\", container_definitions: no JSON: wrong at byte 3");
  CHECK(error("services:\n  web: nginx\n") == "services.\"web\" must be an object");
  CHECK(error("services:\n  web: {ports: []}\n") == "services.\"web\" has no image");
  CHECK(error("services: []\n") == "no task definition: services is empty");
  CHECK(error("tasks: []\n") == "no task definition: tasks is empty");
  CHECK(error(R"({"services":[7]})") == "services[0] must be an object, not number");
}

TEST_CASE("what is too large or too deep ends with one line") {
  std::string laughs = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c <= 'k'; ++c) {
    laughs += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) laughs += std::string(i > 0 ? "," : "") + "*" + static_cast<char>(c - 1);
    laughs += "]\n";
  }
  CHECK(error(laughs) == "more than 200000 values, aliases included");
  CHECK(error("a: &a\n  b: *a\n") == "line 2 uses an alias without an anchor");
  CHECK(error("a: " + std::string(100, '[') + std::string(100, ']')) == "nested deeper than 64 levels");
  std::string nested;
  for (int i = 0; i < 500; ++i) nested += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK(error(nested) == "nested deeper than 64 levels");
  CHECK(error(std::string(200, '[')) == "nested deeper than 64 levels");
  CHECK(error("a: " + std::string(17U << 20, 'x')) == "longer than 16 MiB");
}

TEST_CASE("what repeats a long text too often ends with one line") {
  const std::string text(60'000, 'x');
  std::string aliases = "a: &a " + text + "\n";
  for (int i = 0; i < 300; ++i) aliases += "b" + std::to_string(i) + ": *a\n";
  CHECK(error(aliases) == "aliases repeat more than 16 MiB");
  std::string anchors = "a: ";
  for (int i = 0; i < 60; ++i) anchors += "&a" + std::to_string(i) + " [";
  CHECK(error(anchors + std::string(1U << 20, 'x') + std::string(60, ']')) ==
        "aliases repeat more than 16 MiB");
  std::string references;
  for (int i = 0; i < 300; ++i) references += std::string(i > 0 ? "," : "") + R"({"Ref":"Long"})";
  std::string lists;
  for (int i = 0; i < 300; ++i)
    lists += std::string(i > 0 ? "," : "") + R"({"Fn::FindInMap":["M","K","Long"]})";
  for (const std::string& values : {references, lists}) {
    CHECK(error(R"({"Parameters":{"Long":{"Type":"String","Default":")" + text +
                R"("}},"Mappings":{"M":{"K":{"Long":[")" + text +
                R"("]}}},"Resources":{"T":{"Type":"AWS::ECS::TaskDefinition","Properties":)"
                R"({"ContainerDefinitions":[],"Tags":[)" +
                values + "]}}}}") == "the template's references repeat more than 16 MiB");
  }
}

TEST_CASE("containers that a template leaves open are said, not an error") {
  const auto remarks = [](const std::string& containers) {
    const auto read = parse_task_definition(
        R"({"Resources":{"T":{"Type":"AWS::ECS::TaskDefinition","Properties":{"ContainerDefinitions":)" +
        containers + "}}}}");
    INFO((read ? "" : read.error().message));
    REQUIRE(read);
    return std::pair(read.value().containers.size(), read.value().remarks);
  };
  CHECK(remarks(R"({"Ref":"All"})") ==
        std::pair(std::size_t{0},
                  std::vector<std::string>{"The list of containers of T is left open by the template."}));
  CHECK(
      remarks(R"([{"Name":"a","Image":"nginx:1"},{"Ref":"Sidecar"}])") ==
      std::pair(std::size_t{1}, std::vector<std::string>{"A container of T is left open by the template."}));
}

TEST_CASE("intrinsic functions are resolved as far as they can be") {
  CHECK(image(template_with(R"("nginx:1")")) == "nginx:1");
  CHECK(image(template_with(R"({"Fn::Sub":"nginx:${Tag}"})")) == "nginx:7");
  CHECK(image(template_with(R"({"Fn::Sub":["${A}:${!Literal}",{"A":"nginx"}]})")) == "nginx:${Literal}");
  CHECK(image(template_with(R"({"Ref":"Uri"})")) == "${Uri}");
  CHECK(image(template_with(R"({"Fn::Join":[":",["nginx",{"Ref":"Tag"}]]})")) == "nginx:7");
  CHECK(image(template_with(R"({"Fn::Select":[1,["a","b"]]})")) == "b");
  CHECK(image(template_with(R"({"Fn::Select":["9",["a","b"]]})")) == "${Select.9}");
  CHECK(image(template_with(R"({"Fn::FindInMap":["M","live","Image"]})")) == "mapped:1");
  CHECK(image(template_with(R"({"Fn::FindInMap":["M","test","Image"]})")) == "${M.test.Image}");
  CHECK(image(template_with(R"({"Fn::If":["C","a:1","b:2"]})")) == "a:1");
  CHECK(image(template_with(R"({"Fn::ImportValue":"shared-image"})")) == "${ImportValue.shared-image}");
  CHECK(image(template_with(R"({"Fn::GetAtt":["Repo","RepositoryUri"]})")) ==
        "${AWS.AccountId}.dkr.ecr.${AWS.Region}.${AWS.URLSuffix}/7");
  CHECK(image(template_with(R"({"Fn::GetAtt":"Other.Arn"})")) == "${Other.Arn}");
  CHECK(image(template_with(R"({"Fn::Transform":{"Name":"x"}})")) == "${Transform.}");
}

TEST_CASE("references to references end") {
  std::string text = R"({"Resources":{)";
  for (int i = 0; i < 40; ++i) {
    const std::string next = "B" + std::to_string(i + 1);
    text += "\"B" + std::to_string(i) +
            R"(":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":{"Fn::Sub":"${)" + next + "}${" + next +
            R"(}"}}},)";
  }
  text +=
      R"("T":{"Type":"AWS::ECS::TaskDefinition","Properties":{"ContainerDefinitions":[{"Name":"a","Image":)"
      R"({"Fn::Sub":"x/${B0}"}}]}}}})";
  CHECK(error(text) == "more than 20000 references");
}

TEST_CASE("references that lead back to themselves end") {
  const std::string text =
      R"({"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":{"Ref":"B"}}},)"
      R"("B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":{"Ref":"A"}}},)"
      R"("T":{"Type":"AWS::ECS::TaskDefinition","Properties":{"ContainerDefinitions":)"
      R"([{"Name":"a","Image":{"Fn::Sub":"x/${A}"}}]}}}})";
  CHECK(image(text).starts_with("x/${"));
}
