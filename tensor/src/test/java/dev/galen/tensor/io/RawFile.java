package dev.galen.tensor.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files put together by hand, sound or not. */
final class RawFile {
  private RawFile() {}

  /** A header of the right length, then {@code dataBytes} bytes 0, 1, 2, ... */
  static byte[] of(String header, int dataBytes) {
    return of(header.getBytes(StandardCharsets.UTF_8), dataBytes);
  }

  static byte[] of(byte[] header, int dataBytes) {
    return ofLength(header.length, header, dataBytes);
  }

  /** As above, with a header length that is a lie. */
  static byte[] ofLength(long length, byte[] header, int dataBytes) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
    bytes.writeBytes(header);
    for (int i = 0; i < dataBytes; i++) {
      bytes.write(i);
    }
    return bytes.toByteArray();
  }

  /** One tensor's entry in a header. */
  static String tensor(String name, String dtype, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, dtype, shape, begin, end);
  }

  static Path write(Path path, byte[] bytes) throws IOException {
    return Files.write(path, bytes);
  }
}
