#pragma once
// Approved outputs: tests/golden/NAME holds what a renderer must produce, byte for byte.
#include <string>

/// Fails unless `actual` equals tests/golden/`name`. With UPDATE_GOLDEN=1 in the environment the file is
/// written instead: look at the difference before it is committed.
void check_golden(const std::string& name, const std::string& actual);

/// The path of a file of this source tree, from its path below the top.
std::string in_tree(const std::string& path);
std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& content);
bool update_golden();
