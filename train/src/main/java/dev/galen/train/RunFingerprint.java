package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.train.checkpoint.RunSettings;
import dev.galen.train.checkpoint.Setting;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.Optimizer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the bits of a run follow from besides its weights, as a checkpoint keeps it. */
final class RunFingerprint {
  private static final int CHUNK_BYTES = 1 << 16;

  /** Digits of a SHA-256 that tell two apart, and that fit a message. */
  private static final int DIGITS = 16;

  private RunFingerprint() {}

  /**
   * The settings of a run.
   *
   * @param updates all updates of the run
   * @param named what the caller adds, such as the tokenizer
   */
  static RunSettings of(
      Model model,
      TrainingConfig config,
      List<TokenSequence> data,
      Optimizer optimizer,
      long updates,
      Map<String, String> named) {
    var values = new LinkedHashMap<String, String>();
    put(values, Setting.SEED, config.seed());
    values.putAll(named);
    values.putAll(model.settings());
    values.put("trained parameters", trained(optimizer.names(), model.parameters().size()));
    put(values, Setting.DATA, "of %d sequences, sha256 %s".formatted(data.size(), sha256(data)));
    put(values, Setting.SHUFFLE, config.data().shuffle());
    values.put("group-by-length", Boolean.toString(config.data().groupByLength()));
    put(values, Setting.BATCH, config.data().perUpdate());
    values.put(RunSettings.ACCUMULATE, Integer.toString(config.data().accumulate()));
    put(values, Setting.LEARNING_RATE, config.schedule().learningRate());
    put(values, Setting.SCHEDULE, config.schedule().rule().text());
    put(values, Setting.WARMUP, config.schedule().warmupText());
    if (config.evaluation().counts()) {
      values.put("patience", Long.toString(config.evaluation().patience()));
      values.put("patience-threshold", Double.toString(config.evaluation().threshold()));
      values.put("load-best", Boolean.toString(config.evaluation().loadBest()));
    }
    if (config.schedule().rule().measures() || config.evaluation().counts()) {
      values.put("evaluate-every", config.evaluation().every().text());
      values.put(
          "metric",
          config.evaluation().metricName()
              + (config.evaluation().isGreaterBetter() ? ", the greater" : ", the smaller")
              + " the better");
    }
    boolean counted = config.data().steps() > 0;
    values.put(
        counted ? RunSettings.STEPS : RunSettings.EPOCHS,
        Long.toString(counted ? config.data().steps() : config.data().epochs()));
    values.put(RunSettings.UPDATES, Long.toString(updates));
    values.put(RunSettings.OPTIMIZER, config.optimizer().rule().name());
    values.putAll(config.optimizer().rule().settings());
    put(values, Setting.CLIP, config.optimizer().clip());
    values.putAll(config.optimizer().settings());
    put(values, Setting.PRECISION, config.precision().products());
    if (config.loss().labelSmoothing() > 0) {
      values.put("label-smoothing", Double.toString(config.loss().labelSmoothing()));
    }
    if (!config.loss().classWeights().areNone()) {
      values.put("class-weights", config.loss().classWeights().text());
    }
    if (!config.loss().positiveWeights().areNone()) {
      values.put("positive-weights", config.loss().positiveWeights().text());
    }
    return new RunSettings(values);
  }

  private static void put(Map<String, String> values, Setting setting, Object value) {
    values.put(setting.word(), value.toString());
  }

  private static String trained(List<String> names, int all) {
    MessageDigest digest = digest();
    names.forEach(name -> digest.update((name + "\n").getBytes(StandardCharsets.UTF_8)));
    return "%d of %d, sha256 %s".formatted(names.size(), all, shown(digest));
  }

  /** Of ids and labels, each sequence with its length, in order. */
  private static String sha256(List<TokenSequence> data) {
    MessageDigest digest = digest();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    for (TokenSequence sequence : data) {
      put(chunk, digest, sequence.length());
      for (int id : sequence.inputIds()) {
        put(chunk, digest, id);
      }
      for (int label : sequence.labels()) {
        put(chunk, digest, label);
      }
      for (int[] beside :
          new int[][] {sequence.tokenTypes(), sequence.attentionMask(), sequence.documents()}) {
        for (int value : beside == null ? new int[0] : beside) {
          put(chunk, digest, value);
        }
      }
    }
    digest.update(chunk.flip());
    return shown(digest);
  }

  private static void put(ByteBuffer chunk, MessageDigest digest, int value) {
    if (!chunk.hasRemaining()) {
      digest.update(chunk.flip());
      chunk.clear();
    }
    chunk.putInt(value);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  private static String shown(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }
}
