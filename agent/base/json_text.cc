#include "agent/base/json_text.h"

namespace vpcprobe {
namespace {

std::string text_of(const nlohmann::json& value, bool ascii) {
  return value.dump(-1, ' ', ascii, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string json_text(const nlohmann::json& value) { return text_of(value, false); }
std::string ascii_json_text(const nlohmann::json& value) { return text_of(value, true); }

}  // namespace vpcprobe
