// The sinks on this machine: stdout and a file.
#include "agent/base/log.h"
#include "agent/base/write.h"
#include "agent/delivery/console.h"
#include "agent/delivery/sinks.h"

namespace vpcprobe {
namespace {

/// A report as a stream gets it. Metrics want every round, once.
bool is_wanted(Format format, Occasion occasion) {
  return format == Format::emf ? occasion != Occasion::again : occasion != Occasion::untold;
}

/// The one stdout, however many sinks write to it.
struct Outlet {
  bool cut = false;         ///< a reader that was too slow has got a part of a line
  Sink::Deadline closed{};  ///< the deadline of the reports it has last taken nothing of

  void write(const std::string& text, Sink::Deadline until) {
    // All sinks are given a report with the same deadline: one wait for a reader that sleeps is enough.
    if (until == closed) return;
    // What was cut must not run into this line.
    cut = !write_to_stdout(cut ? "\n" + text : text, until);
    if (cut) closed = until;
  }
};

Outlet& outlet() {
  static Outlet the_one;
  return the_one;
}

class Stdout : public Sink {
 public:
  Stdout(const SinkChoice& choice, const Surroundings& around)
      : format_(format_of(around.options, choice.format)), style_(style_of(around, is_terminal())) {}

  void take(const Report& report, Occasion occasion, Deadline until) override {
    if (is_wanted(format_, occasion)) outlet().write(renderer_of(format_).render(report, style_), until);
  }

 private:
  static Format format_of(const Options& options, Format asked) {
    if (asked != Format::automatic) return asked;
    if (options.format != Format::automatic) return options.format;
    return is_terminal() ? Format::text : Format::json;
  }

  Format format_;
  Style style_;
};

class File : public Sink {
 public:
  File(const SinkChoice& choice, const Surroundings& around)
      : name_(choice.text),
        path_(choice.path),
        format_(around.options.format == Format::automatic ? Format::json : around.options.format),
        style_(style_of(around, false)) {}

  void take(const Report& report, Occasion occasion, Deadline until) override {
    if (!is_wanted(format_, occasion)) return;
    problem_ = write_file(path_, renderer_of(format_).render(report, style_), until);
    if (problem_.empty()) return;
    ++lost_;
    log(LogLevel::error, "no report written: " + problem_);
  }

  std::optional<SinkNote> note() const override {
    if (problem_.empty()) return std::nullopt;
    return SinkNote{name_, 0, lost_, problem_};
  }

 private:
  std::string name_;
  std::string path_;
  Format format_;
  Style style_;
  std::string problem_;
  std::int64_t lost_ = 0;
};

}  // namespace

std::unique_ptr<Sink> open_stdout(const SinkChoice& choice, const Surroundings& around) {
  return std::make_unique<Stdout>(choice, around);
}

std::unique_ptr<Sink> open_file(const SinkChoice& choice, const Surroundings& around) {
  return std::make_unique<File>(choice, around);
}

}  // namespace vpcprobe
