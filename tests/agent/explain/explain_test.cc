#include "agent/explain/explain.h"

#include <nlohmann/json.hpp>
#include <set>

#include "agent/base/printable.h"
#include "agent/base/redact.h"
#include "agent/base/text_search.h"
#include "agent/diagnosis/rules.h"
#include "agent/explain/explained.h"
#include "agent/render/explanation.h"
#include "catch.h"

using namespace vpcprobe;

namespace {

/// All that the page says of its own, one statement a line.
std::string words_of(const Explanation& explanation) {
  std::string words;
  for (const ExplainedMessage& message : explanation.messages)
    words += message.meaning + "\nnot " + message.is_not + "\n" + message.next + "\n";
  for (const Finding& finding : explanation.findings) {
    words += finding.title + "\n";
    for (const std::string& cause : texts_of(finding.causes)) words += cause + "\n";
    for (const Fix& fix : finding.fix) words += fix.text + "\n" + fix.command + "\n";
  }
  return words;
}

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

bool decides_a_cause(std::string_view flag) {
  for (const Rule& rule : rules()) {
    for (const RuleCause& cause : rule.causes) {
      if (cause.text != nullptr && text_or_none(cause.when).find(flag) != std::string_view::npos) return true;
    }
  }
  return false;
}

bool is_network(std::string_view code) { return find_rule(code)->stage < 5; }

}  // namespace

TEST_CASE("messages of ECS are explained: codes, hosts, addresses, exit codes") {
  std::size_t messages = 0;
  std::size_t unknown = 0;
  for (const std::string& line : split(read_file(kHere + "corpus.tsv"), '\n')) {
    if (line.starts_with('#')) continue;
    const auto fields = split(line, '\t');
    REQUIRE(fields.size() == 8);
    INFO(fields[7]);
    const Explanation explanation = explained(fields[7]);
    REQUIRE(explanation.messages.size() == 1);
    const ExplainedMessage& message = explanation.messages.front();
    const NamedAddress* address = remote_address(message.evidence);
    CHECK(std::to_string(explanation.exit_code) == fields[0]);
    CHECK(std::string(message.blame ? to_string(*message.blame) : "-") == fields[1]);
    CHECK(codes_of(message) == fields[2]);
    CHECK((message.host.empty() ? "-" : message.host) == fields[3]);
    CHECK((address == nullptr ? "-" : address->address.to_string()) == fields[4]);
    const std::string said = lower_case(words_of(explanation));
    for (const std::string& words : split(fields[5], '|'))
      CHECK((words == "-" || contains(said, lower_case(words))));
    if (message.recognition == Recognition::unknown) {
      ++unknown;
      continue;
    }
    CHECK_FALSE(message.meaning.empty());
    CHECK(message.is_not.empty() == !message.blame.has_value());
    ++messages;
  }
  CHECK(messages >= 200);
  CHECK(unknown <= 2);
}

TEST_CASE("what is said of a message, and what never") {
  for (const std::string& line : split(read_file(kHere + "words.tsv"), '\n')) {
    if (line.starts_with('#')) continue;
    const auto fields = split(line, '\t');
    REQUIRE(fields.size() == 3);
    const std::string said = words_of(explained(fields[2]));
    INFO(fields[2] << "\n" << said);
    for (const std::string& words : split(fields[0], '|')) CHECK(said.find(words) != std::string::npos);
    for (const std::string& words : split(fields[1], '|'))
      CHECK((words == "-" || said.find(words) == std::string::npos));
  }
}

TEST_CASE("what is no message of ECS is unknown") {
  const auto lines = split(read_file(kHere + "unrelated.txt"), '\n');
  CHECK(lines.size() == 71);
  for (const std::string& line : lines) {
    INFO(line);
    const Explanation explanation = explained(line);
    REQUIRE(explanation.messages.size() == 1);
    CHECK(explanation.messages.front().recognition == Recognition::unknown);
    CHECK(explanation.findings.empty());
    CHECK(explanation.exit_code == 3);
  }
}

TEST_CASE("silence is never a permission, and an answer never the network") {
  const char* beginnings[] = {
      "ResourceInitializationError: unable to retrieve ecr registry auth: ",
      "ResourceInitializationError: unable to retrieve secret from asm: ",
      "CannotPullContainerError: failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1: ",
      "CannotPullContainerError: failed to copy: httpReadSeeker: failed open: ",
      "ResourceInitializationError: failed to validate logger args: ",
      ""};
  // AWS's own list of what is the network.
  const char* silences[] = {"dial tcp 10.0.1.7:443: i/o timeout",
                            "dial udp 10.0.0.2:53: i/o timeout",
                            "net/http: TLS handshake timeout",
                            "read: connection timed out",
                            "Client.Timeout exceeded while awaiting headers",
                            "net/http: request canceled while waiting for connection",
                            "signal: killed",
                            "context deadline exceeded"};
  const char* answers[] = {"403 Forbidden",
                           "AccessDeniedException: no",
                           "status code: 403, request id: 1",
                           "401 Unauthorized",
                           "ThrottlingException: Rate exceeded",
                           "ResourceNotFoundException: no",
                           "User: arn:aws:iam::1:role/r is not authorized to perform: s3:GetObject"};
  for (const std::string beginning : beginnings) {
    for (const char* silence : silences) {
      INFO(beginning << silence);
      for (const Finding& finding : explained(beginning + silence).findings) CHECK(is_network(finding.code));
    }
    for (const char* answer : answers) {
      INFO(beginning << answer);
      for (const Finding& finding : explained(beginning + answer).findings)
        CHECK_FALSE(is_network(finding.code));
    }
  }
}

