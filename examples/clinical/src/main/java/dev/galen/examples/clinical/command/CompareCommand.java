package dev.galen.examples.clinical.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentLines;
import dev.galen.examples.clinical.pipeline.DocumentRun;
import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.clinical.structure.compare.Comparison;
import dev.galen.examples.clinical.structure.compare.Difference;
import dev.galen.examples.clinical.structure.compare.PairLinesSource;
import dev.galen.examples.clinical.structure.term.Ontology;
import dev.galen.examples.clinical.text.TextFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code galen clinical compare}. */
@Command(
    name = "compare",
    description = {
      "Say what differs between two reports: values in any units, drugs, findings, negation, sides"
          + " of the body, sections, numbers.",
      "Two text files give lines to read, pairs of --pairs JSON lines with the same id:"
          + " {\"id\", \"differences\": [{\"kind\", \"what\", \"left\", \"right\", ...}]}."
    },
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  /** A document's text is its line. */
  private static final DocumentLines LINES =
      new DocumentLines() {
        @Override
        public String header() {
          return null;
        }

        @Override
        public String line(Document document) {
          return document.text();
        }
      };

  @Parameters(arity = "0..2", paramLabel = "REPORT", description = "Two text files.")
  private List<Path> reports = List.of();

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description = "Pairs: JSON lines {\"id\", \"left\", \"right\"}, the texts of two reports.")
  private Path pairs;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the JSON lines go (default: standard output).")
  private Path out;

  @Option(
      names = "--ontology",
      paramLabel = "FILE",
      description = "Diseases with their synonyms, as `galen clinical structure` takes them.")
  private Path ontology;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if ((pairs == null) != (reports.size() == 2) || pairs == null && out != null) {
      throw new ParameterException(
          spec.commandLine(), "expected two text files, or --pairs FILE (with --out if you like)");
    }
    var comparison = new Comparison(ontology == null ? null : Ontology.read(ontology));
    PrintWriter screen = spec.commandLine().getOut();
    if (pairs == null) {
      print(screen, comparison.of(text(0), text(1)));
      return 0;
    }
    StepOptions.requireApart(List.of(pairs), out);
    String with = ontology == null ? "" : ", " + ontology + Files.getLastModifiedTime(ontology);
    StepOptions.run(
        new PairLinesSource(pairs),
        (pair, sink) -> sink.accept(compared(comparison, pair)),
        "compare" + with,
        out,
        Runtime.getRuntime().availableProcessors(),
        DocumentRun.Check.NONE,
        LINES);
    return 0;
  }

  private String text(int report) throws IOException {
    return TextFiles.read(reports.get(report)).replace("\r\n", "\n");
  }

  private static void print(PrintWriter screen, List<Difference> differences) {
    for (Difference one : differences) {
      screen.printf(
          "%-18s %s: %s -> %s%n",
          one.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          one.what(),
          one.left().isEmpty() ? "(nothing)" : one.left(),
          one.right().isEmpty() ? "(nothing)" : one.right());
    }
    screen.printf(
        "%d difference%s. %s%n",
        differences.size(), differences.size() == 1 ? "" : "s", Disclaimer.TEXT);
    screen.flush();
  }

  /** The pair's document with the line of its differences as text. */
  private static Document compared(Comparison comparison, Document pair) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("id", pair.id());
    ArrayNode differences = result.putArray("differences");
    String left = pair.text();
    String right = pair.field(PairLinesSource.RIGHT);
    for (Difference one : comparison.of(left, right)) {
      ObjectNode json = differences.addObject();
      json.put("kind", one.kind().name().toLowerCase(Locale.ROOT));
      json.put("what", one.what());
      json.put("left", one.left());
      json.put("right", one.right());
      place(json, "left", left, one.leftPlace());
      place(json, "right", right, one.rightPlace());
    }
    return new Document(pair.id(), result.toString(), Map.of(), pair.origin());
  }

  private static void place(ObjectNode json, String side, String text, Annotation place) {
    if (place != null) {
      json.put(side + "_start", text.codePointCount(0, place.start()));
      json.put(side + "_end", text.codePointCount(0, place.end()));
    }
  }
}
