package dev.galen.tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsWriterTest {
  @TempDir Path dir;

  private static NamedTensorData bytes(String name, int... values) {
    var data = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      data[i] = (byte) values[i];
    }
    return NamedTensorData.of(name, DType.U8, Shape.of(values.length), MemorySegment.ofArray(data));
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void everyTypeComesBack() throws IOException {
    var random = new Random(5);
    var tensors = new ArrayList<NamedTensorData>();
    for (DType dtype : DType.values()) {
      for (int size : new int[] {0, 1, 3, 1000}) {
        var data = new byte[size * dtype.byteSize()];
        random.nextBytes(data);
        tensors.add(
            NamedTensorData.of(
                dtype + "." + size, dtype, Shape.of(size, 1), MemorySegment.ofArray(data)));
      }
    }
    Path path = dir.resolve("all.safetensors");
    SafetensorsWriter.write(path, tensors, Map.of("z", "1", "a", "2"));
    try (var file = SafetensorsFile.open(path)) {
      assertEquals(tensors.size(), file.entries().size());
      assertEquals(List.of("a", "z"), List.copyOf(file.metadata().keySet()));
      long dataStart = Files.size(path) - file.entries().lastEntry().getValue().end();
      assertEquals(0, dataStart % 8);
      for (NamedTensorData tensor : tensors) {
        TensorEntry entry = file.entry(tensor.name());
        assertEquals(tensor.dtype(), entry.dtype());
        assertEquals(tensor.shape(), entry.shape());
        assertEquals(0, entry.begin() % entry.dtype().byteSize(), "aligned");
        assertEquals(-1, tensor.data().get().mismatch(file.segment(entry.name())));
      }
    }
    assertEquals(List.of("all.safetensors"), files());
  }

  @Test
  void arraysAndOffHeapMemoryLongerThanAChunk() throws IOException {
    int size = 1_500_000;
    var array = new float[size];
    for (int i = 0; i < size; i++) {
      array[i] = i;
    }
    Path path = dir.resolve("x.safetensors");
    try (var arena = Arena.ofShared()) {
      MemorySegment offHeap = arena.allocate(4L * size).copyFrom(MemorySegment.ofArray(array));
      SafetensorsWriter.write(
          path,
          List.of(
              NamedTensorData.of("a", DType.F32, Shape.of(size), MemorySegment.ofArray(array)),
              NamedTensorData.of("b", DType.F32, Shape.of(size), offHeap)),
          Map.of());
      try (var file = SafetensorsFile.open(path)) {
        assertEquals(-1, offHeap.mismatch(file.segment("a")));
        assertEquals(-1, offHeap.mismatch(file.segment("b")));
      }
    }
  }

  @Test
  void asksForOneTensorAtATimeInFileOrder() throws IOException {
    var asked = new ArrayList<String>();
    var buffer = MemorySegment.ofArray(new byte[2]);
    var tensors = new ArrayList<NamedTensorData>();
    for (int i = 9; i >= 0; i--) {
      byte value = (byte) i;
      tensors.add(
          new NamedTensorData(
              "t" + i,
              DType.U8,
              Shape.of(2),
              () -> {
                asked.add("t" + value);
                return buffer.fill(value);
              }));
    }
    Path path = dir.resolve("x.safetensors");
    SafetensorsWriter.write(path, tensors, Map.of());
    assertEquals(List.of("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9"), asked);
    try (var file = SafetensorsFile.open(path)) {
      assertArrayEquals(new byte[] {6, 6}, file.segment("t6").toArray(JAVA_BYTE));
    }
  }

  @Test
  void aFileMayBeRewrittenFromItself() throws IOException {
    Path path = dir.resolve("x.safetensors");
    SafetensorsWriter.write(path, List.of(bytes("a", 1, 2, 3)), Map.of());
    try (var file = SafetensorsFile.open(path)) {
      SafetensorsWriter.write(
          path,
          List.of(NamedTensorData.of("b", DType.U8, Shape.of(3), file.segment("a"))),
          Map.of());
      assertArrayEquals(new byte[] {1, 2, 3}, file.segment("a").toArray(JAVA_BYTE));
    }
    try (var file = SafetensorsFile.open(path)) {
      assertArrayEquals(new byte[] {1, 2, 3}, file.segment("b").toArray(JAVA_BYTE));
    }
  }

  @Test
  void refusesWhatNoFileCanHold() throws IOException {
    assertEquals(
        "two tensors are called \"a\"", refusal(List.of(bytes("a", 1), bytes("a", 2)), Map.of()));
    assertEquals(
        "no tensor may be called __metadata__", refusal(List.of(bytes("__metadata__")), Map.of()));
    assertTrue(
        refusal(List.of(bytes("\ud800")), Map.of())
            .endsWith("has half a surrogate pair in its name"));
    assertTrue(
        refusal(List.of(), Map.of("a", "\ud800"))
            .contains("metadata of key \"a\" have half a surrogate"));
    var wrong =
        NamedTensorData.of("w", DType.F32, Shape.of(2, 3), MemorySegment.ofArray(new byte[20]));
    assertEquals(
        "tensor \"w\": shape [2, 3] of F32 takes 24 bytes, but its data have 20",
        refusal(List.of(wrong), Map.of()));
    assertEquals(List.of(), files());
  }

  private String refusal(List<NamedTensorData> tensors, Map<String, String> metadata) {
    Path path = dir.resolve("x.safetensors");
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> SafetensorsWriter.write(path, tensors, metadata));
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  @Test
  void whatASupplierThrowsPassesThroughAndTheOldFileStays() throws IOException {
    Path path = dir.resolve("x.safetensors");
    SafetensorsWriter.write(path, List.of(bytes("a", 1)), Map.of());
    var lost = new IllegalStateException("the device is gone");
    var tensors =
        List.of(
            bytes("a", 2),
            new NamedTensorData(
                "b",
                DType.U8,
                Shape.of(1),
                () -> {
                  throw lost;
                }));
    var e =
        assertThrows(
            IllegalStateException.class, () -> SafetensorsWriter.write(path, tensors, Map.of()));
    assertEquals(lost, e);
    try (var file = SafetensorsFile.open(path)) {
      assertArrayEquals(new byte[] {1}, file.segment("a").toArray(JAVA_BYTE));
    }
    assertEquals(List.of("x.safetensors"), files());
  }
}