TEST_CASE("every code that the tables name has its texts") {
  const auto check = [](const std::array<const char*, 2>& codes) {
    for (const char* code : codes) {
      if (code != nullptr) CHECK(find_rule(code) != nullptr);
    }
  };
  for (const EcsMessage& row : ecs_messages()) {
    check(row.codes);
    for (const char* pattern : row.patterns) {
      if (pattern != nullptr) CHECK(lower_case(pattern) == pattern);
    }
    CHECK((row.service.empty() || find_service(row.service) != nullptr));
    CHECK((row.flag.empty() || decides_a_cause(row.flag)));
    CHECK_FALSE(row.meaning.empty());
    CHECK_FALSE(row.step.empty());
    CHECK(row.patterns[0] != nullptr);
  }
  for (const EcsEnding& row : ecs_endings()) {
    check(row.codes);
    for (const char* pattern : row.patterns) {
      if (pattern != nullptr) CHECK(lower_case(pattern) == pattern);
    }
    CHECK_FALSE(row.says.empty());
  }
}

TEST_CASE("each row of the messages has a message in the corpus") {
  std::set<const EcsMessage*> met;
  for (const std::string& line : split(read_file(kHere + "corpus.tsv"), '\n')) {
    if (!line.starts_with('#')) met.insert(find_message(lower_case(split(line, '\t').back())));
  }
  for (const EcsMessage& row : ecs_messages()) {
    INFO(row.meaning);
    CHECK(met.contains(&row));
    CHECK((row.wording.empty() || find_message(lower_case(row.wording)) != nullptr));
  }
}

TEST_CASE("several messages stand in the order of cause") {
  const Explanation explanation = explained(
      "Essential container in task exited\n"
      "CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: "
      "failed\n"
      "  open: failed to do request: Get "
      "\"https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/a\":\n"
      "  dial tcp 52.218.30.10:443: i/o timeout\n"
      "\n"
      "the app said something else\n"
      "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve ecr registry "
      "auth: "
      "RequestError: send request failed caused by: Post \"https://api.ecr.eu-west-1.amazonaws.com/\": dial "
      "tcp "
      "10.0.1.7:443: i/o timeout\n");
  REQUIRE(explanation.messages.size() == 4);
  CHECK(codes_of(explanation.messages[0]) == "endpoint-filtered");
  CHECK(codes_of(explanation.messages[1]) == "gateway-route-missing");
  CHECK(explanation.messages[2].recognition == Recognition::unknown);
  CHECK(explanation.messages[3].blame == Blame::consequence);
  CHECK(explanation.findings.size() == 2);
  CHECK(explanation.exit_code == 29);
}

TEST_CASE("the suggested probe command can be run as printed") {
  const auto command = [](const std::string& text) {
    return explained(text).findings.front().fix.front().command;
  };
  const std::string efs =
      "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: ";
  CHECK(command(efs + "mount.nfs4: Connection timed out") == "vpc-probe run --services efs:<fs-id>");
  CHECK(command(efs + "Failed to resolve \"fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com\"") ==
        "vpc-probe run --region eu-west-1 --services efs:fs-0123456789abcdef0");
  const std::string timeout =
      "ResourceInitializationError: failed to validate logger args: create stream: Post ";
  CHECK(command(timeout + "\"https://logs-fips.us-east-1.amazonaws.com/\": dial tcp: i/o timeout") ==
        "vpc-probe run --region us-east-1 --services logs --fips");
}

TEST_CASE("what is advised for a FIPS name is the endpoint that has it") {
  const Explanation explanation = explained(
      "ResourceInitializationError: failed to validate logger args: create stream: Post "
      "\"https://logs-fips.us-east-1.amazonaws.com/\": dial tcp 3.80.5.6:443: i/o timeout");
  std::string commands;
  for (const Fix& fix : explanation.findings.front().fix) commands += fix.command + "\n";
  INFO(commands);
  CHECK(commands.find("--service-name com.amazonaws.us-east-1.logs-fips ") != std::string::npos);
}

TEST_CASE("an address inside --vpc-cidr is an endpoint's, whatever range it is from") {
  const std::string text =
      "CannotPullContainerError: failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1: "
      "failed to do "
      "request: Head \"https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/a/manifests/1\": dial tcp "
      "20.10.1.141:443: i/o timeout";
  CHECK(codes_of(explained(text).messages[0]) == "endpoint-filtered,private-name-missing");
  const Explanation inside = explained(text, {"", {*Cidr::parse("20.10.0.0/16")}});
  CHECK(codes_of(inside.messages[0]) == "endpoint-filtered");
  CHECK(inside.messages[0].evidence.addresses[0].scope == Scope::vpc);
}

