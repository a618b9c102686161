#include "gemm.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "library_abi.h"

namespace softgpu {
namespace {

// A tile of c in registers: 32 rows by 6 columns. Panels of a and b are packed as the tile reads
// them, ROWS or COLUMNS elements for each k, with zeros beyond the edge.
typedef float Vector __attribute__((vector_size(64)));
constexpr int LANES = 16, VECTORS = 2, ROWS = LANES * VECTORS, COLUMNS = 6;
constexpr int64_t PANELS_PER_TASK = 4;

float bitsToFloat(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

uint32_t floatToBits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

float fromF16(uint16_t bits) {
  _Float16 x;
  memcpy(&x, &bits, sizeof x);
  return float(x);
}

uint16_t toF16(float x) {
  auto y = _Float16(x);
  uint16_t bits;
  memcpy(&bits, &y, sizeof bits);
  return bits;
}

float fromBf16(uint16_t bits) { return bitsToFloat(uint32_t(bits) << 16); }

uint16_t toBf16(float x) {
  uint32_t bits = floatToBits(x);
  if (x != x) return 0x7fff;
  return uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

float round(float x, Rounding rounding) {
  switch (rounding) {
    case Rounding::NONE: return x;
    case Rounding::TF32: return bitsToFloat((floatToBits(x) + 0x1000) & ~0x1fffu);
    case Rounding::F16: return fromF16(toF16(x));
    default: return fromBf16(toBf16(x));
  }
}

float load(const void* data, Type type, int64_t index, Rounding rounding) {
  switch (type) {
    case Type::F32: return round(static_cast<const float*>(data)[index], rounding);
    case Type::F16: return fromF16(static_cast<const uint16_t*>(data)[index]);
    default: return fromBf16(static_cast<const uint16_t*>(data)[index]);
  }
}

void store(void* data, Type type, int64_t index, float value) {
  switch (type) {
    case Type::F32: static_cast<float*>(data)[index] = value; break;
    case Type::F16: static_cast<uint16_t*>(data)[index] = toF16(value); break;
    default: static_cast<uint16_t*>(data)[index] = toBf16(value);
  }
}

int64_t panels(int64_t length, int width) { return (length + width - 1) / width; }

// Panels of WIDTH elements of a dimension of so many; strideLong walks that dimension.
template <int WIDTH>
void pack(const Matrix& from, int64_t length, int64_t k, int64_t strideLong, int64_t strideK,
          Rounding rounding, float* to) {
  softgpuParallel(panels(length, WIDTH), [&](uint64_t panel) {
    float* out = to + int64_t(panel) * WIDTH * k;
    int64_t first = int64_t(panel) * WIDTH;
    int width = int(std::min<int64_t>(WIDTH, length - first));
    memset(out, 0, sizeof(float) * WIDTH * k);
    // The loop over neighbours in memory is the inner one.
    if (strideK == 1) {
      for (int i = 0; i < width; i++) {
        for (int64_t l = 0; l < k; l++) {
          out[l * WIDTH + i] =
              load(from.data, from.type, (first + i) * strideLong + l, rounding);
        }
      }
    } else {
      for (int64_t l = 0; l < k; l++) {
        for (int i = 0; i < width; i++) {
          out[l * WIDTH + i] =
              load(from.data, from.type, (first + i) * strideLong + l * strideK, rounding);
        }
      }
    }
  });
}

void tile(const Product& p, const float* a, const float* b, int64_t row, int64_t column) {
  Vector sums[COLUMNS][VECTORS] = {};
  for (int64_t l = 0; l < p.k; l++, a += ROWS, b += COLUMNS) {
    Vector left[VECTORS];
    memcpy(left, a, sizeof left);
    for (int j = 0; j < COLUMNS; j++) {
      for (int v = 0; v < VECTORS; v++) sums[j][v] += left[v] * b[j];
    }
  }
  int64_t rows = std::min<int64_t>(ROWS, p.m - row);
  int64_t columns = std::min<int64_t>(COLUMNS, p.n - column);
  for (int64_t j = 0; j < columns; j++) {
    for (int64_t i = 0; i < rows; i++) {
      int64_t at = (column + j) * p.cLeading + row + i;
      float value = p.alpha * sums[j][i / LANES][i % LANES];
      if (p.beta != 0) value += p.beta * load(p.c, p.cType, at, Rounding::NONE);
      store(p.c, p.cType, at, value);
    }
  }
}

}  // namespace

float read(const void* data, Type type, int64_t index) {
  return load(data, type, index, Rounding::NONE);
}

void write(void* data, Type type, int64_t index, float value) { store(data, type, index, value); }

void multiply(const Product& p) {
  if (p.m == 0 || p.n == 0) return;
  int64_t rowPanels = panels(p.m, ROWS), columnPanels = panels(p.n, COLUMNS);
  auto left = std::make_unique<float[]>(rowPanels * ROWS * p.k);
  auto right = std::make_unique<float[]>(columnPanels * COLUMNS * p.k);
  int64_t aRow = p.a.transposed ? p.a.leading : 1, aK = p.a.transposed ? 1 : p.a.leading;
  int64_t bColumn = p.b.transposed ? 1 : p.b.leading, bK = p.b.transposed ? p.b.leading : 1;
  pack<ROWS>(p.a, p.m, p.k, aRow, aK, p.rounding, left.get());
  pack<COLUMNS>(p.b, p.n, p.k, bColumn, bK, p.rounding, right.get());
  // Tasks: some panels of a, by some of b, so that both stay in a core's cache.
  constexpr int64_t COLUMN_PANELS_PER_TASK = 32;
  int64_t down = panels(rowPanels, PANELS_PER_TASK);
  int64_t across = panels(columnPanels, COLUMN_PANELS_PER_TASK);
  softgpuParallel(down * across, [&](uint64_t task) {
    int64_t firstRow = int64_t(task) % down * PANELS_PER_TASK;
    int64_t firstColumn = int64_t(task) / down * COLUMN_PANELS_PER_TASK;
    int64_t endRow = std::min(rowPanels, firstRow + PANELS_PER_TASK);
    int64_t endColumn = std::min(columnPanels, firstColumn + COLUMN_PANELS_PER_TASK);
    for (int64_t j = firstColumn; j < endColumn; j++) {
      for (int64_t i = firstRow; i < endRow; i++) {
        tile(p, &left[i * ROWS * p.k], &right[j * COLUMNS * p.k], i * ROWS, j * COLUMNS);
      }
    }
  });
}

}  // namespace softgpu
