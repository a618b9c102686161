package dev.galen.examples.clinical.ingest;

import java.io.IOException;
import java.io.Reader;

/** Lines with their numbers, none held beyond a length. */
final class TextLines implements AutoCloseable {
  private final Reader in;
  private final int longest;
  private final char[] buffer = new char[1 << 14];
  private final StringBuilder line = new StringBuilder();
  private int at;
  private int filled;
  private long number;
  private boolean tooLong;

  /** Lines of {@code in}, which is closed with these. */
  TextLines(Reader in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /** Moves to the next line; false at the end. */
  boolean next() throws IOException {
    line.setLength(0);
    if (line.capacity() > 1 << 20) {
      line.trimToSize();
    }
    tooLong = false;
    boolean any = false;
    while (true) {
      if (at == filled) {
        filled = in.read(buffer, 0, buffer.length);
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
      if (line.length() + end - at <= longest) {
        line.append(buffer, at, end - at);
      } else {
        tooLong = true;
      }
      at = end;
      if (end < filled) {
        at++;
        number++;
        return true;
      }
    }
  }

  /** The number of the line, from 1. */
  long number() {
    return number;
  }

  /** Whether the line is longer than it may be; its text is then cut. */
  boolean isTooLong() {
    return tooLong;
  }

  /** The line without its end. */
  String text() {
    int end = line.length();
    if (end > 0 && line.charAt(end - 1) == '\r') {
      end--;
    }
    return line.substring(0, end);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
