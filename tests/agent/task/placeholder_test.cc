#include "agent/task/placeholder.h"

#include "catch.h"

using namespace vpcprobe;

TEST_CASE("every notation becomes one") {
  CHECK(open_value("${X}") == "${X}");
  CHECK(open_value("a/$(X)/b") == "a/${X}/b");
  CHECK(open_value("$REGISTRY/app:$TAG") == "${REGISTRY}/app:${TAG}");
  CHECK(open_value("<IMAGE1_NAME>") == "${IMAGE1_NAME}");
  CHECK(open_value("<your account id>") == "${your.account.id}");
  CHECK(open_value("#{Tag}") == "${Tag}");
  CHECK(open_value("#{A}#.x/#{B}#") == "${A}.x/${B}");
  CHECK(open_value("${REGION:-eu-west-1}") == "eu-west-1");
  CHECK(open_value("${REGION-eu-west-1}") == "eu-west-1");
  CHECK(open_value("${TAG:?missing}") == "${TAG}");
  CHECK(open_value("${my-module.value}") == "${my-module.value}");
  CHECK(open_value("__IMAGE__") == "${IMAGE}");
  CHECK(open_value("@@ACCOUNT_ID@@.dkr") == "${ACCOUNT_ID}.dkr");
  CHECK(open_value("%TAG%") == "${TAG}");
  for (const char* plain : {"app@sha256:0a1b", "/a__b__c", "a@b@c", "50% of 100%"})
    CHECK(open_value(plain) == plain);
  for (const char* plain : {"", "$", "${", "<>", "a < b > c", "$(", "price $5", "nginx:1", "#{", "<1>"}) {
    INFO(plain);
    CHECK(open_value(plain) == plain);
  }
}

TEST_CASE("actions of templates are filled before anything is parsed") {
  CHECK(fill_template_actions("{{ must_env `X` }}") == "${X}");
  CHECK(fill_template_actions("{{must_env \"X\"}}") == "${X}");
  CHECK(fill_template_actions("{{ env `X` `y` }}") == "y");
  CHECK(fill_template_actions("{{ env `X` }}") == "${X}");
  CHECK(fill_template_actions("{{ .Values.image.tag | quote }}") == "${.Values.image.tag}");
  CHECK(fill_template_actions("{{- tfstate `aws_x.y['z'].id` -}}") == "${aws_x.y..z...id}");
  CHECK(fill_template_actions("a{{ if eq .X 1 }}b{{ else }}c{{ end }}") == "abc");
  CHECK(fill_template_actions("{{/* note */}}x") == "x");
  CHECK(fill_template_actions("${{ env.AWS_REGION }}") == "${env.AWS_REGION}");
  CHECK(fill_template_actions(R"({"cpu": ${{ env.CPU }}, "a": "${{ env.A }}.x"})") ==
        R"({"cpu": "${env.CPU}", "a": "${env.A}.x"})");
  CHECK(fill_template_actions(R"({"cpu": {{ must_env `CPU` }}, "n": ${N}})") ==
        R"({"cpu": "${CPU}", "n": "${N}"})");
  CHECK(fill_template_actions(R"({"a": "{{ env "X" "y" }} ${Z}"})") == R"({"a": "y ${Z}"})");
  CHECK(fill_template_actions(R"({"a":{"b":{}}})") == R"({"a":{"b":{}}})");
  CHECK(fill_template_actions(R"({"a": 1{% if b %}, "b": {{ b }}{% endif %}{# note #}})") ==
        R"({"a": 1, "b": "${b}"})");
  CHECK(fill_template_actions("{% set x = 1 %}\na: 1\n  {% if b %}\nb: 2\n{% endif %}\n") ==
        "\na: 1\n  \nb: 2\n\n");
  for (const char* plain : {R"({"format": "{%d}%}"})", "a: b {% c %}", "{% open"}) {
    INFO(plain);
    CHECK(fill_template_actions(plain) == plain);
  }
  CHECK(fill_template_actions("{{ open") == "{{ open");
  CHECK(fill_template_actions("{{ a\n}}") == "{{ a\n}}");
}

TEST_CASE("placeholders are filled from what is known") {
  const auto fill = [](std::string_view name) { return name == "A" ? std::string("1") : std::string(); };
  CHECK(fill_placeholders("x${A}y${B}z", fill) == "x1y${B}z");
  CHECK(fill_placeholders("${A", fill) == "${A");
  CHECK(fill_placeholders("plain", fill) == "plain");
}
