package dev.galen.examples.clinical.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text in a charset, of which one malformed byte does not end the rest: it becomes {@link #BROKEN},
 * a character that no text holds, so that the record around it can be rejected alone. A byte order
 * mark names the charset itself and is left out.
 */
final class TextReader extends Reader {
  /** Stands for bytes that are no text: a noncharacter of Unicode. */
  static final char BROKEN = '\uFFFF';

  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
  private final CharBuffer chars = CharBuffer.allocate(BUFFER).flip();
  private final CharsetDecoder decoder;
  private boolean ended;

  private TextReader(InputStream in, Charset charset) throws IOException {
    this.in = in;
    refill();
    decoder =
        marked(charset)
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** Reads {@code in}, which is closed with the reader. */
  static TextReader of(InputStream in, Charset charset) throws IOException {
    return new TextReader(in, charset);
  }

  /** Whether something of the text was no text in its charset. */
  static boolean isBroken(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == BROKEN) {
        return true;
      }
    }
    return false;
  }

  private Charset marked(Charset charset) throws IOException {
    while (bytes.remaining() < 3 && !ended) {
      refill();
    }
    if (begins(0xEF, 0xBB, 0xBF)) {
      bytes.position(3);
      return StandardCharsets.UTF_8;
    }
    if (begins(0xFE, 0xFF)) {
      bytes.position(2);
      return StandardCharsets.UTF_16BE;
    }
    if (begins(0xFF, 0xFE)) {
      bytes.position(2);
      return StandardCharsets.UTF_16LE;
    }
    return charset;
  }

  private boolean begins(int... mark) {
    if (bytes.remaining() < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((bytes.get(i) & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!chars.hasRemaining()) {
      if (!fill()) {
        return -1;
      }
    }
    int count = Math.min(length, chars.remaining());
    chars.get(target, offset, count);
    return count;
  }

  /** Decodes on; false at the end. */
  private boolean fill() throws IOException {
    chars.clear();
    var result = decoder.decode(bytes, chars, ended);
    if (result.isError() && chars.hasRemaining()) {
      bytes.position(bytes.position() + result.length());
      chars.put(BROKEN);
    } else if (result.isUnderflow()) {
      if (ended) {
        chars.flip();
        return chars.hasRemaining();
      }
      refill();
    }
    chars.flip();
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

  @Override
  public void close() throws IOException {
    in.close();
  }
}
