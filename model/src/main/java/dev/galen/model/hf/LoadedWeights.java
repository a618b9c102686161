package dev.galen.model.hf;

import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weight;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.io.TensorEntry;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Parameters from safetensors files. F32 values are used where the file is mapped, without a copy,
 * unless the matrices are to be packed, after which no file is needed; other types are converted.
 * What a file lacks is reported, and initialised if it may be.
 */
public final class LoadedWeights extends Weights {
  /** No directory that was meant for a config differs from it this often. */
  private static final int MOST_FAULTS = 100;

  private final TensorFiles files;
  private final Map<String, String> fileNames;
  private final Philox random;
  private final WeightFormat format;
  private final Set<String> initialised;
  private final boolean outline;
  private final List<String> loaded = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final List<String> wrongShape = new ArrayList<>();

  /**
   * Parameters for {@code device}.
   *
   * @param fileNames the name in the files of each path; every tensor that is left over is reported
   *     as unexpected
   * @param initialised paths that may be missing
   */
  public LoadedWeights(
      Device device,
      TensorFiles files,
      Map<String, String> fileNames,
      Philox random,
      WeightFormat format,
      Collection<String> initialised) {
    this(device, files, fileNames, random, format, initialised, false);
  }

  private LoadedWeights(
      Device device,
      TensorFiles files,
      Map<String, String> fileNames,
      Philox random,
      WeightFormat format,
      Collection<String> initialised,
      boolean outline) {
    super(device);
    this.files = files;
    this.fileNames = new LinkedHashMap<>(fileNames);
    this.random = random;
    this.format = format;
    this.initialised = Set.copyOf(initialised);
    this.outline = outline;
  }

  /** Parameters that have the files' names and shapes and no values, see {@link #standIn}. */
  public static LoadedWeights outline(
      Device device, TensorFiles files, Map<String, String> fileNames) {
    return new LoadedWeights(
        device, files, fileNames, new Philox(0), WeightFormat.F32, List.of(), true);
  }

  /** After a fault the model is not going to be used, and its stand-ins must not be filled in. */
  @Override
  public WeightFormat format() {
    return areAsAsked() ? format : WeightFormat.F32;
  }

  @Override
  public boolean areAsAsked() {
    return missing.isEmpty() && wrongShape.isEmpty() && !outline;
  }

  @Override
  protected Tensor find(String path, Shape shape, Initializer initializer) {
    String fileName = fileNames.remove(path);
    if (fileName == null) {
      if (isForeign(path)) {
        return standIn(shape);
      }
      missing.add(path);
      return initialised.contains(path)
          ? initialise(device(), shape, initializer, random)
          : standIn(shape);
    }
    TensorEntry entry = files.entry(fileName);
    if (!entry.shape().equals(shape) || !entry.dtype().isFloating()) {
      wrongShape.add(
          "%s is %s%s in the file, the config wants F32%s"
              .formatted(fileName, entry.dtype(), entry.shape(), shape));
      return standIn(shape);
    }
    loaded.add(path);
    return outline ? standIn(device(), shape) : read(device(), files, entry, format);
  }

  @Override
  protected Weight findWeight(
      String path, Shape shape, boolean outputFirst, Initializer initializer) {
    String fileName = fileNames.get(path);
    TensorEntry entry = fileName == null ? null : files.entries().get(fileName);
    if (format().isPacked()
        && outputFirst
        && entry != null
        && entry.shape().equals(shape)
        && entry.dtype().isFloating()) {
      fileNames.remove(path);
      loaded.add(path);
      return new Weight.Packed(pack(device(), files, entry, format));
    }
    return super.findWeight(path, shape, outputFirst, initializer);
  }

  /** Whether a file has {@code path} in a type that Galen does not compute with; if so, says so. */
  private boolean isForeign(String path) {
    for (String name : List.of(path, path.substring(path.indexOf('.') + 1))) {
      if (files.foreign().containsKey(name)) {
        wrongShape.add(
            "%s is of type %s, with which Galen does not compute; convert it to F32, F16 or BF16"
                .formatted(name, files.foreign().get(name)));
        return true;
      }
    }
    return false;
  }

  /**
   * One element that looks like a parameter, so that a wrong config is reported before it can ask
   * for more memory than there is.
   */
  private Tensor standIn(Shape shape) {
    if (missing.size() + wrongShape.size() > MOST_FAULTS) {
      fileNames.clear(); // what was not asked for yet is not unexpected
      throw new TooManyFaults();
    }
    return standIn(device(), shape);
  }

  private static Tensor standIn(Device device, Shape shape) {
    return MemoryScope.outside(() -> Tensors.zeros(device, DType.F32, Shape.of()).expand(shape));
  }

  /** Parameters that have the shapes that a model asks for and no values. */
  public static Weights outline(Device device) {
    return new Weights(device) {
      @Override
      public boolean areAsAsked() {
        return false;
      }

      @Override
      protected Tensor find(String path, Shape shape, Initializer initializer) {
        return standIn(device, shape);
      }
    };
  }

  /** The report has enough to say, and the model is not worth completing. */
  public static final class TooManyFaults extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** What became of each tensor so far. */
  public LoadReport report() {
    return new LoadReport(loaded, missing, List.copyOf(fileNames.values()), wrongShape);
  }
}
