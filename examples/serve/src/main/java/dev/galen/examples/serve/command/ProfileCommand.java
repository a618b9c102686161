package dev.galen.examples.serve.command;

import dev.galen.examples.clinical.trust.FieldRows;
import dev.galen.examples.serve.oversight.TrainingProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code galen serve profile}. */
@Command(
    name = "profile",
    description =
        "Describe training rows without a word of them, so that a server can tell how far its"
            + " inputs have moved: lengths, vocabulary as hashes, classes.",
    mixinStandardHelpOptions = true)
final class ProfileCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "The training rows: JSON lines, CSV, Parquet, ...")
  private Path data;

  @Option(
      names = "--text",
      paramLabel = "FIELD",
      description = "The field that has the input (default: text).")
  private String text = "text";

  @Option(
      names = "--label",
      paramLabel = "FIELD",
      description = "The field that has the class, if there is one (default: label).")
  private String label = "label";

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "The profile.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    FieldRows rows = FieldRows.read(data, Set.of(text), Set.of(label));
    rows.rejects().forEach(problem -> System.err.println("galen: left out " + problem));
    List<String> labels =
        rows.rows().stream().map(row -> row.field(label)).filter(Objects::nonNull).toList();
    if (!labels.isEmpty() && labels.size() < rows.rows().size()) {
      throw new IllegalArgumentException(
          "%s: only %d of %d rows have the field \"%s\"; all or none must"
              .formatted(data, labels.size(), rows.rows().size(), label));
    }
    List<String> texts = rows.rows().stream().map(row -> row.field(text)).toList();
    TrainingProfile profile = TrainingProfile.of(texts, labels);
    profile.write(out);
    System.out.printf(
        "%d texts, %d words that %d or more of them have, %d classes%n",
        profile.texts(),
        profile.vocabulary().length,
        TrainingProfile.FEWEST_TEXTS,
        profile.classes().size());
    return 0;
  }
}
