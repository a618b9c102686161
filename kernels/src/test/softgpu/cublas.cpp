// A stand-in for libcublas.so.12: the calls that matrix products need, as work on a stream.
#include <algorithm>
#include <cstring>
#include <string>

#include "gemm.h"
#include "library_abi.h"

using namespace softgpu;

namespace {

constexpr int SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13,
              NOT_SUPPORTED = 15;
constexpr int VERSION = 120600;

struct Handle {
  void* stream = nullptr;
  int mathMode = 0;
  int pointerMode = 0;
};

enum Compute { F32 = 68, F32_PEDANTIC = 69, FAST_F16 = 74, FAST_BF16 = 75, FAST_TF32 = 77 };
enum MathMode { DEFAULT_MATH = 0, PEDANTIC_MATH = 2, TF32_MATH = 3 };
enum PointerMode { HOST = 0, DEVICE = 1 };

int refuse(const char* name, int status, const std::string& why) {
  softgpuReport((std::string(name) + ": " + why).c_str());
  return status;
}

struct Operand {
  const void* data;
  int type;
  int transposed;
  int64_t leading;
  int64_t stride;  // elements from one matrix of the batch to the next
};

struct Call {
  const char* name;
  int64_t m, n, k;
  const void *alpha, *beta;
  Operand a, b, c;
  int64_t batch;
  int compute;
};

bool knownType(int type) {
  return type == int(Type::F32) || type == int(Type::F16) || type == int(Type::BF16);
}

bool rounding(const Handle& handle, int compute, Rounding* found) {
  switch (compute) {
    case F32: *found = handle.mathMode == TF32_MATH ? Rounding::TF32 : Rounding::NONE; return true;
    case F32_PEDANTIC: *found = Rounding::NONE; return true;
    case FAST_TF32: *found = Rounding::TF32; return true;
    case FAST_F16: *found = Rounding::F16; return true;
    case FAST_BF16: *found = Rounding::BF16; return true;
    default: return false;
  }
}

// Elements from the first to the last of a column-major matrix.
int64_t extent(int64_t rows, int64_t columns, int64_t leading) {
  return rows == 0 || columns == 0 ? 0 : (columns - 1) * leading + rows;
}

std::string checkOperand(const Operand& operand, int64_t rows, int64_t columns, int64_t batch,
                         const char* what) {
  int64_t elements = extent(rows, columns, operand.leading);
  if (elements == 0) return "";
  elements += (batch - 1) * operand.stride;
  std::string wrong;
  softgpuCheckRange(operand.data, uint64_t(elements * bytesOf(Type(operand.type))), &wrong);
  return wrong.empty() ? "" : std::string("needs for ") + what + " " + wrong;
}

Fault run(const Call& call, Rounding rounding) {
  constexpr int ILLEGAL_ADDRESS = 700;
  int64_t aRows = call.a.transposed ? call.k : call.m, aColumns = call.m + call.k - aRows;
  int64_t bRows = call.b.transposed ? call.n : call.k, bColumns = call.k + call.n - bRows;
  std::string wrong = checkOperand(call.a, aRows, aColumns, call.batch, "A");
  if (wrong.empty()) wrong = checkOperand(call.b, bRows, bColumns, call.batch, "B");
  if (wrong.empty()) wrong = checkOperand(call.c, call.m, call.n, call.batch, "C");
  if (!wrong.empty()) return {ILLEGAL_ADDRESS, std::string(call.name) + " " + wrong};
  auto at = [](const Operand& operand, int64_t i) {
    return static_cast<const char*>(operand.data) +
           i * operand.stride * bytesOf(Type(operand.type));
  };
  float alpha, beta;
  memcpy(&alpha, call.alpha, sizeof alpha);
  memcpy(&beta, call.beta, sizeof beta);
  for (int64_t i = 0; i < call.batch; i++) {
    multiply({call.m, call.n, call.k, alpha, beta,
              {at(call.a, i), Type(call.a.type), call.a.transposed != 0, call.a.leading},
              {at(call.b, i), Type(call.b.type), call.b.transposed != 0, call.b.leading},
              const_cast<char*>(at(call.c, i)), Type(call.c.type), call.c.leading, rounding});
  }
  return {};
}

int gemm(Handle* handle, Call call) {
  if (!handle) return NOT_INITIALIZED;
  if (call.m < 0 || call.n < 0 || call.k < 0 || call.batch < 0) {
    return refuse(call.name, INVALID_VALUE, "a negative size");
  }
  auto atLeast = [](int64_t leading, int64_t rows) {
    return leading >= std::max<int64_t>(1, rows);
  };
  bool fits = atLeast(call.a.leading, call.a.transposed ? call.k : call.m) &&
              atLeast(call.b.leading, call.b.transposed ? call.n : call.k) &&
              atLeast(call.c.leading, call.m);
  if (!fits) return refuse(call.name, INVALID_VALUE, "a leading dimension below its rows");
  if (!call.alpha || !call.beta) return refuse(call.name, INVALID_VALUE, "no alpha or beta");
  Rounding mode;
  bool mixed = call.a.type != call.b.type ||
               (call.c.type != call.a.type && call.c.type != int(Type::F32));
  if (!rounding(*handle, call.compute, &mode) || !knownType(call.a.type) ||
      !knownType(call.c.type) || mixed) {
    return refuse(call.name, NOT_SUPPORTED,
                  format("types %d x %d -> %d, compute type %d", call.a.type, call.b.type,
                         call.c.type, call.compute));
  }
  if (call.m == 0 || call.n == 0 || call.batch == 0) return SUCCESS;
  int result;
  if (handle->pointerMode == HOST) {
    float alpha, beta;
    memcpy(&alpha, call.alpha, sizeof alpha);
    memcpy(&beta, call.beta, sizeof beta);
    result = softgpuSubmit(handle->stream, [call, alpha, beta, mode] {
      Call now = call;
      now.alpha = &alpha;
      now.beta = &beta;
      return run(now, mode);
    });
  } else {
    result = softgpuSubmit(handle->stream, [call, mode] { return run(call, mode); });
  }
  return result ? EXECUTION_FAILED : SUCCESS;
}

}  // namespace

