// A stand-in for libcublasLt.so.12: products with the epilogues that the backend asks for, as work
// on a stream. It is strict where the library would go astray: an attribute of another size, an
// algorithm made for another product, memory less aligned than was said, a workspace too small.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "gemm.h"
#include "library_abi.h"

using namespace softgpu;

namespace {

constexpr int SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13,
              NOT_SUPPORTED = 15;
constexpr int COMPUTE_F32 = 68, COMPUTE_FAST_TF32 = 77;
constexpr uint64_t VERSION = 120600, WORKSPACE = 1 << 16;

enum Epilogue : uint32_t {
  NONE = 1,
  BIAS = 4,
  GELU_BIAS = 36,
  GELU_AUX_BIAS = 164,
  GELU_BACKWARD = 208,
  SUM_A = 256,
  SUM_B = 512
};

struct Layout {
  int type;
  uint64_t rows, columns;
  int64_t leading;
  int32_t batch = 1;
  int64_t stride = 0;
};

struct Operation {
  Rounding rounding;  // of the operands
  int32_t transposeA = 0, transposeB = 0;
  uint32_t epilogue = NONE;
  void *bias = nullptr, *aux = nullptr;
  int64_t auxLeading = 0;
};

struct Preference {
  uint64_t workspace = 0;
  uint32_t reductions = 7;
  uint32_t alignments[4] = {256, 256, 256, 256};  // of A, B, C and D
};

struct Algorithm {
  uint64_t problem;
  uint32_t alignments[4];
  uint64_t unused[5];
};
static_assert(sizeof(Algorithm) == 64);

struct Choice {
  Algorithm algorithm;
  size_t workspace;
  int state;
  float waves;
  int reserved[4];
};

struct Handle {};

struct Call {
  Operation operation;
  Layout a, b, c;
  const void *dataA, *dataB;
  void* dataC;
  float alpha, beta;
  int64_t m() const { return int64_t(c.rows); }
  int64_t n() const { return int64_t(c.columns); }
  int64_t k() const { return int64_t(operation.transposeA ? a.rows : a.columns); }
};

int refuse(const char* name, int status, const std::string& why) {
  softgpuReport((std::string(name) + ": " + why).c_str());
  return status;
}

bool knownType(int type) {
  return type == int(Type::F32) || type == int(Type::F16) || type == int(Type::BF16);
}

bool knownEpilogue(uint32_t e) {
  return e == NONE || e == BIAS || e == GELU_BIAS || e == GELU_AUX_BIAS || e == GELU_BACKWARD ||
         e == SUM_A || e == SUM_B;
}

bool hasAux(uint32_t epilogue) { return epilogue == GELU_AUX_BIAS || epilogue == GELU_BACKWARD; }

// What an algorithm is made for, as a number.
uint64_t problemOf(const Operation& operation, const Layout& a, const Layout& b, const Layout& c) {
  uint64_t hash = 14695981039346656037u;
  auto mix = [&](uint64_t value) { hash = (hash ^ value) * 1099511628211u; };
  mix(uint64_t(operation.transposeA));
  mix(uint64_t(operation.transposeB));
  mix(operation.epilogue);
  mix(uint64_t(operation.auxLeading));
  for (const Layout* layout : {&a, &b, &c}) {
    mix(uint64_t(layout->type));
    mix(layout->rows);
    mix(layout->columns);
    mix(uint64_t(layout->leading));
    mix(uint64_t(layout->batch));
    mix(uint64_t(layout->stride));
  }
  return hash;
}

// Empty, or why the description makes no sense.
std::string inspect(const Operation& operation, const Layout& a, const Layout& b, const Layout& c) {
  uint64_t m = operation.transposeA ? a.columns : a.rows, kA = a.rows + a.columns - m;
  uint64_t n = operation.transposeB ? b.rows : b.columns, kB = b.rows + b.columns - n;
  if (m != c.rows || n != c.columns || kA != kB) {
    return format("op(A) %zu x %zu, op(B) %zu x %zu and C %zu x %zu do not fit", size_t(m),
                  size_t(kA), size_t(kB), size_t(n), size_t(c.rows), size_t(c.columns));
  }
  for (const Layout* layout : {&a, &b, &c}) {
    if (layout->leading < int64_t(layout->rows)) return "a leading dimension below its rows";
    if (layout->batch != c.batch) return "layouts of different batches";
    if (!knownType(layout->type)) return format("type %d", layout->type);
  }
  if (a.type != b.type || (c.type != a.type && c.type != int(Type::F32))) {
    return format("types %d x %d -> %d", a.type, b.type, c.type);
  }
  if (!knownEpilogue(operation.epilogue)) return format("epilogue %u", operation.epilogue);
  return "";
}

constexpr float GELU_SCALE = 0.7978845608028654f, GELU_CUBE = 0.044715f;

float gelu(float x) { return 0.5f * x * (1 + std::tanh(GELU_SCALE * (x + GELU_CUBE * x * x * x))); }

float geluSlope(float x) {
  float t = std::tanh(GELU_SCALE * (x + GELU_CUBE * x * x * x));
  return 0.5f * (1 + t) + 0.5f * x * (1 - t * t) * GELU_SCALE * (1 + 3 * GELU_CUBE * x * x);
}

std::string touch(const char* what, const void* data, int64_t elements, Type type) {
  std::string wrong;
  softgpuCheckRange(data, uint64_t(elements * bytesOf(type)), &wrong);
  return wrong.empty() ? "" : std::string("needs for ") + what + " " + wrong;
}

std::string touch(const char* what, const void* data, const Layout& layout) {
  int64_t last = (int64_t(layout.columns) - 1) * layout.leading + int64_t(layout.rows);
  return touch(what, data, last + (layout.batch - 1) * layout.stride, Type(layout.type));
}

const void* at(const void* data, const Layout& layout, int64_t i) {
  return static_cast<const char*>(data) + i * layout.stride * bytesOf(Type(layout.type));
}

// The product is made in floats, finished, and rounded once on its way into C.
void compute(const Call& call, int64_t product) {
  Type from = Type(call.a.type), type = Type(call.c.type);  // bias and aux are C's
  const Operation& op = call.operation;
  int64_t m = call.m(), n = call.n(), k = call.k();
  const void *a = at(call.dataA, call.a, product), *b = at(call.dataB, call.b, product);
  void* c = const_cast<void*>(at(call.dataC, call.c, product));
  std::vector<float> sums(size_t(m * n));
  multiply({m, n, k, call.alpha, 0, {a, from, op.transposeA != 0, call.a.leading},
            {b, from, op.transposeB != 0, call.b.leading}, sums.data(), Type::F32, m,
            op.rounding});
  std::vector<float> biasGradient(size_t(op.epilogue == SUM_B ? n : m));
  for (int64_t j = 0; j < n; j++) {
    for (int64_t i = 0; i < m; i++) {
      float x = sums[size_t(j * m + i)];
      if (call.beta != 0) x += call.beta * read(c, type, j * call.c.leading + i);
      if (op.epilogue == BIAS || op.epilogue == GELU_BIAS || op.epilogue == GELU_AUX_BIAS) {
        x += read(op.bias, type, i);
      }
      if (op.epilogue == GELU_AUX_BIAS) write(op.aux, type, j * op.auxLeading + i, x);
      if (op.epilogue == GELU_BIAS || op.epilogue == GELU_AUX_BIAS) x = gelu(x);
      if (op.epilogue == GELU_BACKWARD) {
        x *= geluSlope(read(op.aux, type, j * op.auxLeading + i));
        biasGradient[size_t(i)] += x;
      }
      write(c, type, j * call.c.leading + i, x);
    }
  }
  // A is stored by k where it is transposed, B where it is not.
  auto element = [from](const void* data, const Layout& layout, bool byK, int64_t i, int64_t l) {
    return read(data, from, byK ? i * layout.leading + l : l * layout.leading + i);
  };
  for (int64_t l = 0; l < k; l++) {
    for (int64_t i = 0; op.epilogue == SUM_A && i < m; i++) {
      biasGradient[size_t(i)] += element(a, call.a, op.transposeA, i, l);
    }
    for (int64_t j = 0; op.epilogue == SUM_B && j < n; j++) {
      biasGradient[size_t(j)] += element(b, call.b, !op.transposeB, j, l);
    }
  }
  if (op.epilogue == GELU_BACKWARD || op.epilogue == SUM_A || op.epilogue == SUM_B) {
    for (size_t i = 0; i < biasGradient.size(); i++) {
      write(op.bias, type, int64_t(i), biasGradient[i]);
    }
  }
}

Fault run(const Call& call) {
  constexpr int ILLEGAL_ADDRESS = 700;
  const Operation& op = call.operation;
  Type type = Type(call.c.type);
  std::string wrong = touch("A", call.dataA, call.a);
  if (wrong.empty()) wrong = touch("B", call.dataB, call.b);
  if (wrong.empty()) wrong = touch("C", call.dataC, call.c);
  if (wrong.empty() && op.epilogue != NONE) {
    wrong = touch("the bias", op.bias, op.epilogue == SUM_B ? call.n() : call.m(), type);
  }
  if (wrong.empty() && hasAux(op.epilogue)) {
    wrong = touch("aux", op.aux, (call.n() - 1) * op.auxLeading + call.m(), type);
  }
  if (!wrong.empty()) return {ILLEGAL_ADDRESS, "cublasLtMatmul " + wrong};
  for (int64_t i = 0; i < call.c.batch; i++) compute(call, i);
  return {};
}

template <class T>
int set(const char* name, T* target, const void* value, size_t bytes) {
  if (bytes != sizeof(T)) {
    return refuse(name, INVALID_VALUE,
                  format("an attribute of %zu bytes is given in %zu", sizeof(T), bytes));
  }
  memcpy(target, value, bytes);
  return SUCCESS;
}

int unknown(const char* name, int attribute) {
  return refuse(name, NOT_SUPPORTED,
                format("attribute %d is not part of the software GPU", attribute));
}

}  // namespace

