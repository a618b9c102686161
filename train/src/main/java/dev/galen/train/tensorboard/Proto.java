package dev.galen.train.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A message in protobuf's wire format, field by field in the order of their numbers. As proto3 has
 * it, numbers that are 0 are left out.
 */
final class Proto {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** An integer or the number of an enum's word. */
  Proto integer(int field, long value) {
    if (value != 0) {
      tag(field, VARINT);
      varint(value);
    }
    return this;
  }

  /** A double. */
  Proto number(int field, double value) {
    if (Double.doubleToRawLongBits(value) != 0) {
      tag(field, FIXED64);
      fixed(Double.doubleToRawLongBits(value), Double.BYTES);
    }
    return this;
  }

  /** A float that is one of several fields, and so written where it is 0, too. */
  Proto chosenFloat(int field, float value) {
    tag(field, FIXED32);
    fixed(Float.floatToRawIntBits(value), Float.BYTES);
    return this;
  }

  /** Several doubles, packed. */
  Proto numbers(int field, double[] values) {
    if (values.length > 0) {
      tag(field, BYTES);
      varint((long) values.length * Double.BYTES);
      for (double value : values) {
        fixed(Double.doubleToRawLongBits(value), Double.BYTES);
      }
    }
    return this;
  }

  /** A text, one of several perhaps. */
  Proto text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A message in this one. */
  Proto message(int field, Proto value) {
    return bytes(field, value.toBytes());
  }

  private Proto bytes(int field, byte[] value) {
    tag(field, BYTES);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private void tag(int field, int type) {
    varint((long) field << 3 | type);
  }

  private void varint(long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      out.write((int) (left & 0x7F | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }

  private void fixed(long bits, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (bits >>> Byte.SIZE * i));
    }
  }

  /** All of it. */
  byte[] toBytes() {
    return out.toByteArray();
  }
}
