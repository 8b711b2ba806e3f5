#pragma once
// HTML pages of their own: nothing is loaded, nothing is run.
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "agent/base/printable.h"

namespace vpcprobe {

/// How a state is shown.
struct Look {
  const char* name;  ///< CSS class
  const char* mark;
  const char* words;  ///< for who cannot see the colour
};

template <typename Enum, std::size_t N>
const Look& look_of(const std::array<Look, N>& looks, Enum value) {
  return looks.at(static_cast<std::size_t>(value));
}

/// Builds the page; what is foreign comes in by `text` or `attribute` only.
class Html {
 public:
  Html& raw(std::string_view markup) {
    out_ += markup;
    return *this;
  }
  Html& text(std::string_view foreign) {
    for (const char c : printable(foreign, true)) {
      switch (c) {
        case '&':
          out_ += "&amp;";
          break;
        case '<':
          out_ += "&lt;";
          break;
        case '>':
          out_ += "&gt;";
          break;
        case '"':
          out_ += "&quot;";
          break;
        case '\'':
          out_ += "&#39;";
          break;
        default:
          out_ += c;
      }
    }
    return *this;
  }
  Html& element(std::string_view tag, std::string_view foreign) {
    return raw("<").raw(tag).raw(">").text(foreign).raw("</").raw(tag.substr(0, tag.find(' '))).raw(">");
  }
  Html& mark(const Look& look) {
    return raw("<span class=\"mark ")
        .raw(look.name)
        .raw("\" aria-hidden=\"true\">")
        .raw(look.mark)
        .raw("</span>");
  }
  std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

/// Everything before the page's content: a policy that forbids scripts and all from outside, and the style.
/// `style`: CSS of this page only.
void begin_page(Html& html, std::string_view title, std::string_view style = {});
/// Everything behind it.
void end_page(Html& html, std::string_view version);

}  // namespace vpcprobe
