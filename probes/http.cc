// The one file that knows libcurl.
#include "probes/http.h"

#include <curl/curl.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "probes/library_versions.h"
#include "probes/owned.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostHeaderBytes = 64 * 1024;

using Easy = Owned<CURL, curl_easy_cleanup>;
using Multi = Owned<CURLM, curl_multi_cleanup>;
using List = Owned<curl_slist, curl_slist_free_all>;

struct Transfer {
  Easy easy{curl_easy_init()};
  List headers;
  List connect_to;
  const HttpRequest* request = nullptr;
  std::size_t header_bytes = 0;
  bool has_enough = false;
  HttpReply reply;
};

// A count other than the given one makes libcurl stop with CURLE_WRITE_ERROR. Callbacks are noexcept: the
// static binary's C libraries have no unwind tables.
std::size_t on_body(char* data, std::size_t size, std::size_t count, void* argument) noexcept {
  auto& transfer = *static_cast<Transfer*>(argument);
  const HttpRequest& request = *transfer.request;
  transfer.reply.body_bytes += size * count;
  if (transfer.reply.body_bytes > request.max_body && request.enough == 0) return 0;
  if (request.keep_body) transfer.reply.body.append(data, size * count);
  transfer.has_enough = request.enough > 0 && transfer.reply.body_bytes >= request.enough;
  if (transfer.has_enough) {
    transfer.reply.body_bytes = request.enough;
    if (request.keep_body) transfer.reply.body.resize(request.enough);
  }
  return transfer.has_enough ? 0 : size * count;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* argument) noexcept {
  auto& transfer = *static_cast<Transfer*>(argument);
  std::string_view line(data, size * count);
  transfer.header_bytes += line.size();
  if (transfer.header_bytes > kMostHeaderBytes) return 0;
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    transfer.reply.headers.clear();  // what came before was 100 Continue
  } else if (!line.empty()) {
    transfer.reply.headers.emplace_back(line);
  }
  return size * count;
}

CURLcode on_ssl_context(CURL* /*easy*/, void* ssl_ctx, void* argument) noexcept {
  static_cast<const TlsContext*>(argument)->lend_roots(ssl_ctx);
  return CURLE_OK;
}

void append(List& list, const std::string& text) {
  list.reset(curl_slist_append(list.release(), text.c_str()));
  if (!list) throw std::bad_alloc();
}

// The secret goes in by options of its own: USERPWD would cut a key with a colon.
void sign(Transfer& transfer, const Signing& signing) {
  CURL* easy = transfer.easy.get();
  const std::string scope = "aws:amz:" + signing.region + ":" + signing.service;
  curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, scope.c_str());
  curl_easy_setopt(easy, CURLOPT_USERNAME, signing.keys.access_key_id.c_str());
  curl_easy_setopt(easy, CURLOPT_PASSWORD, signing.keys.secret_access_key.c_str());
  // libcurl signs every header of this list; 7.88 would sign one without a value too, and not send it.
  if (!signing.keys.session_token.empty())
    append(transfer.headers, "X-Amz-Security-Token: " + signing.keys.session_token);
}

void pin(Transfer& transfer, const SocketAddress& peer) {
  append(transfer.connect_to, "::" + peer.to_string());  // whatever host and port
  curl_easy_setopt(transfer.easy.get(), CURLOPT_CONNECT_TO, transfer.connect_to.get());
}

void trust(CURL* easy, const TlsContext& context) {
  // The store is lent whole: libcurl must not look for a bundle, which a scratch image does not have.
  curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_ssl_context);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, &context);
}

void set_method(CURL* easy, const HttpRequest& request) {
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(easy, CURLOPT_EXPECT_100_TIMEOUT_MS, 1L);  // a long body is sent at once
  }
}

void prepare(Transfer& transfer, const HttpRequest& request) {
  CURL* easy = transfer.easy.get();
  if (easy == nullptr) throw std::bad_alloc();
  transfer.request = &request;
  for (const std::string& header : request.headers) append(transfer.headers, header);
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  if (request.timeout)
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout->count()));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  set_method(easy, request);
  if (request.trust != nullptr) trust(easy, *request.trust);
  if (request.peer) pin(transfer, *request.peer);
  if (request.signing) sign(transfer, *request.signing);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
}

