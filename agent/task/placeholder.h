#pragma once
// Values that a template leaves to whoever fills it. Templates of many kinds write them in many notations;
// here they all become `${NAME}`, with letters, digits, `.`, `_`, `/` and `-` in the name.
#include <functional>
#include <string>
#include <string_view>

namespace vpcprobe {

/// A file's text with the actions of Go templates and their likes replaced, before JSON or YAML is parsed:
/// "{{ must_env `X` }}" becomes `${X}`, "{{ env `X` `default` }}" the default; `{{ if … }}` and other control
/// actions and Jinja's `{% … %}` go away. A placeholder outside a JSON string gets quotes. Source:
/// ecspresso's documentation.
std::string fill_template_actions(std::string_view text);

/// A value with every notation as `${NAME}`: `$(NAME)`, `$NAME`, `<NAME>`, `#{NAME}`. `${NAME:-default}`
/// becomes the default.
std::string open_value(std::string_view value);

/// The placeholder of this name.
std::string placeholder(std::string_view name);

/// Whether a part of the value is not known.
bool is_open(std::string_view value);

/// `value` with each placeholder replaced by what `fill(NAME)` gives; an empty answer leaves it.
std::string fill_placeholders(std::string_view value,
                              const std::function<std::string(std::string_view)>& fill);

}  // namespace vpcprobe
