package dev.galen.examples.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Standard output, in UTF-8, that remembers why it could not be written: print streams keep that to
 * themselves, and a command would end well although its result is lost.
 */
final class StandardOutput extends PrintStream {
  private final Target target;

  StandardOutput(OutputStream target) {
    this(new Target(target));
  }

  private StandardOutput(Target target) {
    super(target, true, StandardCharsets.UTF_8);
    this.target = target;
  }

  /**
   * Throws unless all that was printed so far was written.
   *
   * @throws ClosedPipeException if its reader is gone
   * @throws IOException if it cannot be written, as on a full disk
   */
  static void requireWritten() throws IOException {
    boolean failed = System.out.checkError(); // flushes
    if (System.out instanceof StandardOutput out && out.target.failure != null) {
      throw named(out.target.failure);
    }
    if (failed) {
      throw new IOException("standard output: cannot be written");
    }
  }

  private static IOException named(IOException failure) {
    String reason = String.valueOf(failure.getMessage());
    if (reason.toLowerCase(Locale.ROOT).contains("pipe")) {
      return new ClosedPipeException();
    }
    String words =
        reason.contains("Bad file descriptor") ? "is closed; the result has no place" : reason;
    return new IOException("standard output: " + words, failure);
  }

  /** Where the bytes go, until the first failure. */
  private static final class Target extends OutputStream {
    private final OutputStream inner;
    private volatile IOException failure;

    Target(OutputStream inner) {
      this.inner = inner;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (failure != null) {
        return; // what follows a gap is worth nothing, and a full disk may take it again
      }
      try {
        inner.write(bytes, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void flush() throws IOException {
      if (failure == null) {
        inner.flush();
      }
    }
  }
}
