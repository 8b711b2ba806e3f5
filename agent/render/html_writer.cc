#include "agent/render/html_writer.h"

#include "agent/render/html_style.h"

namespace vpcprobe {

void begin_page(Html& html, std::string_view title, std::string_view style) {
  html.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
      .raw(
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
          "'unsafe-inline'; img-src data:\">")
      .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
      .raw(
          "<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" "
          "href=\"data:,\"><title>vpc-probe: ");
  html.text(title).raw("</title><style>").raw(kHtmlStyle).raw(style).raw("</style></head><body><main>");
}

void end_page(Html& html, std::string_view version) {
  html.raw("</main><footer>vpc-probe ").text(version).raw("</footer></body></html>\n");
}

}  // namespace vpcprobe
