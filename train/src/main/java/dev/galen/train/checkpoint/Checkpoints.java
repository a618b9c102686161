package dev.galen.train.checkpoint;

import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of one run: {@code checkpoint-STEP} directories with the weights ({@code
 * model.safetensors}), the optimizer's state ({@code optimizer.safetensors}), the run's settings
 * ({@code settings.json}), what the run adds (its tokenizer, say), and {@code state.json} with the
 * SHA-256 of all of these. What bears such a name is whole:
 *
 * <ul>
 *   <li>a checkpoint is written as {@code .checkpoint-STEP.RANDOM.tmp} and renamed when it is done;
 *   <li>one that stood under its name steps aside as {@code .checkpoint-STEP.old} for the moment
 *       between two renames, and gets its name back if the process dies in that moment;
 *   <li>one that is to go is renamed to {@code .tmp} first, since removing it takes many steps.
 * </ul>
 *
 * <p>Old ones go only when the new one stands, so that a crash or a full disk loses nothing that
 * stood before. What a killed process left behind, the next save removes. One that was damaged
 * later is found out by its SHA-256, and passed over for the one before. Two processes must not
 * write here at once: {@link RunLock} sees to it.
 */
public final class Checkpoints {
  private static final Pattern NAME = Pattern.compile("checkpoint-(0|[1-9]\\d{0,17})");
  private static final Pattern DRAFT = Pattern.compile("\\.checkpoint-\\d+(\\.[0-9a-f]{8})?\\.tmp");
  private static final Pattern ASIDE = Pattern.compile("\\.(checkpoint-\\d+)\\.old");

  private final Path run;
  private long spared = -1;

  /** The checkpoints under {@code run}. */
  public Checkpoints(Path run) {
    this.run = run;
  }

  /** Lets the checkpoint of update {@code step} stay however old it is; -1 for none. */
  public Checkpoints sparing(long step) {
    spared = step;
    return this;
  }

  /** Writes files of a run's own into a checkpoint, such as its tokenizer's. */
  @FunctionalInterface
  public interface Extra {
    /** Writes to {@code directory}, which holds other files already. */
    void writeTo(Path directory) throws IOException;
  }

  /** Writes a checkpoint without settings and removes all but the newest {@code keep}. */
  public Path save(
      Map<String, Tensor> parameters, Optimizer optimizer, TrainingState state, int keep)
      throws IOException {
    var none = new RunSettings(new LinkedHashMap<>());
    return save(parameters, optimizer, state, none, directory -> {}, keep);
  }

