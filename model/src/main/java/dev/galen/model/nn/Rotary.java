package dev.galen.model.nn;

import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.Documents;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.RotaryOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Rotary position embeddings (Su et al. 2021, arXiv 2104.09864). Channel i of a head's first half
 * and channel i of its second are the two coordinates of a point, turned by {@code t theta^(-2i/D)}
 * at position t, so that the product of a query and a key depends on how far they are apart. Pairs
 * as in HuggingFace's LLaMA, Mistral and Qwen2; for longer texts stretched by a {@link
 * RotaryScaling}.
 *
 * <p>Where the frequencies depend on a text's length ({@code dynamic}, {@code longrope}), they are
 * those of the length at hand: of the longest row of a batch, with the padding, or of a cache with
 * what is added to it. When they change, what is in the cache is computed again from its ids: at
 * every token that makes a text longer than the original length with {@code dynamic}, once with
 * {@code longrope}. So a cache gives what a whole pass gives, and no text depends on those before
 * it; transformers does neither.
 */
public final class Rotary {
  /** The fewest positions of a table. */
  private static final int FEWEST = 256;

  private final int headSize;
  private final int contextLength;
  private final RotaryConfig config;
  private final Device device;

  /** Each longer than the one before. The last is used; a captured step may read one of before. */
  private final List<Angles> tables = new ArrayList<>();

  /**
   * Cosines and sines of some positions, which all layers of a forward pass share.
   *
   * @param cos {@code [T, D/2]} or {@code [B, T, D/2]}
   * @param sin as cos
   */
  public record Angles(Tensor cos, Tensor sin) {}

  /**
   * Positions without scaling.
   *
   * @param headSize D, even
   * @param contextLength the number of positions that texts are expected to have; longer ones go on
   *     alike
   * @param theta {@code rope_theta} of HuggingFace's configs, 10000 by default there
   */
  public Rotary(int headSize, int contextLength, double theta, Device device) {
    this(headSize, contextLength, RotaryConfig.of(theta), device);
  }

  /** The same with positions that may be stretched. */
  public Rotary(int headSize, int contextLength, RotaryConfig config, Device device) {
    if (headSize <= 0 || headSize % 2 != 0) {
      throw new IllegalArgumentException(
          "a head of %d channels has no two halves to rotate".formatted(headSize));
    }
    this.headSize = headSize;
    this.contextLength = contextLength;
    this.config = config;
    this.device = device;
  }

  /** Whether texts of all lengths have the same frequencies; if not, the host computes them. */
  public boolean isConstant() {
    return isConstantUpTo(Integer.MAX_VALUE);
  }

  private boolean isConstantUpTo(int length) {
    return length <= config.scaling().constantUpTo();
  }

  /** The angles of the positions {@code from} to {@code to - 1} of a text that ends there. */
  public Angles at(int from, int to) {
    if (!isConstantUpTo(to)) {
      var positions = new int[to - from];
      Arrays.setAll(positions, i -> from + i);
      return angles(positions, frequencies(to), factor(), to - from);
    }
    Angles table = table(to);
    return new Angles(table.cos().slice(0, from, to), table.sin().slice(0, from, to));
  }

  /**
   * The angles of positions that the device knows, such as a cache's {@code lengths()}: then one
   * captured step of decoding serves every position. Where frequencies depend on the length, they
   * are read, and the largest of them counts.
   *
   * @param positions_BT I32 {@code [B, T]}, below the expected number of positions or T
   */
  public Angles at(Tensor positions_BT) {
    if (!isConstant()) {
      int[] positions = positions_BT.toInts();
      int length = Arrays.stream(positions).max().orElse(0) + 1;
      if (!isConstantUpTo(length)) {
        return angles(positions, positions_BT, length);
      }
    }
    return gathered(positions_BT, Math.max(contextLength, positions_BT.dim(1)));
  }

  /**
   * The angles of a whole text. Positions that are not given are counted from each row's first
   * token, so that it has the bits it has without padding; where frequencies depend on the length,
   * from the row's front: only how far tokens are apart counts. Each document of a row has the
   * angles that it has alone.
   *
   * @param positions_BT I32 {@code [B, T]} or null; given where there are documents
   * @param mask which has 0 in front of each row's tokens, if it hides any
   * @param time T
   */
  public Angles of(Tensor positions_BT, AttentionMask mask, int time) {
    if (positions_BT != null) {
      return mask.documents() == null || isConstant()
          ? at(positions_BT)
          : ofEach(mask.documents(), positions_BT);
    }
    Tensor mask_BT = mask.keys_BT();
    if (mask_BT == null || !isConstant()) {
      return at(0, time);
    }
    int[] keys = mask_BT.toInts();
    var places = new int[keys.length];
    for (int row = 0; row < keys.length; row += time) {
      int padding = 0;
      while (padding < time && keys[row + padding] == 0) {
        padding++;
      }
      for (int t = padding; t < time; t++) {
        places[row + t] = t - padding;
      }
    }
    return gathered(Tensors.of(device, places, keys.length / time, time), time);
  }

  /** Each document's by its own length. */
  private Angles ofEach(Documents documents, Tensor positions_BT) {
    int[] positions = positions_BT.toInts();
    int half = headSize / 2;
    var cosines = new float[Math.multiplyExact(positions.length, half)];
    var sines = new float[cosines.length];
    int at = 0;
    for (int length : documents.lengths()) {
      int[] own = Arrays.copyOfRange(positions, at, at + length);
      int end = Arrays.stream(own).max().orElse(0) + 1;
      put(own, frequencies(end), factor(), cosines, sines, at * half);
      at += length;
    }
    int[] shape = {positions_BT.dim(0), positions_BT.dim(1), half};
    return new Angles(Tensors.of(device, cosines, shape), Tensors.of(device, sines, shape));
  }

