package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.deid.DeidScore;
import dev.galen.examples.clinical.deid.Deidentifier;
import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.pipeline.JsonLinesSource;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code galen clinical deid-score}. */
@Command(
    name = "deid-score",
    description =
        "Measure found identifiers against true ones: precision, recall and F2 of places that overlap,"
            + " recall of tokens, traps removed.",
    mixinStandardHelpOptions = true)
final class DeidScoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--gold",
      paramLabel = "FILE",
      required = true,
      description = "Documents with their true spans, as deid-corpus writes them.")
  private Path gold;

  @Option(
      names = "--found",
      paramLabel = "FILE",
      description =
          "The same documents with the spans that were found (default: what `deidentify --spans` finds"
              + " in them).")
  private Path found;

  @Override
  public Integer call() throws IOException {
    List<Document> truth = documents(gold);
    List<Document> others = found == null ? null : documents(found);
    if (others != null && others.size() != truth.size()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--found %s has %d documents, --gold %s has %d"
              .formatted(found, others.size(), gold, truth.size()));
    }
    var score = new DeidScore();
    for (int i = 0; i < truth.size(); i++) {
      Document one = truth.get(i);
      if (others != null && !others.get(i).text().equals(one.text())) {
        throw new CommandLine.ParameterException(
            spec.commandLine(),
            "document " + (i + 1) + " of --found has another text than in --gold");
      }
      List<Annotation> places =
          others == null ? Deidentifier.annotations(one.text()) : others.get(i).annotations();
      score.add(one.text(), one.annotations(), places);
    }
    System.out.print(score.table());
    return 0;
  }

  private List<Document> documents(Path file) throws IOException {
    List<Document> all = new ArrayList<>();
    new JsonLinesSource(List.of(file))
        .read(
            new DocumentSource.Sink() {
              @Override
              public void accept(Document document) {
                all.add(document);
              }

              @Override
              public void reject(Origin origin, String problem) {
                throw new CommandLine.ParameterException(
                    spec.commandLine(), origin + ": " + problem);
              }

              @Override
              public void end() {
                // All are there.
              }
            });
    return all;
  }
}
