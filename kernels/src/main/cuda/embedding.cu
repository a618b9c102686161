// Rows by index.
//
//   gather: y[i] = table[ids[i]], bound by bytes; a row is copied by a warp or a block
//   gatherBackward: dTable[ids[i]] += dY[i], or with weights, which is scatter
//   scatterBackward: dX[i] = weights[i] dY[ids[i]], dWeights[i] = x[i] . dY[ids[i]]
//
// The gradient has no float atomics, whose order changes from run to run. Instead sortIds orders
// the pairs (id, position) by a radix sort that keeps equal ids in the order of their positions.
// gatherBackward then gives each block PIECE neighbours of that order: what of one id lies inside
// the piece is summed in registers and added to the table once; a run of one id that crosses a
// border leaves a share on either side, and gatherBackwardShares adds the shares of each such run
// in order. So every row of dY is read once, one token that fills the batch is summed by many
// blocks, and a row of the table is rounded once.
//
// sortIds is one block: a warp per section of the ids counts its digits, all warps agree on where
// each digit of each section begins, and each warp places its own. It is bound by the latency of
// the ballots, some hundred cycles per 32 ids and pass, beside 3 KB of gradient per id.
//
// Ids and labels are looked through by checkIndices, which leaves the first bad one in an error
// record for the host to read when it next waits; kernels leave out what has no row, so that
// nothing is read or written outside.
#include "rows.cuh"

namespace embedding {

constexpr int SORT_THREADS = 1024;
constexpr int SORT_WARPS = SORT_THREADS / WARP;
constexpr int DIGIT_BITS = 8;
constexpr int DIGITS = 1 << DIGIT_BITS;
// Neighbours in the order of ids that one block sums; CudaEmbedding counts blocks by it.
constexpr int PIECE = 16;

template <class T>
__device__ void gather(const T* table, const int* ids, T* y, int rows, int cols, int tableRows) {
  for (int row = firstRow(); row < rows; row += rowStep()) {
    u32 id = u32(ids[row]);
    if (id < u32(tableRows)) {
      mapRow(table + i64(id) * cols, y + i64(row) * cols, cols, [](int, float v) { return v; });
    }
  }
}

// The lanes whose digit is this lane's, among the valid.
__device__ __forceinline__ u32 lanesAlike(int digit, bool valid) {
  u32 alike = __ballot_sync(ALL_LANES, valid);
#pragma unroll
  for (int bit = 0; bit < DIGIT_BITS; bit++) {
    bool set = digit >> bit & 1;
    u32 lanes = __ballot_sync(ALL_LANES, set);
    alike &= set ? lanes : ~lanes;
  }
  return alike;
}

// One pass of the sort, by one digit: entryAt(i) gives the pairs in their order so far.
template <class EntryAt>
__device__ void sortPass(
    EntryAt entryAt, u64* sorted, int rows, int shift, int (&places)[SORT_WARPS][DIGITS],
    int (&warpSums)[DIGITS / WARP]) {
  int warp = threadIdx.x / WARP;
  int lane = threadIdx.x % WARP;
  u32 before = (1u << lane) - 1;
  int section = (rows + SORT_THREADS - 1) / SORT_THREADS * WARP;
  int from = min(rows, warp * section);
  int to = min(rows, from + section);
  for (int i = threadIdx.x; i < SORT_WARPS * DIGITS; i += SORT_THREADS) {
    places[i / DIGITS][i % DIGITS] = 0;
  }
  __syncthreads();
  for (int start = from; start < to; start += WARP) {
    int i = start + lane;
    int digit = i < to ? int(entryAt(i) >> (32 + shift)) & (DIGITS - 1) : 0;
    u32 alike = lanesAlike(digit, i < to);
    if (i < to && (alike & before) == 0) places[warp][digit] += __popc(alike);
    __syncwarp();
  }
  __syncthreads();
  // From counts to first places: sections in order inside a digit, digits in order.
  int count = 0;
  int upTo = 0;
  if (threadIdx.x < DIGITS) {
    for (int w = 0; w < SORT_WARPS; w++) {
      int own = places[w][threadIdx.x];
      places[w][threadIdx.x] = count;
      count += own;
    }
    upTo = count;
#pragma unroll
    for (int lanes = 1; lanes < WARP; lanes *= 2) {
      int other = __shfl_up_sync(ALL_LANES, upTo, lanes);
      if (lane >= lanes) upTo += other;
    }
    if (lane == WARP - 1) warpSums[warp] = upTo;
  }
  __syncthreads();
  if (threadIdx.x < DIGITS) {
    int first = upTo - count;
    for (int w = 0; w < warp; w++) first += warpSums[w];
    for (int w = 0; w < SORT_WARPS; w++) places[w][threadIdx.x] += first;
  }
  __syncthreads();
  for (int start = from; start < to; start += WARP) {
    int i = start + lane;
    u64 entry = i < to ? entryAt(i) : 0;
    int digit = int(entry >> (32 + shift)) & (DIGITS - 1);
    u32 alike = lanesAlike(digit, i < to);
    if (i < to) sorted[places[warp][digit] + __popc(alike & before)] = entry;
    __syncwarp();
    if (i < to && (alike & before) == 0) places[warp][digit] += __popc(alike);
    __syncwarp();
  }
  __syncthreads();
}

__device__ __forceinline__ u32 idOf(u64 entry) { return u32(entry >> 32); }
__device__ __forceinline__ int positionOf(u64 entry) { return int(u32(entry)); }

// Sums v over rows of dY into F32, 16 bytes of columns a thread, or the same columns one by one.
template <class T>
struct Columns {
  static constexpr int L = Pack<T>::LENGTH;
  int first;
  int cols;
  bool packed;

