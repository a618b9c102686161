package dev.galen.tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file written by the format's own package: see make_reference.py beside it. */
final class ReferenceFileTest {
  @TempDir Path dir;
  private Path reference;

  @BeforeEach
  void unpack() throws IOException {
    reference = dir.resolve("reference.safetensors");
    try (var stream = ReferenceFileTest.class.getResourceAsStream("reference.safetensors")) {
      Files.copy(stream, reference);
    }
  }

  @Test
  void weReadWhatPythonWrites() throws IOException {
    try (var file = SafetensorsFile.open(reference)) {
      assertEquals(13, file.entries().size());
      assertEquals(Map.of("note", "line 1\nline 2 é"), file.metadata());
      assertArrayEquals(new byte[] {1, 0, 1}, file.segment("mask").toArray(JAVA_BYTE));
      assertArrayEquals(new byte[] {0, 1, -2, -1}, file.segment("bytes").toArray(JAVA_BYTE));
      short[] half = file.segment("half").toArray(JAVA_SHORT_UNALIGNED);
      assertEquals(0.5f, Float.float16ToFloat(half[0]));
      assertEquals(65504f, Float.float16ToFloat(half[2]));
      short[] brain = file.segment("brain").toArray(JAVA_SHORT_UNALIGNED);
      assertEquals(1f, DType.fromBFloat16(brain[0]));
      assertEquals(-2f, DType.fromBFloat16(brain[1]));
      assertEquals(Float.NaN, DType.fromBFloat16(brain[2]));
      assertArrayEquals(
          new int[] {Integer.MIN_VALUE, 0, Integer.MAX_VALUE},
          file.segment("ids").toArray(JAVA_INT_UNALIGNED));
      assertArrayEquals(
          new float[] {0, 0.25f, 0.5f, 0.75f, 1, 1.25f},
          file.segment("h.1.weight").toArray(JAVA_FLOAT_UNALIGNED));
      assertEquals(Shape.of(2, 3), file.entry("h.1.weight").shape());
      assertArrayEquals(
          new double[] {Math.PI}, file.segment("double").toArray(JAVA_DOUBLE_UNALIGNED));
      assertArrayEquals(
          new long[] {Long.MIN_VALUE, Long.MAX_VALUE},
          file.segment("long").toArray(JAVA_LONG_UNALIGNED));
      assertEquals(new TensorEntry("scalar", DType.F32, Shape.of(), 52, 56), file.entry("scalar"));
      assertEquals(Shape.of(0, 4), file.entry("empty").shape());
      assertEquals(7, file.segment("é😀 \"q\"\\").get(JAVA_BYTE, 0));
    }
  }

  /** Whatever order we are given the tensors in. */
  @Test
  void weWriteWhatPythonWrites() throws IOException {
    try (var file = SafetensorsFile.open(reference)) {
      var tensors = new ArrayList<NamedTensorData>();
      for (TensorEntry entry : file.entries().values()) {
        tensors.add(
            NamedTensorData.of(
                entry.name(), entry.dtype(), entry.shape(), file.segment(entry.name())));
      }
      Collections.shuffle(tensors, new java.util.Random(3));
      Path ours = dir.resolve("ours.safetensors");
      SafetensorsWriter.write(ours, tensors, file.metadata());
      assertEquals(-1, Files.mismatch(reference, ours), "first byte that differs");
    }
  }
}
