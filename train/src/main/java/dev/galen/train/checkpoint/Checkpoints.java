package dev.galen.train.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.io.TensorEntry;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.train.data.DataPosition;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.GradScaler;
import dev.galen.train.optim.MixedPrecision;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of one run: {@code checkpoint-STEP} directories with the weights ({@code
 * model.safetensors}), the moments ({@code optimizer.safetensors}) and {@code state.json}. What
 * bears such a name is whole:
 *
 * <ul>
 *   <li>a checkpoint is written as {@code .checkpoint-STEP.tmp} and renamed when it is done;
 *   <li>one that stood under its name steps aside as {@code .checkpoint-STEP.old} for the moment
 *       between two renames, and gets its name back if the process dies in that moment;
 *   <li>one that is to go is renamed to {@code .tmp} first, since removing it takes many steps.
 * </ul>
 *
 * <p>Old ones go only when the new one stands, so that a crash or a full disk loses nothing that
 * stood before. What a killed process left behind, the next save removes.
 */
public final class Checkpoints {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d+)");
  private static final Pattern DRAFT = Pattern.compile("\\.checkpoint-\\d+\\.tmp");
  private static final Pattern ASIDE = Pattern.compile("\\.(checkpoint-\\d+)\\.old");
  private static final String WEIGHTS = "model.safetensors";
  private static final String MOMENTS = "optimizer.safetensors";
  private static final String STATE = "state.json";

  private final Path run;

  /** The checkpoints under {@code run}. */
  public Checkpoints(Path run) {
    this.run = run;
  }

  /** Writes a checkpoint and removes all but the newest {@code keep}. */
  public Path save(Map<String, Tensor> parameters, AdamW optimizer, TrainingState state, int keep)
      throws IOException {
    Path target = run.resolve("checkpoint-" + state.step());
    Files.createDirectories(run);
    clearLeftovers();
    Path draft = draft(target);
    Files.createDirectory(draft);
    try {
      Pretrained.saveWeights(parameters, draft.resolve(WEIGHTS));
      Pretrained.saveWeights(moments(optimizer), draft.resolve(MOMENTS));
      AtomicFile.writeString(draft.resolve(STATE), toJson(state, optimizer.steps()));
      put(draft, target);
    } catch (IOException | RuntimeException e) {
      delete(draft);
      throw e;
    }
    List<Path> all = all();
    for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
      retire(old);
    }
    return target;
  }

  /** Gives a draft its name, which an older checkpoint of the same step may have. */
  private void put(Path draft, Path target) throws IOException {
    if (!Files.exists(target)) {
      rename(draft, target);
      return;
    }
    Path aside = run.resolve("." + target.getFileName() + ".old");
    rename(target, aside);
    rename(draft, target);
    rename(aside, draft);
    delete(draft);
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
    return run.resolve("." + checkpoint.getFileName() + ".tmp");
  }

  private static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The checkpoint with the most steps. */
  public Optional<Path> newest() throws IOException {
    restore();
    List<Path> all = all();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  private List<Path> all() throws IOException {
    return named(NAME).stream().sorted(Comparator.comparingLong(Checkpoints::stepOf)).toList();
  }

  private List<Path> named(Pattern pattern) throws IOException {
    if (!Files.isDirectory(run)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(run)) {
      return files
          .filter(path -> pattern.matcher(path.getFileName().toString()).matches())
          .toList();
    }
  }

  private static long stepOf(Path directory) {
    Matcher matcher = NAME.matcher(directory.getFileName().toString());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  /** Fills parameters and moments from a checkpoint; names and shapes must agree. */
  public static TrainingState load(Path directory, Map<String, Tensor> parameters, AdamW optimizer)
      throws IOException {
    Path file = directory.resolve(STATE);
    JsonNode json;
    try {
      json = JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": not valid JSON: " + e.getOriginalMessage(), e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not valid UTF-8", e);
    }
    for (String key : List.of("step", "updates", "epoch", "offset", "random", "seed")) {
      if (!json.path(key).isIntegralNumber()) {
        throw new IOException(file + ": no whole number '" + key + "'");
      }
    }
    MixedPrecision precision = precision(file, json);
    GradScaler.State scaler = scaler(file, json);
    fill(directory.resolve(WEIGHTS), parameters);
    fill(directory.resolve(MOMENTS), moments(optimizer));
    optimizer.resumeAt(json.get("updates").longValue());
    return new TrainingState(
        json.get("step").longValue(),
        new DataPosition(json.get("epoch").longValue(), json.get("offset").longValue()),
        json.get("random").longValue(),
        json.get("seed").longValue(),
        precision,
        scaler);
  }

  /** Checkpoints from before there was a choice are F32. */
  private static MixedPrecision precision(Path file, JsonNode json) throws IOException {
    String name = json.path("precision").asText("F32");
    try {
      return MixedPrecision.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": knows no precision '" + name + "'", e);
    }
  }

  private static GradScaler.State scaler(Path file, JsonNode json) throws IOException {
    try {
      return new GradScaler.State(
          json.path("lossScale").asDouble(1), json.path("goodSteps").asInt(0));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static String toJson(TrainingState state, long updates) {
    ObjectNode json = JSON.createObjectNode();
    json.put("step", state.step());
    json.put("updates", updates);
    json.put("epoch", state.position().epoch());
    json.put("offset", state.position().offset());
    json.put("random", state.random());
    json.put("seed", state.seed());
    json.put("precision", state.precision().name());
    if (state.precision().needsScaling()) {
      json.put("lossScale", state.scaler().scale());
      json.put("goodSteps", state.scaler().goodSteps());
    }
    return json.toPrettyString() + "\n";
  }

  private static Map<String, Tensor> moments(AdamW optimizer) {
    var moments = new LinkedHashMap<String, Tensor>();
    moments.put("moment1", optimizer.moment1());
    moments.put("moment2", optimizer.moment2());
    return moments;
  }

  private static void fill(Path file, Map<String, Tensor> tensors) throws IOException {
    try (TensorFiles files = TensorFiles.open(file)) {
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        Tensor tensor = entry.getValue();
        TensorEntry stored = files.entries().get(entry.getKey());
        if (stored == null
            || stored.dtype() != DType.F32
            || !stored.shape().equals(tensor.shape())) {
          throw new IOException(
              "%s: %s is %s, this run needs %s%s"
                  .formatted(
                      file,
                      entry.getKey(),
                      stored == null ? "missing" : stored.dtype() + "" + stored.shape(),
                      tensor.dtype(),
                      tensor.shape()));
        }
        Tensors.assign(tensor, files.segment(entry.getKey()));
      }
    }
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
