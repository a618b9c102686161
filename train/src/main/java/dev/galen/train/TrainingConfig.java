package dev.galen.train;

import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.schedule.Schedule;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How to train. Defaults are those of HuggingFace's {@code TrainingArguments}, except that batches
 * hold 4 sequences, and that validation is measured about ten times a run: a curve of two points
 * tells nothing.
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
 * @param evaluateEvery updates between evaluations, 0 for none while it trains, or {@link
 *     #ABOUT_TEN_TIMES}
 * @param saveEvery updates between checkpoints, 0 for none
 * @param keep checkpoints that stay
 * @param precision what products compute in
 * @param recompute gradient checkpointing: trade time for memory
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

  /**
   * Measures validation after each tenth of the run, or less often where that would take more than
   * about a tenth of its time: by the number of tokens, so that each repetition measures after the
   * same updates. Training does not notice.
   */
  public static final long ABOUT_TEN_TIMES = -1;

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
    require(
        evaluateEvery >= 0 || evaluateEvery == ABOUT_TEN_TIMES,
        "the interval of evaluations",
        evaluateEvery,
        "at least 0");
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
    private long evaluateEvery = ABOUT_TEN_TIMES;
    private long saveEvery;
    private int keep = 2;
    private MixedPrecision precision = MixedPrecision.F32;
    private boolean recompute;
    private Path output;

    private Builder() {}

    /** Passes over the data, 3 by default; the updates follow from it. Undoes {@link #steps}. */
    public Builder epochs(int epochs) {
      this.epochs = epochs;
      this.steps = 0;
      return this;
    }

    /** Updates, instead of epochs; by default epochs count. */
    public Builder steps(long steps) {
      require(steps > 0, "steps", steps, "at least 1");
      this.steps = steps;
      return this;
    }

    /** Sequences per forward pass, 4 by default. */
    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    /** Batches per update, 1 by default; at most as many as one pass over the data has. */
    public Builder accumulate(int accumulate) {
      this.accumulate = accumulate;
      return this;
    }

    /** The peak learning rate, 5e-5 by default: how far an update moves a weight, about. */
    public Builder learningRate(double learningRate) {
      this.learningRate = learningRate;
      return this;
    }

    /** The curve of the learning rate after the warm-up, linear to 0 by default. */
    public Builder schedule(Schedule.Kind schedule) {
      this.schedule = schedule;
      return this;
    }

    /** Updates until the peak, 0 by default. */
    public Builder warmup(long warmup) {
      this.warmup = warmup;
      return this;
    }

    /** AdamW's decay of matrices per update and unit of learning rate, 0 by default. */
    public Builder weightDecay(double weightDecay) {
      this.weightDecay = weightDecay;
      return this;
    }

    /** The largest Euclidean norm of all gradients together, 1 by default; 0 for no limit. */
    public Builder clip(double clip) {
      this.clip = clip;
      return this;
    }

    /** The seed of the data's order and of dropout, 42 by default. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Whether each pass has an order of its own, true by default; else the data's. */
    public Builder shuffle(boolean shuffle) {
      this.shuffle = shuffle;
      return this;
    }

    /**
     * Updates between evaluations, 0 for none while it trains; {@link #ABOUT_TEN_TIMES} unless set.
     */
    public Builder evaluateEvery(long evaluateEvery) {
      this.evaluateEvery = evaluateEvery;
      return this;
    }

    /** Updates between checkpoints, 0 by default: none but that of a {@link Trainer#stop}. */
    public Builder saveEvery(long saveEvery) {
      this.saveEvery = saveEvery;
      return this;
    }

    /** Checkpoints that stay when newer ones are written, 2 by default. */
    public Builder keep(int keep) {
      this.keep = keep;
      return this;
    }

    /** What products compute in, F32 by default. */
    public Builder precision(MixedPrecision precision) {
      this.precision = precision;
      return this;
    }

    /**
     * Gradient checkpointing, off by default: activations of a block are computed again in the
     * backward pass instead of being kept. Less memory for about a third more time; the bits stay.
     * See {@link dev.galen.tensor.ops.Recompute}.
     */
    public Builder recompute(boolean recompute) {
      this.recompute = recompute;
      return this;
    }

    /** The folder that checkpoints go to; null, the default, for none. */
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
