#include "agent/task/mentioned.h"

#include "catch.h"

using namespace vpcprobe;

namespace {

/// "HOST:PORT WHERE; …" of one variable.
std::string found(const std::map<std::string, std::string>& environment) {
  std::string text;
  for (const MentionedHost& host : hosts_in_environment(environment))
    text += (text.empty() ? "" : "; ") + host.host + ":" + std::to_string(host.port) + " " + host.where;
  return text;
}

std::string in_url(const std::string& value) { return found({{"U", value}}); }

}  // namespace

TEST_CASE("URLs of every kind give host and port, never a user or a password") {
  CHECK(in_url("postgres://user:pw@db.example.com:5433/x") == "db.example.com:5433 U");
  CHECK(in_url("postgresql+asyncpg://db.example.com/x") == "db.example.com:5432 U");
  CHECK(in_url("postgres://user:p@ss/w?rd@db.example.com/x") == "db.example.com:5432 U");
  CHECK(in_url("https://sqs.eu-west-1.amazonaws.com/111122223333/jobs") ==
        "sqs.eu-west-1.amazonaws.com:443 U");
  CHECK(in_url("http://api.example.com/path@x") == "api.example.com:80 U");
  CHECK(in_url("rediss://:pw@cache.example.com:6380/0") == "cache.example.com:6380 U");
  CHECK(in_url("amqps://a:b@mq.example.com") == "mq.example.com:5671 U");
  CHECK(in_url("mongodb://u:p@a.example.com:27018,b.example.com/db") ==
        "a.example.com:27018 U; b.example.com:27017 U");
  CHECK(in_url("jdbc:mysql://db.example.com:3307/x?user=a&password=b") == "db.example.com:3307 U");
  CHECK(in_url("jdbc:sqlserver://db.example.com;databaseName=x;password=y") == "db.example.com:1433 U");
  CHECK(in_url("jdbc:oracle:thin:@//db.example.com:1522/X") == "db.example.com:1522 U");
  CHECK(in_url("jdbc:oracle:thin:u/p@db.example.com:1521:SID") == "db.example.com:1521 U");
  CHECK(in_url("tcp://[fd00::7]:9000") == "fd00::7:9000 U");
  CHECK(in_url("http://10.0.3.4:8080/x") == "10.0.3.4:8080 U");
}

TEST_CASE("lists of brokers and bare hosts") {
  CHECK(in_url("b-1.example.com:9094, b-2.example.com:9094") ==
        "b-1.example.com:9094 U; b-2.example.com:9094 U");
  CHECK(found({{"DB_HOST", "db.example.com"}, {"DB_PORT", "5432"}}) == "db.example.com:5432 DB_HOST");
  CHECK(found({{"DB_HOST", "db.example.com"}}).empty());
  CHECK(found({{"REDIS_HOST", "a.b1.0001.euw1.cache.amazonaws.com"}}) ==
        "a.b1.0001.euw1.cache.amazonaws.com:6379 REDIS_HOST");
  CHECK(found({{"S3_ENDPOINT", "s3.eu-west-1.amazonaws.com"}}) ==
        "s3.eu-west-1.amazonaws.com:443 S3_ENDPOINT");
}

TEST_CASE("what is no host outside the task is left alone") {
  for (const char* value : {"",
                            "debug",
                            "http://localhost:4317",
                            "http://127.0.0.1:8080",
                            "redis://redis:6379",
                            "169.254.170.2:80",
                            "http://[::1]/",
                            "s3://bucket/key",
                            "arn:aws:s3:::bucket/key",
                            "app.jar",
                            "1.2.3:4",
                            "user@example.com",
                            "https://${HOST}/x",
                            "unix:///var/run/x.sock",
                            "12:30:45",
                            "postgres://u:p@",
                            "://",
                            "https://",
                            "a.b.c",
                            "registry.example.com/app:1",
                            "mongodb+srv://u:p@cluster/x"}) {
    INFO(value);
    CHECK(in_url(value).empty());
  }
  CHECK(found({{"API_TOKEN", "https://a.example.com"}}).empty());
  CHECK(found({{"DB_PASSWORD", "https://a.example.com"}}).empty());
}

TEST_CASE("a process has its own environment") {
  const char* const variables[] = {"CACHE_URL=redis://cache.example.com",
                                   "VPC_PROBE_TARGET=x.example.com:443", "=", "EMPTY", nullptr};
  const auto hosts = hosts_in_process(variables);
  REQUIRE(hosts.size() == 1);
  CHECK(hosts[0] == MentionedHost{"cache.example.com", 6379, "CACHE_URL"});
}

TEST_CASE("commands are read alike, and what is too much is cut") {
  const auto hosts = hosts_in_command({"--broker=kafka.example.com:9092", "--url", "https://x.example.com"});
  REQUIRE(hosts.size() == 2);
  CHECK(hosts[0] == MentionedHost{"kafka.example.com", 9092, "command"});
  std::string many;
  for (int i = 0; i < 100; ++i) many += "h" + std::to_string(i) + ".example.com:1,";
  CHECK(hosts_in_command({many}).size() == 16);
}
