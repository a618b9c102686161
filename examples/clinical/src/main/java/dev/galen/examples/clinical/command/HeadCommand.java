package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen clinical head}. */
@Command(
    name = "head",
    description = "Show the first documents of a file or a source, long texts cut.",
    mixinStandardHelpOptions = true)
final class HeadCommand implements Callable<Integer> {
  private static final int LONGEST_TEXT = 600;
  private static final int LONGEST_FIELD = 120;

  @Mixin private SourceOptions options;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "How many documents (default: ${DEFAULT-VALUE}).")
  private int count = 5;

  /** Ends the reading once there are enough. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;

    Enough() {
      super(null, null, false, false);
    }
  }

  @Override
  public Integer call() throws IOException {
    if (count < 1) {
      throw new IllegalArgumentException("-n is " + count + ", must be at least 1");
    }
    var shown = new int[1];
    try {
      options
          .source()
          .read(
              new DocumentSource.Sink() {
                @Override
                public void accept(Document document) {
                  show(document);
                  if (++shown[0] == count) {
                    throw new Enough();
                  }
                }

                @Override
                public void reject(Origin origin, String problem) {
                  System.err.println("galen: " + origin + ": " + problem);
                }

                @Override
                public void end() {}
              });
    } catch (Enough e) {
      // The rest is not read.
    } catch (IOException e) {
      if (shown[0] < count) {
        throw e; // else it is the end of the reading, wrapped by a format's reader
      }
    }
    if (shown[0] == 0) {
      throw new IOException("no document came of what is read");
    }
    System.out.println(Disclaimer.TEXT);
    return 0;
  }

  private static void show(Document document) {
    System.out.println(document.id() + "  (" + document.origin() + ")");
    document
        .fields()
        .forEach(
            (name, value) -> System.out.println("  " + name + ": " + cut(value, LONGEST_FIELD)));
    if (!document.annotations().isEmpty()) {
      System.out.println("  " + document.annotations().size() + " annotations");
    }
    System.out.println(cut(document.text(), LONGEST_TEXT).indent(4).stripTrailing());
    System.out.println();
  }

  private static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end) + " ... (" + text.length() + " characters)";
  }
}
