package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** What every command understands, and where it writes. */
final class CommonOptions {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--json",
      description = "Print one JSON object per line; everything else goes to standard error.")
  private boolean json;

  @Option(names = "--debug", description = "Print where an error happened.")
  private boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Explain this command.")
  private boolean help;

  boolean isJson() {
    return json;
  }

  /** A new object for {@link #print(ObjectNode)}. */
  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** Puts numbers under their names: whole ones as whole ones. */
  static void put(ObjectNode json, Map<String, ? extends Number> figures) {
    figures.forEach((name, value) -> json.set(name, JSON.valueToTree(value)));
  }

  /** A number for people: a whole one as it is, others to four places. */
  static String shortly(Number value) {
    return value instanceof Double || value instanceof Float
        ? String.format(Locale.ROOT, "%.4f", value.doubleValue())
        : value.toString();
  }

  /** One JSON line, in JSON mode. */
  void print(ObjectNode object) {
    print(object.toString());
  }

  /** The same of a line that is JSON already. */
  void print(String line) {
    if (json) {
      System.out.println(line);
    }
  }

  /** One line for people: standard output, or standard error in JSON mode. */
  void say(String line, Object... values) {
    (json ? System.err : System.out)
        .println(values.length == 0 ? line : String.format(Locale.ROOT, line, values));
  }

  /** A piece of text for people, without a line's end, at once. */
  void stream(String text) {
    if (!json) {
      write(text);
    }
  }

  /**
   * Text on standard output, at once.
   *
   * @throws UncheckedIOException if it cannot be written, or its reader is gone: a command that
   *     makes much of it would go on for nothing
   */
  void write(String text) {
    System.out.print(text);
    try {
      StandardOutput.requireWritten();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