  /** The same with the run's settings and files of its own. */
  public Path save(
      Map<String, Tensor> parameters,
      Optimizer optimizer,
      TrainingState state,
      RunSettings settings,
      Extra extra,
      int keep)
      throws IOException {
    Path target = run.resolve("checkpoint-" + state.step());
    Files.createDirectories(run);
    clearLeftovers();
    Path draft = draft(target);
    Files.createDirectory(draft);
    try {
      Pretrained.saveWeights(parameters, draft.resolve(SavedCheckpoint.WEIGHTS));
      Pretrained.saveWeights(optimizer.state(), draft.resolve(SavedCheckpoint.OPTIMIZER));
      if (!settings.values().isEmpty()) {
        AtomicFile.writeString(
            draft.resolve(SavedCheckpoint.SETTINGS), StateFile.settingsText(settings));
      }
      extra.writeTo(draft);
      var file = new StateFile(state, optimizer.steps(), digests(draft));
      AtomicFile.writeString(draft.resolve(StateFile.NAME), file.text());
      put(draft, target);
    } catch (IOException | RuntimeException e) {
      delete(draft);
      throw e;
    }
    List<Path> all = all().stream().filter(path -> stepOf(path) <= state.step()).toList();
    for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
      if (stepOf(old) != spared) {
        retire(old);
      }
    }
    return target;
  }

  private static List<FileDigest> digests(Path draft) throws IOException {
    var digests = new ArrayList<FileDigest>();
    for (Path file : list(draft).stream().sorted().toList()) {
      digests.add(FileDigest.of(file));
    }
    return digests;
  }

  /** Gives a draft its name, which an older checkpoint of the same step may have. */
  private void put(Path draft, Path target) throws IOException {
    if (!Files.exists(target)) {
      rename(draft, target);
    } else if (isCheckpoint(target)) {
      Path aside = run.resolve("." + target.getFileName() + ".old");
      rename(target, aside);
      rename(draft, target);
      Path old = draft(target);
      rename(aside, old);
      delete(old);
    } else {
      // A file or folder of another program under the name we need is not ours to remove.
      rename(target, run.resolve(target.getFileName() + ".stray-" + random()));
      rename(draft, target);
    }
  }

  private void clearLeftovers() throws IOException {
    restore();
    for (Path leftover : named(DRAFT)) {
      delete(leftover);
    }
    for (Path replaced : named(ASIDE)) {
      Path draft = replaced.resolveSibling(replaced.getFileName().toString().replace("old", "tmp"));
      rename(replaced, draft);
      delete(draft);
    }
  }

  /** Gives back the names of those that a killed process left aside. */
  private void restore() throws IOException {
    for (Path aside : named(ASIDE)) {
      Matcher name = ASIDE.matcher(aside.getFileName().toString());
      Path target = run.resolve(name.replaceFirst("$1"));
      if (!Files.exists(target)) {
        rename(aside, target);
      }
    }
  }

  private void retire(Path checkpoint) throws IOException {
    Path draft = draft(checkpoint);
    rename(checkpoint, draft);
    delete(draft);
  }

  private Path draft(Path checkpoint) {
    return run.resolve(".%s.%s.tmp".formatted(checkpoint.getFileName(), random()));
  }

  private static String random() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }

  private static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * The checkpoint of an update.
   *
   * @throws IOException in one line if it is not there, or damaged
   */
  public SavedCheckpoint at(long step) throws IOException {
    return SavedCheckpoint.open(run.resolve("checkpoint-" + step));
  }

  /** The checkpoint with the most steps, whole or damaged; what only has such a name is none. */
  public Optional<Path> newest() throws IOException {
    restore();
    List<Path> all = all();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /**
   * The newest checkpoint that is as it was saved; empty where there is none at all.
   *
   * @param notice told in one line of each one that is damaged and passed over
   * @throws IOException if every one is damaged, in one line that names the newest's damage
   */
  public Optional<SavedCheckpoint> newestWhole(Consumer<String> notice) throws IOException {
    restore();
    IOException first = null;
    var passedOver = new ArrayList<String>();
    for (Path checkpoint : all().reversed()) {
      try {
        SavedCheckpoint saved = SavedCheckpoint.open(checkpoint);
        passedOver.forEach(
            line -> notice.accept(line + "; going on from " + checkpoint.getFileName()));
        return Optional.of(saved);
      } catch (IOException e) {
        first = first == null ? e : first;
        passedOver.add(ErrorText.of(e));
      }
    }
    if (first != null) {
      throw new IOException(
          ErrorText.of(first)
              + (passedOver.size() == 1
                  ? "; there is no other checkpoint to go on from"
                  : "; the %d older checkpoints are damaged too".formatted(passedOver.size() - 1)),
          first);
    }
    return Optional.empty();
  }

  /**
   * The newest checkpoint with a file of the run's own, all of whose own files are as they were
   * saved, be its weights damaged or not: what does not change between checkpoints can be had from
   * any.
   */
  public Optional<Path> newestWith(String name) throws IOException {
    restore();
    for (Path checkpoint : all().reversed()) {
      try {
        List<FileDigest> own =
            StateFile.read(checkpoint).files().stream()
                .filter(file -> !file.name().equals(SavedCheckpoint.WEIGHTS))
                .filter(file -> !file.name().equals(SavedCheckpoint.OPTIMIZER))
                .toList();
        if (own.stream().anyMatch(file -> file.name().equals(name))) {
          for (FileDigest file : own) {
            file.require(checkpoint);
          }
          return Optional.of(checkpoint);
        }
      } catch (IOException e) {
        // Its damage is told when a run goes on from it.
      }
    }
    return Optional.empty();
  }

  private List<Path> all() throws IOException {
    return named(NAME).stream()
        .filter(Checkpoints::isCheckpoint)
        .sorted(Comparator.comparingLong(Checkpoints::stepOf))
        .toList();
  }

  /** Whether a folder holds what a checkpoint does, be it damaged. */
  private static boolean isCheckpoint(Path path) {
    return Files.isDirectory(path)
        && Stream.of(StateFile.NAME, SavedCheckpoint.WEIGHTS, SavedCheckpoint.OPTIMIZER)
            .anyMatch(name -> Files.exists(path.resolve(name)));
  }

  private List<Path> named(Pattern pattern) throws IOException {
    if (!Files.isDirectory(run)) {
      return List.of();
    }
    return list(run).stream()
        .filter(path -> pattern.matcher(path.getFileName().toString()).matches())
        .toList();
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static long stepOf(Path directory) {
    Matcher matcher = NAME.matcher(directory.getFileName().toString());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  /**
   * Fills parameters and the optimizer's state from a checkpoint; names and shapes must agree.
   *
   * @throws IOException in one line that names what is missing, damaged or does not fit
   */
  public static TrainingState load(
      Path directory, Map<String, Tensor> parameters, Optimizer optimizer) throws IOException {
    SavedCheckpoint saved = SavedCheckpoint.open(directory);
    saved.fill(parameters, optimizer);
    return saved.state();
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
