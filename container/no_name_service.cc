// glibc's name service loads modules at run time, which a static binary cannot: names are asked through
// c-ares alone. OpenSSL and c-ares refer to these functions in code that never runs; defining them here keeps
// glibc's out.
#include <netdb.h>

#include <cerrno>

extern "C" {

int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo** result) noexcept {
  *result = nullptr;
  return EAI_FAIL;
}

void freeaddrinfo(addrinfo*) noexcept {}

int getnameinfo(const sockaddr*, socklen_t, char*, socklen_t, char*, socklen_t, int) noexcept {
  return EAI_FAIL;
}

hostent* gethostbyname(const char*) noexcept { return nullptr; }

servent* getservbyname(const char*, const char*) noexcept { return nullptr; }

int getservbyname_r(const char*, const char*, servent*, char*, size_t, servent** result) noexcept {
  *result = nullptr;
  return ENOENT;
}

int getservbyport_r(int, const char*, servent*, char*, size_t, servent** result) noexcept {
  *result = nullptr;
  return ENOENT;
}
}
