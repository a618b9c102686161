package dev.galen.model.nn;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.PackedWeight;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.io.TensorEntry;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.MemorySegment;

/**
 * Where a layer's constructor takes its parameters from: initialised, or loaded by dotted path. A
 * constructor asks {@code weights.in("h").in(0).get("weight", shape, init)} and need not know
 * which.
 */
public abstract class Weights {
  private final Device device;

  /** Parameters for {@code device}. */
  protected Weights(Device device) {
    this.device = device;
  }

  /** Parameters initialised from {@code random} in the order they are asked for. */
  public static Weights initialised(Device device, Philox random) {
    return initialised(device, random, WeightFormat.F32);
  }

  /** The same with matrices in {@code format}. */
  public static Weights initialised(Device device, Philox random, WeightFormat format) {
    return new Weights(device) {
      @Override
      public WeightFormat format() {
        return format;
      }

      @Override
      protected Tensor find(String path, Shape shape, Initializer initializer) {
        return initialise(device, shape, initializer, random);
      }
    };
  }

  /**
   * Parameters from safetensors files, each under its path. F32 values are used where the file is
   * mapped, without a copy, until an optimizer moves them; F16 and BF16 are converted. Open {@code
   * files} with {@link java.lang.foreign.Arena#ofAuto()}, and they stay mapped as long as a
   * parameter lies in them.
   *
   * <p>{@link #get} throws an IllegalArgumentException that names the file where a tensor is
   * missing, or has another shape than the layer wants. Tensors that no layer asks for are not
   * noticed: compare {@code files.entries()} with {@link Layer#parameters()} to find them.
   */
  public static Weights of(Device device, TensorFiles files) {
    return new Weights(device) {
      @Override
      protected Tensor find(String path, Shape shape, Initializer initializer) {
        TensorEntry entry = files.entry(path);
        if (!entry.shape().equals(shape) || !entry.dtype().isFloating()) {
          throw new IllegalArgumentException(
              "%s: %s is %s%s, the model wants F32%s"
                  .formatted(files.path(), path, entry.dtype(), entry.shape(), shape));
        }
        return read(device, files, entry, WeightFormat.F32);
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

  /**
   * The matrix {@code name} in the form that these weights choose.
   *
   * @param shape {@code [out, in]} if {@code outputFirst}, else {@code [in, out]}
   */
  public final Weight weight(
      String name, Shape shape, boolean outputFirst, Initializer initializer) {
    return findWeight(name, shape, outputFirst, initializer);
  }

  /** What becomes of the matrices among them. */
  public WeightFormat format() {
    return WeightFormat.F32;
  }

  /** Whether every parameter so far was what was asked for; if not, the model is not used. */
  public boolean areAsAsked() {
    return true;
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
      public boolean areAsAsked() {
        return outer.areAsAsked();
      }

      @Override
      protected Tensor find(String path, Shape shape, Initializer initializer) {
        return outer.find(name + "." + path, shape, initializer);
      }

      @Override
      protected Weight findWeight(
          String path, Shape shape, boolean outputFirst, Initializer initializer) {
        return outer.findWeight(name + "." + path, shape, outputFirst, initializer);
      }
    };
  }

  /** The parameters of the {@code index}-th layer of a list. */
  public final Weights in(int index) {
    return in(Integer.toString(index));
  }

  /** The parameter at {@code path}, F32 and outside of every scope. */
  protected abstract Tensor find(String path, Shape shape, Initializer initializer);

  /** The matrix at {@code path}: a parameter, or packed as {@link #format} says. */
  protected Weight findWeight(
      String path, Shape shape, boolean outputFirst, Initializer initializer) {
    Tensor tensor = find(path, shape, initializer);
    if (!format().isPacked()) {
      return new Weight.Dense(tensor, outputFirst);
    }
    PackedWeight packed = PackedWeight.of(tensor, outputFirst, format());
    tensor.free();
    return new Weight.Packed(packed);
  }

  /** Makes a parameter as {@code initializer} says. */
  public static Tensor initialise(
      Device device, Shape shape, Initializer initializer, Philox random) {
    return MemoryScope.outside(
        () ->
            initializer.deviation() == 0
                ? Tensors.full(device, DType.F32, shape, initializer.mean())
                : Tensors.normal(
                    device, DType.F32, shape, initializer.mean(), initializer.deviation(), random));
  }

  /**
   * A tensor of {@code files} as F32, outside of every scope: where the file is mapped if it is F32
   * there and stays as it is, converted if it is not, and in memory of its own if it is to be
   * packed as {@code format}.
   */
  public static Tensor read(
      Device device, TensorFiles files, TensorEntry entry, WeightFormat format) {
    var segment = files.segment(entry.name());
    int[] dims = entry.shape().toArray();
    return MemoryScope.outside(
        () -> {
          if (entry.dtype() == DType.F32 && format.isPacked()) {
            return Tensors.upload(device.backend(), DType.F32, segment, dims);
          }
          if (entry.dtype() == DType.F32) {
            return Tensors.map(device.backend(), DType.F32, segment, dims);
          }
          try (var off = Autograd.noGrad()) {
            Tensor raw = Tensors.upload(device.backend(), entry.dtype(), segment, dims);
            Tensor converted = raw.to(DType.F32);
            raw.free();
            return converted;
          }
        });
  }

  /**
   * A matrix of {@code files} packed as {@code format}, some rows at a time. What was read of a
   * mapped file is let go of again, so that a directory of any size takes what is packed and little
   * more.
   */
  public static PackedWeight pack(
      Device device, TensorFiles files, TensorEntry entry, WeightFormat format) {
    MemorySegment matrix = files.segment(entry.name());
    int out = entry.shape().dim(0);
    int in = entry.shape().dim(1);
    long row = in * entry.dtype().byteSize();
    return PackedWeight.ofRows(
        device.backend(),
        format,
        out,
        in,
        (from, to) -> {
          MemorySegment rows = matrix.asSlice(from * row, (to - from) * row);
          Tensor raw = Tensors.upload(device.backend(), entry.dtype(), rows, to - from, in);
          if (rows.isMapped()) {
            rows.unload();
          }
          return raw.to(DType.F32);
        });
  }
}
