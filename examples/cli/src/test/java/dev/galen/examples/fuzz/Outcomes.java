package dev.galen.examples.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;

/**
 * Counts how cases end. There are two good ends: success, and an error that the command turns into
 * one line which names what was damaged. The smallest input of each bad one is kept under {@code
 * target/fuzz}.
 */
public final class Outcomes {
  /** Characters of a line that a terminal can still show. */
  private static final int LONGEST_LINE = 1000;

  /** What no single small file may take. */
  private static final long SLOWEST_MILLIS = 5_000;

  private final String name;
  private final String mustName;
  private final TreeMap<String, Integer> counts = new TreeMap<>();
  private final TreeMap<String, Bad> bad = new TreeMap<>();
  private final long start = System.nanoTime();
  private int cases;

  /** The smallest input of a bad end. */
  private record Bad(long index, byte[] input, String message) {}

  /** One case. */
  @FunctionalInterface
  public interface Body {
    /** Reads the damaged input. */
    void run() throws Throwable;
  }

  /**
   * An empty count.
   *
   * @param name what is damaged, for the report
   * @param mustName the part of a path that every refusal has to name
   */
  public Outcomes(String name, String mustName) {
    this.name = name;
    this.mustName = mustName;
  }

  /** Runs case {@code index}, whose damaged file is {@code input}. */
  public void run(long index, byte[] input, Body body) {
    long began = System.nanoTime();
    String message = "";
    String end;
    try {
      body.run();
      end = "accepted";
    } catch (Throwable e) {
      Throwable cause = ErrorText.cause(e);
      message = ErrorText.of(cause);
      end =
          isRefusal(cause)
              ? "refused" + fault(message)
              : "FAULT " + cause.getClass().getName() + at(e);
    }
    if ((System.nanoTime() - began) / 1_000_000 > SLOWEST_MILLIS) {
      end = "SLOW " + end;
    }
    count(end, index, input, message);
  }

  /**
   * Counts a case that ran elsewhere; every end but {@code accepted} and {@code refused} is bad.
   */
  public void count(String end, long index, byte[] input, String message) {
    cases++;
    counts.merge(end, 1, Integer::sum);
    if (!end.equals("accepted") && !end.equals("refused")) {
      bad.merge(
          end,
          new Bad(index, input, message),
          (a, b) -> b.input().length < a.input().length ? b : a);
    }
  }

  /** A parser's own error, or a subclass such as that of a number, has not been put into words. */
  private static boolean isRefusal(Throwable cause) {
    return cause instanceof IOException && !(cause instanceof JsonProcessingException)
        || cause.getClass() == IllegalArgumentException.class;
  }

  private String fault(String message) {
    if (!message.contains(mustName)) {
      return " WITHOUT A FILE'S NAME";
    }
    return message.length() > LONGEST_LINE ? " IN TOO LONG A LINE" : "";
  }

  private static String at(Throwable e) {
    for (StackTraceElement frame : e.getStackTrace()) {
      if (frame.getClassName().startsWith("dev.galen")) {
        return " at " + frame.getFileName() + ":" + frame.getLineNumber();
      }
    }
    return "";
  }

  /** Prints the counts, and fails if there was any bad end. */
  public void requireGood() throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%s: %,d cases in %.1f s: %s%n",
        name,
        cases,
        (System.nanoTime() - start) / 1e9,
        counts);
    Path kept = Path.of("target", "fuzz");
    for (var entry : bad.entrySet()) {
      Files.createDirectories(kept);
      String file = name + "-" + entry.getKey().replaceAll("[^A-Za-z0-9]+", "_");
      Bad smallest = entry.getValue();
      Files.write(kept.resolve(file + ".bin"), smallest.input());
      // A message may have half a surrogate pair, which writeString refuses.
      String text = "case " + smallest.index() + "\n" + smallest.message() + "\n";
      Files.write(kept.resolve(file + ".txt"), text.getBytes(StandardCharsets.UTF_8));
      System.out.printf(
          "  %s: case %d, %d bytes, kept as %s.bin: %s%n",
          entry.getKey(),
          smallest.index(),
          smallest.input().length,
          kept.resolve(file),
          smallest.message());
    }
    assertTrue(bad.isEmpty(), () -> name + ": " + bad.keySet());
  }
}
