package dev.galen.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines of standard input that end in a newline and nothing else: a carriage return is text, and
 * malformed UTF-8 is refused instead of being replaced.
 */
final class InputLines {
  private final InputStream in;
  private byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;
  private long number;

  InputLines(InputStream in) {
    this.in = in;
  }

  /** The number of the line that was read last, counted from 1. */
  long number() {
    return number;
  }

  /** The next line without its end; null if there is none. */
  String next() throws IOException {
    int end = from;
    while (true) {
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      if (end < to) {
        return line(end, end + 1);
      }
      int scanned = end - from;
      if (!fill()) {
        return from == to ? null : line(to, to);
      }
      end = from + scanned;
    }
  }

  private boolean fill() throws IOException {
    System.arraycopy(buffer, from, buffer, 0, to - from);
    to -= from;
    from = 0;
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.multiplyExact(buffer.length, 2));
    }
    int read = in.read(buffer, to, buffer.length - to);
    to += Math.max(read, 0);
    return read >= 0;
  }

  private String line(int end, int next) throws IOException {
    number++;
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(buffer, from, end - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IOException("standard input, line " + number + ": not valid UTF-8", e);
    } finally {
      from = next;
    }
  }
}
