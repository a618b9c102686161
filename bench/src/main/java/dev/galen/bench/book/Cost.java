package dev.galen.bench.book;

/**
 * What one run of a row's work asks of the machine at least.
 *
 * @param flops floating point operations, a multiply-add being two
 * @param bytes to and from memory if each operand travels once
 */
public record Cost(double flops, double bytes) {
  /** Of work that is not arithmetic. */
  public static final Cost NONE = new Cost(0, 0);

  /** Operations per byte. */
  double intensity() {
    return flops / bytes;
  }
}
