package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.ingest.IngestSource;
import dev.galen.examples.clinical.manifest.Description;
import dev.galen.examples.clinical.report.Disclaimer;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code galen clinical describe}. */
@Command(
    name = "describe",
    description =
        "Describe documents or a source: counts, lengths, fields, balance of labels, scripts.",
    mixinStandardHelpOptions = true)
final class DescribeCommand implements Callable<Integer> {
  @Mixin private SourceOptions options;

  @Override
  public Integer call() throws IOException {
    IngestSource source = options.source();
    var description = new Description();
    source.read(description);
    System.out.println("kinds        " + String.join(", ", source.kinds()));
    source.published().values().stream()
        .distinct()
        .forEach(set -> System.out.println("set          " + set.title() + ", " + set.licence()));
    description.lines().forEach(System.out::println);
    source
        .leftOut()
        .forEach((why, count) -> System.out.printf("left out     %,d: %s%n", count, why));
    System.out.println(Disclaimer.TEXT);
    if (description.documents() == 0) {
      throw new IOException("no document came of what is read");
    }
    return 0;
  }
}
