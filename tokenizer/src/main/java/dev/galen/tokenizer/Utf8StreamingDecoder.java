package dev.galen.tokenizer;

import dev.galen.tokenizer.text.Utf8;
import java.util.Arrays;
import java.util.function.IntFunction;

/** Holds back the bytes of a character that is not complete yet: three at most. */
final class Utf8StreamingDecoder implements StreamingDecoder {

  private final IntFunction<byte[]> bytesOf;
  private byte[] held = {};

  /**
   * @param bytesOf the bytes of an id; throws on a negative one
   */
  Utf8StreamingDecoder(IntFunction<byte[]> bytesOf) {
    this.bytesOf = bytesOf;
  }

  @Override
  public String push(int id) {
    byte[] more = bytesOf.apply(id);
    var bytes = Arrays.copyOf(held, held.length + more.length);
    System.arraycopy(more, 0, bytes, held.length, more.length);
    var text = new StringBuilder(bytes.length);
    int used = Utf8.decodeComplete(bytes, bytes.length, text);
    held = Arrays.copyOfRange(bytes, used, bytes.length);
    return text.toString();
  }

  @Override
  public String finish() {
    boolean cutOff = held.length > 0;
    held = new byte[0];
    return cutOff ? String.valueOf(Utf8.REPLACEMENT) : "";
  }
}
