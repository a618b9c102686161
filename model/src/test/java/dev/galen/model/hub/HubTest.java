package dev.galen.model.hub;

import static dev.galen.model.hub.FakeHub.COMMIT;
import static dev.galen.model.hub.HubDownloadTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, settings and the cache, without any connection. */
class HubTest {
  private static final HubId GPT2 = HubId.parse("openai-community/gpt2");

  @TempDir Path directory;

  @Test
  void parsesIdsAndRevisions() {
    assertEquals(new HubId("openai-community/gpt2", "main"), GPT2);
    assertEquals("openai-community/gpt2", GPT2.toString());
    assertEquals("models--openai-community--gpt2", GPT2.directoryName());
    assertEquals("models--gpt2", HubId.parse("gpt2").directoryName());
    var pull = HubId.parse("a_b/C.d-e@refs/pr/7");
    assertEquals("refs/pr/7", pull.revision());
    assertEquals(pull, HubId.parse(pull.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "a/",
        "/a",
        "a/b/c",
        "../a",
        "a/..",
        ".",
        "-a",
        "a.",
        "a--b",
        "a..b",
        "a/b.git",
        "a b",
        "caf\u00e9",
        "a\\b",
        "a@",
        "a@../b",
        "a@/b",
        "a@b/../c",
        "a@b c",
        "a@.b",
        "a@b.lock",
        "a@b:c",
        "a@b@{1}",
        "a\n"
      })
  void refusesOtherNames(String text) {
    var failure = assertThrows(IllegalArgumentException.class, () -> HubId.parse(text));
    assertTrue(failure.getMessage().contains("expected"), failure.getMessage());
  }

  @Test
  void refusesNamesLongerThanTheHubAllows() {
    HubId.parse("a".repeat(96));
    assertThrows(IllegalArgumentException.class, () -> HubId.parse("a".repeat(97)));
  }

  @Test
  void findsTheCacheWhereHuggingFaceDoes() {
    var all = Map.of("HF_HUB_CACHE", "/cache", "HF_HOME", "/hf", "XDG_CACHE_HOME", "/xdg");
    assertEquals(Path.of("/cache"), environment(all).cacheDirectory());
    assertEquals(
        Path.of("/hf/hub"),
        environment(Map.of("HF_HOME", "/hf", "XDG_CACHE_HOME", "/xdg")).cacheDirectory());
    assertEquals(
        Path.of("/xdg/huggingface/hub"),
        environment(Map.of("XDG_CACHE_HOME", "/xdg", "HF_HOME", "")).cacheDirectory());
    assertEquals(
        directory.resolve(".cache/huggingface/hub"), environment(Map.of()).cacheDirectory());
    assertEquals(
        directory.resolve("hf/hub"), environment(Map.of("HF_HOME", "~/hf")).cacheDirectory());
  }

  @Test
  void findsTheToken() throws IOException {
    assertEquals(Optional.empty(), environment(Map.of()).token());
    var home = Files.createDirectories(directory.resolve(".cache/huggingface"));
    Files.writeString(home.resolve("token"), "hf_home\n");
    assertEquals(Optional.of("hf_home"), environment(Map.of()).token());
    var file = Files.writeString(directory.resolve("elsewhere"), "hf_elsewhere");
    var path = Map.of("HF_TOKEN_PATH", file.toString());
    assertEquals(Optional.of("hf_elsewhere"), environment(path).token());
    assertEquals(Optional.of("hf_direct"), environment(Map.of("HF_TOKEN", "hf_direct")).token());
  }

  @Test
  void neverShowsABrokenToken() {
    var failure =
        assertThrows(
            IOException.class, () -> environment(Map.of("HF_TOKEN", "hf_se\ncret")).token());
    assertMessage(failure, "HF_TOKEN");
    assertFalse(failure.getMessage().contains("cret"), failure.getMessage());
  }

  @Test
  void checksTheEndpoint() throws IOException {
    assertEquals("https://huggingface.co", environment(Map.of()).endpoint());
    assertEquals(
        "http://mirror:8080/hub",
        environment(Map.of("HF_ENDPOINT", "http://mirror:8080/hub/")).endpoint());
    for (var bad : new String[] {"huggingface.co", "ftp://huggingface.co", "https://a b"}) {
      assertMessage(
          assertThrows(IOException.class, () -> environment(Map.of("HF_ENDPOINT", bad)).endpoint()),
          bad);
    }
  }

  @Test
  void readsTheOfflineSwitchAsHuggingFaceDoes() {
    assertTrue(environment(Map.of("HF_HUB_OFFLINE", "yes")).offline());
    assertFalse(environment(Map.of("HF_HUB_OFFLINE", "0")).offline());
    assertFalse(environment(Map.of()).offline());
  }

  @Test
  void aDirectoryWins() throws IOException {
    assertEquals(directory, Hub.resolve(directory.toString(), environment(Map.of())));
  }

  @Test
  void resolvesACachedBranchAndACachedCommit() throws IOException {
    var snapshot = snapshot("config.json", "model.safetensors");
    assertEquals(snapshot, Hub.resolve("openai-community/gpt2", cached()));
    assertEquals(snapshot, Hub.resolve("openai-community/gpt2@" + COMMIT, cached()));
  }

  @Test
  void aSnapshotIsCompleteWithAllOfItsShards() throws IOException {
    var snapshot = snapshot("config.json", "a.safetensors");
    Files.writeString(
        snapshot.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"v\": \"a.safetensors\", \"w\": \"b.safetensors\"}}");
    assertEquals(Optional.empty(), HubCache.of(cached()).snapshot(GPT2));
    Files.createFile(snapshot.resolve("b.safetensors"));
    assertEquals(Optional.of(snapshot), HubCache.of(cached()).snapshot(GPT2));
  }

  @Test
  void aLinkToALostBlobIsNoFile() throws IOException {
    var snapshot = snapshot("config.json");
    Files.createSymbolicLink(
        snapshot.resolve("model.safetensors"), Path.of("../../blobs/" + "a".repeat(64)));
    assertMessage(
        assertThrows(IOException.class, () -> Hub.resolve("openai-community/gpt2", cached())),
        "no complete snapshot",
        "galen download openai-community/gpt2");
  }

  @Test
  void aRefThatIsNoCommitLeadsNowhere() throws IOException {
    snapshot("config.json", "model.safetensors");
    Files.writeString(HubCache.of(cached()).root().resolve("models--gpt2"), "in the way");
    Files.writeString(
        directory.resolve("hub/models--openai-community--gpt2/refs/main"), "../../elsewhere");
    assertEquals(Optional.empty(), HubCache.of(cached()).snapshot(GPT2));
  }

  @Test
  void saysHowToGetWhatIsNotThere() throws IOException {
    assertMessage(
        assertThrows(IOException.class, () -> Hub.resolve("openai-community/gpt2", cached())),
        "no directory 'openai-community/gpt2'",
        "galen download openai-community/gpt2");
    assertMessage(
        assertThrows(IOException.class, () -> Hub.resolve("./out/model", cached())),
        "no directory './out/model'",
        "no hub id");
    var file = Files.createFile(directory.resolve("model.safetensors"));
    assertMessage(
        assertThrows(IOException.class, () -> Hub.resolve(file.toString(), cached())), "is a file");
  }

  /** The zip file system has neither symbolic links nor atomic moves. */
  @Test
  void copiesWhereThereAreNoLinks() throws IOException {
    var zip = directory.resolve("cache.zip");
    try (var files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      var cache = HubCache.at(files.getPath("/hub"));
      var blob = cache.blob(GPT2, "a".repeat(40));
      Files.createDirectories(blob.getParent());
      Files.writeString(blob, "{}");
      cache.link(GPT2, COMMIT, "config.json", "a".repeat(40));
      cache.writeRef(GPT2, COMMIT);
      var file = cache.snapshotDirectory(GPT2, COMMIT).resolve("config.json");
      assertTrue(Files.isRegularFile(file));
      assertEquals("{}", Files.readString(file));
      assertEquals(
          COMMIT, Files.readString(files.getPath("/hub", GPT2.directoryName(), "refs/main")));
    }
  }

  private HubEnvironment environment(Map<String, String> variables) {
    return new HubEnvironment(variables, directory);
  }

  private HubEnvironment cached() {
    return environment(Map.of("HF_HOME", directory.toString()));
  }

  private Path snapshot(String... files) throws IOException {
    var cache = HubCache.of(cached());
    var snapshot = Files.createDirectories(cache.snapshotDirectory(GPT2, COMMIT));
    for (var file : files) {
      Files.createFile(snapshot.resolve(file));
    }
    cache.writeRef(GPT2, COMMIT);
    return snapshot;
  }
}
