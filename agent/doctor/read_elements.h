#pragma once
// The elements of the documents, each added to its part. A wrong type throws WrongDocument with its place;
// members and words of later versions are passed over or kept as unknown.
#include "agent/doctor/configuration.h"
#include "agent/doctor/document.h"

namespace vpcprobe {

using ReadElement = void (*)(const DocumentNode& element, Configuration& configuration);

// The VPC and what filters and routes in it (read_network.cc).
void read_vpc(const DocumentNode& element, Configuration& configuration);
void read_subnet(const DocumentNode& element, Configuration& configuration);
void read_security_group(const DocumentNode& element, Configuration& configuration);
void read_security_group_rule(const DocumentNode& element, Configuration& configuration);
void read_network_acl(const DocumentNode& element, Configuration& configuration);
void read_route_table(const DocumentNode& element, Configuration& configuration);
void read_prefix_list(const DocumentNode& element, Configuration& configuration);

// What is attached to it (read_attached.cc).
void read_vpc_endpoint(const DocumentNode& element, Configuration& configuration);
void read_network_interface(const DocumentNode& element, Configuration& configuration);
void read_nat_gateway(const DocumentNode& element, Configuration& configuration);
void read_internet_gateway(const DocumentNode& element, Configuration& configuration);
void read_peering(const DocumentNode& element, Configuration& configuration);
void read_transit_attachment(const DocumentNode& element, Configuration& configuration);

// Names and ECS (read_services.cc).
void read_dhcp_options(const DocumentNode& element, Configuration& configuration);
void read_hosted_zone(const DocumentNode& element, Configuration& configuration);
void read_resolver_rule(const DocumentNode& element, Configuration& configuration);
void read_resolver_association(const DocumentNode& element, Configuration& configuration);
void read_dns_firewall(const DocumentNode& element, Configuration& configuration);
void read_ecs_task(const DocumentNode& element, Configuration& configuration);
void read_ecs_service(const DocumentNode& element, Configuration& configuration);

/// The value of the tag "Name"; empty where there is none.
std::string name_tag(const DocumentNode& element);
/// Its id under `key`, which must be there.
std::string required_id(const DocumentNode& element, std::string_view key);
Cidr read_range(const DocumentNode& node);
/// The ranges under `key` in each item of a list.
void add_ranges(std::vector<Cidr>& ranges, const DocumentNode& list, std::string_view key);
/// The texts under `key` in each item of a list.
std::vector<std::string> texts_of(const DocumentNode& list, std::string_view key);
/// The texts of a list; nothing where the list is absent.
std::optional<std::vector<std::string>> texts_if_there(const DocumentNode& list);

}  // namespace vpcprobe
