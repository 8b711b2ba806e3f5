// The catalog's services, unpacked from the table that services.py makes of services.tsv. The table holds
// offsets into one text, so that it takes no relocations; the rows are built at first use.
#include <array>

#include "agent/aws/catalog.h"
#include "agent/aws/services_date.h"
#include "aws_services_table.h"

namespace vpcprobe {
namespace {

using namespace aws_services;

/// A text of the table: its length in one byte, then its characters.
std::string_view text_at(std::uint16_t offset) {
  return {kText + offset + 1, static_cast<unsigned char>(kText[offset])};
}

Service unpack(const Packed& row) {
  return {.id = text_at(row.id),
          .name = text_at(row.name),
          .privatelink_suffix = text_at(row.privatelink_suffix),
          .expects = static_cast<EndpointType>(row.expects),
          .interface_too = row.interface_too != 0,
          .cross_region = row.cross_region != 0,
          .host = text_at(row.host),
          .fips_host = text_at(row.fips_host),
          .dualstack_host = text_at(row.dualstack_host),
          .private_names = text_at(row.private_names),
          .port = row.port,
          .until = static_cast<Until>(row.until),
          .method = text_at(row.method),
          .path = text_at(row.path),
          .default_set = row.default_set != 0,
          .exit_unit = row.exit_unit,
          .used_for = text_at(row.used_for),
          .fips_privatelink_suffix = text_at(row.fips_privatelink_suffix)};
}

// Names that the columns of services.tsv cannot say: they differ in one partition or region, or exist only
// for FIPS and dual-stack together. To add one, add a row: the first that fits counts. `where` is a partition
// or a region, empty for everywhere. Without `host` AWS has no such name there.
constexpr std::array kHostExceptions = std::to_array<HostException>({
    // The registry has dual-stack names in the aws partition only. Endpoints serve the IPv4 names only: ECR
    // guide,
    // "Making requests to Amazon ECR registries".
    {.service = "ecr.dkr", .where = "aws-cn", .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-cn", .fips = true, .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-us-gov", .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-us-gov", .fips = true, .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-eusc", .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-eusc", .fips = true, .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-iso", .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-iso", .fips = true, .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-iso-b", .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-iso-b", .fips = true, .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-iso-e", .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-iso-e", .fips = true, .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-iso-f", .dualstack = true},
    {.service = "ecr.dkr", .where = "aws-iso-f", .fips = true, .dualstack = true},
    {.service = "ecr.dkr",
     .dualstack = true,
     .host = "{account}.dkr-ecr.{region}.on.aws",
     .no_endpoint_has_it = true},
    {.service = "ecr.dkr",
     .fips = true,
     .dualstack = true,
     .host = "{account}.dkr-ecr-fips.{region}.on.aws",
     .no_endpoint_has_it = true},
    {.service = "ecr.api", .dualstack = true, .host = "ecr.{region}.{dualstack}", .no_endpoint_has_it = true},
    {.service = "ecr.api",
     .fips = true,
     .dualstack = true,
     .host = "ecr-fips.{region}.{dualstack}",
     .no_endpoint_has_it = true},
    {.service = "s3", .fips = true, .dualstack = true, .host = "s3-fips.dualstack.{region}.{suffix}"},
    {.service = "s3", .where = "aws-cn", .fips = true},
    {.service = "s3", .where = "aws-cn", .fips = true, .dualstack = true},
    {.service = "secretsmanager",
     .where = "aws-eusc",
     .dualstack = true,
     .host = "secretsmanager.{region}.{dualstack}"},
    {.service = "secretsmanager",
     .where = "aws-iso",
     .dualstack = true,
     .host = "secretsmanager.{region}.{dualstack}"},
    {.service = "secretsmanager",
     .where = "aws-iso-b",
     .dualstack = true,
     .host = "secretsmanager.{region}.{dualstack}"},
    {.service = "secretsmanager",
     .where = "aws-iso-e",
     .dualstack = true,
     .host = "secretsmanager.{region}.{dualstack}"},
    {.service = "secretsmanager",
     .where = "aws-iso-f",
     .dualstack = true,
     .host = "secretsmanager.{region}.{dualstack}"},
    {.service = "elasticfilesystem",
     .where = "aws-eusc",
     .dualstack = true,
     .host = "elasticfilesystem.{region}.{dualstack}"},
    {.service = "elasticfilesystem",
     .where = "aws-iso",
     .dualstack = true,
     .host = "elasticfilesystem.{region}.{dualstack}"},
    {.service = "elasticfilesystem",
     .where = "aws-iso-b",
     .dualstack = true,
     .host = "elasticfilesystem.{region}.{dualstack}"},
    {.service = "elasticfilesystem",
     .where = "aws-iso-e",
     .dualstack = true,
     .host = "elasticfilesystem.{region}.{dualstack}"},
    {.service = "elasticfilesystem",
     .where = "aws-iso-f",
     .dualstack = true,
     .host = "elasticfilesystem.{region}.{dualstack}"},
    {.service = "logs", .where = "aws-us-gov", .fips = true, .host = "logs.{region}.{suffix}"},
    {.service = "ssm", .where = "aws-us-gov", .fips = true, .host = "ssm.{region}.{suffix}"},
    {.service = "sts", .where = "aws-us-gov", .fips = true, .host = "sts.{region}.{suffix}"},
    {.service = "monitoring", .where = "aws-us-gov", .fips = true, .host = "monitoring.{region}.{suffix}"},
    {.service = "sqs", .where = "aws-us-gov", .fips = true, .host = "sqs.{region}.{suffix}"},
    {.service = "sns", .where = "aws-us-gov", .fips = true, .host = "sns.{region}.{suffix}"},
    {.service = "dynamodb", .where = "aws-us-gov", .fips = true, .host = "dynamodb.{region}.{suffix}"},
    {.service = "events", .where = "aws-us-gov", .fips = true, .host = "events.{region}.{suffix}"},
    {.service = "kinesis-streams", .where = "aws-us-gov", .fips = true, .host = "kinesis.{region}.{suffix}"},
    {.service = "states", .where = "us-gov-west-1", .fips = true, .host = "states.{region}.{suffix}"},
});

}  // namespace

std::span<const Service> services() {
  static const auto rows = [] {
    std::array<Service, std::size(kRows)> unpacked{};
    for (std::size_t i = 0; i < unpacked.size(); ++i) unpacked[i] = unpack(kRows[i]);
    return unpacked;
  }();
  return rows;
}

std::span<const HostException> host_exceptions() { return kHostExceptions; }

std::string_view services_date() { return kDate; }

}  // namespace vpcprobe
