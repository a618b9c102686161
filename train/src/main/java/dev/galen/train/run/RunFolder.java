package dev.galen.train.run;

import dev.galen.train.checkpoint.Checkpoints;
import dev.galen.train.checkpoint.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a training run writes everything: a folder of its own, or that of the run it goes on with.
 *
 * @param path the folder, which may not stand yet
 * @param names how messages call settings
 */
record RunFolder(Path path, SettingNames names) {
  private static final String LOG = "log.jsonl";

  /** Makes the folder if it does not stand, and keeps other runs out of it. */
  RunLock lock() throws IOException {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new IOException(path + ": is a file, " + names.of("out") + " names a directory");
    }
    return RunLock.acquire(path);
  }

  /** A run never mixes with the checkpoints of another one. */
  void requireFresh(boolean resume) throws IOException {
    var newest = new Checkpoints(path).newest();
    if (newest.isPresent() && !resume) {
      throw new IOException(
          "%s: stands there from an earlier run; add %s, or another %s"
              .formatted(newest.get(), names.of("resume"), names.of("out")));
    }
    if (resume && newest.isEmpty()) {
      throw new IOException(path + ": holds no checkpoint to resume from");
    }
    boolean model =
        Stream.of(
                "config.json",
                "model.safetensors",
                "model.safetensors.index.json",
                "adapter_config.json")
            .anyMatch(name -> Files.exists(path.resolve(name)));
    if (model && !Files.exists(log(), LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(
          "%s: holds a model that no training run left there; choose another %s"
              .formatted(path, names.of("out")));
    }
  }

  /** The newest checkpoint, if there is one. */
  Optional<Path> checkpoint() {
    try {
      return new Checkpoints(path).newest();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The checkpoint after update {@code step}. */
  Path checkpoint(long step) {
    return path.resolve("checkpoint-" + step);
  }

  /** The checkpoint whose tokenizer a resumed run goes on with, if there is one. */
  Optional<Path> tokenizer() throws IOException {
    return new Checkpoints(path).newestWith("tokenizer.json");
  }

  /** The file that asks a run to stop. */
  Path stop() {
    return path.resolve("stop");
  }

  /** Whoever made it for an earlier run may have meant this one, too, or may not. */
  void requireNoStop() throws IOException {
    if (Files.exists(stop())) {
      throw new IOException(stop() + ": asks to stop; remove it to train");
    }
  }

  /** What it asked for is done. */
  void clearStop() throws IOException {
    Files.deleteIfExists(stop());
  }

  /** The log of updates, validations and checkpoints. */
  Path log() {
    return path.resolve(LOG);
  }

  /** The log as a table. */
  Path csv() {
    return path.resolve("log.csv");
  }

  /** The folder of TensorBoard's files. */
  Path tensorBoard() {
    return path.resolve("tensorboard");
  }

  /** The picture of the losses. */
  Path curve() {
    return path.resolve("loss.svg");
  }

  /** What the run followed from. */
  Path spec() {
    return path.resolve("run.json");
  }

  /** The same for people, who may change it and run it again. */
  Path recipe() {
    return path.resolve("recipe.yaml");
  }

  /** What the run did, for people. */
  Path report() {
    return path.resolve("report.md");
  }
}
