package dev.galen.train.format;

import dev.galen.train.data.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Strict UTF-8 with or without a byte order mark. The JDK's readers either replace malformed bytes
 * or refuse them without saying where; this one names the line. A NUL character is refused too: it
 * means that the file is not text (or is UTF-16).
 */
final class Utf8Reader extends Reader {

  private static final int BUFFER_SIZE = 1 << 16;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String file;
  private final InputStream in;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_SIZE).flip();
  private final CharBuffer chars = CharBuffer.allocate(BUFFER_SIZE).flip();
  private long line = 1;
  private boolean begun;
  private boolean ended;

  private Utf8Reader(String file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /** Opens a file; the caller closes the reader. */
  static Utf8Reader open(Path file) throws IOException {
    return new Utf8Reader(file.toString(), Files.newInputStream(file));
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!chars.hasRemaining() && !fill()) {
      return -1;
    }
    int count = Math.min(length, chars.remaining());
    chars.get(target, offset, count);
    return count;
  }

  /** Decodes the next stretch of characters; false at the end of the file. */
  private boolean fill() throws IOException {
    chars.clear();
    while (chars.position() == 0) {
      CoderResult result = decoder.decode(bytes, chars, ended);
      if (chars.position() > 0) {
        break; // What was decoded before an error is handed out first, so that its lines count.
      }
      if (result.isError()) {
        throw new Origin(file, line)
            .error(
                "not valid UTF-8 (byte 0x%02X); save the file as UTF-8"
                    .formatted(bytes.get(bytes.position())));
      }
      if (ended) {
        chars.flip();
        return false;
      }
      refill();
    }
    chars.flip();
    if (!begun) {
      begun = true;
      if (chars.get(chars.position()) == BYTE_ORDER_MARK) {
        chars.get();
        return chars.hasRemaining() || fill();
      }
    }
    inspect();
    return true;
  }

  private void refill() throws IOException {
    bytes.compact();
    int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
    if (count < 0) {
      ended = true;
    } else {
      bytes.position(bytes.position() + count);
    }
    bytes.flip();
  }

  private void inspect() throws IOException {
    for (int i = chars.position(); i < chars.limit(); i++) {
      char c = chars.get(i);
      if (c == '\n') {
        line++;
      } else if (c == 0) {
        throw new Origin(file, line)
            .error("holds a NUL character; expected text in UTF-8, not a binary file");
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
