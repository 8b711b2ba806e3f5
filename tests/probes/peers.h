#pragma once
// Real servers on loopback, port 0, that play a script: the network's faults as the program meets them.
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace vpcprobe::test {

/// Plays `script` to every connection, each in its own thread; connections are closed when the script
/// returns.
class TcpPeer {
 public:
  using Script = std::function<void(int fd)>;
  explicit TcpPeer(Script script);
  ~TcpPeer();
  TcpPeer(const TcpPeer&) = delete;
  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }

 private:
  Script script_;
  int listener_;
  std::uint16_t port_;
  std::atomic<int> connections_{0};
  std::vector<std::thread> players_;
  std::thread acceptor_;
};

/// A TCP port on loopback where nothing listens.
std::uint16_t closed_port();

void send_text(int fd, std::string_view text);
/// Reads until the peer has sent something; returns it.
std::string receive_some(int fd);
/// Waits until the peer closes.
void wait_for_close(int fd);
/// Makes the coming close(2) send RST.
void reset_on_close(int fd);

/// A certificate and key that a private CA issued, as PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

/// A private CA. Times are in seconds from now.
class Authority {
 public:
  Authority();
  ~Authority();
  Authority(const Authority&) = delete;
  Identity issue(const std::string& dns_name, long valid_from = -3600, long valid_until = 3600) const;
  /// Path of a PEM file with the CA's certificate.
  const std::string& file() const { return file_; }

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
  std::string file_;
};

/// One TLS server connection: `serve` shakes hands on `fd` and, if that works, plays `then` over it.
struct TlsServerScript {
  Identity identity;
  int max_version = 0;      ///< 0: any
  std::string only_cipher;  ///< TLS 1.2 cipher list, if not empty
  std::string answer;       ///< sent after the first bytes of a request
  std::function<void(int fd, const std::function<void(std::string_view)>& send)>
      then;  ///< instead of `answer`
  void serve(int fd) const;
};

/// A DNS server on one loopback port, UDP and TCP, that answers with what `script` returns for each question.
class DnsPeer {
 public:
  struct Query {
    std::string name;
    bool aaaa;
    bool tcp;
    bool edns;  ///< the question carries an OPT record (RFC 6891)
  };
  struct Reply {
    int rcode = 0;  ///< RFC 1035
    bool truncated = false;
    bool silent = false;
    bool closes = false;                 ///< TCP: the connection is closed after this reply
    std::string raw;                     ///< sent behind the question's id, if not empty
    std::vector<std::string> cnames;     ///< chain after the asked name
    std::vector<std::string> addresses;  ///< of the asked type
  };
  using Script = std::function<Reply(const Query&)>;
  enum class Tcp { open, refused };
  explicit DnsPeer(Script script, Tcp tcp = Tcp::open);
  ~DnsPeer();
  DnsPeer(const DnsPeer&) = delete;
  std::uint16_t port() const { return port_; }
  std::string resolver() const { return "127.0.0.1:" + std::to_string(port_); }
  int connections() const { return tcp_ ? tcp_->connections() : 0; }

 private:
  void serve_udp();
  void serve_tcp(int fd);
  Script script_;
  int udp_;
  std::uint16_t port_;
  std::atomic<bool> stop_{false};
  std::unique_ptr<TcpPeer> tcp_;
  std::thread server_;
};

}  // namespace vpcprobe::test
