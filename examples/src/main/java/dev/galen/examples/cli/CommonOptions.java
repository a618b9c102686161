package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

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

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  static boolean isDebug(ParseResult result) {
    ParseResult innermost = result;
    while (innermost.hasSubcommand()) {
      innermost = innermost.subcommand();
    }
    return innermost.hasMatchedOption("--debug");
  }

  boolean isJson() {
    return json;
  }

  /** A new object for {@link #print(ObjectNode)}. */
  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** One JSON line, in JSON mode. */
  void print(ObjectNode object) {
    if (json) {
      out.println(object);
    }
  }

  /** One line for people: standard output, or standard error in JSON mode. */
  void say(String line, Object... values) {
    (json ? System.err : out).println(values.length == 0 ? line : line.formatted(values));
  }

  /** A piece of text for people, without a line's end, at once. */
  void stream(String text) {
    if (!json) {
      out.print(text);
      out.flush();
    }
  }
}
