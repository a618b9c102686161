package dev.galen.examples.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a file ends in one line that names it. */
@Timeout(60)
class DamageTest {
  @TempDir Path folder;

  private static String message(Path file) {
    String message =
        assertThrows(IOException.class, () -> Fixtures.rows(file, column -> true)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  private Path copy(String name, int bytes) throws IOException {
    byte[] all = Files.readAllBytes(Fixtures.path(name));
    return Files.write(
        folder.resolve(bytes + "-" + name), Arrays.copyOf(all, Math.min(bytes, all.length)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"file.arrow", "deltas.arrow", "json.parquet", "encodings.parquet"})
  void cutFilesAreRefused(String name) throws IOException {
    int size = (int) Files.size(Fixtures.path(name));
    for (int bytes : new int[] {1, 4, 8, 12, 100, size / 2, size - 9, size - 1}) {
      if (name.equals("file.arrow") && bytes > size - 20) {
        continue; // its footer, which repeats what stands before it
      }
      message(copy(name, bytes));
    }
  }

  @Test
  void filesOfAnotherKindAreRefused() throws IOException {
    for (String name : new String[] {"text.parquet", "text.arrow"}) {
      Path text = Files.writeString(folder.resolve(name), "{\"text\": \"a row of JSON\"}\n");
      String message = message(text);
      assertTrue(message.contains("is no "), message);
    }
    assertTrue(message(Files.write(folder.resolve("e.arrow"), new byte[0])).contains("is empty"));
  }

  @Test
  void compressionThatNobodyUncompressesIsNamed() {
    assertTrue(message(Fixtures.path("compressed.arrow")).contains("compressed (lz4)"));
    for (String codec : new String[] {"brotli", "lz4"}) {
      String message = message(Fixtures.path(codec + ".parquet"));
      assertTrue(message.contains("is compressed by " + codec), message);
    }
  }

  /** Damage is either noticed, in one line, or in a value that may be anything. */
  @ParameterizedTest
  @ValueSource(strings = {"stream.arrow", "deltas.arrow"})
  void damagedBytesEndInOneLineOrInRows(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.path(name));
    var random = new SplittableRandom(name.hashCode());
    Path file = folder.resolve(name);
    for (int i = 0; i < 150; i++) {
      byte[] bytes = whole.clone();
      for (int j = 0; j <= random.nextInt(3); j++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, bytes);
      try {
        Fixtures.rows(file, column -> !column.equals("seen") && !column.equals("day"));
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
      }
    }
  }

  @Test
  void aFolderWithoutItsFilesIsRefused() throws IOException {
    Path state = folder.resolve("state.json");
    Files.writeString(state, "{\"_data_files\": [{\"filename\": \"data-0.arrow\"}]}");
    assertEquals(
        state + ": names " + folder.resolve("data-0.arrow") + ", which is not there",
        messageOf(folder, state));
    Files.writeString(state, "{\"_data_files\": 3}");
    assertEquals(state + ": _data_files is 3, must be a list of files", messageOf(folder, state));
    Files.writeString(state, "{\"_data_files\": [");
    assertTrue(messageOf(folder, state).startsWith(state + ": is no JSON"));
    Files.delete(state);
    assertTrue(
        message(folder)
            .endsWith(
                "is a folder; expected a data file, or a folder that save_to_disk of datasets"
                    + " wrote, or a folder of Parquet files"));
  }

  private static String messageOf(Path folder, Path named) {
    String message =
        assertThrows(IOException.class, () -> Fixtures.rows(folder, column -> true)).getMessage();
    assertTrue(message.startsWith(named.toString()), message);
    assertEquals(1, message.lines().count(), message);
    return message;
  }
}
