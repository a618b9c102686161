package dev.galen.model.hf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened to each tensor of a model and of its files.
 *
 * @param loaded parameters that a file gave
 * @param missing parameters that no file has; they were initialised
 * @param unexpected tensors of the files that the model does not have
 * @param wrongShape one line for each tensor whose shape is another than the config wants
 */
public record LoadReport(
    List<String> loaded, List<String> missing, List<String> unexpected, List<String> wrongShape) {
  private static final int SHOWN = 3;

  /** Keeps its own copies. */
  public LoadReport {
    loaded = List.copyOf(loaded);
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
    wrongShape = List.copyOf(wrongShape);
  }

  /**
   * Throws one line unless file and model agree.
   *
   * @param initialised paths that may be missing, such as a new head's
   */
  public void requireAgreement(Path source, List<String> initialised) throws IOException {
    List<String> absent = new ArrayList<>(missing);
    absent.removeAll(initialised);
    List<String> faults = new ArrayList<>(some(wrongShape, ""));
    faults.addAll(some(absent, "missing "));
    faults.addAll(some(unexpected, "unexpected "));
    if (!faults.isEmpty()) {
      throw new IOException(
          source + ": the weights do not fit config.json: " + String.join("; ", faults));
    }
  }

  private static List<String> some(List<String> names, String prefix) {
    List<String> lines = new ArrayList<>();
    names.stream().limit(SHOWN).forEach(name -> lines.add(prefix + name));
    if (names.size() > SHOWN) {
      lines.add("and " + (names.size() - SHOWN) + " more");
    }
    return lines;
  }
}
