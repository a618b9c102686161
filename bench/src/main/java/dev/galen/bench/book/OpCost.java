package dev.galen.bench.book;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.testing.OpCase;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What an operation costs at least, forward and backward, by its shapes alone.
 *
 * <p><b>Bytes</b>: each input, the output and the gradients of all of them once.
 *
 * <p><b>Operations</b>, an exponential counting as one. Products and linear layers: 6 k for each
 * element of the output, where k is the length of a dot product. Feed-forward: 6 for each row and
 * element of both weights, 3 for each function between them; where gated the same of three weights
 * and 7. Attention: 14 C for each pair of a query and a key that it sees, two products forward and
 * five backward (Dao et al. 2022). All others a number for each element:
 *
 * <ul>
 *   <li>functions of one or two tensors, dropout: 3, the function, its derivative and their product
 *   <li>gates 7: the function, a product; backward both again, the derivative, two products
 *   <li>rotary 6: two products and a sum, backward too
 *   <li>routing 6: maximum, exponential, quotient; backward 3
 *   <li>rows scattered 5: a product, a sum; backward a product, a dot product
 *   <li>reductions 1, embedding 1; what only moves values 0, and 2 or 3 where the case multiplies
 *   <li>softmax and its logarithm 9: maximum, difference, exponential, sum, quotient; backward 4
 *   <li>cross-entropy 7: maximum, difference, exponential, sum; difference, exponential, product
 *   <li>a draw and its loss 15: quotient, comparison with top-k's edge, maximum, difference,
 *       exponential, sum, comparison with top-p's edge, sum; the loss 7
 *   <li>LayerNorm 21: mean 1, variance 3, normalising 2, scale and shift 2; backward 13
 *   <li>LayerNorm of a residual sum 25: LayerNorm 21, the sum 1, and 3 as the case multiplies both
 *   <li>RMSNorm 13: mean square 2, normalising 1, scale 1; backward 9
 * </ul>
 */
final class OpCost {
  private static final Pattern WINDOW = Pattern.compile("window of (\\d+)");

  private OpCost() {}

  /**
   * The cost of {@code op}.
   *
   * @param output what it returned
   */
  static Cost of(OpCase op, Tensor output) {
    double inputs = op.inputs().stream().mapToDouble(input -> input.shape().size()).sum();
    double elements = output.shape().size();
    double bytes = 2 * (4 * inputs + output.dtype().byteSize() * elements);
    return new Cost(flops(op, output.shape()), bytes);
  }

  private static double flops(OpCase op, Shape output) {
    double elements = output.size();
    double first = size(op, 0);
    return switch (op.op()) {
      // |A| |B| / |C| = mk kn / mn = k^2.
      case "Matmul", "Linear" -> 6 * elements * Math.sqrt(first * size(op, 1) / elements);
      case "FeedForward" -> {
        double in = op.inputs().getFirst().shape().dim(-1);
        yield first / in * (6 * (size(op, 1) + size(op, 2)) + 3 * size(op, 1) / in);
      }
      case "GatedFeedForward" -> {
        double in = op.inputs().getFirst().shape().dim(-1);
        double weights = IntStream.range(1, op.inputs().size()).mapToDouble(i -> size(op, i)).sum();
        double inner = size(op, op.inputs().size() - 1) / output.dim(-1);
        yield first / in * (6 * weights + 7 * inner);
      }
      case "LowRankLinear" -> {
        double weights = size(op, 1) + size(op, 3) + size(op, 4);
        yield 6 * weights * first / op.inputs().getFirst().shape().dim(-1);
      }
      case "Attention" -> 14.0 * output.dim(0) * output.dim(2) * pairs(op, output.dim(1));
      case "Unary", "Binary", "Affine", "Dropout", "Slice" -> 3 * elements;
      case "Permute", "Expand" -> 2 * elements;
      case "Gated" -> 7 * elements;
      case "Rotary" -> 6 * elements;
      case "Route" -> 6 * first;
      case "ScatterRows" -> 5 * first;
      case "Reduce" -> first;
      case "Embedding" -> elements;
      case "Softmax", "LogSoftmax" -> 9 * elements;
      case "CrossEntropy" -> 7 * first;
      case "LayerNorm" -> (op.variant().equals("of a residual sum") ? 25 : 21) * elements;
      case "RmsNorm" -> 13 * elements;
      case "Sample" -> 15 * first;
      case "Copy", "Reshape", "Concat", "Cast" -> 0;
      default -> throw new IllegalArgumentException("no cost is known of " + op.name());
    };
  }

  private static double size(OpCase op, int input) {
    return op.inputs().get(input).shape().size();
  }

  /** Keys that {@code time} queries see together; what a mask hides counts. */
  private static double pairs(OpCase op, int time) {
    int keys =
        op.inputs().stream()
            .map(input -> input.shape())
            .filter(shape -> shape.rank() == 3) // a bias has two dimensions
            .reduce((a, b) -> b)
            .orElseThrow()
            .dim(1);
    boolean causal = op.variant().startsWith("causal");
    Matcher window = WINDOW.matcher(op.variant());
    int width = window.find() ? Integer.parseInt(window.group(1)) : 0;
    var shape = new AttentionShape(1, 1, 1, time, keys, 1, 0, 0, 0, 0, 1, causal, width, 0, 0, 0);
    return IntStream.range(0, time).mapToLong(i -> shape.endKey(i) - shape.firstKey(i)).sum();
  }
}