#define API extern "C" __attribute__((visibility("default"))) int

API cublasLtCreate(Handle** handle) {
  *handle = new Handle;
  return SUCCESS;
}

API cublasLtDestroy(Handle* handle) {
  delete handle;
  return SUCCESS;
}

extern "C" __attribute__((visibility("default"))) size_t cublasLtGetVersion() { return VERSION; }

extern "C" __attribute__((visibility("default"))) const char* cublasLtGetStatusString(int status) {
  switch (status) {
    case INVALID_VALUE: return "an unsupported value or parameter was passed";
    case NOT_SUPPORTED: return "the functionality requested is not supported";
    default: return "an unknown error";
  }
}

API cublasLtMatmulDescCreate(Operation** operation, int compute, int scale) {
  bool tf32 = compute == COMPUTE_FAST_TF32;
  if ((compute != COMPUTE_F32 && !tf32) || scale != int(Type::F32)) {
    return refuse("cublasLtMatmulDescCreate", NOT_SUPPORTED, "sums or scales that are not F32");
  }
  *operation = new Operation{tf32 ? Rounding::TF32 : Rounding::NONE};
  return SUCCESS;
}

API cublasLtMatmulDescDestroy(Operation* operation) {
  delete operation;
  return SUCCESS;
}

API cublasLtMatmulDescSetAttribute(Operation* operation, int attribute, const void* value,
                                   size_t bytes) {
  const char* name = "cublasLtMatmulDescSetAttribute";
  switch (attribute) {
    case 3: return set(name, &operation->transposeA, value, bytes);
    case 4: return set(name, &operation->transposeB, value, bytes);
    case 7: return set(name, &operation->epilogue, value, bytes);
    case 8: return set(name, &operation->bias, value, bytes);
    case 11: return set(name, &operation->aux, value, bytes);
    case 12: return set(name, &operation->auxLeading, value, bytes);
    default: return unknown(name, attribute);
  }
}