  __device__ __forceinline__ int column(int k) const {
    return packed ? first + threadIdx.x * L + k : first + threadIdx.x + k * blockDim.x;
  }
  __device__ __forceinline__ void load(const T* row, float (&v)[L]) const {
    if (packed) {
      if (column(0) < cols) loadPack(row + column(0), v);
    } else {
#pragma unroll
      for (int k = 0; k < L; k++) {
        if (column(k) < cols) v[k] = toFloat(row[column(k)]);
      }
    }
  }
  // Each element of dTable's row belongs to one thread of one block at a time.
  __device__ __forceinline__ void addTo(T* row, const float (&v)[L]) const {
    if (packed) {
      if (column(0) < cols) {
        float sum[L];
        loadPack(row + column(0), sum);
#pragma unroll
        for (int k = 0; k < L; k++) sum[k] += v[k];
        storePack(row + column(0), sum);
      }
    } else {
#pragma unroll
      for (int k = 0; k < L; k++) {
        if (column(k) < cols) {
          row[column(k)] = fromFloat<T>(toFloat(row[column(k)]) + v[k]);
        }
      }
    }
  }
  __device__ __forceinline__ void storeShare(float* share, const float (&v)[L]) const {
#pragma unroll
    for (int k = 0; k < L; k++) {
      if (column(k) < cols) share[column(k)] = v[k];
    }
  }
  __device__ __forceinline__ void addShare(const float* share, float (&v)[L]) const {
#pragma unroll
    for (int k = 0; k < L; k++) {
      if (column(k) < cols) v[k] += share[column(k)];
    }
  }
};

template <class T>
__device__ __forceinline__ Columns<T> columnsOf(const T* a, const T* b, int cols) {
  constexpr int L = Pack<T>::LENGTH;
  return Columns<T>{int(blockIdx.y * blockDim.x) * L, cols,
                    cols % L == 0 && aligned(a) && aligned(b)};
}

// Block (piece, columns). shares [pieces, 2, cols]: of a run that began before the piece, and of
// one that begins in it and goes on behind it.
template <class T>
__device__ void gatherBackward(
    const T* __restrict__ dY, const u64* __restrict__ sorted, const float* weights, T* dTable,
    float* shares, int rows, int cols, int tableRows) {
  constexpr int L = Pack<T>::LENGTH;
  Columns<T> columns = columnsOf(dY, static_cast<const T*>(dTable), cols);
  int from = blockIdx.x * PIECE;
  int to = min(rows, from + PIECE);
  float* before = shares + i64(blockIdx.x) * 2 * cols;
  u32 idBefore = from > 0 ? idOf(sorted[from - 1]) : ~0u;
  u32 idBehind = to < rows ? idOf(sorted[to]) : ~0u;
  float sum[L];
#pragma unroll
  for (int k = 0; k < L; k++) sum[k] = 0;
  bool begunBefore = idOf(sorted[from]) == idBefore;
  constexpr int AHEAD = 4;
  for (int start = from; start < to; start += AHEAD) {
    float rowsAhead[AHEAD][L], factors[AHEAD];
#pragma unroll
    for (int a = 0; a < AHEAD; a++) {
#pragma unroll
      for (int k = 0; k < L; k++) rowsAhead[a][k] = 0;
      factors[a] = 1;
      if (start + a < to) {
        const int position = positionOf(sorted[start + a]);
        columns.load(dY + i64(position) * cols, rowsAhead[a]);
        if (weights != nullptr) factors[a] = weights[position];
      }
    }
#pragma unroll
    for (int a = 0; a < AHEAD; a++) {
      int i = start + a;
      if (i < to) {
#pragma unroll
        for (int k = 0; k < L; k++) sum[k] = fmaf(factors[a], rowsAhead[a][k], sum[k]);
        u32 id = idOf(sorted[i]);
        if (id != (i + 1 < to ? idOf(sorted[i + 1]) : idBehind)) {
          if (begunBefore) {
            columns.storeShare(before, sum);
          } else if (id < u32(tableRows)) {
            columns.addTo(dTable + i64(id) * cols, sum);
          }
          begunBefore = false;
#pragma unroll
          for (int k = 0; k < L; k++) sum[k] = 0;
        } else if (i + 1 == to) {
          columns.storeShare(begunBefore ? before : before + cols, sum);
        }
      }
    }
  }
}

// Block (piece, columns): adds the shares of the run that begins in this piece and crosses its end.
template <class T>
__device__ void gatherBackwardShares(
    const u64* __restrict__ sorted, const float* __restrict__ shares, T* dTable, int rows,
    int cols, int tableRows) {
  constexpr int L = Pack<T>::LENGTH;
  int from = blockIdx.x * PIECE;
  int end = from + PIECE;
  if (end >= rows) return;
  u32 id = idOf(sorted[end]);
  bool crosses = idOf(sorted[end - 1]) == id;
  bool begunBefore = from > 0 && idOf(sorted[from - 1]) == id;
  if (!crosses || begunBefore || id >= u32(tableRows)) return;
  Columns<T> columns =
      columnsOf(static_cast<const T*>(dTable), static_cast<const T*>(dTable), cols);
  float sum[L];
#pragma unroll
  for (int k = 0; k < L; k++) sum[k] = 0;
  columns.addShare(shares + i64(blockIdx.x) * 2 * cols + cols, sum);
#pragma unroll 4
  for (int i = end; i < rows && idOf(sorted[i]) == id; i += PIECE) {
    columns.addShare(shares + i64(i / PIECE) * 2 * cols, sum);
  }
  columns.addTo(dTable + i64(id) * cols, sum);
}

// dX[i] = weights[i] dY[ids[i]] and dWeights[i] = x[i] . dY[ids[i]]. A row belongs to a warp or a
// block; of a bad id it stays as it is.
template <class T>
__device__ void scatterBackward(
    const T* x, const int* ids, const float* weights, const T* dY, T* dX, float* dWeights,
    int rows, int cols, int yRows) {
  constexpr int L = Pack<T>::LENGTH;
  for (int row = firstRow(); row < rows; row += rowStep()) {
    const u32 id = u32(ids[row]);
    if (id >= u32(yRows)) continue;
    const T *own = x + i64(row) * cols, *from = dY + i64(id) * cols;
    T* to = dX + i64(row) * cols;
    const float weight = weights[row];
    float sum = 0;
    walk<T>(
        cols, int(commonHead(cols, own, from, to)),
        [&](int j) {
          const float d = toFloat(from[j]);
          sum = fmaf(toFloat(own[j]), d, sum);
          to[j] = fromFloat<T>(weight * d);
        },
        [&](int j) {
          float a[L], d[L];
          loadPack(own + j, a);
          loadPack(from + j, d);
#pragma unroll
          for (int k = 0; k < L; k++) {
            sum = fmaf(a[k], d[k], sum);
            d[k] *= weight;
          }
          storePack(to + j, d);
        });
    sum = rowSum(sum);
    if (threadIdx.x == 0 && dWeights != nullptr) dWeights[row] = sum;
  }
}

}  // namespace embedding

