package dev.galen.model.hub;

import static dev.galen.model.hub.FakeHub.COMMIT;
import static dev.galen.model.hub.FakeHub.ID;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a {@link FakeHub}: what arrives, where it lies, and what was asked for. */
class HubDownloadTest {
  static final RetryPolicy FAST_RETRIES =
      new RetryPolicy(
          4,
          Duration.ofMillis(5),
          Duration.ofMillis(20),
          Duration.ofSeconds(3),
          Duration.ofMillis(600));

  @TempDir Path cache;
  private FakeHub hub;

  @BeforeEach
  void start() throws IOException {
    hub = new FakeHub();
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void writesTheLayoutOfHuggingFace() throws IOException {
    var snapshot = download();

    var repository = cache.resolve("models--galen-org--tiny-model");
    assertEquals(repository.resolve("snapshots").resolve(COMMIT), snapshot);
    assertEquals(COMMIT, Files.readString(repository.resolve("refs/main")));
    assertEquals(
        Set.of("config.json", "vocab.json", "merges.txt", "README.md", "model.safetensors"),
        names(snapshot));
    for (var file : names(snapshot)) {
      var content = hub.files.get(file);
      var etag = file.endsWith(".safetensors") ? FakeHub.sha256(content) : FakeHub.gitHash(content);
      assertEquals(
          Path.of("../../blobs/" + etag), Files.readSymbolicLink(snapshot.resolve(file)), file);
      assertArrayEquals(content, Files.readAllBytes(snapshot.resolve(file)), file);
    }
    assertEquals(5, names(repository.resolve("blobs")).size(), "and no .incomplete is left");
  }

  @Test
  void bringsEveryShardOfTheIndex() throws IOException {
    hub.shard();
    var snapshot = download();
    assertTrue(
        names(snapshot)
            .containsAll(
                List.of(
                    "model.safetensors.index.json",
                    "model-00001-of-00002.safetensors",
                    "model-00002-of-00002.safetensors")));
    assertEquals(2, hub.count("GET", "cdn"));
  }

  @Test
  void refusesAnIndexWhoseShardIsMissing() {
    hub.shard();
    hub.files.remove("model-00002-of-00002.safetensors");
    assertMessage(failure(), "model-00002-of-00002.safetensors", "lacks");
  }

  @Test
  void showsTheTokenToTheHubAndToNobodyElse() throws IOException {
    HubDownload.download(
        ID, hub.environment(cache, "HF_TOKEN", "hf_secret"), DownloadProgress.SILENT, FAST_RETRIES);
    assertEquals(1, hub.count("GET", "cdn"));
    for (var request : hub.requests) {
      assertEquals(
          request.server().equals("hub") ? "Bearer hf_secret" : null,
          request.authorization(),
          request.toString());
    }
  }

  @Test
  void followsARenamedRepositoryOnTheSameHub() throws IOException {
    hub.reply(
        "HEAD hub config.json",
        FakeHub.status(
            307,
            "Location",
            "/%s/resolve/%s/config.json?moved".formatted(ID.repository(), COMMIT),
            "ETag",
            "\"of-the-redirect\""));
    download();
    assertFalse(Files.exists(blob("of-the-redirect")));
    assertTrue(Files.exists(blob(FakeHub.gitHash(hub.files.get("config.json")))));
  }

  @Test
  void asksNothingButTheListTheSecondTime() throws IOException {
    download();
    hub.requests.clear();
    var finished = new ArrayList<String>();
    HubDownload.download(
        ID,
        hub.environment(cache),
        new DownloadProgress() {
          @Override
          public void finished(String file, long size, boolean cached) {
            finished.add(file + " " + size + " " + cached);
          }
        },
        FAST_RETRIES);
    assertEquals(
        List.of("/api/models/galen-org/tiny-model/revision/main"),
        hub.requests.stream().map(FakeHub.Request::path).toList());
    assertEquals("model.safetensors 300000 true", finished.getLast());
  }

  @Test
  void receivesNoBlobTwiceForAnotherSnapshot() throws IOException {
    var snapshot = download();
    Files.delete(snapshot.resolve("model.safetensors"));
    hub.requests.clear();
    download();
    assertEquals(0, hub.count("GET", "cdn"));
    assertTrue(Files.isSymbolicLink(snapshot.resolve("model.safetensors")));
  }

  @Test
  void discardsContentThatDoesNotHaveTheAnnouncedHash() throws IOException {
    var other = FakeHub.bytes(300_000, 7);
    hub.reply(
        "GET cdn model.safetensors",
        exchange -> {
          exchange.sendResponseHeaders(200, other.length);
          exchange.getResponseBody().write(other);
        });
    assertMessage(failure(), "model.safetensors", "damaged", FakeHub.sha256(other));
    leaveNothingIncomplete();
    assertEquals(Optional.empty(), HubCache.at(cache).snapshot(ID));
  }

  @Test
  void checksTheGitHashOfSmallFiles() {
    hub.reply(
        "GET hub config.json",
        exchange -> {
          var other = hub.files.get("config.json").clone();
          other[0] ^= 1;
          exchange.sendResponseHeaders(200, other.length);
          exchange.getResponseBody().write(other);
        });
    assertMessage(failure(), "config.json", "git hash");
  }

  @Test
  void refusesAnotherSizeThanTheAnnouncedOne() {
    hub.reply(
        "GET cdn model.safetensors",
        exchange -> {
          exchange.sendResponseHeaders(200, 299_999);
          exchange.getResponseBody().write(new byte[299_999]);
        });
    assertMessage(failure(), "299999", "300000");
  }

  @Test
  void stopsABodyWithoutALengthThatGrowsTooLong() throws IOException {
    hub.reply(
        "GET cdn model.safetensors",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 100; i++) {
            exchange.getResponseBody().write(new byte[100_000]);
          }
        });
    assertMessage(failure(), "more bytes", "300000");
    var part = blob(FakeHub.sha256(hub.files.get("model.safetensors")) + ".incomplete");
    assertTrue(Files.size(part) <= 300_000);
  }

  @Test
  void letsOneOfTwoDownloadsOfABlobGoFirst() throws Exception {
    var content = hub.files.get("model.safetensors");
    hub.reply(
        "GET cdn model.safetensors",
        exchange -> {
          sleep(400);
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
        });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(this::download);
      var second = threads.submit(this::download);
      assertEquals(first.get(), second.get());
    }
    assertEquals(1, hub.count("GET", "cdn"));
  }

  @Test
  void reportsEveryFileUpToItsSize() throws IOException {
    var seen = new ArrayList<Long>();
    HubDownload.download(
        ID,
        hub.environment(cache),
        new DownloadProgress() {
          @Override
          public void receiving(String file, long received, long size) {
            if (file.equals("model.safetensors")) {
              assertEquals(300_000, size);
              seen.add(received);
            }
          }
        },
        FAST_RETRIES);
    assertEquals(0, seen.getFirst());
    assertEquals(300_000, seen.getLast());
    assertEquals(seen.stream().sorted().toList(), seen);
  }

  @Test
  void keepsTheFormerSnapshotWhenAnUpdateFails() throws IOException {
    var former = download();
    var next = "f".repeat(40);
    hub.reply(
        "GET hub main",
        exchange -> {
          var json =
              ("{\"sha\": \"%s\", \"siblings\": [{\"rfilename\": \"config.json\"}, "
                      + "{\"rfilename\": \"model.safetensors\"}]}")
                  .formatted(next)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, json.length);
          exchange.getResponseBody().write(json);
        });
    assertThrows(IOException.class, this::download, "the hub has no files at the new commit");
    assertEquals(former, HubCache.at(cache).snapshot(ID).orElseThrow());
  }

  /** The kill of a process between the two steps that move a branch. */
  @Test
  void replacesWhatAKilledDownloadLeftOfABranch() throws IOException {
    var refs = Files.createDirectories(cache.resolve("models--galen-org--tiny-model/refs"));
    Files.writeString(refs.resolve(".main.incomplete"), "0123");
    download();
    assertEquals(Set.of("main"), names(refs));
  }

  private Path download() throws IOException {
    return HubDownload.download(ID, hub.environment(cache), DownloadProgress.SILENT, FAST_RETRIES);
  }

  private IOException failure() {
    return assertThrows(IOException.class, this::download);
  }

  private Path blob(String name) {
    return cache.resolve("models--galen-org--tiny-model/blobs").resolve(name);
  }

  private void leaveNothingIncomplete() throws IOException {
    var blobs = names(cache.resolve("models--galen-org--tiny-model/blobs"));
    assertTrue(blobs.stream().noneMatch(name -> name.endsWith(".incomplete")), blobs.toString());
  }

  static Set<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  static void assertMessage(Exception failure, String... parts) {
    var message = failure.getMessage();
    assertFalse(message.contains("\n"), message);
    for (var part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