API cublasLtMatrixLayoutCreate(Layout** layout, int type, uint64_t rows, uint64_t columns,
                               int64_t leading) {
  *layout = new Layout{type, rows, columns, leading};
  return SUCCESS;
}

API cublasLtMatrixLayoutDestroy(Layout* layout) {
  delete layout;
  return SUCCESS;
}

API cublasLtMatrixLayoutSetAttribute(Layout* layout, int attribute, const void* value,
                                     size_t bytes) {
  const char* name = "cublasLtMatrixLayoutSetAttribute";
  switch (attribute) {
    case 5: return set(name, &layout->batch, value, bytes);
    case 6: return set(name, &layout->stride, value, bytes);
    default: return unknown(name, attribute);
  }
}

API cublasLtMatmulPreferenceCreate(Preference** preference) {
  *preference = new Preference;
  return SUCCESS;
}

API cublasLtMatmulPreferenceDestroy(Preference* preference) {
  delete preference;
  return SUCCESS;
}

API cublasLtMatmulPreferenceSetAttribute(Preference* preference, int attribute, const void* value,
                                         size_t bytes) {
  const char* name = "cublasLtMatmulPreferenceSetAttribute";
  if (attribute == 1) return set(name, &preference->workspace, value, bytes);
  if (attribute == 3) return set(name, &preference->reductions, value, bytes);
  if (attribute >= 5 && attribute <= 8) {
    return set(name, &preference->alignments[attribute - 5], value, bytes);
  }
  return unknown(name, attribute);
}