// An error record is {kind, position, index, limit, ignored}; kind is 0 while there is no error. One
// block; an index is good if it is in 0..limit-1 or equal to ignored.
extern "C" __global__ void __launch_bounds__(embedding::SORT_THREADS) checkIndices_i32(
    const int* indices, int rows, int limit, int ignored, int kind, int* error) {
  u64 firstBad = ~0ull;
  for (int i = threadIdx.x; i < rows; i += blockDim.x) {
    int index = indices[i];
    if (u32(index) >= u32(limit) && index != ignored && firstBad == ~0ull) firstBad = u64(i);
  }
  firstBad = rowReduce(firstBad, ~0ull, [](u64 a, u64 b) { return a < b ? a : b; });
  if (threadIdx.x == 0 && firstBad != ~0ull && error[0] == 0) {
    error[1] = int(firstBad);
    error[2] = indices[firstBad];
    error[3] = limit;
    error[4] = ignored;
    error[0] = kind;
  }
}

// Orders the pairs (ids[i], i), an id in the upper half, by the lower bits of the ids, which number
// tableRows at most, then by i. Passes take turns between a and b, the first writes a.
extern "C" __global__ void __launch_bounds__(embedding::SORT_THREADS) sortIds_i32(
    const int* ids, u64* a, u64* b, int rows, int passes) {
  __shared__ int places[embedding::SORT_WARPS][embedding::DIGITS];
  __shared__ int warpSums[embedding::DIGITS / WARP];
  embedding::sortPass(
      [&](int i) { return u64(u32(ids[i])) << 32 | u32(i); }, a, rows, 0, places, warpSums);
  for (int pass = 1; pass < passes; pass++) {
    const u64* in = pass % 2 == 1 ? a : b;
    embedding::sortPass([&](int i) { return in[i]; }, pass % 2 == 1 ? b : a, rows,
                        pass * embedding::DIGIT_BITS, places, warpSums);
  }
}

#define ENTRY(T, suffix)                                                                        \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) gather_##suffix(                    \
      const T* table, const int* ids, T* y, int rows, int cols, int tableRows) {                \
    embedding::gather(table, ids, y, rows, cols, tableRows);                                    \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(BLOCK) gatherBackward_##suffix(                  \
      const T* dY, const u64* sorted, const float* weights, T* dTable, float* shares, int rows, \
      int cols, int tableRows) {                                                                \
    embedding::gatherBackward(dY, sorted, weights, dTable, shares, rows, cols, tableRows);      \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) scatterBackward_##suffix(           \
      const T* x, const int* ids, const float* weights, const T* dY, T* dX, float* dWeights,    \
      int rows, int cols, int yRows) {                                                          \
    embedding::scatterBackward(x, ids, weights, dY, dX, dWeights, rows, cols, yRows);           \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(BLOCK) gatherBackwardShares_##suffix(            \
      const u64* sorted, const float* shares, T* dTable, int rows, int cols, int tableRows) {   \
    embedding::gatherBackwardShares(sorted, shares, dTable, rows, cols, tableRows);             \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY
