package dev.galen.train.checkpoint;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.io.TensorEntry;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.train.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A checkpoint that was read, and found to be what was saved. */
public final class SavedCheckpoint {
  static final String WEIGHTS = "model.safetensors";
  static final String OPTIMIZER = "optimizer.safetensors";
  static final String SETTINGS = "settings.json";

  private final Path directory;
  private final StateFile state;
  private final RunSettings settings;

  private SavedCheckpoint(Path directory, StateFile state, RunSettings settings) {
    this.directory = directory;
    this.state = state;
    this.settings = settings;
  }

  /**
   * Reads {@code state.json} and holds every file against its SHA-256.
   *
   * @throws IOException in one line that names what is missing or damaged
   */
  static SavedCheckpoint open(Path directory) throws IOException {
    StateFile state = StateFile.read(directory);
    for (FileDigest file : state.files()) {
      file.require(directory);
    }
    if (state.files().isEmpty()) {
      // From before there were digests: what can be seen without them.
      for (String name : List.of(WEIGHTS, OPTIMIZER)) {
        if (!Files.exists(directory.resolve(name))) {
          throw new IOException(directory.resolve(name) + ": no such file");
        }
        TensorFiles.open(directory.resolve(name)).close();
      }
    }
    return new SavedCheckpoint(
        directory, state, StateFile.readSettings(directory.resolve(SETTINGS)));
  }

  /** Where it lies. */
  public Path directory() {
    return directory;
  }

  /** The numbers the run goes on from. */
  public TrainingState state() {
    return state.state();
  }

  /**
   * Refuses another model by its shapes, and other settings than {@code now} by name.
   *
   * @param changed settings that may differ
   * @return lines to tell: what differs and was let pass
   */
  public List<String> requireFit(
      Map<String, Tensor> parameters, RunSettings now, Collection<Setting> changed)
      throws IOException {
    try (TensorFiles files = TensorFiles.open(directory.resolve(WEIGHTS))) {
      requireShapes(files, directory.resolve(WEIGHTS), parameters);
    }
    return settings.requireSame(now, changed, state().step(), directory.toString());
  }

  /**
   * Fills parameters and the optimizer's state; names and shapes must agree, or nothing is touched.
   * A parameter that lies in a file that is mapped keeps its place if it has these values already,
   * and else moves to memory of its own.
   */
  public void fill(Map<String, Tensor> parameters, Optimizer optimizer) throws IOException {
    Path weights = directory.resolve(WEIGHTS);
    Path kept = directory.resolve(OPTIMIZER);
    try (TensorFiles weightFiles = TensorFiles.open(weights);
        TensorFiles stateFiles = TensorFiles.open(kept)) {
      requireShapes(weightFiles, weights, parameters);
      requireShapes(stateFiles, kept, optimizer.state());
      fill(weightFiles, parameters);
      fill(stateFiles, optimizer.state());
    }
    optimizer.resumeAt(state.updates());
  }

  /** Fills parameters alone; names and shapes must agree. */
  public void fillWeights(Map<String, Tensor> parameters) throws IOException {
    fill(WEIGHTS, parameters);
    Autocast.weightsChanged();
  }

  /**
   * Fills tensors from another file of the checkpoint's own.
   *
   * @throws IOException if it has not all of these, or of another shape
   */
  public void fill(String name, Map<String, Tensor> tensors) throws IOException {
    Path file = directory.resolve(name);
    try (TensorFiles files = TensorFiles.open(file)) {
      requireShapes(files, file, tensors);
      fill(files, tensors);
    }
  }

  private static void fill(TensorFiles files, Map<String, Tensor> tensors) {
    tensors.forEach((name, tensor) -> Tensors.assign(tensor, files.segment(name)));
  }

  private static void requireShapes(TensorFiles files, Path file, Map<String, Tensor> tensors)
      throws IOException {
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      TensorEntry stored = files.entries().get(entry.getKey());
      if (stored == null
          || stored.dtype() != tensor.dtype()
          || !stored.shape().equals(tensor.shape())) {
        throw new IOException(
            "%s: %s is %s, this run needs %s%s"
                .formatted(
                    file,
                    entry.getKey(),
                    stored == null ? "missing" : stored.dtype() + "" + stored.shape(),
                    tensor.dtype(),
                    tensor.shape()));
      }
    }
  }
}
