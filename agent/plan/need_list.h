#pragma once
// The one place that turns what a task does into needs: which services a feature takes, and why.
#include <string>
#include <string_view>

#include "agent/aws/service_reference.h"
#include "agent/plan/features.h"
#include "agent/plan/needs.h"
#include "agent/task/image_reference.h"
#include "agent/task/log_destination.h"
#include "agent/task/mentioned.h"
#include "agent/task/sidecar.h"

namespace vpcprobe {

/// What a need is about, for its reason.
struct About {
  std::string of;    ///< "of container app", "asked for by --image"
  std::string what;  ///< "DB_PASSWORD": the thing's own name; may be empty
  std::string
      object{};  ///< the secret, parameter or log group itself; empty where it is not to be asked about
};
About of_container(std::string_view name);

/// What cannot be needed, in one clean line; thrown up to `gather_needs`.
struct WrongNeed {
  std::string what;
};

class NeedList {
 public:
  NeedList(const Home& home, const Platform& platform) : home_(home), platform_(platform) {}

  void add(Feature feature, const About& subject = {}) { add(feature, home_values(), subject); }
  void add(Feature feature, const HostValues& values, const About& subject);
  void add_service(const ServiceReference& reference, std::string_view reason);
  /// A known name: its region and form are kept.
  void add_known_host(const KnownHost& known, std::string_view reason);
  void add_host(Need need);

  /// Nothing is added for an image without a registry; says whether it had one.
  bool add_image(std::string_view image, const About& subject);
  void add_logs(const ContainerContext& container);
  /// A log group's name, or its ARN with or without ":*".
  void add_log_group(std::string_view group, const About& subject);
  /// `bare_name`: what a name that is no ARN means.
  void add_secret(std::string_view value_from, Feature bare_name, const About& subject);
  void add_s3_object(Feature feature, const std::string& arn, const About& subject);
  /// A credential spec of Active Directory: the ARN of a parameter or of an S3 object.
  void add_credential_spec(const std::string& arn, const About& subject);
  void add_volume(const std::string& file_system_id, bool by_task_role, const About& subject);
  /// What a container known by its image calls. `settings`: its variables that decide it.
  void add_sidecar(const Sidecar& sidecar, const std::map<std::string, std::string>& settings,
                   const About& subject);
  /// `of`: "of container app". With `probe`, a need that is not required: TCP only, unless the host is a
  /// service of AWS.
  void add_mention(const MentionedHost& mentioned, std::string_view of, bool probe);
  void remark(std::string text) { out_.remarks.push_back(std::move(text)); }

  Needs take() { return std::move(out_); }

 private:
  HostValues home_values() const;
  HostValues values_in(const std::string& region, std::string_view what) const;
  Need need_of(const Service* service, const HostValues& values, std::string reason, Role role) const;

  const Home& home_;
  const Platform& platform_;
  Needs out_;
};

}  // namespace vpcprobe
