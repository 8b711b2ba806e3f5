#pragma once
// AWS as tables: what is special about a service or a partition is a column, so no code compares an id.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probes/endpoint.h"

namespace vpcprobe {

/// What AWS offers to reach a service without the internet.
enum class EndpointType : std::uint8_t {
  interface,     ///< interface endpoint: private addresses, a security group, private DNS
  gateway,       ///< gateway endpoint: public addresses, a route with a prefix list
  mount_target,  ///< an EFS mount target: an address in the VPC, no endpoint
  none           ///< nothing: only the internet
};
std::string_view to_string(EndpointType type);

/// A service of AWS, a row of services.tsv. Templates hold {region} {suffix} {dualstack} {account} {bucket}
/// {apiid} {fsid} {stage}.
struct Service {
  std::string_view id;    ///< what users type: the PrivateLink suffix where there is one ("ecr.api")
  std::string_view name;  ///< AWS's name, as in a sentence: "Amazon ECR API"
  std::string_view privatelink_suffix;  ///< empty where no endpoint exists
  EndpointType expects;                 ///< the endpoint a private subnet needs
  bool interface_too;               ///< a gateway service that also has interface endpoints (S3, DynamoDB)
  bool cross_region;                ///< AWS offers interface endpoints to this service in another region
  std::string_view host;            ///< empty where it is not known: then only its PrivateLink name is
  std::string_view fips_host;       ///< empty where there is none
  std::string_view dualstack_host;  ///< empty where there is none
  std::string_view private_names;   ///< names that private DNS covers, comma separated; empty for none
  std::uint16_t port;
  Until until;
  std::string_view method;
  std::string_view path;
  bool default_set;           ///< one of the five that are probed when nothing is known of the task
  int exit_unit;              ///< units digit of the exit code (contract section 5)
  std::string_view used_for;  ///< what fails without it: "registry login before the image pull"; may be empty
  /// Of the endpoint that has the FIPS name, where it is one of its own: "logs-fips"; empty where none is
  /// known.
  std::string_view fips_privatelink_suffix{};
};

/// An AWS partition. Source of regex and suffixes: botocore partitions.json.
struct Partition {
  std::string_view id;          ///< "aws-cn"
  std::string_view dns_suffix;  ///< "amazonaws.com.cn"
  std::string_view dualstack_suffix;
  std::string_view region_regex;        ///< ECMAScript, whole match
  std::string_view known_regions;       ///< comma separated; for "did you mean", not a limit
  std::string_view exception_prefix;    ///< PrivateLink name prefix of `exception_services`
  std::string_view exception_services;  ///< comma separated PrivateLink suffixes, as `SUFFIX[/TYPE][@REGION]`
  std::string_view control_regions;     ///< comma separated; the first that is not ours is the control
};

/// Which of a service's names is meant.
struct HostForm {
  bool fips = false;
  bool dualstack = false;
};

/// A name that the columns of `Service` do not give: it differs in one partition or region.
struct HostException {
  std::string_view service;
  std::string_view where{};  ///< partition or region; empty is everywhere
  bool fips = false;
  bool dualstack = false;
  std::string_view host{};          ///< empty: there is none
  bool no_endpoint_has_it = false;  ///< this name answers over the internet only
};

std::span<const Service> services();
std::span<const HostException> host_exceptions();
std::span<const Partition> partitions();
/// The parts of a comma separated column, in order.
std::vector<std::string_view> list_of(std::string_view column);

/// The row with this id, or null.
const Service* find_service(std::string_view id);
/// The partition whose pattern the region matches, or null: "nowhere-1" is no region.
const Partition* find_partition(std::string_view region);
/// The nearest known region to suggest for a wrong one; empty if none is near.
std::string_view nearest_region(std::string_view region);

/// The values that fill a host template.
struct HostValues {
  std::string region;
  std::string account;  ///< empty: a fixed 12-digit label, because ECR's wildcard answers all
  std::string bucket;
  std::string api_id;
  std::string file_system_id;
  std::string stage;
};
/// `{region}` and friends replaced. The partition comes from the region, which must be valid.
std::string expand(std::string_view host_template, const Partition& partition, const HostValues& values);
/// The template of the service's name in this form, exceptions applied; empty where AWS has none.
std::string host_template(const Service& service, const Partition& partition, std::string_view region,
                          HostForm form);
/// The form asked for where AWS has it, else without dual-stack, else the plain one.
HostForm form_served(const Service& service, const Partition& partition, std::string_view region,
                     HostForm asked);
/// False for a form of the name that no endpoint serves: it needs a path to the internet.
bool endpoint_serves(const Service& service, const Partition& partition, std::string_view region,
                     HostForm form);
/// True where the private DNS of the interface endpoint that `privatelink_name` names is known to have this
/// form of the service's name.
bool private_dns_has(const Service& service, const Partition& partition, std::string_view region,
                     HostForm form);
/// The opposite of `expand`: the values with which the template gives `host`, or nothing. The region is
/// checked against the partition's pattern, an account must have 12 digits.
std::optional<HostValues> unexpand(std::string_view host_template, const Partition& partition,
                                   std::string_view host);

/// A host name that belongs to a service of the catalog.
struct KnownHost {
  const Service* service = nullptr;
  const Partition* partition = nullptr;
  HostForm form;
  HostValues values;
};
/// Which service a name belongs to, in whichever partition, region and form; nothing for any other name.
std::optional<KnownHost> recognise(std::string_view host);
/// The same, also for a bucket's name below a service's that has such names.
std::optional<KnownHost> recognise_bucket(std::string_view host);

/// The last part of the endpoint service's name: "ecr.api"; with FIPS names, "logs-fips".
std::string_view privatelink_suffix(const Service& service, const Partition& partition,
                                    std::string_view region, HostForm form);
/// "com.amazonaws.eu-west-1.ecr.api", "cn.com.amazonaws.cn-north-1.ecr.api".
std::string privatelink_name(const Service& service, const Partition& partition, std::string_view region,
                             EndpointType type, HostForm form = {});

/// Who owns a public address, from AWS's published ranges. Evidence only, never alone the reason for an
/// error.
struct AddressOwner {
  std::string_view service;  ///< "S3", "DYNAMODB", … the most specific; "AMAZON" where only AWS at all
  std::string_view region;   ///< "eu-west-1", "GLOBAL"
};
/// Null service (empty) where the address is in no published range.
AddressOwner owner_of(const IpAddress& address);
/// Whether AWS publishes ranges of this region: not of those that are partitions apart.
bool ranges_hold(std::string_view region);
/// Date of the compiled-in ranges: "2026-08-22".
std::string_view ranges_date();

}  // namespace vpcprobe
