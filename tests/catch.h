#pragma once
// Catch2's one include: version 3 on Debian 13, version 2 on Debian 12.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