// With SOFTGPU_EPILOGUES=0 there is no algorithm at all, as on a GPU that the library serves badly.
static bool servesNothing() {
  static const char* setting = getenv("SOFTGPU_EPILOGUES");
  return setting && strcmp(setting, "0") == 0;
}

// There is none for bias gradients of batches, so that callers must have another way.
API cublasLtMatmulAlgoGetHeuristic(Handle* handle, Operation* operation, Layout* a, Layout* b,
                                   Layout* c, Layout* d, Preference* preference, int wanted,
                                   Choice* choices, int* found) {
  const char* name = "cublasLtMatmulAlgoGetHeuristic";
  *found = 0;
  if (!handle) return NOT_INITIALIZED;
  if (c != d || wanted < 1) {
    return refuse(name, INVALID_VALUE, "C and D differ, or no algorithm is wanted");
  }
  std::string wrong = inspect(*operation, *a, *b, *c);
  if (!wrong.empty()) return refuse(name, INVALID_VALUE, wrong);
  bool gradient = operation->epilogue >= GELU_BACKWARD;
  if (servesNothing() || preference->workspace < WORKSPACE || (gradient && c->batch > 1) ||
      (hasAux(operation->epilogue) && operation->auxLeading % 8 != 0)) {
    return NOT_SUPPORTED;
  }
  *choices = {};
  choices->algorithm.problem = problemOf(*operation, *a, *b, *c);
  memcpy(choices->algorithm.alignments, preference->alignments, sizeof preference->alignments);
  choices->workspace = WORKSPACE;
  choices->waves = 1;
  *found = 1;
  return SUCCESS;
}

API cublasLtMatmul(Handle* handle, Operation* operation, const void* alpha, const void* dataA,
                   Layout* a, const void* dataB, Layout* b, const void* beta, const void* dataC,
                   Layout* c, void* dataD, Layout* d, const Algorithm* algorithm, void* workspace,
                   size_t workspaceBytes, void* stream) {
  const char* name = "cublasLtMatmul";
  if (!handle) return NOT_INITIALIZED;
  if (!algorithm || algorithm->problem != problemOf(*operation, *a, *b, *c)) {
    return refuse(name, INVALID_VALUE, "the algorithm was made for another product");
  }
  if (dataC != dataD || c != d) return refuse(name, INVALID_VALUE, "C and D differ");
  const void* pointers[] = {dataA, dataB, dataC, dataD};
  for (int i = 0; i < 4; i++) {
    if (uintptr_t(pointers[i]) % algorithm->alignments[i] != 0) {
      return refuse(name, INVALID_VALUE, format("%c is less aligned than was said", "ABCD"[i]));
    }
  }
  std::string wrong;
  softgpuCheckRange(workspace, workspaceBytes, &wrong);
  if (workspaceBytes < WORKSPACE || !wrong.empty()) {
    return refuse(name, INVALID_VALUE, "the workspace is too small or no device memory");
  }
  Call call{*operation, *a, *b, *c, dataA, dataB, dataD, 0, 0};
  memcpy(&call.alpha, alpha, sizeof call.alpha);
  memcpy(&call.beta, beta, sizeof call.beta);
  return softgpuSubmit(stream, [call] { return run(call); }) ? EXECUTION_FAILED : SUCCESS;
}
