package dev.galen.model.hub;

import static dev.galen.model.hub.FakeHub.ID;
import static dev.galen.model.hub.HubDownloadTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a download is refused: one line that says what to do, nothing half done. */
class HubRefusalsTest {
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
  void offlineOpensNoConnection() {
    assertMessage(failure("HF_HUB_OFFLINE", "1"), "HF_HUB_OFFLINE", ID.toString());
    assertEquals(0, hub.requests.size());
  }

  @Test
  void noSuchRepository() {
    var unknown = HubId.parse("nobody/nothing");
    var failure =
        assertThrows(
            IOException.class,
            () ->
                HubDownload.download(
                    unknown,
                    hub.environment(cache),
                    DownloadProgress.SILENT,
                    HubDownloadTest.FAST_RETRIES));
    assertMessage(failure, "nobody/nothing", "spelling");
    assertFalse(HubCache.at(cache).knows(unknown));
  }

  @Test
  void noSuchRevision() {
    hub.reply("GET hub main", FakeHub.status(404, "X-Error-Code", "RevisionNotFound"));
    assertMessage(failure(), "no revision 'main'", "/tree/main");
  }

  @Test
  void noTokenForAPrivateRepository() {
    hub.reply("GET hub main", FakeHub.status(401, "X-Error-Code", "RepoNotFound"));
    assertMessage(failure(), "401", "HF_TOKEN");
  }

  @Test
  void aTokenThatIsNotGoodEnough() {
    hub.reply("GET hub main", FakeHub.status(403));
    var failure = failure("HF_TOKEN", "hf_secret");
    assertMessage(failure, "403", "token in use");
    assertFalse(failure.getMessage().contains("hf_secret"));
  }

  @Test
  void gatedRepository() {
    hub.reply("HEAD hub config.json", FakeHub.status(403, "X-Error-Code", "GatedRepo"));
    assertMessage(failure(), "gated", hub.endpoint() + "/" + ID.repository(), "HF_TOKEN");
  }

  @Test
  void theOtherServerRefuses() {
    hub.reply("GET cdn model.safetensors", FakeHub.status(403));
    assertMessage(failure(), "to which the hub redirects", "403", "firewall");
  }

  @Test
  void fullDisk() {
    hub.reply(
        "HEAD hub model.safetensors",
        FakeHub.status(
            302,
            "X-Linked-Etag",
            "a".repeat(64),
            "X-Linked-Size",
            "4611686018427387904",
            "Location",
            "http://cdn.invalid/file"));
    assertMessage(failure(), "4611686018427387904", "HF_HUB_CACHE");
    assertEquals(0, hub.count("GET", "cdn"));
  }

  @Test
  void cacheThatCannotBeWritten() throws IOException {
    var file = Files.writeString(cache.resolve("file"), "not a directory");
    assertMessage(failure("HF_HUB_CACHE", file.toString()), file.toString(), "HF_HUB_CACHE");
  }

  @Test
  void onlyPickledWeights() {
    hub.files.remove("model.safetensors");
    hub.put("pytorch_model.bin", "");
    assertMessage(failure(), "pytorch_model.bin", "model.safetensors");
    assertEquals(1, hub.requests.size());
  }

  @Test
  void noWeights() {
    hub.files.remove("model.safetensors");
    assertMessage(failure(), "no model.safetensors");
  }

  @Test
  void noConfiguration() {
    hub.files.remove("config.json");
    assertMessage(failure(), "no config.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../escaped.model",
        "/etc/escaped.model",
        "a/../../escaped.model",
        "C:/escaped.model",
        "..\\\\escaped.model",
        "a//escaped.model"
      })
  void fileNamesThatLeaveTheCache(String name) throws IOException {
    hub.files.put(name, new byte[1]);
    assertMessage(failure(), "escaped.model", "could leave the cache");
    assertEquals(1, hub.requests.size());
    assertEquals(0, HubDownloadTest.names(cache).size());
  }

  @Test
  void fileNamesThatNoFileCanHave() throws IOException {
    hub.reply(
        "GET hub main",
        exchange -> {
          var list =
              ("{\"sha\": \""
                      + FakeHub.COMMIT
                      + "\", \"siblings\": [{\"rfilename\": \"a\\ud800\"}]}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, list.length);
          exchange.getResponseBody().write(list);
        });
    assertMessage(failure(), "a name that no file can have here", "LC_ALL");
    assertEquals(0, HubDownloadTest.names(cache).size());
  }

  @Test
  void shardNamesThatLeaveTheCache() {
    hub.shard();
    hub.put("model.safetensors.index.json", "{\"weight_map\": {\"w\": \"../../../escaped\"}}");
    assertMessage(failure(), "../../../escaped", "could leave the cache");
  }

  @Test
  void anotherCommitThanTheListed() {
    hub.reply(
        "HEAD hub config.json", FakeHub.status(200, "X-Repo-Commit", "b".repeat(40), "ETag", "x"));
    assertMessage(failure(), "b".repeat(40), FakeHub.COMMIT);
  }

  @Test
  void aListWithoutEnd() {
    hub.reply(
        "GET hub main",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          var spaces = new byte[1 << 20];
          for (int i = 0; i < 100; i++) {
            exchange.getResponseBody().write(spaces);
          }
        });
    assertMessage(failure(), "more than", "HF_ENDPOINT");
  }

  @Test
  void aPageInPlaceOfTheList() {
    hub.reply(
        "GET hub main",
        exchange -> {
          var page = "<html>Please log in</html>".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
        });
    assertMessage(failure(), "not JSON", "proxy");
  }

  @Test
  void redirectsWithoutEnd() {
    for (int i = 0; i < 20; i++) {
      hub.reply("GET hub main", FakeHub.status(302, "Location", "main"));
    }
    assertMessage(failure(), "redirected more than 10 times");
  }

  @Test
  void redirectsToAnotherKindOfAddress() {
    hub.reply("GET hub main", FakeHub.status(302, "Location", "file:///etc/passwd"));
    assertMessage(failure(), "file:///etc/passwd");
  }

  @Test
  void refusesAnEndpointWithoutAServer() {
    hub.close();
    assertMessage(failure(), "No connection to 127.0.0.1", "gave up after 4 attempts");
  }

  @Test
  void refusesAHostThatDoesNotExist() {
    var failure = failure("HF_ENDPOINT", "http://hub.invalid");
    assertMessage(failure, "No connection to hub.invalid", "unknown host name", "proxy");
  }

  private IOException failure(String... environment) {
    return assertThrows(
        IOException.class,
        () ->
            HubDownload.download(
                ID,
                hub.environment(cache, environment),
                DownloadProgress.SILENT,
                HubDownloadTest.FAST_RETRIES));
  }
}
