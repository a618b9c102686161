// The image is compiled with -fsanitize=alignment,bounds; these take the place of libubsan, whose
// calls and data layout they follow, and end the kernel instead of the process.
#include "block.h"
#include "codes.h"

using namespace softgpu;

namespace {

struct Location {
  const char* file;
  unsigned line, column;
};

struct TypeName {
  unsigned short kind, info;
  char name[1];
};

struct Mismatch {
  Location at;
  const TypeName* type;
  unsigned char logAlignment, kind;
};

struct OutOfBounds {
  Location at;
  const TypeName *array, *index;
};

std::string describe(const Location& at) {
  return format("%s:%u:%u", fileName(at.file), at.line, at.column);
}

}  // namespace

extern "C" {

__attribute__((visibility("default"))) void __ubsan_handle_type_mismatch_v1_abort(
    const Mismatch* what, uintptr_t address) {
  size_t alignment = size_t(1) << what->logAlignment;
  BlockRunner::current()->fail(
      MISALIGNED_ADDRESS,
      format("%s: address 0x%zx of %s is no multiple of %zu", describe(what->at).c_str(),
             size_t(address), what->type->name, alignment));
}

__attribute__((visibility("default"))) void __ubsan_handle_out_of_bounds_abort(
    const OutOfBounds* what, uintptr_t index) {
  BlockRunner::current()->fail(ILLEGAL_ADDRESS,
                               format("%s: index %zd lies outside of %s",
                                      describe(what->at).c_str(), ssize_t(index),
                                      what->array->name));
}

}
