package dev.galen.tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShardedSaveTest {
  private static final String INDEX = "model.safetensors.index.json";
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir Path dir;

  private static NamedTensorData tensor(String name, int size, int value) {
    var data = MemorySegment.ofArray(new byte[size]).fill((byte) value);
    return NamedTensorData.of(name, DType.U8, Shape.of(size), data);
  }

  /** A save of a, b and c with 4 bytes each, all equal to {@code value}. */
  private List<Path> save(int value, long maxShardBytes) throws IOException {
    return SafetensorsWriter.writeSharded(
        dir,
        List.of(tensor("a", 4, value), tensor("b", 4, value), tensor("c", 4, value)),
        Map.of("format", "pt"),
        maxShardBytes);
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void assertStanding(int value) throws IOException {
    try (var files = TensorFiles.open(dir)) {
      assertEquals(3, files.entries().size());
      for (String name : files.entries().keySet()) {
        assertEquals(value, files.segment(name).get(JAVA_BYTE, 3), name);
      }
    }
  }

  @Test
  void writesHuggingFacesLayout() throws IOException {
    assertEquals(List.of(dir.resolve(FIRST), dir.resolve(SECOND)), save(1, 8));
    assertEquals(List.of(FIRST, SECOND, INDEX), files());
    assertEquals(
        """
        {
          "metadata": {
            "total_size": 12
          },
          "weight_map": {
            "a": "model-00001-of-00002.safetensors",
            "b": "model-00001-of-00002.safetensors",
            "c": "model-00002-of-00002.safetensors"
          }
        }
        """,
        Files.readString(dir.resolve(INDEX)));
    try (var files = TensorFiles.open(dir)) {
      assertEquals(Map.of("format", "pt"), files.metadata());
    }
    assertStanding(1);
  }

  @Test
  void oneFileWhereItFits() throws IOException {
    assertEquals(List.of(dir.resolve("model.safetensors")), save(1, 12));
    assertEquals(List.of("model.safetensors"), files());
    assertStanding(1);
    SafetensorsWriter.writeSharded(dir, List.of(), Map.of(), 1);
    try (var files = TensorFiles.open(dir)) {
      assertEquals(0, files.entries().size());
    }
  }

  /** HuggingFace's rule, case by case: what is too large stands alone and interrupts nothing. */
  @Test
  void splitsAsHuggingFaceDoes() throws IOException {
    var tensors = new ArrayList<NamedTensorData>();
    int[] sizes = {3, 3, 20, 4, 1, 9, 10, 0};
    for (int i = 0; i < sizes.length; i++) {
      tensors.add(tensor("t" + i, sizes[i], i));
    }
    Path folder = dir.resolve("made/on/the/way");
    var paths = SafetensorsWriter.writeSharded(folder, tensors, Map.of(), 10);
    var contents = new ArrayList<List<String>>();
    for (Path path : paths) {
      try (var file = SafetensorsFile.open(path)) {
        contents.add(List.copyOf(file.entries().keySet()));
      }
    }
    assertEquals(
        List.of(List.of("t2"), List.of("t0", "t1", "t3"), List.of("t4", "t5"), List.of("t6", "t7")),
        contents);
  }

  @Test
  void laterSavesReplaceEarlierOnesWhateverTheirShards() throws IOException {
    long[] shardBytes = {8, 8, 4, 100, 8, 100, 100, 4, 8};
    Files.writeString(dir.resolve("config.json"), "{}");
    Files.writeString(dir.resolve("model-card.md"), "mine");
    for (int round = 0; round < shardBytes.length; round++) {
      var written = save(round, shardBytes[round]);
      assertStanding(round);
      int others = written.size() == 1 ? 2 : 3;
      assertEquals(written.size() + others, files().size(), files().toString());
    }
  }

  /** What stands after a kill between the renames of two shards is the earlier save, whole. */
  @Test
  void aReaderNeverSeesTwoSavesMixed() throws IOException {
    save(1, 8);
    for (int round = 0; round < 2; round++) {
      try (var killed = new ShardedSave(dir)) {
        killed.putAside(Set.of(FIRST, SECOND));
      }
      assertStanding(1);
      SafetensorsWriter.write(
          dir.resolve(FIRST), List.of(tensor("a", 4, 2), tensor("b", 4, 2)), Map.of());
      assertStanding(1);
    }
    save(3, 8);
    assertStanding(3);
    assertEquals(List.of(FIRST, SECOND, INDEX), files());
  }

  @Test
  void aSaveThatFailsLeavesTheEarlierOne() throws IOException {
    save(1, 8);
    var tensors =
        List.of(
            tensor("a", 4, 2),
            tensor("b", 4, 2),
            NamedTensorData.of("c", DType.U8, Shape.of(4), MemorySegment.ofArray(new byte[3])));
    assertThrows(
        IllegalArgumentException.class,
        () -> SafetensorsWriter.writeSharded(dir, tensors, Map.of(), 8));
    assertStanding(1);
    assertEquals(List.of(FIRST, SECOND, INDEX), files());
  }

  @Test
  void anIndexNobodyCanReadIsReplaced() throws IOException {
    save(1, 8);
    Files.writeString(dir.resolve(INDEX), "{");
    save(2, 8);
    assertStanding(2);
  }

  @Test
  void refusesShardsOfNothing() {
    var e = assertThrows(IllegalArgumentException.class, () -> save(1, 0));
    assertEquals("maxShardBytes must be positive, got 0", e.getMessage());
    var twice = List.of(tensor("a", 4, 1), tensor("a", 4, 1));
    e =
        assertThrows(
            IllegalArgumentException.class,
            () -> SafetensorsWriter.writeSharded(dir, twice, Map.of(), 4));
    assertTrue(e.getMessage().contains("two tensors are called \"a\""), e.getMessage());
  }
}
