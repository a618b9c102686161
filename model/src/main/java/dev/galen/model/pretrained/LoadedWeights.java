package dev.galen.model.pretrained;

import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.autograd.Autograd;
import dev.galen.tensor.io.TensorEntry;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parameters from safetensors files. F32 values are used where the file is mapped, without a copy;
 * other types are converted. What a file lacks is drawn, and reported.
 */
final class LoadedWeights extends Weights {
  private final TensorFiles files;
  private final Map<String, String> fileNames;
  private final Philox random;
  private final List<String> loaded = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final List<String> wrongShape = new ArrayList<>();

  /**
   * @param fileNames the name in the files of each path; every tensor that is left over is reported
   *     as unexpected
   */
  LoadedWeights(Device device, TensorFiles files, Map<String, String> fileNames, Philox random) {
    super(device);
    this.files = files;
    this.fileNames = new LinkedHashMap<>(fileNames);
    this.random = random;
  }

  @Override
  protected Tensor find(String path, Shape shape, Initializer initializer) {
    String fileName = fileNames.remove(path);
    if (fileName == null) {
      missing.add(path);
      return draw(device(), shape, initializer, random);
    }
    TensorEntry entry = files.entry(fileName);
    if (!entry.shape().equals(shape) || !entry.dtype().isFloating()) {
      wrongShape.add(
          "%s is %s%s in the file, the config wants F32%s"
              .formatted(fileName, entry.dtype(), entry.shape(), shape));
      return draw(device(), shape, initializer, random);
    }
    loaded.add(path);
    return MemoryScope.outside(() -> read(entry));
  }

  private Tensor read(TensorEntry entry) {
    var segment = files.segment(entry.name());
    int[] dims = entry.shape().toArray();
    if (entry.dtype() == DType.F32) {
      return Tensors.map(device().backend(), DType.F32, segment, dims);
    }
    try (var off = Autograd.noGrad()) {
      Tensor raw = Tensors.upload(device().backend(), entry.dtype(), segment, dims);
      Tensor converted = raw.to(DType.F32);
      raw.free();
      return converted;
    }
  }

  LoadReport report() {
    return new LoadReport(loaded, missing, List.copyOf(fileNames.values()), wrongShape);
  }
}