// The static binary's libcurl is built without its own words.
struct FailureRow {
  CURLcode code;
  HttpFailure failure;
  std::string_view words;
};
constexpr FailureRow kFailures[] = {
    {CURLE_OK, HttpFailure::none, ""},
    {CURLE_COULDNT_RESOLVE_HOST, HttpFailure::resolve, "its name does not resolve"},
    {CURLE_COULDNT_CONNECT, HttpFailure::connect, "no connection"},
    {CURLE_OPERATION_TIMEDOUT, HttpFailure::timeout, "no whole answer in time"},
    {CURLE_WRITE_ERROR, HttpFailure::too_long, "the answer is too long"},
    {CURLE_SSL_CONNECT_ERROR, HttpFailure::tls, "the TLS handshake fails"},
    {CURLE_PEER_FAILED_VERIFICATION, HttpFailure::tls, "the certificate is not trusted"},
    {CURLE_GOT_NOTHING, HttpFailure::other, "the connection ends without an answer"},
    {CURLE_PARTIAL_FILE, HttpFailure::other, "the answer ends too early"},
    {CURLE_RECV_ERROR, HttpFailure::other, "the connection breaks before the answer's end"},
    {CURLE_SEND_ERROR, HttpFailure::other, "the connection breaks while the request is sent"},
    {CURLE_UNSUPPORTED_PROTOCOL, HttpFailure::other, "the answer is not HTTP"},
    {CURLE_WEIRD_SERVER_REPLY, HttpFailure::other, "the answer is not HTTP"},
    {CURLE_URL_MALFORMAT, HttpFailure::other, "the URL is malformed"},
};

void set_failure(HttpReply& reply, CURLcode code, long error = 0) {
  const auto* row =
      std::find_if(std::begin(kFailures), std::end(kFailures), [&](auto& r) { return r.code == code; });
  const bool known = row != std::end(kFailures);
  reply.failure = known ? row->failure : HttpFailure::other;
  reply.error = known ? std::string(row->words) : "libcurl error " + std::to_string(code);
  if (code == CURLE_COULDNT_CONNECT && error != 0)
    reply.error += ": " + std::generic_category().message(static_cast<int>(error));
}

std::chrono::microseconds time_of(CURL* easy, CURLINFO what) {
  curl_off_t microseconds = 0;
  curl_easy_getinfo(easy, what, &microseconds);
  return std::chrono::microseconds(microseconds);
}

void finish_one(Transfer& transfer, CURL* easy, CURLcode code) {
  HttpReply& reply = transfer.reply;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply.status);
  reply.first_byte = time_of(easy, CURLINFO_STARTTRANSFER_TIME_T);
  reply.elapsed = time_of(easy, CURLINFO_TOTAL_TIME_T);
  long error = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
  set_failure(reply, transfer.has_enough ? CURLE_OK : code, error);
}

void finish(CURLM* multi) {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    finish_one(*transfer, message->easy_handle, message->data.result);
  }
}

}  // namespace

std::string_view header_of(const HttpReply& reply, std::string_view name) {
  for (const std::string_view line : reply.headers) {
    const std::size_t colon = line.find(':');
    if (colon != name.size() || strncasecmp(line.data(), name.data(), colon) != 0) continue;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
    return value;
  }
  return {};
}

std::vector<HttpReply> fetch(const std::vector<HttpRequest>& requests, const std::atomic<bool>& stop) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  const Multi multi(curl_multi_init());
  if (ready != CURLE_OK || !multi) throw std::runtime_error("libcurl does not start");
  std::vector<Transfer> transfers(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    prepare(transfers[i], requests[i]);
    transfers[i].reply.error = "interrupted";
    transfers[i].reply.failure = HttpFailure::interrupted;
    const bool in_time = !requests[i].timeout || requests[i].timeout->count() > 0;
    if (in_time) {
      curl_multi_add_handle(multi.get(), transfers[i].easy.get());
    } else {
      set_failure(transfers[i].reply, CURLE_OPERATION_TIMEDOUT);
    }
  }
  int running = 1;
  while (running > 0 && !stop) {
    curl_multi_perform(multi.get(), &running);
    finish(multi.get());
    if (running > 0) curl_multi_poll(multi.get(), nullptr, 0, 100, nullptr);
  }
  std::vector<HttpReply> replies;
  for (Transfer& transfer : transfers) {
    curl_multi_remove_handle(multi.get(), transfer.easy.get());
    if (!transfer.reply.error.empty()) transfer.reply.body.clear();
    replies.push_back(std::move(transfer.reply));
  }
  return replies;
}

std::string http_library() { return std::string("curl ") + curl_version_info(CURLVERSION_NOW)->version; }

}  // namespace vpcprobe
