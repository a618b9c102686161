package dev.galen.model.hub;

import static dev.galen.model.hub.FakeHub.ID;
import static dev.galen.model.hub.HubDownloadTest.FAST_RETRIES;
import static dev.galen.model.hub.HubDownloadTest.assertMessage;
import static dev.galen.model.hub.HubDownloadTest.names;
import static dev.galen.model.hub.HubDownloadTest.sleep;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lost connections, parts left by earlier runs, busy and silent servers. */
class HubResumeTest {
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
  void goesOnWhereTheConnectionBroke() throws IOException {
    var content = hub.files.get("model.safetensors");
    hub.reply(
        "GET cdn model.safetensors",
        FakeHub.breakOff(content, 0, 100_000),
        FakeHub.breakOff(content, 100_000, 50_000));
    var snapshot = download();
    assertArrayEquals(content, Files.readAllBytes(snapshot.resolve("model.safetensors")));
    assertEquals(
        Arrays.asList(null, "bytes=100000-", "bytes=150000-"),
        hub.requests.stream()
            .filter(r -> r.server().equals("cdn"))
            .map(FakeHub.Request::range)
            .toList());
  }

  @Test
  void goesOnWhereAnEarlierRunEnded() throws IOException {
    leavePart(Arrays.copyOf(hub.files.get("model.safetensors"), 120_000));
    download();
    assertEquals("bytes=120000-", hub.requests.getLast().range());
  }

  @Test
  void startsOverWhenTheServerIgnoresTheRange() throws IOException {
    var content = hub.files.get("model.safetensors");
    leavePart(Arrays.copyOf(content, 120_000));
    hub.reply(
        "GET cdn model.safetensors",
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
        });
    assertArrayEquals(content, Files.readAllBytes(download().resolve("model.safetensors")));
  }

  @Test
  void startsOverWhenTheServerSendsAnotherRange() throws IOException {
    var content = hub.files.get("model.safetensors");
    leavePart(Arrays.copyOf(content, 120_000));
    hub.reply("GET cdn model.safetensors", FakeHub.breakOff(content, 110_000, 190_000));
    assertArrayEquals(content, Files.readAllBytes(download().resolve("model.safetensors")));
  }

  @Test
  void startsOverWhenTheRangeIsRefused() throws IOException {
    leavePart(FakeHub.bytes(120_000, 9));
    hub.reply("GET cdn model.safetensors", FakeHub.status(416));
    var snapshot = download();
    assertArrayEquals(
        hub.files.get("model.safetensors"),
        Files.readAllBytes(snapshot.resolve("model.safetensors")));
  }

  @Test
  void replacesADamagedPartOfAnEarlierRun() throws IOException {
    leavePart(FakeHub.bytes(120_000, 9));
    var snapshot = download();
    assertArrayEquals(
        hub.files.get("model.safetensors"),
        Files.readAllBytes(snapshot.resolve("model.safetensors")));
    leaveNothingIncomplete();
  }

  @Test
  void takesAWholePartOfAnEarlierRunWithoutAnotherByte() throws IOException {
    leavePart(hub.files.get("model.safetensors"));
    download();
    assertEquals(0, hub.count("GET", "cdn"));
  }

  @Test
  void waitsAsLongAsABusyServerAsks() throws IOException {
    hub.reply("GET hub main", FakeHub.status(429, "Retry-After", "1"));
    hub.reply("HEAD hub config.json", FakeHub.status(503));
    var pauses = new ArrayList<Duration>();
    HubDownload.download(ID, hub.environment(cache), pausesInto(pauses), FAST_RETRIES);
    assertEquals(List.of(Duration.ofSeconds(1), Duration.ofMillis(5)), pauses);
  }

  @Test
  void doesNotWaitForAnHour() {
    hub.reply("GET hub main", FakeHub.status(429, "Retry-After", "3600"));
    assertMessage(failure(), "429", "3600 s");
    assertEquals(1, hub.requests.size());
  }

  @Test
  void givesUpAfterABoundedNumberOfAttempts() {
    hub.reply("GET hub main", repeated(FakeHub.status(500), 9));
    assertMessage(failure(), "500", "gave up after 4 attempts");
    assertEquals(4, hub.requests.size());
  }

  @Test
  void noticesASilentServer() throws IOException {
    var content = hub.files.get("model.safetensors");
    hub.reply(
        "GET cdn model.safetensors",
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, 1000);
          exchange.getResponseBody().flush();
          sleep(1500);
        });
    var reasons = new ArrayList<String>();
    var snapshot =
        HubDownload.download(
            ID,
            hub.environment(cache),
            new DownloadProgress() {
              @Override
              public void waiting(String reason, Duration pause) {
                reasons.add(reason);
              }
            },
            FAST_RETRIES);
    assertEquals(List.of("127.0.0.1 sent nothing for 1 s"), reasons);
    assertArrayEquals(content, Files.readAllBytes(snapshot.resolve("model.safetensors")));
  }

  @Test
  void saysThatTheConnectionBroke() throws IOException {
    var content = hub.files.get("model.safetensors");
    var broken = FakeHub.breakOff(content, 0, 1000);
    hub.reply("GET cdn model.safetensors", broken, broken, broken, broken, broken);
    assertMessage(failure(), "127.0.0.1", "broke", "gave up after");
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

  private void leavePart(byte[] part) throws IOException {
    var incomplete = blob(FakeHub.sha256(hub.files.get("model.safetensors")) + ".incomplete");
    Files.createDirectories(incomplete.getParent());
    Files.write(incomplete, part);
  }

  private void leaveNothingIncomplete() throws IOException {
    var blobs = names(cache.resolve("models--galen-org--tiny-model/blobs"));
    assertTrue(blobs.stream().noneMatch(name -> name.endsWith(".incomplete")), blobs.toString());
  }

  private static DownloadProgress pausesInto(List<Duration> pauses) {
    return new DownloadProgress() {
      @Override
      public void waiting(String reason, Duration pause) {
        pauses.add(pause);
      }
    };
  }

  private static FakeHub.Reply[] repeated(FakeHub.Reply reply, int times) {
    return Collections.nCopies(times, reply).toArray(FakeHub.Reply[]::new);
  }
}
