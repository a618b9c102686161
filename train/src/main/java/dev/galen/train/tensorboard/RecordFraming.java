package dev.galen.train.tensorboard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * TFRecord: each record is its length (8 bytes, little-endian), the length's masked CRC-32C, the
 * record, and its masked CRC-32C (4 bytes each). A checksum is masked so that a record of records
 * does not hold checksums of its own checksums: {@code ((crc >>> 15) | (crc << 17)) + 0xa282ead8}.
 */
final class RecordFraming {
  private static final int MASK_DELTA = 0xa282ead8;
  private static final int ROTATION = 15;

  private RecordFraming() {}

  /** The frame with {@code record} in it. */
  static byte[] framed(byte[] record) {
    int around = Long.BYTES + 2 * Integer.BYTES;
    ByteBuffer frame = ByteBuffer.allocate(record.length + around).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(record.length);
    frame.putInt(masked(frame.array(), Long.BYTES));
    frame.put(record);
    frame.putInt(masked(record, record.length));
    return frame.array();
  }

  private static int masked(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), ROTATION) + MASK_DELTA;
  }
}
