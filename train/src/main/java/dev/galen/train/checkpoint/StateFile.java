package dev.galen.train.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.data.DataPosition;
import dev.galen.train.optim.GradScaler;
import dev.galen.train.optim.MixedPrecision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A checkpoint's {@code state.json}: the numbers a run goes on from, and the digests of its files.
 *
 * @param state the numbers
 * @param updates the optimizer's own count
 * @param files digests; empty in a checkpoint from before they were kept
 */
record StateFile(TrainingState state, long updates, List<FileDigest> files) {
  static final String NAME = "state.json";

  /** Numbers by name, of what follows a course of its own. */
  private static final String KEPT = "kept";

  /** More updates than any run makes, and few enough to add to. */
  private static final long MOST_STEPS = 1L << 53;

  private static final int MOST_BYTES = 1 << 20;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  static {
    JSON.getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build());
  }

  /** Numbers in which another digit could be as good as the right one. */
  private static final List<String> SEALED =
      List.of("step", "updates", "epoch", "offset", "random", "seed");

  /** The text of the file. */
  String text() {
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
    if (!state.kept().isEmpty()) {
      ObjectNode kept = json.putObject(KEPT);
      state.kept().forEach((name, numbers) -> putAll(kept.putArray(name), numbers));
    }
    ArrayNode words = json.putArray("files");
    files.forEach(file -> words.add(file.word()));
    json.put("sha256", seal(json));
    return json.toPrettyString() + "\n";
  }

  /** As text, since JSON has no infinity. */
  private static void putAll(ArrayNode to, List<Double> numbers) {
    numbers.forEach(number -> to.add(number.toString()));
  }

  private static String seal(JsonNode json) {
    var digest = FileDigest.newSha256();
    for (String key : SEALED) {
      digest.update((key + json.get(key) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    if (json.has(KEPT)) {
      digest.update(json.get(KEPT).toString().getBytes(StandardCharsets.UTF_8));
    }
    json.get("files")
        .forEach(word -> digest.update(word.asText().getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Reads and checks it.
   *
   * @throws IOException in one line that names the file and what is wrong in it
   */
  static StateFile read(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    JsonNode json = json(file);
    long step = whole(file, json, "step", 0, MOST_STEPS);
    long updates = whole(file, json, "updates", 0, step);
    long epoch = whole(file, json, "epoch", 0, step);
    long offset = whole(file, json, "offset", 0, Integer.MAX_VALUE);
    long random = whole(file, json, "random", 0, Long.MAX_VALUE);
    long seed = whole(file, json, "seed", Long.MIN_VALUE, Long.MAX_VALUE);
    String name = "checkpoint-" + step;
    if (!directory.getFileName().toString().equals(name)) {
      throw new IOException("%s: is the state of %s".formatted(file, name));
    }
    MixedPrecision precision = precision(file, json);
    GradScaler.State scaler = scaler(file, json, precision);
    List<FileDigest> files = files(file, json);
    if (!files.isEmpty() && !seal(json).equals(json.path("sha256").asText())) {
      throw new IOException(file + ": is damaged, its numbers are not the ones it was saved with");
    }
    var state =
        new TrainingState(
            step,
            new DataPosition(epoch, offset),
            random,
            seed,
            precision,
            scaler,
            kept(file, json));
    return new StateFile(state, updates, files);
  }

  private static JsonNode json(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder, a file is needed there");
    }
    if (!Files.exists(file)) {
      throw new IOException(file + ": no such file");
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("%s: has %,d bytes".formatted(file, Files.size(file)));
    }
    JsonNode json;
    try {
      json = JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": not valid JSON: " + firstLine(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
    if (!json.isObject()) {
      throw new IOException(file + ": not a JSON object");
    }
    return json;
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
  }

  private static long whole(Path file, JsonNode json, String key, long least, long most)
      throws IOException {
    JsonNode number = json.path(key);
    if (!number.isIntegralNumber()) {
      throw new IOException(file + ": no whole number '" + key + "'");
    }
    if (!number.canConvertToLong() || number.longValue() < least || number.longValue() > most) {
      String text = number.asText();
      throw new IOException(
          "%s: '%s' is %s, must be from %d to %d"
              .formatted(
                  file,
                  key,
                  text.length() > 40 ? text.substring(0, 40) + "..." : text,
                  least,
                  most));
    }
    return number.longValue();
  }

  /** Checkpoints from before there was a choice are F32. */
  private static MixedPrecision precision(Path file, JsonNode json) throws IOException {
    JsonNode name = json.path("precision");
    if (name.isMissingNode()) {
      return MixedPrecision.F32;
    }
    for (MixedPrecision precision : MixedPrecision.values()) {
      if (precision.name().equals(name.asText())) {
        return precision;
      }
    }
    String text = name.toString().replace('"', '\'');
    throw new IOException(
        file
            + ": knows no precision "
            + (text.length() > 40 ? text.substring(0, 40) + "..." : text));
  }

  /** A scale is a power of two that an F32 holds, from 1 on: {@link GradScaler} makes no other. */
  private static GradScaler.State scaler(Path file, JsonNode json, MixedPrecision precision)
      throws IOException {
    if (!precision.needsScaling()) {
      return GradScaler.State.NONE;
    }
    JsonNode scale = json.path("lossScale");
    double value = scale.asDouble(Double.NaN);
    if (!scale.isNumber()
        || !(value >= 1 && value <= Float.MAX_VALUE)
        || Double.compare(value, Math.scalb(1.0, Math.getExponent(value))) != 0) {
      throw new IOException(
          "%s: 'lossScale' is %s, must be a power of two from 1 to 2^127"
              .formatted(file, scale.isNumber() ? value : "no number"));
    }
    long good = whole(file, json, "goodSteps", 0, GradScaler.GROWTH_INTERVAL - 1L);
    return new GradScaler.State(value, (int) good);
  }

  private static Map<String, List<Double>> kept(Path file, JsonNode json) throws IOException {
    var kept = new TreeMap<String, List<Double>>();
    for (Map.Entry<String, JsonNode> entry : json.path(KEPT).properties()) {
      var numbers = new ArrayList<Double>();
      for (JsonNode number : entry.getValue()) {
        try {
          numbers.add(Double.valueOf(number.asText()));
        } catch (NumberFormatException e) {
          throw new IOException(
              "%s: '%s' of '%s' holds what is no number".formatted(file, entry.getKey(), KEPT), e);
        }
      }
      kept.put(entry.getKey(), numbers);
    }
    return kept;
  }

  private static List<FileDigest> files(Path file, JsonNode json) throws IOException {
    JsonNode words = json.path("files");
    if (words.isMissingNode()) {
      return List.of();
    }
    var files = new ArrayList<FileDigest>();
    for (JsonNode word : words) {
      FileDigest digest = word.isTextual() ? FileDigest.parse(word.textValue()) : null;
      if (digest == null) {
        throw new IOException(file + ": 'files' holds what is no SHA-256, size and name");
      }
      files.add(digest);
    }
    if (files.isEmpty()) {
      throw new IOException(file + ": 'files' names no file");
    }
    return files;
  }

  /** Settings as JSON: one text by name. */
  static String settingsText(RunSettings settings) {
    ObjectNode json = JSON.createObjectNode();
    settings.values().forEach(json::put);
    return json.toPrettyString() + "\n";
  }

  /** Settings from a file, or none where it does not stand. */
  static RunSettings readSettings(Path file) throws IOException {
    var values = new LinkedHashMap<String, String>();
    if (Files.exists(file)) {
      for (Map.Entry<String, JsonNode> entry : json(file).properties()) {
        values.put(entry.getKey(), entry.getValue().asText());
      }
    }
    return new RunSettings(values);
  }
}
