#pragma once
// The HTTP status codes that decide something (RFC 9110 section 15; RFC 6585 section 4).

namespace vpcprobe::http_status {

inline constexpr int ok = 200;
inline constexpr int first_redirect = 300;
inline constexpr int first_error = 400;
inline constexpr int unauthorized = 401;
inline constexpr int forbidden = 403;
inline constexpr int not_found = 404;
inline constexpr int proxy_authentication_required = 407;
inline constexpr int too_many_requests = 429;
inline constexpr int first_server_error = 500;

}  // namespace vpcprobe::http_status
