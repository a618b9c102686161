package dev.galen.tensor.io;

import static dev.galen.tensor.io.RawFile.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DamagedFileTest {
  @TempDir Path dir;

  /** Flipped and cut files are refused with a line, or read; whatever is read stays in bounds. */
  @Test
  void damagedFilesAreRefusedOrRead() throws IOException {
    byte[] sound =
        RawFile.of(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + tensor("w", "F32", "[2,3]", 0, 24)
                + ","
                + tensor("é", "I64", "[1]", 24, 32)
                + ","
                + tensor("mask", "BOOL", "[3]", 32, 35)
                + "}  ",
            35);
    var random = new Random(1);
    int refused = 0;
    int read = 0;
    for (int round = 0; round < 8_000; round++) {
      byte[] damaged = damage(sound, random);
      try {
        // Mapping is slow beside parsing, so most rounds go without a file.
        read += round % 40 == 0 ? readFile(damaged) : readBytes(damaged);
      } catch (SafetensorsException e) {
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > 4000, "only " + refused + " refused");
    assertTrue(read > 300, "only " + read + " read");
  }

  private int readFile(byte[] bytes) throws IOException {
    Path path = RawFile.write(dir.resolve("damaged.safetensors"), bytes);
    try (var file = SafetensorsFile.open(path)) {
      long read = 0;
      for (String name : file.entries().keySet()) {
        read += file.segment(name).toArray(ValueLayout.JAVA_BYTE).length;
      }
      assertTrue(read <= bytes.length);
    }
    return 1;
  }

  private int readBytes(byte[] bytes) throws IOException {
    var file = MemorySegment.ofArray(bytes);
    Header header = Header.parse(dir, file);
    for (TensorEntry entry : header.entries().values()) {
      file.asSlice(header.dataStart() + entry.begin(), entry.byteSize());
    }
    return 1;
  }

  private static byte[] damage(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> bytes[random.nextInt(8)] = (byte) random.nextInt(256);
      case 2 -> bytes[8 + random.nextInt(bytes.length - 8)] ^= (byte) (1 << random.nextInt(8));
      default -> {
        for (int i = 0; i < 4; i++) {
          int at = 8 + random.nextInt(bytes.length - 8);
          bytes[at] =
              "{}[],:\"0123456789-.eE \u00ff"
                  .getBytes(StandardCharsets.ISO_8859_1)[random.nextInt(23)];
        }
      }
    }
    return bytes;
  }
}
