package dev.galen.examples.clinical.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Lines of UTF-8, each decoded for itself, so that one that is no UTF-8 does not end the others.
 */
public final class StrictLines {
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private byte[] line = new byte[1 << 12];
  private int length;
  private int at;
  private int filled;
  private long number;
  private long begin;
  private long read;

  /** Reads from {@code in}, which the caller closes. */
  public StrictLines(InputStream in) {
    this.in = in;
  }

  /**
   * Opens a file to be read by lines.
   *
   * @throws IOException if it is none, by its name
   */
  public static InputStream open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder; a file is needed there");
    }
    return Files.newInputStream(file);
  }

  /** The number of the line that {@link #next} moved to, from 1. */
  public long number() {
    return number;
  }

  /** How many bytes stand before the line that {@link #next} moved to. */
  public long begin() {
    return begin;
  }

  /** Moves to the next line; false at the end. */
  public boolean next() throws IOException {
    length = 0;
    begin = read - filled + at;
    boolean any = false;
    while (true) {
      if (at == filled) {
        filled = in.read(buffer, 0, buffer.length);
        read += Math.max(filled, 0);
        at = 0;
        if (filled <= 0) {
          filled = 0;
          number += any ? 1 : 0;
          return any;
        }
      }
      any = true;
      int end = at;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      append(at, end);
      at = end;
      if (end < filled) {
        at++;
        number++;
        return true;
      }
    }
  }

  private void append(int from, int to) {
    if (length + to - from > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + to - from));
    }
    System.arraycopy(buffer, from, line, length, to - from);
    length += to - from;
  }

  /** The line without its end and without a byte order mark; null if it is no UTF-8. */
  public String text() {
    int to = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    boolean mark =
        number == 1
            && to >= 3
            && line[0] == (byte) 0xEF
            && line[1] == (byte) 0xBB
            && line[2] == (byte) 0xBF;
    int from = mark ? 3 : 0;
    try {
      return decoder.decode(ByteBuffer.wrap(line, from, to - from)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
