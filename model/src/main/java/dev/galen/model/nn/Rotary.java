package dev.galen.model.nn;

import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.EmbeddingOp;

/**
 * Rotary position embeddings (Su et al. 2021, arXiv 2104.09864). Channel i of a head's first half
 * and channel i of its second are the two coordinates of a point, turned by {@code t theta^(-2i/D)}
 * at position t, so that the product of a query and a key depends on how far they are apart. Pairs
 * as in HuggingFace's LLaMA, Mistral and Qwen2; no scaling of long contexts.
 */
public final class Rotary {
  private final int headSize;
  private final Tensor cos;
  private final Tensor sin;

  /**
   * The tables of all positions.
   *
   * @param headSize D, even
   * @param contextLength the number of positions
   * @param theta {@code rope_theta} of HuggingFace's configs, 10000 by default there
   */
  public Rotary(int headSize, int contextLength, double theta, Device device) {
    if (headSize <= 0 || headSize % 2 != 0) {
      throw new IllegalArgumentException(
          "a head of %d channels has no two halves to rotate".formatted(headSize));
    }
    this.headSize = headSize;
    var cosines = new float[Math.multiplyExact(contextLength, headSize)];
    var sines = new float[cosines.length];
    for (int t = 0; t < contextLength; t++) {
      for (int i = 0; i < headSize; i++) {
        double angle = t * Math.pow(theta, -2.0 * (i % (headSize / 2)) / headSize);
        cosines[t * headSize + i] = (float) Math.cos(angle);
        sines[t * headSize + i] = (float) Math.sin(angle);
      }
    }
    cos = MemoryScope.outside(() -> Tensors.of(device, cosines, contextLength, headSize));
    sin = MemoryScope.outside(() -> Tensors.of(device, sines, contextLength, headSize));
  }

  /**
   * Cosines and sines of the positions of one forward pass, which all its layers share.
   *
   * @param cos {@code [T, 1, D]} or {@code [B, T, 1, D]}
   * @param sin as cos
   */
  public record Angles(Tensor cos, Tensor sin) {}

  /** The angles of the positions {@code from} to {@code to - 1}. */
  public Angles at(int from, int to) {
    return new Angles(
        cos.slice(0, from, to).reshape(to - from, 1, headSize),
        sin.slice(0, from, to).reshape(to - from, 1, headSize));
  }

  /**
   * The angles of positions that the device knows, such as a cache's {@code lengths()}: then one
   * captured step of decoding serves every position.
   *
   * @param positions_BT I32 {@code [B, T]}
   */
  public Angles at(Tensor positions_BT) {
    int batch = positions_BT.dim(0);
    int time = positions_BT.dim(1);
    return new Angles(
        EmbeddingOp.apply(cos, positions_BT).reshape(batch, time, 1, headSize),
        EmbeddingOp.apply(sin, positions_BT).reshape(batch, time, 1, headSize));
  }

  /**
   * Turns each head.
   *
   * @param x_BTC {@code [B, T, H D]}: queries or keys
   * @return {@code [B, T, H D]}
   */
  public Tensor apply(Tensor x_BTC, Angles angles) {
    int batch = x_BTC.dim(0);
    int time = x_BTC.dim(1);
    int channels = x_BTC.dim(2);
    if (channels % headSize != 0) {
      throw new IllegalArgumentException(
          "%s are no whole heads of %d channels".formatted(x_BTC.shape(), headSize));
    }
    Tensor x_BTHD = x_BTC.reshape(batch, time, channels / headSize, headSize);
    Tensor first = x_BTHD.slice(3, 0, headSize / 2);
    Tensor second = x_BTHD.slice(3, headSize / 2, headSize);
    Tensor turned = ConcatOp.apply(3, second.neg(), first);
    return x_BTHD.mul(angles.cos()).add(turned.mul(angles.sin())).reshape(batch, time, channels);
  }
}