#define API extern "C" __attribute__((visibility("default"))) int

API cublasCreate_v2(Handle** handle) {
  *handle = new Handle;
  return SUCCESS;
}

API cublasDestroy_v2(Handle* handle) {
  delete handle;
  return SUCCESS;
}

API cublasGetVersion_v2(Handle*, int* version) {
  *version = VERSION;
  return SUCCESS;
}

API cublasGetProperty(int part, int* value) {
  if (part < 0 || part > 2) return refuse("cublasGetProperty", INVALID_VALUE, "no such part");
  const int parts[] = {VERSION / 10000, VERSION / 100 % 100, VERSION % 100};
  *value = parts[part];
  return SUCCESS;
}

API cublasSetStream_v2(Handle* handle, void* stream) {
  handle->stream = stream;
  return SUCCESS;
}

API cublasGetStream_v2(Handle* handle, void** stream) {
  *stream = handle->stream;
  return SUCCESS;
}

API cublasSetMathMode(Handle* handle, int mode) {
  handle->mathMode = mode & 0xf;  // above are flags for reductions in lower precision
  return SUCCESS;
}

API cublasGetMathMode(Handle* handle, int* mode) {
  *mode = handle->mathMode;
  return SUCCESS;
}

API cublasSetPointerMode_v2(Handle* handle, int mode) {
  handle->pointerMode = mode;
  return SUCCESS;
}

API cublasGetPointerMode_v2(Handle* handle, int* mode) {
  *mode = handle->pointerMode;
  return SUCCESS;
}

API cublasSetAtomicsMode(Handle*, int) { return SUCCESS; }

API cublasSetWorkspace_v2(Handle*, void*, size_t) { return SUCCESS; }

extern "C" __attribute__((visibility("default"))) const char* cublasGetStatusString(int status) {
  switch (status) {
    case SUCCESS: return "the cuBLAS library call succeeded";
    case NOT_INITIALIZED: return "the cuBLAS library was not initialized";
    case INVALID_VALUE: return "an unsupported value or parameter was passed";
    case EXECUTION_FAILED: return "the GPU program failed to execute";
    case NOT_SUPPORTED: return "the functionality requested is not supported";
    default: return "an unknown error";
  }
}

API cublasGemmStridedBatchedEx(Handle* handle, int transposeA, int transposeB, int m, int n, int k,
                               const void* alpha, const void* a, int typeA, int leadingA,
                               long long strideA, const void* b, int typeB, int leadingB,
                               long long strideB, const void* beta, void* c, int typeC,
                               int leadingC, long long strideC, int batch, int compute, int) {
  return gemm(handle, {"cublasGemmStridedBatchedEx", m, n, k, alpha, beta,
                       {a, typeA, transposeA, leadingA, strideA},
                       {b, typeB, transposeB, leadingB, strideB},
                       {c, typeC, 0, leadingC, strideC}, batch, compute});
}

API cublasGemmEx(Handle* handle, int transposeA, int transposeB, int m, int n, int k,
                 const void* alpha, const void* a, int typeA, int leadingA, const void* b,
                 int typeB, int leadingB, const void* beta, void* c, int typeC, int leadingC,
                 int compute, int) {
  return gemm(handle, {"cublasGemmEx", m, n, k, alpha, beta,
                       {a, typeA, transposeA, leadingA, 0}, {b, typeB, transposeB, leadingB, 0},
                       {c, typeC, 0, leadingC, 0}, 1, compute});
}

API cublasSgemm_v2(Handle* handle, int transposeA, int transposeB, int m, int n, int k,
                   const float* alpha, const float* a, int leadingA, const float* b, int leadingB,
                   const float* beta, float* c, int leadingC) {
  return gemm(handle, {"cublasSgemm", m, n, k, alpha, beta, {a, 0, transposeA, leadingA, 0},
                       {b, 0, transposeB, leadingB, 0}, {c, 0, 0, leadingC, 0}, 1, F32});
}

API cublasSgemmStridedBatched(Handle* handle, int transposeA, int transposeB, int m, int n, int k,
                              const float* alpha, const float* a, int leadingA, long long strideA,
                              const float* b, int leadingB, long long strideB, const float* beta,
                              float* c, int leadingC, long long strideC, int batch) {
  return gemm(handle, {"cublasSgemmStridedBatched", m, n, k, alpha, beta,
                       {a, 0, transposeA, leadingA, strideA}, {b, 0, transposeB, leadingB, strideB},
                       {c, 0, 0, leadingC, strideC}, batch, F32});
}

extern "C" int softgpuCublasUnsupported(const char* name) {
  return refuse(name, NOT_SUPPORTED, "not part of the software GPU");
}
