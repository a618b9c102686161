package dev.galen.examples.cli;

import dev.galen.train.data.ClinicalCorpus;
import dev.galen.train.data.DataFiles;
import dev.galen.train.data.Example;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.Split;
import dev.galen.train.data.TokenExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a run learns from and is measured on.
 *
 * @param train learned
 * @param validation measured; may be empty
 * @param source one line for the report
 */
record TrainingData(
    List<? extends Example> train, List<? extends Example> validation, String source) {
  private static final double HELD_OUT = 0.1;

  /** Below this many examples nothing is held out: a tenth would measure nothing. */
  private static final int FEW = 20;

  /** Galen's own corpus. */
  private static TrainingData embedded() {
    var split = ClinicalCorpus.load();
    return new TrainingData(
        split.train(),
        split.validation(),
        "Galen's clinical corpus: %d training, %d validation, %d test records, no real patient"
            .formatted(split.train().size(), split.validation().size(), split.test().size()));
  }

  /** Files, or without any Galen's own corpus, and a validation file or null. */
  static TrainingData read(List<Path> files, Path validation, long seed) throws IOException {
    if (files.isEmpty()) {
      TrainingData own = embedded();
      return validation == null ? own : own.measuredOn(validation);
    }
    List<Example> examples = DataFiles.read(files.toArray(Path[]::new));
    if (validation != null) {
      List<Example> held = DataFiles.read(validation);
      return new TrainingData(
          examples,
          held,
          "%s: %d examples; validation %s: %d"
              .formatted(names(files), examples.size(), validation, held.size()));
    }
    boolean tokenised = examples.stream().anyMatch(e -> e instanceof TokenExample);
    if (tokenised || examples.size() < FEW) {
      return new TrainingData(
          examples,
          List.of(),
          "%s: %d examples, none held out".formatted(names(files), examples.size()));
    }
    Split<Example> split = Split.byHash(examples, HELD_OUT, 0, seed);
    return new TrainingData(
        split.train(),
        split.validation(),
        "%s: %d examples, of which %d held out for validation by hash with seed %d"
            .formatted(names(files), examples.size(), split.validation().size(), seed));
  }

  /** Without the questions that alone fill the length; what is left may be empty. */
  TrainingData fitting(SequenceEncoder encoder) {
    return new TrainingData(
        train.stream().filter(encoder::fits).toList(),
        validation.stream().filter(encoder::fits).toList(),
        source);
  }

  private TrainingData measuredOn(Path validation) throws IOException {
    List<Example> held = DataFiles.read(validation);
    return new TrainingData(
        train,
        held,
        "Galen's clinical corpus: %d training records; validation %s: %d"
            .formatted(train.size(), validation, held.size()));
  }

  private static String names(List<Path> files) {
    return String.join(", ", files.stream().map(Path::toString).toList());
  }
}
