#include "agent/aws/catalog.h"
#include "agent/base/duration.h"
#include "agent/cli/tables.h"
#include "agent/task/options.h"
#include "catch.h"
#include "probes/builtin_roots.h"
#include "variables.h"
#include "version.h"

using namespace vpcprobe;
using std::chrono::milliseconds;

namespace {

Result<Invocation> parse(std::vector<const char*> words, const Variables& variables = {}) {
  words.insert(words.begin(), "vpc-probe");
  return parse_options(static_cast<int>(words.size()), words.data(), environment_of(variables));
}

Options read(std::vector<const char*> words, const Variables& variables = {}) {
  const Result<Invocation> result = parse(std::move(words), variables);
  INFO((result ? "" : result.error().message));
  REQUIRE(result);
  CHECK(result.value().print.empty());
  return result.value().options;
}

std::string error(std::vector<const char*> words, const Variables& variables = {}) {
  const Result<Invocation> result = parse(std::move(words), variables);
  REQUIRE_FALSE(result);
  return result.error().message;
}

}  // namespace

TEST_CASE("without a word the defaults are the contract's") {
  const Options options = read({});
  CHECK(options.command == "run");
  CHECK(options.launch_type == "fargate");
  CHECK_FALSE(options.launch_type_given);
  CHECK(options.timeout == milliseconds(3000));
  CHECK(options.deadline == milliseconds(20000));
  CHECK(options.depth == Depth::network);
  CHECK(options.format == Format::automatic);
  CHECK(options.log_level == "warn");
}

