package dev.galen.train.checkpoint;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a run may go on with changed, if it is named: see {@link dev.galen.train.Trainer#resume}.
 * The command line's {@code --change} has the names of these. What is not here, such as {@code
 * n_head} or the tokenizer, makes another model.
 */
public enum Setting {
  /** The seed: another order of the data, from the pass under way on, and other dropout. */
  SEED("seed"),
  /** The training data; the pass under way begins anew, with the first of its sequences. */
  DATA("data"),
  /** Whether each pass has an order of its own, from the pass under way on. */
  SHUFFLE("shuffle"),
  /**
   * Sequences per update, which are batch size times accumulation. The run goes on with the next
   * sequence and ends after the same number of passes; the rate follows the part of the run that is
   * done.
   */
  BATCH("batch"),
  /** The peak learning rate. */
  LEARNING_RATE("learning-rate"),
  /** The curve of the learning rate. */
  SCHEDULE("schedule"),
  /** Updates until the peak. */
  WARMUP("warmup"),
  /**
   * Epochs or updates of the run. They need not be named where the rate is constant, and where the
   * run has made all of its updates and gets more; else a falling rate would jump.
   */
  DURATION("epochs"),
  /** Decay of the optimizer, on matrices. */
  WEIGHT_DECAY("weight-decay"),
  /** The largest gradient norm. */
  CLIP("clip"),
  /** What products compute in; F16 begins with its first loss scale. */
  PRECISION("precision"),
  /** A model's dropout probabilities. */
  DROPOUT("dropout");

  private final String word;

  Setting(String word) {
    this.word = word;
  }

  /** Its name on the command line. */
  public String word() {
    return word;
  }

  /**
   * The setting of a name; {@code steps} is {@code epochs}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Setting named(String name) {
    String wanted = name.equals("steps") ? DURATION.word : name;
    return Arrays.stream(values())
        .filter(setting -> setting.word.equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is no setting that a resumed run can change; these are: %s"
                        .formatted(name, words())));
  }

  private static String words() {
    return Arrays.stream(values()).map(Setting::word).collect(Collectors.joining(", "));
  }
}