  private Angles angles(int[] positions, Tensor positions_BT, int length) {
    return angles(
        positions, frequencies(length), factor(), positions_BT.dim(0), positions_BT.dim(1));
  }

  private Angles gathered(Tensor positions_BT, int count) {
    Angles table = table(count);
    return new Angles(
        EmbeddingOp.apply(table.cos(), positions_BT), EmbeddingOp.apply(table.sin(), positions_BT));
  }

  /**
   * Runs a trunk over what follows the positions in {@code cache}, which is extended.
   *
   * @param ids_BT I32 {@code [B, T]}
   * @param trunk from ids {@code [B, T]} and their angles to {@code [B, T, C]}, over the cache
   * @return {@code [B, T, C]}
   */
  public Tensor behind(KvCache cache, Tensor ids_BT, BiFunction<Tensor, Angles, Tensor> trunk) {
    int time = ids_BT.dim(1);
    int past = cache.length();
    if (!isConstant()) {
      cache.remember(ids_BT.toInts());
      if (past > 0 && !Arrays.equals(frequencies(past), frequencies(past + time))) {
        return again(cache, time, trunk);
      }
    }
    Tensor x_BTC = trunk.apply(ids_BT, behind(cache, time));
    cache.advance(time);
    return x_BTC;
  }

  private Angles behind(KvCache cache, int time) {
    int past = cache.length();
    int length = past + time;
    if (time == 1 && isConstantUpTo(length)) {
      // Read on the device, so that a captured step can be replayed at any length.
      return gathered(cache.lengths().reshape(cache.batch(), 1), cache.capacity());
    }
    if (cache.isEven()) {
      return at(past, length);
    }
    int[] places = cache.places(time);
    Tensor positions_BT = Tensors.of(device, places, cache.batch(), time);
    return isConstantUpTo(length)
        ? gathered(positions_BT, length)
        : angles(places, positions_BT, length);
  }

  /** All positions, those in the cache too, because other angles change what each layer gives. */
  private Tensor again(KvCache cache, int time, BiFunction<Tensor, Angles, Tensor> trunk) {
    int batch = cache.batch();
    int length = cache.length() + time;
    int[] ends = new int[batch];
    Arrays.setAll(ends, row -> cache.length(row) + time);
    Tensor ids_BN = Tensors.of(device, cache.remembered(length), batch, length);
    cache.crop(0);
    Tensor x_BNC = trunk.apply(ids_BN, at(0, length));
    cache.advance(length);
    cache.crop(ends);
    var last = new int[batch * time];
    Arrays.setAll(last, i -> i / time * length + ends[i / time] - time + i % time);
    Tensor rows = x_BNC.reshape(batch * length, x_BNC.dim(2));
    return EmbeddingOp.apply(rows, Tensors.of(device, last, batch, time));
  }

  private double[] frequencies(int length) {
    return config.scaling().frequencies(headSize, config.theta(), length);
  }

  private double factor() {
    return config.scaling().attentionFactor();
  }

  /** The angles of the first positions, {@code [N, D/2]} of at least {@code count}. */
  private Angles table(int count) {
    int held = tables.isEmpty() ? 0 : tables.getLast().cos().dim(0);
    if (count > held) {
      int more = Math.max(FEWEST, Math.max(count, 2 * held));
      var positions = new int[count > contextLength ? more : Math.min(contextLength, more)];
      Arrays.setAll(positions, i -> i);
      tables.add(
          MemoryScope.outside(() -> angles(positions, frequencies(1), factor(), positions.length)));
    }
    return tables.getLast();
  }

  /** Cosines and sines, multiplied by {@code factor}, in tensors {@code [dims, D/2]}. */
  private Angles angles(int[] positions, double[] frequencies, double factor, int... dims) {
    int half = headSize / 2;
    var cosines = new float[Math.multiplyExact(positions.length, half)];
    var sines = new float[cosines.length];
    put(positions, frequencies, factor, cosines, sines, 0);
    int[] shape = Arrays.copyOf(dims, dims.length + 1);
    shape[dims.length] = half;
    return new Angles(Tensors.of(device, cosines, shape), Tensors.of(device, sines, shape));
  }

  private static void put(
      int[] positions,
      double[] frequencies,
      double factor,
      float[] cosines,
      float[] sines,
      int from) {
    int half = frequencies.length;
    for (int t = 0; t < positions.length; t++) {
      for (int i = 0; i < half; i++) {
        double angle = positions[t] * frequencies[i];
        cosines[from + t * half + i] = (float) (factor * Math.cos(angle));
        sines[from + t * half + i] = (float) (factor * Math.sin(angle));
      }
    }
  }

  /**
   * Turns each head.
   *
   * @param x_BTC {@code [B, T, H D]}: queries or keys
   * @return {@code [B, T, H D]}
   */
  public Tensor apply(Tensor x_BTC, Angles angles) {
    if (x_BTC.dim(2) % headSize != 0) {
      throw new IllegalArgumentException(
          "%s are no whole heads of %d channels".formatted(x_BTC.shape(), headSize));
    }
    return RotaryOp.apply(x_BTC, angles.cos(), angles.sin());
  }
}
