package dev.galen.bench;

import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.FeedForwardOp;
import dev.galen.tensor.ops.LinearOp;
import dev.galen.tensor.testing.OpCase;
import dev.galen.tensor.testing.OpCatalog;
import java.util.ArrayList;
import java.util.List;

/**
 * What is timed: the catalogue, whose products and attention are small so that tests stay short,
 * and GPT-2's own.
 */
public final class OpCases {
  /** The product with the vocabulary, as wide for any number of channels. */
  public static final String VOCABULARY = "Linear vocabulary";

  private static final int HEAD = 64;

  private OpCases() {}

  /** All cases: operands are {@code [rows, cols]} or, for GPT-2's, T tokens of C channels. */
  public static List<OpCase> at(int rows, int cols) {
    var cases = new ArrayList<>(OpCatalog.cases(rows, cols));
    cases.addAll(ofGpt2(rows, cols));
    return cases;
  }

  /**
   * A block's four linear layers, the vocabulary's, its feed-forward part, and attention by heads
   * of about 64.
   */
  public static List<OpCase> ofGpt2(int tokens, int channels) {
    return List.of(
        linear("c_attn", tokens, channels, 3 * channels),
        linear("c_proj", tokens, channels, channels),
        linear("c_fc", tokens, channels, 4 * channels),
        linear("mlp c_proj", tokens, 4 * channels, channels),
        new OpCase(
            "Linear",
            VOCABULARY.substring(VOCABULARY.indexOf(' ') + 1),
            List.of(unit(tokens, channels), unit(RandomGpt2.VOCABULARY, channels)),
            Math.max(RandomGpt2.VOCABULARY, channels),
            in -> LinearOp.apply(in.get(0), in.get(1), null, true)),
        feedForward(tokens, channels),
        attention(tokens, channels));
  }

  private static OpCase linear(String variant, int tokens, int in, int out) {
    return new OpCase(
        "Linear",
        variant,
        List.of(unit(tokens, in), unit(in, out), unit(out)),
        Math.max(tokens, Math.max(in, out)),
        inputs -> LinearOp.apply(inputs.get(0), inputs.get(1), inputs.get(2), false));
  }

  private static OpCase feedForward(int tokens, int channels) {
    int inner = 4 * channels;
    // Drawn from -1 to 1, as wide a sum would take GELU to where it is flat.
    double bound = Math.sqrt(3.0 / Math.max(1, channels));
    return new OpCase(
        "FeedForward",
        "mlp",
        List.of(
            unit(tokens, channels),
            new OpCase.Input(Shape.of(channels, inner), -bound, bound),
            new OpCase.Input(Shape.of(inner, channels), -bound / 2, bound / 2),
            unit(inner),
            unit(channels)),
        Math.max(tokens, inner),
        in ->
            FeedForwardOp.apply(
                in.get(0), in.get(1), in.get(3), Unary.GELU_TANH, in.get(2), in.get(4), false));
  }

  private static OpCase attention(int tokens, int channels) {
    int heads = Math.max(1, channels / HEAD);
    return new OpCase(
        "Attention",
        "causal over GPT-2's heads",
        List.of(unit(1, tokens, 3 * channels)),
        Math.max(tokens, channels / heads),
        in -> AttentionOp.packed(in.get(0), heads, AttentionOp.Options.causal(channels / heads)));
  }

  private static OpCase.Input unit(int... dims) {
    return new OpCase.Input(Shape.of(dims), -1, 1);
  }
}
