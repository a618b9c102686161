package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;

/**
 * Who works on a row, as {@code rows.cuh} wants it: up to {@link #WARP_COLS} columns a warp, and
 * eight rows share a block; beyond, a block of so many threads that each still has some loads under
 * way. Depends on shapes alone, as everything that decides the order of a sum.
 */
final class RowBlocks {
  /** {@code ROW_THREADS} in {@code rows.cuh}. */
  static final int MOST_THREADS = 512;

  /** {@code COLUMN_LANES} and {@code COLUMN_ROWS} in {@code rows.cuh}. */
  static final int COLUMN_LANES = 32;

  static final int COLUMN_ROWS = 8;

  private static final int WARP = 32;
  private static final int WARP_COLS = 1024;
  private static final int SMALL_BLOCK = 256;
  private static final int SMALL_BLOCK_COLS = 8192;

  private RowBlocks() {}

  /** Launches a kernel that has {@code rows} rows of {@code cols} elements to work through. */
  static void run(Launch launch, int rows, long cols) {
    if (cols <= WARP_COLS) {
      int together = SMALL_BLOCK / WARP;
      launch.run(Math.ceilDiv(rows, together), 1, 1, WARP, together, 0);
    } else {
      launch.run(rows, cols <= SMALL_BLOCK_COLS ? SMALL_BLOCK : MOST_THREADS);
    }
  }

  /** Tiles of columns, each {@code COLUMN_TILE} wide, 16 bytes a lane. */
  static int tiles(DType dtype, long cols) {
    return Math.toIntExact(Math.ceilDiv(cols, (long) COLUMN_LANES * packLength(dtype)));
  }

  /** Elements in 16 bytes. */
  static int packLength(DType dtype) {
    return 16 / dtype.byteSize();
  }
}
