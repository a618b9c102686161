package dev.galen.model.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which files of a repository Galen needs, by the names that HuggingFace gives them. */
final class ModelFiles {
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private static final List<String> SMALL =
      List.of(
          CONFIG,
          "generation_config.json",
          "vocab.json",
          "merges.txt",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "vocab.txt");
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelFiles() {}

  /** What a hub says of one revision: its commit, and every file of it. */
  record Listing(String commit, List<String> files) {}

  /**
   * Reads the hub's answer about a revision: {@code {"sha": ..., "siblings": [{"rfilename":
   * ...}]}}.
   */
  static Listing listing(byte[] json, HubId id) throws IOException {
    JsonNode answer;
    try {
      answer = JSON.readTree(json);
    } catch (JsonProcessingException malformed) {
      throw notAHub(id, "not JSON");
    }
    var commit = answer.path("sha").asText();
    if (!HubId.isCommit(commit)) {
      throw notAHub(id, "no commit in 'sha'");
    }
    var files = new ArrayList<String>();
    for (var sibling : answer.path("siblings")) {
      files.add(RepositoryPath.require(sibling.path("rfilename").asText(), id));
    }
    return new Listing(commit, List.copyOf(files));
  }

  /**
   * The configuration, the tokenizer's files, and then what says where the weights are: the one
   * file of weights, or the index of several.
   */
  static List<String> choose(Listing listing, HubId id) throws IOException {
    var there = Set.copyOf(listing.files());
    requireUsable(there, id);
    var chosen = new ArrayList<String>();
    SMALL.stream().filter(there::contains).forEach(chosen::add);
    there.stream()
        .filter(file -> file.endsWith(".model") && !file.contains("/"))
        .sorted()
        .forEach(chosen::add);
    chosen.add(there.contains(WEIGHTS) ? WEIGHTS : INDEX);
    return chosen;
  }

  /** The files of weights that an index names, in order, each once. */
  static List<String> shards(Path index, HubId id) throws IOException {
    var shards = new TreeSet<String>();
    for (var shard : JSON.readTree(index.toFile()).path("weight_map")) {
      shards.add(RepositoryPath.require(shard.asText(), id));
    }
    if (shards.isEmpty()) {
      throw new IOException("%s names no file of weights in its 'weight_map'".formatted(index));
    }
    return List.copyOf(shards);
  }

  private static void requireUsable(Set<String> there, HubId id) throws IOException {
    if (!there.contains(WEIGHTS) && !there.contains(INDEX)) {
      boolean pickled = there.stream().anyMatch(file -> file.matches("pytorch_model.*\\.bin.*"));
      throw new IOException(
          pickled
              ? ("%s has its weights only as pytorch_model.bin, which can run code when "
                      + "it is opened, so Galen does not read it: choose a repository or a "
                      + "revision (%s@REVISION) with model.safetensors")
                  .formatted(id, id.repository())
              : ("%s has no model.safetensors among its %d files: choose a repository "
                      + "that holds a model's weights in that format")
                  .formatted(id, there.size()));
    }
    if (!there.contains(CONFIG)) {
      throw new IOException(
          ("%s has no config.json among its %d files, so its weights have no "
                  + "known architecture: choose a repository in the layout of HuggingFace "
                  + "transformers")
              .formatted(id, there.size()));
    }
  }

  private static IOException notAHub(HubId id, String what) {
    return new IOException(
        ("The answer about %s is not one of a HuggingFace hub (%s): check "
                + "HF_ENDPOINT, and whether a proxy answers in its place")
            .formatted(id, what));
  }
}
