// What a kernel or a caller did wrong: a CUDA error code and a sentence about it.
#pragma once
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string>

namespace softgpu {

struct Fault {
  int code = 0;
  std::string text;
  explicit operator bool() const { return code != 0; }
};

// Prints the sentence on stderr, keeps it for softgpuLastReport, and returns the code.
int report(const Fault& fault);

std::string lastReport();

// Turns SIGSEGV, SIGBUS and SIGFPE of a kernel into faults; all others go to the handlers that were
// there before, which in a JVM are the JVM's.
void installSignalHandlers();

__attribute__((format(printf, 1, 2))) inline std::string format(const char* pattern, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, pattern);
  vsnprintf(text, sizeof text, pattern, arguments);
  va_end(arguments);
  return text;
}

inline const char* fileName(const char* path) {
  const char* slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

}  // namespace softgpu
