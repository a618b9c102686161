package dev.galen.model.hub;

import static dev.galen.model.hub.FakeHub.ID;
import static dev.galen.model.hub.HubDownloadTest.FAST_RETRIES;
import static dev.galen.model.hub.HubDownloadTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mirrors whose ETag is no hash: what can be seen is checked, and the rest is said. */
class HubUnhashedTest {
  private static final String WEIGHTS = "model.safetensors";

  @TempDir Path cache;
  private final Map<String, String> unchecked = new TreeMap<>();
  private FakeHub hub;

  @BeforeEach
  void start() throws IOException {
    hub = new FakeHub();
    hub.files.put(WEIGHTS, weights());
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  /** One tensor of 1000 bytes. */
  private static byte[] weights() {
    var header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[1000],\"data_offsets\":[0,1000]}}";
    return ByteBuffer.allocate(8 + header.length() + 1000)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length())
        .put(header.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"abc\"",
        "abc",
        "W/\"abc\"",
        "\"6af5d1-1b9f4\"",
        "\"d41d8cd98f00b204e9800998ecf8427e\"",
        "\"d41d8cd98f00b204e9800998ecf8427e-38\"",
        "\"1B2M2Y8AsgTpgAmY7PhCfg==\"",
        "\"../../escaped\"",
        ""
      })
  void saysThatTheContentCouldNotBeChecked(String etag) throws IOException {
    hub.etags.put(WEIGHTS, etag);
    var snapshot = download();
    assertArrayEquals(hub.files.get(WEIGHTS), Files.readAllBytes(snapshot.resolve(WEIGHTS)));
    assertEquals(Set.of(WEIGHTS), unchecked.keySet());
    String line = unchecked.get(WEIGHTS);
    assertEquals(1, line.lines().count());
    assertTrue(line.contains("no hash"), line);
    assertTrue(line.contains("only its size and its form"), line);
    for (var blob : HubDownloadTest.names(cache.resolve("models--galen-org--tiny-model/blobs"))) {
      assertTrue(blob.matches("[0-9a-f]{40}|unhashed-[0-9a-f]{40}"), blob);
    }
  }

  @Test
  void refusesDamageThatShowsWithoutAHash() {
    hub.etags.put(WEIGHTS, "\"abc\"");
    hub.files.put(WEIGHTS, Arrays.copyOf(weights(), 900));
    assertMessage(failure(), WEIGHTS, "damaged", "no sound safetensors file", "truncated");
    hub.files.put(WEIGHTS, "<html>Please log in</html>".getBytes(StandardCharsets.US_ASCII));
    assertMessage(failure(), WEIGHTS, "damaged", "no sound safetensors file");
  }

  @Test
  void refusesJsonThatIsNone() {
    hub.etags.put("config.json", "\"abc\"");
    hub.put("config.json", "{\"model_type\": \"gpt2\", \"n_embd\":");
    Path fresh = cache.resolve("another"); // a file that a snapshot has is not asked for again
    assertMessage(failure(fresh), "config.json", "damaged", "it is not JSON");
    hub.put("config.json", "");
    assertMessage(failure(fresh), "config.json", "damaged", "it is empty");
  }

  /** With one ETag for all files, none may pass for another's content. */
  @Test
  void tellsFilesApartThatHaveTheSameEtag() throws IOException {
    hub.files.keySet().forEach(file -> hub.etags.put(file, "\"abc\""));
    var snapshot = download();
    for (var file : HubDownloadTest.names(snapshot)) {
      assertArrayEquals(hub.files.get(file), Files.readAllBytes(snapshot.resolve(file)), file);
    }
    assertEquals(5, unchecked.size());
  }

  @Test
  void neverGoesOnWithTheStartOfAnotherContent() throws IOException {
    hub.etags.put(WEIGHTS, "\"abc\"");
    var blobs = Files.createDirectories(cache.resolve("models--galen-org--tiny-model/blobs"));
    var name = RemoteFile.of(FakeHub.COMMIT, WEIGHTS, "abc", 0).blob();
    Files.write(blobs.resolve(name + ".incomplete"), new byte[] {1, 2, 3});
    assertArrayEquals(hub.files.get(WEIGHTS), Files.readAllBytes(download().resolve(WEIGHTS)));
  }

  /** Hashes in other clothes: checked, so nothing is said. */
  @ParameterizedTest
  @ValueSource(strings = {"SHA-256", "W/SHA-256", "SHA-1", "MD5"})
  void checksWhateverHashAMirrorGives(String kind) throws Exception {
    var digest = MessageDigest.getInstance(kind.replace("W/", ""));
    var hash = HexFormat.of().formatHex(digest.digest(weights()));
    hub.etags.put(WEIGHTS, (kind.startsWith("W/") ? "W/" : "") + "\"" + hash + "\"");
    download();
    assertEquals(Map.of(), unchecked);
    if (!kind.equals("MD5")) {
      var damaged = weights();
      damaged[damaged.length - 1] ^= 1;
      hub.files.put(WEIGHTS, damaged);
      var failure = assertThrows(IOException.class, () -> download(cache.resolve("another")));
      assertMessage(failure, WEIGHTS, "damaged");
    }
  }

  @Test
  void aWrongContentLengthIsRefused() {
    hub.etags.put(WEIGHTS, "\"abc\"");
    hub.reply("HEAD hub " + WEIGHTS, FakeHub.status(200, "ETag", "abc", "Content-Length", "77"));
    assertMessage(failure(), WEIGHTS, "77");
  }

  @Test
  void saysThatNotEvenTheSizeIsKnown() throws IOException {
    hub.reply("HEAD hub " + WEIGHTS, FakeHub.status(200, "ETag", "abc"));
    download();
    assertTrue(unchecked.get(WEIGHTS).contains("only its form"), unchecked.get(WEIGHTS));
  }

  private Path download() throws IOException {
    return download(cache);
  }

  private Path download(Path cache) throws IOException {
    return HubDownload.download(
        ID,
        hub.environment(cache),
        new DownloadProgress() {
          @Override
          public void unchecked(String file, String reason) {
            unchecked.put(file, reason);
          }
        },
        FAST_RETRIES);
  }

  private IOException failure() {
    return failure(cache);
  }

  private IOException failure(Path cache) {
    return assertThrows(IOException.class, () -> download(cache));
  }
}
