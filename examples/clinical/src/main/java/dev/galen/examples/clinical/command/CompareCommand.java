package dev.galen.examples.clinical.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.pipeline.StrictLines;
import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.clinical.structure.compare.Comparison;
import dev.galen.examples.clinical.structure.compare.Difference;
import dev.galen.examples.clinical.structure.term.Ontology;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
  private static final JsonMapper MAPPER = new JsonMapper();

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
      print(screen, comparison.of(text(reports.get(0)), text(reports.get(1))));
      return 0;
    }
    try (InputStream in = Files.newInputStream(pairs);
        Writer lines = out == null ? new Unclosed(screen) : Files.newBufferedWriter(out)) {
      compare(comparison, in, lines);
    }
    return 0;
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file).replace("\r\n", "\n");
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not valid UTF-8", e);
    }
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

  private void compare(Comparison comparison, InputStream in, Writer out) throws IOException {
    var lines = new StrictLines(in);
    long rejected = 0;
    long read = 0;
    while (lines.next()) {
      String line = lines.text();
      if (line != null && line.isBlank()) {
        continue;
      }
      read++;
      JsonNode row = line == null ? null : row(line);
      if (row == null || !row.path("left").isTextual() || !row.path("right").isTextual()) {
        rejected++;
        System.err.printf(
            "galen: %s:%d: no pair; expected a JSON object with the texts left and right%n",
            pairs, lines.number());
        continue;
      }
      ObjectNode result = MAPPER.createObjectNode();
      result.put("id", row.hasNonNull("id") ? row.get("id").asText() : "" + lines.number());
      ArrayNode differences = result.putArray("differences");
      String left = row.get("left").asText();
      String right = row.get("right").asText();
      for (Difference one : comparison.of(left, right)) {
        ObjectNode json = differences.addObject();
        json.put("kind", one.kind().name().toLowerCase(Locale.ROOT));
        json.put("what", one.what());
        json.put("left", one.left());
        json.put("right", one.right());
        place(json, "left", left, one.leftPlace());
        place(json, "right", right, one.rightPlace());
      }
      out.write(MAPPER.writeValueAsString(result));
      out.write('\n');
    }
    out.flush();
    System.err.printf(Locale.ROOT, "galen: %,d pairs read, %,d rejected%n", read, rejected);
  }

  private static void place(ObjectNode json, String side, String text, Annotation place) {
    if (place != null) {
      json.put(side + "_start", text.codePointCount(0, place.start()));
      json.put(side + "_end", text.codePointCount(0, place.end()));
    }
  }

  private static JsonNode row(String line) {
    try {
      return MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** Standard output, which stays open. */
  private static final class Unclosed extends BufferedWriter {
    Unclosed(PrintWriter screen) {
      super(screen);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
