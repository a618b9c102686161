package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.clinical.trust.FaithfulnessReport;
import dev.galen.examples.clinical.trust.FaithfulnessReport.Pair;
import dev.galen.examples.clinical.trust.FieldRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code galen clinical faithful}. */
@Command(
    name = "faithful",
    description = {
      "List numbers, units, drugs, conditions and names of generated texts that their inputs lack.",
      Disclaimer.TEXT
    },
    mixinStandardHelpOptions = true)
final class FaithfulCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Rows with an input and a generated text: JSON lines, CSV, Parquet, ...")
  private Path data;

  @Option(
      names = "--input",
      paramLabel = "FIELD",
      description = "The field that has all that a text was made from (default: input).")
  private String input = "input";

  @Option(
      names = "--generated",
      paramLabel = "FIELD",
      description = "The field that has the generated text (default: output).")
  private String generated = "output";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write report.html and report.json there, with the worst texts.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    ReportFiles.requireOwn(out);
    FieldRows rows = FieldRows.read(data, Set.of(input, generated), Set.of("id"));
    rows.rejects().forEach(problem -> System.err.println("galen: left out " + problem));
    var pairs = new ArrayList<Pair>();
    for (FieldRows.Row row : rows.rows()) {
      String id = row.field("id");
      pairs.add(
          new Pair(
              id == null ? row.origin().toString() : id, row.field(input), row.field(generated)));
    }
    var checked = FaithfulnessReport.check(pairs);
    for (var one : checked) {
      for (var found : one.unsupported()) {
        System.out.printf(
            "%s: %s \"%s\"%n",
            one.pair().name(),
            found.kind().name().toLowerCase(Locale.ROOT),
            found.text().replace("\n", " "));
      }
    }
    FaithfulnessReport.words(checked).forEach(System.out::println);
    System.out.println(Disclaimer.TEXT);
    if (out != null) {
      ReportFiles.write(FaithfulnessReport.of(checked), out);
    }
    return 0;
  }
}