TEST_CASE("a service of another region has no endpoint here") {
  const std::string text =
      "ResourceInitializationError: failed to validate logger args: Post "
      "\"https://logs.us-east-1.amazonaws.com/\": dial tcp "
      "3.236.94.218:443: i/o timeout";
  CHECK(codes_of(explained(text, {"us-east-1", {}}).messages[0]) == "private-name-missing");
  const Explanation other = explained(text, {"eu-west-1", {}});
  CHECK(codes_of(other.messages[0]) == "endpoint-filtered");
  CHECK(other.findings[0].causes[0].text.find("another region") != std::string::npos);
}

TEST_CASE("no policy of AWS is behind what another registry refuses") {
  const Explanation explanation = explained(
      "CannotPullContainerError: failed to resolve ref registry.example.com/app:1: unexpected status from "
      "HEAD "
      "request to https://registry.example.com/v2/app/manifests/1: 403 Forbidden");
  REQUIRE(explanation.findings.size() == 1);
  const Finding& finding = explanation.findings.front();
  CHECK(finding.code == "denied-unspecified");
  for (const std::string& cause : texts_of(finding.causes)) CHECK(cause.find("polic") == std::string::npos);
  for (const Fix& fix : finding.fix) CHECK(fix.command.find("aws iam") == std::string::npos);
  CHECK(finding.causes.front().text.find("repositoryCredentials") != std::string::npos);
}

TEST_CASE("what is secret in a message is not repeated") {
  CHECK(without_secrets("Get \"https://b.s3.amazonaws.com/k?X-Amz-Signature=abc&x=1\": 403", 4096) ==
        "Get \"https://b.s3.amazonaws.com/k?…\": 403");
  CHECK(without_secrets("https://user:pass@proxy.example.com:3128/a", 4096) ==
        "https://…@proxy.example.com:3128/a");
  CHECK(without_secrets("X-Amz-Security-Token=IQoJb3 and more", 4096) == "X-Amz-Security-Token=… and more");
  CHECK(without_secrets("Authorization: Basic QVdTOg== end", 4096) == "Authorization: Basic … end");
  CHECK(without_secrets("plain text: i/o timeout", 4096) == "plain text: i/o timeout");
  CHECK(without_secrets("abcdef", 3) == "abc …");
  for (const std::string& line : split(read_file(kHere + "corpus.tsv"), '\n')) {
    if (line.starts_with('#')) continue;
    const Explanation explanation = explained(split(line, '\t').back());
    CHECK(explanation_json(explanation).find("planted") == std::string::npos);
    CHECK(explanation_text(explanation, {false, true}).find("planted") == std::string::npos);
  }
}

TEST_CASE("nothing of a message reaches a command but names, addresses and ARNs") {
  const Explanation explanation = explained(
      "User: arn:aws:sts::1:role/$(reboot) is not authorized to perform: ecr:`id` on resource: ;rm\x1b[2J");
  const std::string json = explanation_json(explanation);
  for (const Finding& finding : explanation.findings) {
    for (const Fix& fix : finding.fix) {
      CHECK(fix.command.find("reboot") == std::string::npos);
      CHECK(fix.command.find('`') == std::string::npos);
    }
  }
  CHECK(json.find('\x1b') == std::string::npos);
}

TEST_CASE("an explanation's page and JSON are as approved") {
  const Explanation tasks = explained(read_file(kHere + "describe_tasks.json"));
  check_golden("explanation.tasks.txt", explanation_text(tasks, {false, true}));
  check_golden("explanation.tasks-ascii.txt", explanation_text(tasks, {false, false}));
  check_golden("explanation.tasks.json", explanation_json(tasks));
  const Explanation unknown = explained("the app \x1b[31msaid\x1b[0m something\n");
  check_golden("explanation.unknown.txt", explanation_text(unknown, {false, true}));
  for (const std::string& line : split(explanation_text(tasks, {false, true}), '\n'))
    CHECK(columns(line) <= 100);
}

TEST_CASE("README's misleading messages mean what it says") {
  const std::string readme = read_file(in_tree("README.md"));
  const std::size_t start = readme.find("<!-- explain -->");
  REQUIRE(start != std::string::npos);
  const std::string section = readme.substr(start, readme.find("<!-- /explain -->") - start);
  std::size_t rows = 0;
  for (const std::string& line : split(section, '\n')) {
    if (!line.starts_with("| `")) continue;
    const auto cells = split(line, '|');
    REQUIRE(cells.size() == 4);
    const Explanation explanation = explained(cells[1].substr(2, cells[1].size() - 4));
    REQUIRE(explanation.messages.size() == 1);
    CHECK(" " + explanation.messages.front().meaning + " " == cells[2]);
    CHECK(" `" + std::to_string(explanation.exit_code) + "` " == cells[3]);
    ++rows;
  }
  CHECK(rows == 3);
}
