package dev.galen.model.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which files of a repository Galen brings: all that may be part of the model, its tokenizer or its
 * papers, whatever they are called, and of the weights those that it reads.
 */
final class ModelFiles {
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  /** What a repository may have, for a mirror that cannot list them. */
  static final List<String> USUAL =
      List.of(
          CONFIG,
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "vocab.json",
          "merges.txt",
          "added_tokens.json",
          "special_tokens_map.json",
          "chat_template.jinja",
          "chat_template.json",
          "vocab.txt",
          "tokenizer.model",
          "spiece.model",
          "sentencepiece.bpe.model",
          "LICENSE",
          "README.md",
          WEIGHTS,
          INDEX);

  /**
   * How the weights of other frameworks end, and what is packed. Safetensors are brought by name,
   * not by this ending.
   */
  private static final Set<String> OTHER_WEIGHTS =
      Set.of(
          "bin",
          "pt",
          "pth",
          "ckpt",
          "pkl",
          "pickle",
          "h5",
          "keras",
          "msgpack",
          "ot",
          "onnx",
          "onnx_data",
          "pb",
          "tflite",
          "gguf",
          "ggml",
          "ggmlv3",
          "mlmodel",
          "mlpackage",
          "npy",
          "npz",
          "nemo",
          "params",
          "pdparams",
          "engine",
          "safetensors",
          "tar",
          "gz",
          "zip",
          "zst");

  /** Folders of exports for other programs, which also hold small files. */
  private static final Set<String> OTHER_FOLDERS =
      Set.of("onnx", "openvino", "coreml", "tflite", "gguf", "mlx", "tensorrt", "original");

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private ModelFiles() {}

  /**
   * What a hub says of one revision.
   *
   * @param commit where it stands
   * @param files its files
   * @param complete whether these are all, or the usual ones that a mirror turned out to have
   */
  record Listing(String commit, List<String> files, boolean complete) {
    boolean has(String file) {
      return files.contains(file);
    }
  }

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
    return new Listing(commit, List.copyOf(files), true);
  }

  /**
   * The files to bring, small ones first, and last what says where the weights are: the one file of
   * weights, or the index of several.
   */
  static List<String> choose(Listing listing, HubId id) throws IOException {
    requireUsable(listing, id);
    var weights = listing.has(WEIGHTS) ? WEIGHTS : INDEX;
    var chosen = new TreeSet<String>();
    for (var file : listing.files()) {
      if (isWanted(file) && !file.equals(INDEX)) {
        chosen.add(file);
      }
    }
    chosen.remove(CONFIG);
    var ordered = new ArrayList<String>();
    ordered.add(CONFIG);
    ordered.addAll(chosen);
    ordered.add(weights);
    return ordered;
  }

  private static boolean isWanted(String file) {
    var parts = List.of(file.toLowerCase(Locale.ROOT).split("/"));
    var name = parts.getLast();
    if (name.startsWith(".git")
        || parts.subList(0, parts.size() - 1).stream().anyMatch(OTHER_FOLDERS::contains)) {
      return false;
    }
    // pytorch_model.bin.index.json and the like list weights that stay behind.
    var stem = name.endsWith(".index.json") ? name.substring(0, name.length() - 11) : name;
    return !OTHER_WEIGHTS.contains(stem.substring(stem.lastIndexOf('.') + 1));
  }

  /** The files of weights that an index names, in order, each once. */
  static List<String> shards(Path index, HubId id) throws IOException {
    JsonNode json;
    try {
      json = JSON.readTree(index.toFile());
    } catch (JsonProcessingException malformed) {
      throw new IOException(
          "%s is not valid JSON: %s"
              .formatted(index, malformed.getOriginalMessage().lines().findFirst().orElse("")),
          malformed);
    }
    var shards = new TreeSet<String>();
    for (var shard : json.path("weight_map")) {
      shards.add(RepositoryPath.require(shard.asText(), id));
    }
    if (shards.isEmpty()) {
      throw new IOException("%s names no file of weights in its 'weight_map'".formatted(index));
    }
    return List.copyOf(shards);
  }

  private static void requireUsable(Listing listing, HubId id) throws IOException {
    int count = listing.files().size();
    if (!listing.has(WEIGHTS) && !listing.has(INDEX)) {
      boolean pickled =
          listing.files().stream().anyMatch(file -> file.matches("pytorch_model.*\\.bin.*"));
      throw new IOException(
          pickled
              ? ("%s has its weights only as pytorch_model.bin, which can run code when "
                      + "it is opened, so Galen does not read it: choose a repository or a "
                      + "revision (%s@REVISION) with model.safetensors")
                  .formatted(id, id.repository())
              : ("%s has no model.safetensors among its %d files: choose a repository "
                      + "that holds a model's weights in that format")
                  .formatted(id, count));
    }
    if (!listing.has(CONFIG)) {
      throw new IOException(
          ("%s has no config.json among its %d files, so its weights have no "
                  + "known architecture: choose a repository in the layout of HuggingFace "
                  + "transformers")
              .formatted(id, count));
    }
  }

  private static IOException notAHub(HubId id, String what) {
    return new IOException(
        ("The answer about %s is not one of a HuggingFace hub (%s): check "
                + "HF_ENDPOINT, and whether a proxy answers in its place")
            .formatted(id, what));
  }
}
