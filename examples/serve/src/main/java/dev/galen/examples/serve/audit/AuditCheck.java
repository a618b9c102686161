package dev.galen.examples.serve.audit;

import dev.galen.tensor.io.ErrorText;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a log and checks its chain. */
public final class AuditCheck {
  private static final Pattern LINE =
      Pattern.compile(
          "(\\{\"n\":([0-9]{1,18}),.*,\"before\":\"([0-9a-f]{64})\"),\"hash\":\"([0-9a-f]{64})\"}",
          Pattern.DOTALL);
  private static final int LONGEST_LINE = 1 << 20;

  private AuditCheck() {}

  /**
   * What was found.
   *
   * @param head the last entry of the unbroken part
   * @param problem the first thing wrong, in one line with the file and line; or null
   * @param tornBytes bytes after the last line end: an entry whose writing was interrupted, which
   *     the next start of the server sets aside
   * @param wholeBytes bytes of whole lines
   */
  public record Result(Head head, String problem, long tornBytes, long wholeBytes) {
    /** Whether the chain is unbroken. */
    public boolean ok() {
      return problem == null;
    }
  }

  /**
   * Checks {@code file} from its first line.
   *
   * @param kept a head that was kept elsewhere, which the log must contain
   * @throws IOException if the file cannot be read
   */
  public static Result check(Path file, Optional<Head> kept) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return check(file, in, kept);
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
  }

  private static Result check(Path file, InputStream in, Optional<Head> kept) throws IOException {
    var head = new Head(0, AuditEntry.ZERO);
    boolean met = kept.isEmpty() || kept.get().equals(head);
    long whole = 0;
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b != '\n') {
        line.write(b);
        if (line.size() > LONGEST_LINE) {
          return new Result(head, file + ":" + (head.entries() + 1) + ": too long", 0, whole);
        }
        continue;
      }
      Matcher parts = LINE.matcher(line.toString(StandardCharsets.UTF_8));
      String problem = problem(parts, head);
      if (problem != null) {
        String where = file + ":" + (head.entries() + 1) + ": ";
        return new Result(head, where + problem, 0, whole);
      }
      head = new Head(head.entries() + 1, parts.group(4));
      met |= kept.isPresent() && kept.get().equals(head);
      whole += line.size() + 1;
      line.reset();
    }
    String missing = met ? null : missing(file, head, kept.orElseThrow());
    return new Result(head, missing, line.size(), whole);
  }

  private static String problem(Matcher parts, Head head) {
    if (!parts.matches()) {
      return "not an entry";
    }
    if (!parts.group(3).equals(head.hash())) {
      return "does not follow the line before: one was changed, removed, added or moved";
    }
    if (Long.parseLong(parts.group(2)) != head.entries() + 1) {
      return "has number %s, must be %d".formatted(parts.group(2), head.entries() + 1);
    }
    return AuditEntry.hash(parts.group(1)).equals(parts.group(4)) ? null : "was changed";
  }

  private static String missing(Path file, Head head, Head kept) {
    return head.entries() < kept.entries()
        ? "%s: has %d entries, but there were %d: its end was cut off"
            .formatted(file, head.entries(), kept.entries())
        : "%s: entry %d is not the one that was kept: the log was written anew"
            .formatted(file, kept.entries());
  }
}
