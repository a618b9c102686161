package dev.galen.tokenizer.sentencepiece;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads the fields of a protobuf message one by one (encoding: protobuf.dev). */
final class Protobuf {

  private final byte[] bytes;
  private final int end;
  private int at;

  /** The number of the field that was read last, and how it is written. */
  private int field;

  private int wire;

  Protobuf(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private Protobuf(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** Goes on to the next field; says whether there is one. */
  boolean next() throws IOException {
    if (at == end) {
      return false;
    }
    long key = varint();
    field = (int) (key >>> 3);
    wire = (int) (key & 7);
    if (field <= 0) {
      throw damaged();
    }
    return true;
  }

  int field() {
    return field;
  }

  /** The value of a number or a flag. */
  long number() throws IOException {
    require(wire == 0);
    return varint();
  }

  boolean flag() throws IOException {
    return number() != 0;
  }

  /** The value of an F32. */
  float real() throws IOException {
    require(wire == 5 && end - at >= 4);
    int bits = 0;
    for (int i = 3; i >= 0; i--) {
      bits = bits << 8 | bytes[at + i] & 0xFF;
    }
    at += 4;
    return Float.intBitsToFloat(bits);
  }

  byte[] bytes() throws IOException {
    int length = length();
    var value = new byte[length];
    System.arraycopy(bytes, at, value, 0, length);
    at += length;
    return value;
  }

  String text() throws IOException {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  Protobuf message() throws IOException {
    int length = length();
    at += length;
    return new Protobuf(bytes, at - length, at);
  }

  /** Steps over the value. */
  void skip() throws IOException {
    switch (wire) {
      case 0 -> varint();
      case 1 -> skip(8);
      case 2 -> skip(length());
      case 5 -> skip(4);
      default -> throw damaged();
    }
  }

  private void skip(int length) throws IOException {
    require(length <= end - at);
    at += length;
  }

  private int length() throws IOException {
    require(wire == 2);
    long length = varint();
    require(length >= 0 && length <= end - at);
    return (int) length;
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      require(at < end);
      byte b = bytes[at++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw damaged();
  }

  private void require(boolean well) throws IOException {
    if (!well) {
      throw damaged();
    }
  }

  private IOException damaged() {
    return new IOException("is no SentencePiece model, or is damaged at byte " + at);
  }
}
