// lab-relay: joins two TUN devices and lets every packet wait, for kernels without netem.
// usage: lab-relay DEVICE DEVICE [--rtt-ms=N] [--rtt-of=ADDRESS=N]… [--loss-percent=N]
// Half of the round trip passes in each direction. Losses come from a fixed sequence, so that runs repeat.
// Prints "ready" once both devices exist; they may be moved to other network namespaces afterwards.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <queue>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Address = std::array<unsigned char, 16>;

struct Settings {
  std::chrono::microseconds one_way{0};
  std::map<Address, std::chrono::microseconds> one_way_of;  ///< IPv4 addresses in the first four bytes
  double loss = 0;                                          ///< 0 to 1
};

struct Packet {
  Clock::time_point due;
  std::uint64_t number;  ///< keeps the order among equals
  int to;                ///< index of the device
  std::vector<unsigned char> bytes;
  bool operator>(const Packet& other) const {
    return due != other.due ? due > other.due : number > other.number;
  }
};

int check(const char* what, int result) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

int open_tun(const char* name) {
  const int device = check("open /dev/net/tun", open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  ifreq request{};
  std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  check("TUNSETIFF", ioctl(device, TUNSETIFF, &request));
  return device;
}

std::chrono::microseconds half_of(std::string_view rtt_ms) {
  return std::chrono::microseconds(static_cast<std::int64_t>(std::stod(std::string(rtt_ms)) * 500));
}

void read_option(std::string_view option, Settings& settings) {
  const auto equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? "" : option.substr(equals + 1);
  if (name == "--rtt-ms") {
    settings.one_way = half_of(value);
  } else if (name == "--loss-percent") {
    settings.loss = std::stod(std::string(value)) / 100;
  } else if (name == "--rtt-of") {
    const std::string text(value.substr(0, value.find('=')));
    Address address{};
    const int family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
    if (inet_pton(family, text.c_str(), address.data()) != 1) throw std::runtime_error("bad address " + text);
    settings.one_way_of[address] = half_of(value.substr(value.find('=') + 1));
  } else {
    throw std::runtime_error("unknown option " + std::string(option));
  }
}

Address address_at(const std::vector<unsigned char>& packet, std::size_t offset, std::size_t length) {
  Address address{};
  if (packet.size() >= offset + length) std::memcpy(address.data(), packet.data() + offset, length);
  return address;
}

/// The delay of this packet: that of its source or destination if either has its own, else the common one.
std::chrono::microseconds delay_of(const std::vector<unsigned char>& packet, const Settings& settings) {
  const bool ipv6 = !packet.empty() && packet[0] >> 4 == 6;
  const std::size_t length = ipv6 ? 16 : 4, source = ipv6 ? 8 : 12;
  for (const std::size_t offset : {source, source + length}) {
    const auto found = settings.one_way_of.find(address_at(packet, offset, length));
    if (found != settings.one_way_of.end()) return found->second;
  }
  return settings.one_way;
}

class Relay {
 public:
  Relay(std::array<int, 2> devices, Settings settings) : devices_(devices), settings_(std::move(settings)) {}

  [[noreturn]] void run() {
    std::array<pollfd, 2> ready{{{devices_[0], POLLIN, 0}, {devices_[1], POLLIN, 0}}};
    for (;;) {
      const timespec wait = until_next();
      check("ppoll", ppoll(ready.data(), ready.size(), waiting_.empty() ? nullptr : &wait, nullptr));
      for (int from : {0, 1}) {
        if (ready[static_cast<std::size_t>(from)].revents) take_all(from);
      }
      send_due();
    }
  }

 private:
  timespec until_next() const {
    if (waiting_.empty()) return {};
    const auto left = std::max(waiting_.top().due - Clock::now(), Clock::duration::zero());
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
    return {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
  }

  void take_all(int from) {
    std::array<unsigned char, 65536> buffer;
    for (;;) {
      const ssize_t size = read(devices_[static_cast<std::size_t>(from)], buffer.data(), buffer.size());
      if (size <= 0) return;
      if (settings_.loss > 0 && chance_(random_) < settings_.loss) continue;
      std::vector<unsigned char> bytes(buffer.begin(), buffer.begin() + size);
      const auto due = Clock::now() + delay_of(bytes, settings_);
      waiting_.push(Packet{due, number_++, 1 - from, std::move(bytes)});
    }
  }

  void send_due() {
    while (!waiting_.empty() && waiting_.top().due <= Clock::now()) {
      const Packet& packet = waiting_.top();
      // A full queue loses the packet, as a link would.
      [[maybe_unused]] const ssize_t sent =
          write(devices_[static_cast<std::size_t>(packet.to)], packet.bytes.data(), packet.bytes.size());
      waiting_.pop();
    }
  }

  std::array<int, 2> devices_;
  Settings settings_;
  std::priority_queue<Packet, std::vector<Packet>, std::greater<>> waiting_;
  std::uint64_t number_ = 0;
  std::mt19937 random_{1};
  std::uniform_real_distribution<double> chance_{0, 1};
};

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 3) throw std::runtime_error("usage: lab-relay DEVICE DEVICE [--rtt-ms=N] …");
    Settings settings;
    for (int i = 3; i < argc; ++i) read_option(argv[i], settings);
    const std::array<int, 2> devices{open_tun(argv[1]), open_tun(argv[2])};
    check("prctl", prctl(PR_SET_TIMERSLACK, 1UL));
    std::puts("ready");
    std::fflush(stdout);
    Relay(devices, std::move(settings)).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lab-relay: %s\n", error.what());
    return 1;
  }
}
