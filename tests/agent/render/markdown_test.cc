#include "agent/render/markdown.h"

#include "agent/diagnosis/report_samples.h"
#include "agent/render/render.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

TEST_CASE("reports as Markdown") {
  for (const auto& [name, report] : {std::pair{"failing", samples::failing()},
                                     {"warnings", samples::warnings()},
                                     {"hostile", samples::foreign(samples::hostile_text())}})
    check_golden(std::string("markdown.") + name + ".md", render_markdown(report, {}));
}

TEST_CASE("foreign text stays text in Markdown") {
  CHECK(markdown_text("a|b\n# c: d-e") == "a\\|b # c: d-e");
  CHECK(markdown_text("# a") == "\\# a");
  CHECK(markdown_text("@team <img src=x> [x](http://y) `z`") ==
        "&#64;team &#60;img src=x&#62; \\[x\\](http&#58;//y) \\`z\\`");
  CHECK(markdown_text("a\\|b") == "a\\\\\\|b");
}

TEST_CASE("a fence is longer than what it holds") {
  CHECK(markdown_code("ls\n```\nx", "sh") == "````sh\nls\n```\nx\n````\n");
  CHECK(markdown_code("aws ecs", "") == "```\naws ecs\n```\n");
}

TEST_CASE("a plan as Markdown") {
  Options options;
  options.region = "eu-west-1";
  TaskContext context;
  context.definition =
      parse_task_definition(read_file(in_tree("task-def-examples/web-service.json"))).value();
  const Plan plan = make_plan(options, context).value();
  const Infrastructure infrastructure = infrastructure_for(plan, options, context);
  check_golden("markdown.plan.md", plan_markdown(sheet_of(plan, infrastructure, options, context)));
}