TEST_CASE("every option is read") {
  const Options options = read({"run",
                                "--region",
                                "eu-west-1",
                                "--launch-type",
                                "ec2",
                                "--platform-version=1.3.0",
                                "--services",
                                "s3,logs",
                                "--services",
                                "ecr.api",
                                "--also=kms, ssm",
                                "--target",
                                "a.example:8443,b.example",
                                "--target",
                                "[fd00::1]:9",
                                "--vpc-cidr",
                                "20.10.0.0/16",
                                "--resolver",
                                "10.0.0.2,10.0.0.3:5353",
                                "--ca-file",
                                "ca.pem",
                                "--require-private",
                                "--strict",
                                "--depth",
                                "network",
                                "--timeout",
                                "500ms",
                                "--deadline",
                                "5m",
                                "--ipv4",
                                "--fips",
                                "--dualstack",
                                "--format",
                                "json",
                                "--output",
                                "report.json",
                                "--log-level",
                                "debug"});
  CHECK(options.region == "eu-west-1");
  CHECK(options.launch_type == "ec2");
  CHECK(options.launch_type_given);
  CHECK(options.platform_version == "1.3.0");
  CHECK(options.services == std::vector<std::string>{"s3", "logs", "ecr.api"});
  CHECK(options.also == std::vector<std::string>{"kms", "ssm"});
  REQUIRE(options.targets.size() == 3);
  CHECK(options.targets[0].host == "a.example");
  CHECK(options.targets[0].port == 8443);
  CHECK(options.targets[1].port == 443);
  CHECK(options.targets[2].host == "fd00::1");
  CHECK(options.targets[2].port == 9);
  REQUIRE(options.vpc_cidrs.size() == 1);
  CHECK(options.vpc_cidrs[0].to_string() == "20.10.0.0/16");
  REQUIRE(options.resolvers.size() == 2);
  CHECK(options.resolvers[0].to_string() == "10.0.0.2:53");
  CHECK(options.resolvers[1].to_string() == "10.0.0.3:5353");
  CHECK(options.ca_file == "ca.pem");
  CHECK(options.require_private);
  CHECK(options.strict);
  CHECK(options.timeout == milliseconds(500));
  CHECK(options.deadline == milliseconds(300'000));
  CHECK(options.ipv4_only);
  CHECK_FALSE(options.ipv6_only);
  CHECK(options.fips);
  CHECK(options.dualstack);
  CHECK(options.format == Format::json);
  CHECK(options.output == "report.json");
  CHECK(options.log_level == "debug");
}

TEST_CASE("every option is a variable too, and the command line wins") {
  const Variables variables = {{"VPC_PROBE_REGION", "us-east-1"},    {"VPC_PROBE_SERVICES", "s3,logs"},
                               {"VPC_PROBE_VPC_CIDR", "20.0.0.0/8"}, {"VPC_PROBE_REQUIRE_PRIVATE", "1"},
                               {"VPC_PROBE_FIPS", "false"},          {"VPC_PROBE_TIMEOUT", ""}};
  const Options options = read({"--services", "kms"}, variables);
  CHECK(options.region == "us-east-1");
  CHECK(options.services == std::vector<std::string>{"kms"});
  CHECK(options.vpc_cidrs.size() == 1);
  CHECK(options.require_private);
  CHECK_FALSE(options.fips);
  CHECK(options.timeout == milliseconds(3000));
}

TEST_CASE("a wrong variable is called by its name") {
  CHECK(error({}, {{"VPC_PROBE_REGION", "eu-west"}}) ==
        "VPC_PROBE_REGION \"eu-west\": no AWS region; did you mean \"eu-west-1\"?");
  CHECK(error({}, {{"VPC_PROBE_FIPS", "maybe"}}) == "VPC_PROBE_FIPS \"maybe\": must be true or false");
  CHECK(error({}, {{"VPC_PROBE_VPC_CIDR", "10.0.0.0/33"}}) ==
        "VPC_PROBE_VPC_CIDR \"10.0.0.0/33\": no CIDR; write 10.0.0.0/16");
  // A variable that the command line overrides is not looked at.
  CHECK(read({"--region", "eu-west-1"}, {{"VPC_PROBE_REGION", "x"}}).region == "eu-west-1");
}

TEST_CASE("mistakes are one line that names what, where and the nearest valid value") {
  CHECK(error({"--region", "nowhere-1"}) == "--region \"nowhere-1\": no AWS region");
  CHECK(error({"--region", "eu-west"}) == "--region \"eu-west\": no AWS region; did you mean \"eu-west-1\"?");
  CHECK(error({"--regoin", "eu-west-1"}) == "no option \"--regoin\"; did you mean \"--region\"?");
  CHECK(error({"--regoin=eu-west-1"}) == "no option \"--regoin\"; did you mean \"--region\"?");
  CHECK(error({"-q"}) == "no option \"-q\"");
  CHECK(error({"rnu"}) == "no command \"rnu\"; did you mean \"run\"?");
  CHECK(error({"banana"}).rfind("no command \"banana\"; commands: run", 0) == 0);
  CHECK(error({"run", "banana"}) == "one command only, but there is also \"banana\"");
  CHECK(error({"--services", "ecr.apo"}) ==
        "--services \"ecr.apo\": no service of the catalog; did you mean \"ecr.api\"? (vpc-probe services "
        "lists them)");
  CHECK(error({"--launch-type", "ecs"}) ==
        "--launch-type \"ecs\": must be one of fargate, ec2; did you mean \"ec2\"?");
  const std::string of_format = error({"--format", "jsn"});
  CHECK(of_format.starts_with("--format \"jsn\": must be one of text, json, "));
  CHECK(of_format.ends_with("; did you mean \"json\"?"));
  CHECK(error({"codes", "--format", "terraform"}) == "--format \"terraform\": codes has text, json");
  CHECK(error({"completion", "--format", "json"}) == "--format \"json\": completion has one format only");
  CHECK(error({"--from", "report.json"}) == "--from means nothing to run; it is an option of plan");
  CHECK(error({"plan", "--measure", "5"}) ==
        "--measure means nothing to plan; it is an option of run, wait, watch");
  CHECK(error({"--also", "efs:fs-1"}) ==
        "--also \"efs:fs-1\": the colon must be followed by a file system: efs:fs-0123456789abcdef0");
  CHECK(error({"--also", "execute-ap:abc"})
            .starts_with(
                "--also \"execute-ap:abc\": no service of the catalog; did you mean \"execute-api\"?"));
  CHECK(error({"--also", "kms:x"}) == "--also \"kms:x\": nothing may follow kms");
  CHECK(error({"--image", "two words"}) ==
        "--image \"two words\": no image reference; write [HOST[:PORT]/]NAME[:TAG][@DIGEST]");
  CHECK(error({"--secret", "arn:aws"}) == "--secret \"arn:aws\": no ARN");
  CHECK(error({"plan", "--vpc-id", "vpc-x"}) == "--vpc-id \"vpc-x\": no id; write vpc-0123456789abcdef0");
  CHECK(error({"plan", "--subnet-ids", "$(id)"}) ==
        "--subnet-ids \"$(id)\": no id; write subnet-0123456789abcdef0");
  CHECK(error({"plan", "--zones", "7"}) == "--zones \"7\": must be a number from 1 to 6");
  CHECK(error({"plan", "--endpoint-price", "1e9"}) ==
        "--endpoint-price \"1e9\": no price; write US dollars an hour, 0.01");
  CHECK(read({"--format", "emf"}).format == Format::emf);
  CHECK(error({"--sink", "stdot"}) ==
        "--sink \"stdot\": must be one of stdout[:text|json|emf], file:PATH, openmetrics:[ADDR:]PORT, "
        "cloudwatch-logs:GROUP[:STREAM]; did you mean \"stdout\"?");
  CHECK(read({}, {{"VPC_PROBE_SINK", "stdout:emf, file:/a"}}).sinks.size() == 2);
  CHECK(error({"--depth", "apy"}) ==
        "--depth \"apy\": must be one of network, api, image; did you mean \"api\"?");
  CHECK(error({"--role", "instance"}) == "--role \"instance\": must be one of execution, task");
  CHECK(error({"--platform-version", "1.4"}) ==
        "--platform-version \"1.4\": no platform version; write 1.4.0 or LATEST");
  CHECK(error({"--ipv4", "--ipv6"}) == "--ipv4 and --ipv6 exclude each other; leave both out for both");
  CHECK(error({"--region"}) == "--region needs a value: REGION");
  CHECK(error({"--region="}) == "--region needs a value: REGION");
  CHECK(error({"--services", ","}) == "--services needs a value: ID,...");
  CHECK(error({"--fips=3"}) == "--fips takes no value");
  CHECK(error({"--region", "eu-west-1", "--region", "eu-west-2"}) == "--region is given more than once");
  CHECK(error({"--resolver", "dns"}) ==
        "--resolver \"dns\": no address; write 10.0.0.2, 10.0.0.2:53 or [fd00::2]:53");
  CHECK(error({"--log-level", "loud"}).rfind("--log-level \"loud\": must be one of trace, debug, info", 0) ==
        0);
}

TEST_CASE("what is echoed cannot move the cursor or fill the screen") {
  CHECK(error({"--region", "\x1b[2J\n\"x\\\xc3"}) ==
        "--region \"\\x1b[2J\\x0a\\x22x\\x5c\\xc3\": no AWS region");
  const std::string long_word(100'000, 'a');
  CHECK(error({"--region", long_word.c_str()}).size() < 200);
  CHECK(error({("--" + long_word).c_str()}).size() < 200);
}

TEST_CASE("targets are a host and perhaps a port") {
  for (const char* wrong :
       {"http://a.example", "a.example/x", "a.example:", "a.example:0", "a.example:65536", "a.example:x",
        "fd00::1", "[fd00::1", "[10.0.0.1]:1", "[fd00::1]x", "[fd00::1]:", ":443", "tcp://a.example",
        "tcp://", "tcp://a.example:1/x", "a..b", ".a", "a b"}) {
    INFO(wrong);
    CHECK(error({"--target", wrong}).rfind("--target \"", 0) == 0);
  }
  CHECK(read({"--target", "10.0.0.1:8443"}).targets[0].host == "10.0.0.1");
  CHECK_FALSE(read({"--target", "10.0.0.1:8443"}).targets[0].tcp_only);
  const CustomTarget database = read({"--target", "tcp://db.example:5432"}).targets[0];
  CHECK(database.tcp_only);
  CHECK(database.host == "db.example");
  CHECK(database.port == 5432);
}

TEST_CASE("durations") {
  CHECK(parse_duration("500ms") == milliseconds(500));
  CHECK(parse_duration("3s") == milliseconds(3000));
  CHECK(parse_duration("5m") == milliseconds(300'000));
  CHECK(parse_duration("1h") == milliseconds(3'600'000));
  for (const char* wrong : {"", "3", "s", "-3s", "3 s", "3.5s", "3sec", "9999999999s", "+1s"}) {
    INFO(wrong);
    CHECK_FALSE(parse_duration(wrong));
  }
  CHECK(error({"--timeout", "0s"}) == "--timeout \"0s\": must be more than nothing");
  CHECK(error({"--deadline", "25h"}) == "--deadline \"25h\": must be 24h at most");
}

TEST_CASE("help and version print and end") {
  const std::string version = parse({"--version"}).value().print;
  CHECK(version.starts_with("vpc-probe " VPC_PROBE_VERSION "\n"));
  for (const char* library : {"OpenSSL ", "curl ", "c-ares ", "nlohmann-json ", "libyaml ", "pugixml ",
                              "spdlog ", "fmt ", "CLI11 ", "glibc "})
    CHECK(version.find(std::string(library)) != std::string::npos);
  CHECK(version.find("\n  AWS address ranges of " + std::string(ranges_date()) + "\n") != std::string::npos);
  CHECK(version.find("\n  root certificates of " + std::string(builtin_roots_date()) + "\n") !=
        std::string::npos);
}

TEST_CASE("variables are for all verbs of a container: those of another verb are passed over") {
  const Options options = read({"health"}, {{"VPC_PROBE_EVERY", "90s"}, {"VPC_PROBE_FORMAT", "emf"}});
  CHECK(options.every == milliseconds(60'000));
  CHECK(options.format == Format::automatic);
  CHECK(read({"watch"}, {{"VPC_PROBE_EVERY", "90s"}}).every == milliseconds(90'000));
}

TEST_CASE("a variable that is misspelt is told") {
  const std::array<const char*, 5> variables{"PATH=/bin", "VPC_PROBE_SERVICES=s3", "VPC_PROBE_SERVISES=s3",
                                             "VPC_PROBE_OF_ANOTHER_TOOL", nullptr};
  const std::vector<std::string> told = unknown_variables(variables.data());
  REQUIRE(told.size() == 2);
  CHECK(told[0] == "no option has the variable \"VPC_PROBE_SERVISES\"; did you mean \"VPC_PROBE_SERVICES\"?");
  CHECK(told[1] == "no option has the variable \"VPC_PROBE_OF_ANOTHER_TOOL\"");
}

TEST_CASE("where the doctor sends its verdict is read, also from variables") {
  const Options options =
      read({"doctor"}, {{"VPC_PROBE_NOTIFY", "sns:arn:aws:sns:eu-west-1:111122223333:verdicts,s3:reports"},
                        {"VPC_PROBE_STATE", "/a/b"}});
  REQUIRE(options.notify.size() == 2);
  CHECK(options.notify[1].kind == "s3");
  CHECK(options.notify[1].target == "reports");
  CHECK(options.state == "/a/b");
  CHECK(read({"doctor"}).state == "/vpc-probe/doctor");
  CHECK(error({"doctor", "--notify", "mail:me"}) ==
        "--notify \"mail:me\": must be one of sns:TOPIC-ARN, events:BUS, s3:BUCKET");
  CHECK(error({"doctor", "--state", "a/b"}) ==
        "--state \"a/b\": no name of a parameter; write /vpc-probe/doctor");
}
