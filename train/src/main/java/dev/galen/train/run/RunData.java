package dev.galen.train.run;

import dev.galen.train.data.ClinicalCorpus;
import dev.galen.train.data.Examples;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.Split;
import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowSchemas;
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
record RunData(Examples train, Examples validation, String source) {
  private static final double HELD_OUT = 0.1;

  /** Below this many examples nothing is held out: a tenth would measure nothing. */
  private static final int FEW = 20;

  /** Galen's own corpus. */
  private static RunData embedded() {
    Split<QuestionExample> split = ClinicalCorpus.load();
    return new RunData(
        Examples.of(split.train()),
        Examples.of(split.validation()),
        "Galen's clinical corpus: %d training, %d validation, %d test records, no real patient"
            .formatted(split.train().size(), split.validation().size(), split.test().size()));
  }

  /** Files, or without any Galen's own corpus, and a validation file if there is one. */
  static RunData read(DataSource data, RowSchemas schemas, long seed) throws IOException {
    List<Path> files = data.train();
    Path validation = data.validation();
    if (files.isEmpty()) {
      RunData own = embedded();
      return validation == null ? own : own.measuredOn(validation, schemas);
    }
    Examples examples = DataFiles.examples(files, schemas);
    if (validation != null) {
      Examples held = DataFiles.examples(List.of(validation), schemas);
      return new RunData(
          examples,
          held,
          "%s: %d examples; validation %s: %d"
              .formatted(names(files), examples.count(), validation, held.count()));
    }
    if (examples.tokenised() || examples.count() < FEW) {
      return new RunData(
          examples,
          Examples.of(List.of()),
          "%s: %d examples, none held out".formatted(names(files), examples.count()));
    }
    Examples train = examples.part(Split.Part.TRAIN, HELD_OUT, 0, seed);
    Examples held = examples.part(Split.Part.VALIDATION, HELD_OUT, 0, seed);
    return new RunData(
        train,
        held,
        "%s: %d examples, of which %d held out for validation by hash with seed %d"
            .formatted(names(files), examples.count(), held.count(), seed));
  }

  private RunData measuredOn(Path validation, RowSchemas schemas) throws IOException {
    Examples held = DataFiles.examples(List.of(validation), schemas);
    return new RunData(
        train,
        held,
        "Galen's clinical corpus: %d training records; validation %s: %d"
            .formatted(train.count(), validation, held.count()));
  }

  private static String names(List<Path> files) {
    return String.join(", ", files.stream().map(Path::toString).toList());
  }
}
