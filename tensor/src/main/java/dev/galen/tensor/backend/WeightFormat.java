package dev.galen.tensor.backend;

/**
 * How a weight matrix lies in memory. Decoding reads every weight once per token and does little
 * with it, so that the fewer bytes a weight has the faster it goes. Activations and sums stay F32.
 * Packed weights serve inference alone: they are rounded once and have no gradient.
 *
 * <p>A packed matrix {@code [out, in]} lies by outputs. Each row is filled up with zeros to whole
 * lines of {@link #LINE} bytes, and there are zero rows up to a multiple of {@link #ROWS}. The
 * lines of {@code ROWS} outputs take turns, so that a kernel that computes these outputs together
 * reads one stream from front to end: line l of output j is line {@link #index} of the whole.
 */
public enum WeightFormat {
  /** Not packed: a parameter, which can be trained and saved. */
  F32(4),

  /** BF16, rounded to nearest even: what was BF16 is kept exactly. */
  BF16(2),

  /**
   * Signed bytes {@code q}, and behind all lines an F32 scale for each of them, in the same order:
   * {@code w = scale q} with {@code scale = max |w| / 127} over the {@code LINE} inputs of a line.
   * The absmax quantisation of Dettmers et al. 2022 (arXiv 2208.07339), by blocks.
   */
  INT8(1);

  /** Bytes of one output that lie together. */
  public static final int LINE = 64;

  /** Outputs whose lines take turns. */
  public static final int ROWS = 4;

  private final int elementSize;

  WeightFormat(int elementSize) {
    this.elementSize = elementSize;
  }

  /** Whether it takes {@link WeightKernels} to read it. */
  public boolean isPacked() {
    return this != F32;
  }

  /** Bytes per weight, without the scales. */
  public int elementSize() {
    return elementSize;
  }

  /** Inputs in a line. */
  public int lineInputs() {
    return LINE / elementSize;
  }

  /** Lines of one output. */
  public int lines(int in) {
    return Math.ceilDiv(in, lineInputs());
  }

  /** The place of line {@code line} of output {@code row} among all lines of a packed matrix. */
  public long index(int row, int line, int in) {
    return ((long) (row / ROWS) * lines(in) + line) * ROWS + row % ROWS;
  }

  /** The first byte of the scales of {@link #INT8}. */
  public long scalesFrom(int out, int in) {
    return allLines(out, in) * LINE;
  }

  /** Bytes of a matrix {@code [out, in]}. */
  public long byteSize(int out, int in) {
    return switch (this) {
      case F32 -> 4L * out * in;
      case BF16 -> allLines(out, in) * LINE;
      case INT8 -> allLines(out, in) * (LINE + Float.BYTES);
    };
  }

  private long allLines(int out, int in) {
    return (long) Math.ceilDiv(out, ROWS) * ROWS * lines(in);
  }

  /**
   * How far a stored weight lies from {@code weight} at most.
   *
   * @param lineMaximum the largest magnitude of the line it lies in
   */
  public double roundingError(double weight, double lineMaximum) {
    return switch (this) {
      case F32 -> 0;
      // Half a unit in the last of 8 significant bits, or half the least of all BF16.
      case BF16 -> Math.max(Math.abs(weight) * 0x1p-8, 0x1p-134);
      // Half a scale. The scale is rounded to F32 itself, relatively by 2^-24 where it is normal,
      // and 127 steps of it carry that error; below the normal numbers a step can be lost whole.
      case INT8 -> lineMaximum * (0.5 / 127 + 0x1p-23) + 128 * (double) Float.MIN_VALUE;
    };
  }
}
