package dev.galen.train;

import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.schedule.Schedule;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How to train. Defaults are those of HuggingFace's {@code TrainingArguments}, except that batches
 * hold 4 sequences.
 *
 * @param epochs passes over the data, where {@code steps} is 0
 * @param steps updates, or 0 to count epochs
 * @param batchSize sequences per substep
 * @param accumulate substeps per update
 * @param learningRate the peak
 * @param schedule the curve of the learning rate
 * @param warmup updates until the peak
 * @param weightDecay on matrices
 * @param clip the largest gradient norm, or 0 for no limit
 * @param seed of the data's order and of dropout
 * @param shuffle a new order each epoch
 * @param evaluateEvery updates between evaluations, 0 for only the last
 * @param saveEvery updates between checkpoints, 0 for none
 * @param keep checkpoints that stay
 * @param precision what products compute in
 * @param recompute trade time for memory
 * @param output where checkpoints go, or null for none
 */
public record TrainingConfig(
    int epochs,
    long steps,
    int batchSize,
    int accumulate,
    double learningRate,
    Schedule.Kind schedule,
    long warmup,
    double weightDecay,
    double clip,
    long seed,
    boolean shuffle,
    long evaluateEvery,
    long saveEvery,
    int keep,
    MixedPrecision precision,
    boolean recompute,
    Path output) {

  /** Checks each number alone; what depends on the data is checked by the trainer. */
  public TrainingConfig {
    require(epochs > 0 || steps > 0, "epochs", epochs, "at least 1");
    require(steps >= 0, "steps", steps, "at least 1");
    require(batchSize > 0, "batch size", batchSize, "at least 1");
    require(accumulate > 0, "accumulate", accumulate, "at least 1");
    require(
        learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY,
        "learning rate",
        learningRate,
        "a number from 0 on");
    require(warmup >= 0, "warmup", warmup, "at least 0");
    require(
        weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY,
        "weight decay",
        weightDecay,
        "a number from 0 on");
    require(clip >= 0, "clip", clip, "at least 0");
    require(evaluateEvery >= 0, "the interval of evaluations", evaluateEvery, "at least 0");
    require(saveEvery >= 0, "the interval of checkpoints", saveEvery, "at least 0");
    require(keep > 0, "kept checkpoints", keep, "at least 1");
    Objects.requireNonNull(precision, "precision");
  }

  private static void require(boolean holds, String name, Object value, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is " + value + ", must be " + wanted);
    }
  }

  /** The optimizer's constants. */
  AdamW.Settings optimizer() {
    return AdamW.Settings.decay(weightDecay);
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Sets what differs from the defaults. */
  public static final class Builder {
    private int epochs = 3;
    private long steps;
    private int batchSize = 4;
    private int accumulate = 1;
    private double learningRate = 5e-5;
    private Schedule.Kind schedule = Schedule.Kind.LINEAR;
    private long warmup;
    private double weightDecay;
    private double clip = 1;
    private long seed = 42;
    private boolean shuffle = true;
    private long evaluateEvery;
    private long saveEvery;
    private int keep = 2;
    private MixedPrecision precision = MixedPrecision.F32;
    private boolean recompute;
    private Path output;

    private Builder() {}

    /** Passes over the data; the steps follow from it. */
    public Builder epochs(int epochs) {
      this.epochs = epochs;
      this.steps = 0;
      return this;
    }

    /** Updates, instead of epochs. */
    public Builder steps(long steps) {
      require(steps > 0, "steps", steps, "at least 1");
      this.steps = steps;
      return this;
    }

    /** Sequences per substep. */
    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    /** Substeps per update. */
    public Builder accumulate(int accumulate) {
      this.accumulate = accumulate;
      return this;
    }

    /** The peak learning rate. */
    public Builder learningRate(double learningRate) {
      this.learningRate = learningRate;
      return this;
    }

    /** The curve of the learning rate. */
    public Builder schedule(Schedule.Kind schedule) {
      this.schedule = schedule;
      return this;
    }

    /** Updates until the peak. */
    public Builder warmup(long warmup) {
      this.warmup = warmup;
      return this;
    }

    /** Decay on matrices. */
    public Builder weightDecay(double weightDecay) {
      this.weightDecay = weightDecay;
      return this;
    }

    /** The largest gradient norm; 0 for no limit. */
    public Builder clip(double clip) {
      this.clip = clip;
      return this;
    }

    /** The seed of the data's order and of dropout. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Whether each epoch has an order of its own. */
    public Builder shuffle(boolean shuffle) {
      this.shuffle = shuffle;
      return this;
    }

    /** Updates between evaluations. */
    public Builder evaluateEvery(long evaluateEvery) {
      this.evaluateEvery = evaluateEvery;
      return this;
    }

    /** Updates between checkpoints. */
    public Builder saveEvery(long saveEvery) {
      this.saveEvery = saveEvery;
      return this;
    }

    /** Checkpoints that stay when newer ones are written. */
    public Builder keep(int keep) {
      this.keep = keep;
      return this;
    }

    /** What products compute in. */
    public Builder precision(MixedPrecision precision) {
      this.precision = precision;
      return this;
    }

    /** Trades time for memory. */
    public Builder recompute(boolean recompute) {
      this.recompute = recompute;
      return this;
    }

    /** Where checkpoints go. */
    public Builder output(Path output) {
      this.output = output;
      return this;
    }

    /** Checks and builds. */
    public TrainingConfig build() {
      return new TrainingConfig(
          epochs,
          steps,
          batchSize,
          accumulate,
          learningRate,
          schedule,
          warmup,
          weightDecay,
          clip,
          seed,
          shuffle,
          evaluateEvery,
          saveEvery,
          keep,
          precision,
          recompute,
          output);
    }
  }
}
