package dev.galen.tensor.io;

import static dev.galen.tensor.io.RawFile.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What safetensors 0.8's own reader takes and no result depends on, we take too. */
final class LenientFileTest {
  private static final String A = tensor("a", "U8", "[4]", 0, 4);

  @TempDir Path dir;

  private SafetensorsFile open(String header, int dataBytes) throws IOException {
    return SafetensorsFile.open(
        RawFile.write(dir.resolve("model.safetensors"), RawFile.of(header, dataBytes)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"__metadata__\":null,%s}",
        "{%s,\"__metadata__\":null}",
        "{\"__metadata__\":{},%s}",
        " \n\t\r{%s}",
        "{%s} \n\t\r ",
        "{%s,%<s}",
        "{%s,\"empty\":{\"dtype\":\"F32\",\"shape\":[3,0],\"data_offsets\":[4,4]}}",
        "{%s,\"empty\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "{%s,\"none\":{\"dtype\":\"F4\",\"shape\":[0],\"data_offsets\":[4,4]}}"
      })
  void readsTheTensorAllTheSame(String header) throws IOException {
    try (var file = open(header.formatted(A), 4)) {
      assertArrayEquals(new byte[] {0, 1, 2, 3}, file.segment("a").toArray(ValueLayout.JAVA_BYTE));
      assertEquals(Map.of(), file.metadata());
    }
  }

  @Test
  void theLastOfEqualMetadataCounts() throws IOException {
    try (var file = open("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}," + A + "}", 4)) {
      assertEquals(Map.of("k", "2"), file.metadata());
    }
  }

  @Test
  void typesOfNoUseAreInNobodysWayUntilAskedFor() throws IOException {
    String header =
        "{%s,%s,%s,%s,%s}"
            .formatted(
                tensor("scale", "F8_E8M0", "[2]", 0, 2),
                tensor("blocks", "F4", "[2,2]", 2, 4),
                tensor("six", "F6_E3M2", "[4]", 4, 7),
                tensor("count", "U64", "[1]", 7, 15),
                tensor("w", "F32", "[1]", 15, 19));
    try (var file = open(header, 19)) {
      assertEquals(List.of("w"), List.copyOf(file.entries().keySet()));
      assertEquals(
          Map.of("scale", "F8_E8M0", "blocks", "F4", "six", "F6_E3M2", "count", "U64"),
          file.foreign());
      assertArrayEquals(
          new byte[] {15, 16, 17, 18}, file.segment("w").toArray(ValueLayout.JAVA_BYTE));
      var e = assertThrows(IllegalArgumentException.class, () -> file.segment("blocks"));
      assertEquals(
          file.path()
              + ": tensor \"blocks\" is of type F4, with which Galen does not compute;"
              + " convert it to F32, F16 or BF16",
          e.getMessage());
    }
  }
}
