// libstdc++'s locale "C" brings facets for wide characters, money, dates and messages, each twice for two
// ABIs: 300 KB behind every stream. This one has what streams of char use. It stands in for the constructor
// in libstdc++.a, of which the linker takes the first definition it sees (-z muldefs); the wide standard
// streams find no facet and stay mute.
#include <locale>

namespace std {

locale::_Impl::_Impl(size_t refs) noexcept
    : _M_refcount(static_cast<_Atomic_word>(refs)),
      _M_facets(nullptr),
      _M_facets_size(64),
      _M_caches(nullptr),
      _M_names(nullptr) {
  static const facet* facets[64];
  static const facet* caches[64];
  static char name[] = "C";
  static char* names[_S_categories_size] = {name};
  _M_facets = facets;
  _M_caches = caches;
  _M_names = names;

  // Never destroyed: streams may write until the process ends.
  _M_init_facet_unchecked(new std::ctype<char>(nullptr, false, 1));
  _M_init_facet_unchecked(new std::codecvt<char, char, mbstate_t>(1));
  auto* punctuation = new __numpunct_cache<char>(2);
  _M_init_facet_unchecked(new std::numpunct<char>(punctuation, 1));
  _M_init_facet_unchecked(new std::num_get<char>(1));
  _M_init_facet_unchecked(new std::num_put<char>(1));
  _M_caches[numpunct<char>::id._M_id()] = punctuation;
}

}  // namespace std
