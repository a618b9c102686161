package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
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
    (json ? System.err : out)
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
   * @throws UncheckedIOException if nobody reads it, or it cannot be written; print streams keep
   *     that to themselves, and a command would go on for nothing
   */
  void write(String text) {
    out.print(text);
    if (out.checkError()) {
      throw new UncheckedIOException(failure());
    }
  }

  /** Why standard output failed: one more byte brings the system's own words. */
  private static IOException failure() {
    try (var raw = new FileOutputStream(FileDescriptor.out)) {
      raw.write('\n');
      return new ClosedPipeException();
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      return reason.toLowerCase(Locale.ROOT).contains("pipe")
          ? new ClosedPipeException()
          : new IOException("standard output: " + reason, e);
    }
  }
}
