package dev.galen.model.nn;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;

/**
 * Where a layer's constructor takes its parameters from: drawn anew, or loaded by dotted path. A
 * constructor asks {@code weights.in("h").in(0).get("weight", shape, init)} and need not know
 * which.
 */
public abstract class Weights {
  private final Device device;

  /** Parameters for {@code device}. */
  protected Weights(Device device) {
    this.device = device;
  }

  /** Parameters drawn from {@code random} in the order they are asked for. */
  public static Weights drawn(Device device, Philox random) {
    return drawn(device, random, WeightFormat.F32);
  }

  /** The same with matrices in {@code format}. */
  public static Weights drawn(Device device, Philox random, WeightFormat format) {
    return new Weights(device) {
      @Override
      public WeightFormat format() {
        return format;
      }

      @Override
      protected Tensor find(String path, Shape shape, Initializer initializer) {
        return draw(device, shape, initializer, random);
      }
    };
  }

  /** Where the parameters live. */
  public final Device device() {
    return device;
  }

  /** The parameter {@code name} of exactly {@code shape}, F32. */
  public final Tensor get(String name, Shape shape, Initializer initializer) {
    return find(name, shape, initializer);
  }

  /** What becomes of the matrices among them. */
  public WeightFormat format() {
    return WeightFormat.F32;
  }

  /** The parameters of the layer {@code name} below. */
  public final Weights in(String name) {
    Weights outer = this;
    return new Weights(device) {
      @Override
      public WeightFormat format() {
        return outer.format();
      }

      @Override
      protected Tensor find(String path, Shape shape, Initializer initializer) {
        return outer.find(name + "." + path, shape, initializer);
      }
    };
  }

  /** The parameters of the {@code index}-th layer of a list. */
  public final Weights in(int index) {
    return in(Integer.toString(index));
  }

  /** The parameter at {@code path}, F32 and outside of every scope. */
  protected abstract Tensor find(String path, Shape shape, Initializer initializer);

  /** Draws a parameter. */
  public static Tensor draw(Device device, Shape shape, Initializer initializer, Philox random) {
    return MemoryScope.outside(
        () ->
            initializer.deviation() == 0
                ? Tensors.full(device, DType.F32, shape, initializer.mean())
                : Tensors.normal(
                    device, DType.F32, shape, initializer.mean(), initializer.deviation(), random));
  }
}
