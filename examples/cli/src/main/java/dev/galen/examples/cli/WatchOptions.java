package dev.galen.examples.cli;

import dev.galen.train.run.Watching;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of {@code finetune} and {@code train} that say what a run shows of itself. */
final class WatchOptions {
  @Option(names = "--csv", description = "Write log.csv, a row for each update and validation.")
  boolean csv;

  @Option(
      names = "--tensorboard",
      description =
          "Write TensorBoard's event files to the folder tensorboard under --out: losses, rates,"
              + " norms, speed, memory, measures and samples.")
  boolean tensorBoard;

  @Option(
      names = "--histograms-every",
      paramLabel = "N",
      description =
          "With --tensorboard: updates between histograms of all weights and gradients (default:"
              + " none).")
  Long histogramsEvery;

  @Option(
      names = "--sample-prompt",
      paramLabel = "TEXT",
      description =
          "Have the model go on with this at each validation, by its likeliest tokens. May be given"
              + " several times.")
  List<String> samplePrompts = new ArrayList<>();

  @Option(
      names = "--peak-tflops",
      paramLabel = "X",
      description =
          "The machine's peak in --precision, in 10^12 operations per second, such as 989: the log"
              + " tables and the report then tell the model FLOPs utilisation.")
  Double peakTflops;

  /** What was given. */
  Watching watching() {
    return new Watching(
        csv,
        tensorBoard,
        histogramsEvery == null ? 0 : histogramsEvery,
        samplePrompts,
        peakTflops == null ? 0 : peakTflops);
  }

  /** Name and value of each option that was given once and has a value, as words of a command. */
  Map<String, Object> words() {
    var words = new LinkedHashMap<String, Object>();
    words.put("--histograms-every", histogramsEvery);
    words.put("--peak-tflops", peakTflops);
    return words;
  }

  /** The options without a value that were given. */
  List<String> flags() {
    var flags = new ArrayList<String>();
    if (csv) {
      flags.add("--csv");
    }
    if (tensorBoard) {
      flags.add("--tensorboard");
    }
    return flags;
  }
}
