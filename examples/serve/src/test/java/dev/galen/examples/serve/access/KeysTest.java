package dev.galen.examples.serve.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();

  @Test
  void aKeyIsShownOnceAndKeptAsAHash() throws IOException {
    var file = new KeyFile(folder.resolve("keys.json"));
    KeyFile.Added added = file.add("Ward 7", Role.REVIEWER);

    assertTrue(added.secret().matches("galen_[A-Za-z0-9_-]{43}"));
    String text = Files.readString(file.path());
    assertFalse(text.contains(added.secret()));
    assertFalse(text.contains(added.secret().substring(6)));
    assertFalse(added.toString().contains(added.secret()));
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())));
    var keys = new Keys(file, warnings::add);
    var owner = new Principal(added.key().id(), "Ward 7", Role.REVIEWER);
    assertEquals(Optional.of(owner), keys.bySecret(added.secret()));
    assertEquals(Optional.of(owner), keys.byId(added.key().id()));
    assertEquals(Optional.empty(), keys.bySecret(added.secret() + "x"));
    assertEquals(Optional.empty(), keys.bySecret(added.key().hash()));
    assertEquals(Optional.empty(), keys.bySecret(""));
  }

  @Test
  void aRevokedKeyEndsOnARunningServer() throws Exception {
    var file = new KeyFile(folder.resolve("keys.json"));
    KeyFile.Added first = file.add("first", Role.READER);
    KeyFile.Added second = file.add("second", Role.READER);
    var keys = new Keys(file, warnings::add);
    file.revoke(first.key().id());

    long end = System.nanoTime() + 10_000_000_000L;
    while (keys.bySecret(first.secret()).isPresent() && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    assertEquals(Optional.empty(), keys.bySecret(first.secret()));
    assertTrue(keys.bySecret(second.secret()).isPresent());
    assertThrows(IllegalArgumentException.class, () -> file.revoke(first.key().id()));
    var unknown = assertThrows(IllegalArgumentException.class, () -> file.revoke("00000000"));
    assertTrue(unknown.getMessage().contains(second.key().id()), unknown.getMessage());
  }

  @Test
  void aDamagedFileLeavesTheKeysAsTheyWere() throws Exception {
    var file = new KeyFile(folder.resolve("keys.json"));
    KeyFile.Added added = file.add("a", Role.ADMIN);
    var keys = new Keys(file, warnings::add);
    Files.writeString(file.path(), "{\"keys\": [");

    long end = System.nanoTime() + 10_000_000_000L;
    while (warnings.isEmpty() && System.nanoTime() < end) {
      assertTrue(keys.bySecret(added.secret()).isPresent());
      Thread.sleep(50);
    }
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().contains("keys.json"), warnings.getFirst());
    assertTrue(keys.bySecret(added.secret()).isPresent());
  }

  @Test
  void wrongFilesAreToldInOneLine() throws IOException {
    Path path = folder.resolve("k.json");
    var file = new KeyFile(path);
    for (String text :
        List.of(
            "[]",
            "{\"keys\": [{}]}",
            "{\"keys\": [{\"id\":\"0\",\"name\":\"a\",\"role\":\"reader\",\"hash\":\"0\",\"created\":\"x\"}]}",
            "{\"keys\": [{\"id\":\"00000000\",\"name\":\"a\",\"role\":\"boss\"}]}")) {
      Files.writeString(path, text);
      var problem = assertThrows(IOException.class, file::read);
      assertTrue(problem.getMessage().startsWith(path + ": "), problem.getMessage());
      assertEquals(1, problem.getMessage().lines().count());
    }
    Files.writeString(path, "{\"keys\": []}");
    assertThrows(IOException.class, () -> new Keys(file, warnings::add));
    assertThrows(IllegalArgumentException.class, () -> file.add("two\nlines", Role.READER));
  }
}
