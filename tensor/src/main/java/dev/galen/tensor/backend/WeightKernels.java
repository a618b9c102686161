package dev.galen.tensor.backend;

/**
 * Products with packed weights, for inference. A packed span is U8 and {@link
 * WeightFormat#byteSize} long, and on a GPU starts at a multiple of 16 bytes; all other spans are
 * F32, but for the ids. Every backend packs the same bytes.
 */
public interface WeightKernels {
  /**
   * Packs a matrix.
   *
   * @param weight {@code [out, in]} if {@code outputFirst}, else {@code [in, out]}; for {@link
   *     WeightFormat#INT8} every element must be finite
   * @param packed overwritten
   */
  void pack(WeightFormat format, Span weight, boolean outputFirst, Span packed, int out, int in);

  /**
   * {@code y = x W^T + b}. Each element is summed in an order that depends on the shape alone.
   *
   * @param x {@code [rows, in]}
   * @param packed {@code [out, in]}
   * @param bias {@code [out]} or null
   * @param y {@code [rows, out]}
   */
  void linear(
      WeightFormat format, Span x, Span packed, Span bias, Span y, int rows, int out, int in);

  /**
   * {@code y[i] = W[ids[i]]}.
   *
   * @param packed {@code [out, in]}
   * @param ids {@code [rows]}, I32; one outside {@code 0..out-1} throws and is named
   * @param y {@code [rows, in]}
   */
  void gather(WeightFormat format, Span packed, Span ids, Span y, int rows, int out, int in);
}
