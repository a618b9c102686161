package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.examples.fuzz.SmallHub;
import dev.galen.model.hub.DownloadProgress;
import dev.galen.model.hub.Hub;
import dev.galen.model.hub.HubDownload;
import dev.galen.model.hub.HubId;
import dev.galen.model.testing.TinyModels;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A command that writes files, such as an interruption finds it. All work in {@code out} below a
 * folder with the inputs that {@link #writeInputs} made.
 */
enum InterruptedJob {
  /** A run from scratch with two checkpoints. */
  TRAIN {
    @Override
    List<String> words(Path folder) {
      return split(
          "train --config %s/shape.json --data %s/rows.jsonl --length 24 --batch 2 --steps 4"
              + " --save-every 2 --eval-every 2 --seed 7 --out %s/out",
          folder);
    }
  },

  /** A fine-tune of a model. */
  FINETUNE {
    @Override
    List<String> words(Path folder) {
      return split(
          "finetune --model %s/model --data %s/rows.jsonl --length 24 --batch 2 --steps 2"
              + " --save-every 1 --seed 7 --out %s/out",
          folder);
    }
  },

  /** A new tokenizer over a standing one. */
  TOKENIZER {
    @Override
    List<String> words(Path folder) {
      return split("tokenizer train --data %s/rows.jsonl --vocabulary 290 --out %s/out", folder);
    }

    @Override
    void prepare(Path folder) throws IOException {
      super.prepare(folder);
      copy(folder.resolve("standing"), folder.resolve("out"));
    }

    @Override
    void check(Path folder, String endpoint) throws IOException {
      var ids = encode(folder.resolve("out"));
      if (!Arrays.equals(ids, encode(folder.resolve("standing")))
          && !Arrays.equals(ids, encode(folder.resolve("new")))) {
        throw new AssertionError("neither the old tokenizer nor the new one");
      }
    }

    private int[] encode(Path directory) throws IOException {
      return TokenizerFiles.load(directory).encode(TinyModels.TEXT, SpecialTokens.TEXT);
    }
  },

  /** A download to an empty cache. */
  DOWNLOAD {
    @Override
    List<String> words(Path folder) {
      return List.of("download", SmallHub.ID);
    }

    @Override
    void check(Path folder, String endpoint) throws IOException {
      var environment = SmallHub.environment(endpoint, folder.resolve("out"));
      Path snapshot;
      try {
        snapshot = Hub.resolve(SmallHub.ID, environment);
      } catch (IOException notYet) {
        return;
      }
      for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
        if (Files.mismatch(snapshot.resolve(name), folder.resolve("model").resolve(name)) >= 0) {
          throw new AssertionError("the snapshot has another " + name);
        }
      }
    }

    @Override
    void recover(Path folder, String endpoint) throws IOException {
      HubDownload.download(
          HubId.parse(SmallHub.ID),
          SmallHub.environment(endpoint, folder.resolve("out")),
          DownloadProgress.SILENT);
    }
  };

  /** Files that tell the time, or how fast a run was. */
  private static final List<String> TIMED = List.of("report.md", "log.jsonl");

  /** The command's words. */
  abstract List<String> words(Path folder);

  private static List<String> split(String command, Path folder) {
    return List.of(command.replace("%s", folder.toString()).split(" "));
  }

  /** Puts {@code out} in the state that the command finds. */
  void prepare(Path folder) throws IOException {
    delete(folder.resolve("out"));
  }

  /** Throws unless what stands in {@code out} after an interruption is whole. */
  void check(Path folder, String endpoint) throws IOException {}

  /** Does the interrupted work to its end, going on from the newest checkpoint if there is one. */
  void recover(Path folder, String endpoint) throws IOException {
    var words = new ArrayList<>(words(folder));
    if (hasCheckpoint(folder.resolve("out"))) {
      words.add("--resume");
    }
    Run.galen(words.toArray(String[]::new)).good();
  }

  /** Whether a run in {@code out} can be gone on with. */
  static boolean hasCheckpoint(Path out) throws IOException {
    if (!Files.isDirectory(out)) {
      return false;
    }
    try (var files = Files.list(out)) {
      return files.anyMatch(
          file ->
              file.getFileName().toString().matches("checkpoint-\\d+|\\.checkpoint-\\d+\\.old"));
    }
  }

  /** What the finished command left, by file: its hash, or of the log what tells no time. */
  static Map<String, String> result(Path folder) throws IOException {
    Path out = folder.resolve("out");
    var result = new TreeMap<String, String>();
    try (var tree = Files.walk(out)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        String name = out.relativize(file).toString();
        if (!TIMED.contains(name)) {
          result.put(name, Integer.toHexString(Arrays.hashCode(Files.readAllBytes(file))));
        }
      }
    }
    Path log = out.resolve("log.jsonl");
    if (Files.exists(log)) {
      result.put("log.jsonl", losses(log));
    }
    return result;
  }

  private static String losses(Path log) throws IOException {
    var losses = new StringBuilder();
    for (String line : Files.readAllLines(log)) {
      JsonNode json = Run.parse(line);
      if (json.has("checkpoint")) {
        continue; // written behind the checkpoint, so that an end between the two leaves it out
      }
      for (String key : List.of("step", "loss", "gradNorm", "afterStep", "validationLoss")) {
        Optional.ofNullable(json.get(key)).ifPresent(value -> losses.append(value).append(' '));
      }
      losses.append('\n');
    }
    return losses.toString();
  }

  /** Makes the inputs of all jobs. */
  static void writeInputs(Path folder) throws IOException {
    TinyModels.writeConfig(folder.resolve("shape.json"));
    Questions.write(folder.resolve("rows.jsonl"), 12);
    Path model = TinyModels.write(folder.resolve("model"));
    copy(model, folder.resolve("standing"));
    for (String name : List.of("model.safetensors", "config.json")) {
      Files.delete(folder.resolve("standing").resolve(name));
    }
    String train = "tokenizer train --data %s/rows.jsonl --vocabulary 290 --out %s/new";
    Run.galen(split(train, folder).toArray(String[]::new)).good();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** Removes a file or a folder with all in it, if it is there. */
  static void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      try (var tree = Files.walk(path)) {
        for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
