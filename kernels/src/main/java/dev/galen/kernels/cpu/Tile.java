package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.L;

/**
 * The shape of a tile of a product, and the microkernel that computes one. A strip of a few rows,
 * such as the last of a matrix, takes the smaller kernel.
 */
final class Tile {
  /** Rows of a tile: with 32 registers 12, with 16 registers 6. */
  static final int ROWS = L == 16 || "aarch64".equals(System.getProperty("os.arch")) ? 12 : 6;

  /** Columns of a tile. */
  static final int COLS = 2 * L;

  private static final int FEW = 6;

  private Tile() {}

  /** The product of {@code rows <= ROWS} rows of a left panel stored by rows. */
  static void byRows(
      int rows, float[] left, int leftFrom, float[] right, int from, int depth, float[] tile) {
    if (rows > FEW) {
      Microkernels.rows12x2(left, leftFrom, right, from, depth, tile);
    } else {
      Microkernels.rows6x2(left, leftFrom, right, from, depth, tile);
    }
  }

  /** The same of a left panel stored by columns. */
  static void byColumns(
      int rows, float[] left, int leftFrom, float[] right, int from, int depth, float[] tile) {
    if (rows > FEW) {
      Microkernels.columns12x2(left, leftFrom, right, from, depth, tile);
    } else {
      Microkernels.columns6x2(left, leftFrom, right, from, depth, tile);
    }
  }

  /** The same of the transpose of a panel stored by rows. */
  static void turned(
      int rows, float[] left, int leftFrom, float[] right, int from, int depth, float[] tile) {
    if (rows > FEW) {
      Microkernels.turned12x2(left, leftFrom, right, from, depth, tile);
    } else {
      Microkernels.turned6x2(left, leftFrom, right, from, depth, tile);
    }
  }
}
