#pragma once
// Where reports go: --sink, any number at once. A sink that fails changes no verdict.
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/diagnosis/report.h"
#include "agent/task/surroundings.h"

namespace vpcprobe {

/// Why a sink gets a report, in commands that repeat rounds.
enum class Occasion : std::uint8_t {
  told,    ///< a round that is reported
  untold,  ///< a round that --report leaves out: for metrics only
  again    ///< a round that a sink was given before: now it is the last one
};

/// One place that reports go to.
class Sink {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  Sink() = default;
  virtual ~Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  /// Takes a report, within `until`. What fails is logged and comes back as the note.
  virtual void take(const Report& report, Occasion occasion, Deadline until) = 0;
  /// What the next report must say of this sink; nothing while all is well.
  virtual std::optional<SinkNote> note() const { return std::nullopt; }
  /// Gives up what was not delivered: reports as lines of JSON.
  virtual std::string take_back() { return {}; }
};

/// A kind of sink. One row each; a new one is a row and a file.
struct SinkKind {
  std::string_view name;  ///< before the first colon of --sink
  std::string_view form;  ///< how --help writes it
  std::string_view help;
  bool sends;  ///< over the network: it comes last and gets a part of the deadline
  /// Reads what follows the colon. Returns what is wrong with it, or nothing.
  std::string (*read)(SinkChoice& choice, std::string_view argument);
  std::unique_ptr<Sink> (*open)(const SinkChoice& choice, const Surroundings& around);
};
std::span<const SinkKind> sink_kinds();

/// Reads one value of --sink into the options. Returns what is wrong with it, or nothing.
std::string read_sink(Options& options, std::string_view value);

/// All that the options name: every --sink and --output; stdout where they name none. Keeps a reference to
/// `around`, as each sink does.
class Sinks {
 public:
  explicit Sinks(const Surroundings& around);
  /// Writes the reports that could not be sent to stdout, unless all reports went there anyway.
  ~Sinks();
  Sinks(const Sinks&) = delete;
  Sinks& operator=(const Sinks&) = delete;

  /// The part of a round's deadline for probing: sending takes at most a fifth of it, and at most 2 s.
  std::chrono::milliseconds for_probing(std::chrono::milliseconds deadline) const;

  /// Gives the report to every sink, first telling it what became of those before it. `until` ends the
  /// sending and, unless a reader reads, the writing; after a signal 300 ms do.
  void take(Report& report, Occasion occasion, Sink::Deadline until);

 private:
  void give_back();

  const Surroundings& around_;
  std::vector<std::unique_ptr<Sink>> sinks_;
  Sink::Deadline until_{};  ///< of the last report
  bool sends_ = false;
  bool has_stdout_ = false;
};

std::unique_ptr<Sink> open_stdout(const SinkChoice& choice, const Surroundings& around);
std::unique_ptr<Sink> open_file(const SinkChoice& choice, const Surroundings& around);
std::unique_ptr<Sink> open_metrics_page(const SinkChoice& choice, const Surroundings& around);
std::unique_ptr<Sink> open_cloudwatch_logs(const SinkChoice& choice, const Surroundings& around);

}  // namespace vpcprobe
