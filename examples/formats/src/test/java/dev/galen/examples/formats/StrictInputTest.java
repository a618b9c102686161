package dev.galen.examples.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrictInputTest {
  @TempDir Path folder;

  @Test
  void whatIsThereIsReadAndNothingIsRefused() throws IOException {
    Path path = Files.writeString(folder.resolve("a.parquet"), "PAR1");
    try (StrictInput input = StrictInput.of(path)) {
      input.open();
      assertEquals(4, input.length());
      assertEquals('A', input.readRange(1, 2).get(0));
      assertThrows(IOException.class, () -> input.readRange(1, 0));
      assertThrows(IOException.class, () -> input.readRange(1, -1));
    }
  }
}
