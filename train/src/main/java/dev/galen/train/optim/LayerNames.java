package dev.galen.train.optim;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a parameter stands in a model, by its path: {@code transformer.h.3.attn.c_attn.weight} is
 * in block 3. Of T5 both stacks count alike.
 */
public final class LayerNames {
  private static final Pattern BLOCK = Pattern.compile("\\.(\\d+)\\.");
  private static final Pattern EMBEDDING =
      Pattern.compile("(^|.*\\.)(wte|wpe|shared|[^.]*embed[^.]*)(\\..*|$)");
  private static final Pattern BIAS_TABLE = Pattern.compile(".*relative_attention_bias.*");

  private LayerNames() {}

  /** The block, or -1. */
  public static int block(String name) {
    Matcher number = BLOCK.matcher(name);
    return number.find() ? Integer.parseInt(number.group(1)) : -1;
  }

  /** Blocks of a model. */
  public static int count(Iterable<String> names) {
    int most = -1;
    for (String name : names) {
      most = Math.max(most, block(name));
    }
    return most + 1;
  }

  /**
   * Height from the input: 0 of embeddings, i + 1 in block i, {@code layers + 1} above the blocks.
   */
  public static int depth(String name, int layers) {
    int block = block(name);
    return block >= 0 ? block + 1 : EMBEDDING.matcher(name).matches() ? 0 : layers + 1;
  }

  /** Whether it is in a block, and no table of vectors. */
  static boolean isInside(String name) {
    return block(name) >= 0
        && !EMBEDDING.matcher(name).matches()
        && !BIAS_TABLE.matcher(name).matches();
  }
}
