package dev.galen.tensor.io;

import static dev.galen.tensor.io.RawFile.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SafetensorsDirectoryTest {
  @TempDir Path dir;

  @BeforeEach
  void shards() throws IOException {
    RawFile.write(
        dir.resolve("s1.safetensors"),
        RawFile.of(
            "{\"__metadata__\":{\"format\":\"pt\"}," + tensor("a", "U8", "[2]", 0, 2) + "}", 2));
    RawFile.write(
        dir.resolve("s2.safetensors"),
        RawFile.of(
            "{" + tensor("b", "U8", "[3]", 0, 3) + "," + tensor("c", "U8", "[1]", 3, 4) + "}", 4));
  }

  private void index(String text) throws IOException {
    Files.writeString(dir.resolve(Index.FILE_NAME), text);
  }

  private String refusal() {
    var e = assertThrows(SafetensorsException.class, () -> TensorFiles.open(dir).close());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  @Test
  void readsShardsAsOne() throws IOException {
    index(
        "{\"metadata\":{\"total_size\":6},\"weight_map\":{\"a\":\"s1.safetensors\","
            + "\"b\":\"s2.safetensors\",\"c\":\"s2.safetensors\"}}");
    try (var files = SafetensorsDirectory.open(dir)) {
      assertEquals(List.of("a", "b", "c"), List.copyOf(files.entries().keySet()));
      assertArrayEquals(new byte[] {3}, files.segment("c").toArray(ValueLayout.JAVA_BYTE));
      assertEquals(Map.of("format", "pt"), files.metadata());
      assertEquals(2, files.files().size());
      var e = assertThrows(IllegalArgumentException.class, () -> files.segment("d"));
      assertEquals(dir + ": no tensor \"d\" among its 3", e.getMessage());
    }
  }

  @Test
  void prefersTheSingleFile() throws IOException {
    index("{\"weight_map\":{\"a\":\"s1.safetensors\"}}");
    RawFile.write(
        dir.resolve("model.safetensors"),
        RawFile.of("{" + tensor("only", "U8", "[1]", 0, 1) + "}", 1));
    try (var files = TensorFiles.open(dir)) {
      assertEquals(List.of("only"), List.copyOf(files.entries().keySet()));
    }
  }

  @Test
  void takesInWhatTheIndexForgets() throws IOException {
    index("{\"weight_map\":{\"a\":\"s1.safetensors\",\"b\":\"s2.safetensors\"}}");
    try (var files = TensorFiles.open(dir)) {
      assertEquals(1, files.segment("c").byteSize());
    }
  }

  @Test
  void namesMissingShards() throws IOException {
    index(
        "{\"weight_map\":{\"a\":\"s1.safetensors\",\"x\":\"s3.safetensors\","
            + "\"y\":\"s4.safetensors\"}}");
    assertTrue(
        refusal()
            .endsWith("2 of the 3 shards it names are missing: s3.safetensors, s4.safetensors"),
        refusal());
  }

  /** Such as the second name of a tied matrix: only who asks for it misses it. */
  @Test
  void takesAnIndexThatListsTooMuch() throws IOException {
    index("{\"weight_map\":{\"a\":\"s1.safetensors\",\"x\":\"s2.safetensors\"}}");
    try (var files = TensorFiles.open(dir)) {
      assertEquals(List.of("a", "b", "c"), List.copyOf(files.entries().keySet()));
      var e = assertThrows(IllegalArgumentException.class, () -> files.entry("x"));
      assertEquals(dir + ": no tensor \"x\" among its 3", e.getMessage());
    }
  }

  @Test
  void findsTensorsInAnotherShardThanTheIndexSays() throws IOException {
    index(
        "{\"weight_map\":{\"a\":\"s1.safetensors\",\"b\":\"s1.safetensors\","
            + "\"c\":\"s2.safetensors\"}}");
    try (var files = TensorFiles.open(dir)) {
      assertArrayEquals(new byte[] {0, 1, 2}, files.segment("b").toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void readsNoMoreOfAnIndexThanItNeeds() throws IOException {
    index(
        "{\"metadata\":{\"total_size\":NaN,\"x\":[-Infinity,null]},\"format\":null,"
            + "\"weight_map\":{\"a\":\"s1.safetensors\"}}");
    try (var files = TensorFiles.open(dir)) {
      assertEquals(1, files.entries().size());
    }
  }

  @Test
  void readsShardsInAFolder() throws IOException {
    Files.createDirectory(dir.resolve("weights"));
    Files.move(dir.resolve("s1.safetensors"), dir.resolve("weights/s1.safetensors"));
    index("{\"weight_map\":{\"a\":\"weights/s1.safetensors\"}}");
    try (var files = TensorFiles.open(dir)) {
      assertEquals(2, files.segment("a").byteSize());
    }
  }

  @Test
  void takesATensorInTwoShardsIfBothAgree() throws IOException {
    index("{\"weight_map\":{\"a\":\"s1.safetensors\",\"b\":\"s2.safetensors\"}}");
    RawFile.write(
        dir.resolve("s2.safetensors"), RawFile.of("{" + tensor("a", "U8", "[2]", 0, 2) + "}", 2));
    try (var files = TensorFiles.open(dir)) {
      assertArrayEquals(new byte[] {0, 1}, files.segment("a").toArray(ValueLayout.JAVA_BYTE));
    }
    for (String other :
        List.of(
            tensor("a", "U8", "[1]", 0, 1) + "," + tensor("z", "U8", "[1]", 1, 2),
            tensor("z", "U8", "[1]", 0, 1) + "," + tensor("a", "U8", "[2]", 1, 3),
            tensor("a", "BOOL", "[2]", 0, 2))) {
      RawFile.write(
          dir.resolve("s2.safetensors"),
          RawFile.of("{" + other + "}", other.contains("1,3") ? 3 : 2));
      assertTrue(
          refusal().endsWith("tensor \"a\" is in this shard and, differently, in s1.safetensors"),
          refusal());
    }
    RawFile.write(
        dir.resolve("s2.safetensors"), RawFile.of("{" + tensor("a", "I8", "[2]", 0, 2) + "}", 2));
    assertTrue(
        refusal().endsWith("tensor \"a\" is in two shards, of type U8 and of type I8"), refusal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../s1.safetensors",
        "/etc/passwd",
        "sub/../../s1.safetensors",
        "sub//s1.safetensors",
        "sub/",
        "..",
        ".",
        "",
        " ",
        "..\\\\s1.safetensors",
        "C:s1.safetensors",
        "a\\u0000b",
        "\\ud800.safetensors"
      })
  void refusesShardsElsewhere(String shard) throws IOException {
    index("{\"weight_map\":{\"a\":\"" + shard + "\"}}");
    assertTrue(refusal().contains("is not the name of a file beside the index"), refusal());
  }

  @Test
  void refusesMalformedIndexes() throws IOException {
    index("");
    assertTrue(refusal().endsWith("the index: expected an object, found nothing"), refusal());
    index("[]");
    assertTrue(refusal().endsWith("the index: expected an object, found an array"), refusal());
    index("{\"weight_map\":{\"a\":\"s1.safetensors\"");
    assertTrue(refusal().contains("the index is not valid JSON"), refusal());
    index("{\"metadata\":{}}");
    assertTrue(refusal().endsWith("the index has no weight_map"), refusal());
    index("{\"weight_map\":{\"a\":1}}");
    assertTrue(
        refusal().endsWith("weight_map: tensor \"a\": expected a string, found \"1\""), refusal());
    index("{\"weight_map\":{\"a\":\"s1.safetensors\"},\"weight_map\":{}}");
    assertTrue(refusal().endsWith("weight_map is in the index twice"), refusal());
  }

  @Test
  void namesDirectoriesWithoutWeights() throws IOException {
    assertTrue(
        refusal().endsWith("has neither model.safetensors nor model.safetensors.index.json"),
        refusal());
    Files.createFile(dir.resolve("pytorch_model.bin"));
    assertTrue(refusal().contains("convert its pytorch_model.bin"), refusal());
    Path absent = dir.resolve("absent");
    var e = assertThrows(SafetensorsException.class, () -> SafetensorsDirectory.open(absent));
    assertEquals(absent + ": no such directory", e.getMessage());
  }
}
