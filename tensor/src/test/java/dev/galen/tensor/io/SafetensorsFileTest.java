package dev.galen.tensor.io;

import static dev.galen.tensor.io.RawFile.tensor;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsFileTest {
  @TempDir Path dir;

  private Path write(String header, int dataBytes) throws IOException {
    return RawFile.write(dir.resolve("x.safetensors"), RawFile.of(header, dataBytes));
  }

  @Test
  void readsTensorsAndMetadata() throws IOException {
    Path path =
        write(
            "{"
                + tensor("b", "U8", "[2,1]", 8, 10)
                + ","
                + tensor("a", "F32", "[2]", 0, 8)
                + ",\"__metadata__\":{\"format\":\"pt\"}}",
            10);
    try (var file = SafetensorsFile.open(path)) {
      assertEquals(List.of("a", "b"), List.copyOf(file.entries().keySet()), "data order");
      assertEquals(new TensorEntry("b", DType.U8, Shape.of(2, 1), 8, 10), file.entry("b"));
      assertArrayEquals(new byte[] {8, 9}, file.segment("b").toArray(ValueLayout.JAVA_BYTE));
      assertEquals(8, file.segment("a").byteSize());
      assertTrue(file.segment("a").isReadOnly());
      assertEquals(Map.of("format", "pt"), file.metadata());
      var e = assertThrows(IllegalArgumentException.class, () -> file.segment("c"));
      assertEquals(path + ": no tensor \"c\" among its 2", e.getMessage());
    }
  }

  @Test
  void acceptsWhatTheFormatAllows() throws IOException {
    String padded = "{" + tensor("a", "BOOL", "[]", 0, 1) + "}   \n\t ";
    try (var file = SafetensorsFile.open(write(padded, 1))) {
      assertEquals(Shape.of(), file.entry("a").shape());
    }
    try (var file = SafetensorsFile.open(write("{}", 0))) {
      assertEquals(0, file.entries().size());
    }
    String empties =
        "{"
            + tensor("a", "F32", "[0,3]", 0, 0)
            + ","
            + tensor("b", "U8", "[1]", 0, 1)
            + ","
            + tensor("c", "I64", "[2,0]", 1, 1)
            + "}";
    try (var file = SafetensorsFile.open(write(empties, 1))) {
      assertEquals(3, file.entries().size());
      assertEquals(0, file.segment("c").byteSize());
    }
    String unknownField =
        "{\"a\":{\"dtype\":\"U8\",\"note\":{\"x\":[1]},\"shape\":[1],\"data_offsets\":[0,1]}}";
    try (var file = SafetensorsFile.open(write(unknownField, 1))) {
      assertEquals(1, file.segment("a").byteSize());
    }
  }

  @Test
  void aClosedFileSaysSo() throws IOException {
    var file = SafetensorsFile.open(write("{" + tensor("a", "U8", "[1]", 0, 1) + "}", 1));
    var segment = file.segment("a");
    file.close();
    file.close();
    var e = assertThrows(IllegalStateException.class, () -> file.segment("a"));
    assertTrue(e.getMessage().endsWith("is closed, cannot read \"a\""), e.getMessage());
    assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void anArenaThatWasGivenOutlivesTheClose() throws IOException {
    Path path = write("{" + tensor("a", "U8", "[1]", 0, 1) + "}", 1);
    try (var arena = Arena.ofConfined()) {
      var file = SafetensorsFile.open(path, arena);
      var segment = file.segment("a");
      file.close();
      assertThrows(IllegalStateException.class, () -> file.segment("a"));
      assertEquals(0, segment.get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  @Test
  void aReplacedFileStaysReadable() throws IOException {
    Path path = write("{" + tensor("a", "U8", "[4]", 0, 4) + "}", 4);
    try (var file = SafetensorsFile.open(path)) {
      Path other = dir.resolve("other");
      RawFile.write(other, RawFile.of("{}", 0));
      Files.move(other, path, StandardCopyOption.ATOMIC_MOVE);
      assertArrayEquals(new byte[] {0, 1, 2, 3}, file.segment("a").toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void readsPastTwoGibibytes() throws IOException {
    long far = 3L << 30;
    String header =
        "{"
            + tensor("hole", "F32", "[3,268435456]", 0, far)
            + ","
            + tensor("end", "U8", "[2]", far, far + 2)
            + "}";
    byte[] start = RawFile.of(header, 0);
    Path path = dir.resolve("sparse.safetensors");
    try (var channel = FileChannel.open(path, CREATE_NEW, WRITE, SPARSE)) {
      channel.write(ByteBuffer.wrap(start));
      channel.write(ByteBuffer.wrap(new byte[] {7, 9}), start.length + far);
    } catch (IOException e) {
      assumeTrue(false, "no room for a sparse file of 3 GiB: " + e.getMessage());
    }
    try (var file = SafetensorsFile.open(path)) {
      assertEquals(far, file.segment("hole").byteSize());
      assertEquals(0, file.segment("hole").get(ValueLayout.JAVA_BYTE, far - 1));
      assertArrayEquals(new byte[] {7, 9}, file.segment("end").toArray(ValueLayout.JAVA_BYTE));
    } finally {
      Files.delete(path);
    }
  }

  /** The header may be as long as the format allows; what does not fit is never allocated. */
  @Test
  void aHugeHeaderIsReadOrRefusedWithinMemory() throws IOException {
    var names = new ArrayList<String>();
    for (int i = 0; i < 20_000; i++) {
      names.add(tensor("layer." + i + ".weight", "U8", "[1]", i, i + 1));
    }
    try (var file = SafetensorsFile.open(write("{" + String.join(",", names) + "}", 20_000))) {
      assertEquals(20_000, file.entries().size());
    }
    Path lie = RawFile.write(dir.resolve("lie"), RawFile.ofLength(99_999_999, new byte[100], 0));
    assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(lie));
  }

  @Test
  void readsTheSharedModels() throws IOException {
    Path models = SharedData.find("hf-tiny");
    int read = 0;
    try (var folders = Files.newDirectoryStream(models, Files::isDirectory)) {
      for (Path folder : folders) {
        try (var files = TensorFiles.open(folder)) {
          assertFalse(files.entries().isEmpty(), folder.toString());
          for (TensorEntry entry : files.entries().values()) {
            long bytes = entry.shape().size() * entry.dtype().byteSize();
            assertEquals(bytes, files.segment(entry.name()).byteSize());
          }
          read++;
        }
      }
    }
    assertTrue(read > 0, "no model in " + models);
  }
}
