package dev.galen.model.t5;

import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import java.util.ArrayList;
import java.util.List;

/**
 * The buckets into which distances between tokens fall (Raffel et al. 2020, arXiv 1910.10683,
 * section 2.1). Of n buckets for one direction the first n/2 are the distances 0, 1, 2 and so on;
 * the others grow with the logarithm up to {@code maxDistance}, beyond which all share the last
 * one:
 *
 * <pre>{@code
 * bucket(d) = d                                                            d < n/2
 *           = min(n - 1, n/2 + floor(n/2 ln(d / (n/2)) / ln(max / (n/2)))) else
 * }</pre>
 *
 * In both directions each has half of the buckets, later keys the second half. In one direction
 * every later key has bucket 0, since it is not seen.
 */
final class T5Distances {
  private static final int FIRST_REACH = 512;

  private final int buckets;
  private final int maxDistance;
  private final boolean bidirectional;
  private final Device device;

  /**
   * Buckets of the distances {@code -reach} to {@code reach}, there before a step needs them, which
   * then uploads nothing of its own. Outgrown ones stay, because captured steps read them.
   */
  private final List<Tensor> tables = new ArrayList<>();

  private int reach;

  T5Distances(T5Config config, boolean bidirectional, Device device) {
    this.buckets = config.buckets();
    this.maxDistance = config.maxDistance();
    this.bidirectional = bidirectional;
    this.device = device;
    fill(FIRST_REACH);
  }

  private void fill(int furthest) {
    reach = furthest;
    var all = new int[2 * reach + 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = bucket(i - reach);
    }
    tables.add(MemoryScope.outside(() -> Tensors.of(device, all, all.length)));
  }

  /**
   * The buckets of the distances {@code from} to {@code to}, key's place minus query's: I32 {@code
   * [to - from + 1]}.
   */
  Tensor of(int from, int to) {
    int furthest = Math.max(Math.abs(from), Math.abs(to));
    if (furthest > reach) {
      fill(Math.max(furthest, 2 * reach));
    }
    return tables.getLast().slice(0, from + reach, to + reach + 1);
  }

  int bucket(int distance) {
    if (!bidirectional) {
      return oneWay(Math.max(-distance, 0), buckets);
    }
    int half = buckets / 2;
    return oneWay(Math.abs(distance), half) + (distance > 0 ? half : 0);
  }

  /** In floats, as transformers computes it: a double's logarithm falls into other buckets. */
  private int oneWay(int distance, int count) {
    int exact = count / 2;
    if (distance < exact) {
      return distance;
    }
    float logarithm = (float) Math.log((float) distance / exact);
    float share = logarithm / (float) Math.log((double) maxDistance / exact);
    return Math.min(exact + (int) (share * (count - exact)), count - 1);
  }
}
