package dev.galen.train;

import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.optim.OptimizerSpec;
import dev.galen.train.optim.ParameterGroups;
import dev.galen.train.optim.StateFormat;
import dev.galen.train.schedule.Schedule;
import java.nio.file.Path;

/**
 * How to train, in sections; {@link #builder} sets what differs from the defaults. These are those
 * of HuggingFace's {@code TrainingArguments}, except that batches hold 4 sequences, and that
 * validation is measured about ten times a run: a curve of two points tells nothing.
 *
 * @param seed of the data's order and of dropout
 * @param data how the run goes through its data
 * @param optimizer what makes updates of gradients
 * @param schedule how large they are
 * @param precision what products compute in
 * @param evaluation when validation is measured
 * @param checkpoints when and where the run is saved
 * @param loss what it learns by beyond the labels
 */
public record TrainingConfig(
    long seed,
    DataConfig data,
    OptimizerConfig optimizer,
    ScheduleConfig schedule,
    PrecisionConfig precision,
    EvaluationConfig evaluation,
    CheckpointConfig checkpoints,
    LossConfig loss) {
  /** Checks what two sections must agree in. */
  public TrainingConfig {
    if (data.steps() > 0) {
      schedule.warmupOf(data.steps()); // refuses one that is longer than the run
    }
    require(
        evaluation.every().isExact() || !schedule.rule().measures(),
        "the interval of evaluations",
        evaluation.every().text(),
        "updates or epochs, as the schedule " + schedule.rule().name() + " follows from them");
  }

  /** One that learns by the labels alone. */
  public TrainingConfig(
      long seed,
      DataConfig data,
      OptimizerConfig optimizer,
      ScheduleConfig schedule,
      PrecisionConfig precision,
      EvaluationConfig evaluation,
      CheckpointConfig checkpoints) {
    this(seed, data, optimizer, schedule, precision, evaluation, checkpoints, LossConfig.PLAIN);
  }

  /** The same, which keeps its checkpoints elsewhere. */
  public TrainingConfig withOutput(Path output) {
    return new TrainingConfig(
        seed,
        data,
        optimizer,
        schedule,
        precision,
        evaluation,
        new CheckpointConfig(checkpoints.every(), checkpoints.keep(), output),
        loss);
  }

  static void require(boolean holds, String name, Object value, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is " + value + ", must be " + wanted);
    }
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
    private Schedule schedule = Schedule.LINEAR;
    private double warmup;
    private OptimizerSpec optimizer = AdamW.Settings.decay(0);
    private double clip = 1;
    private double clipValue;
    private ParameterGroups groups = ParameterGroups.NONE;
    private FreezingConfig freezing = FreezingConfig.NONE;
    private AverageConfig average = AverageConfig.NONE;
    private StateFormat states = StateFormat.F32;
    private long seed = 42;
    private boolean shuffle = true;
    private boolean groupByLength;
    private Interval evaluateEvery = Interval.updates(EvaluationConfig.ABOUT_TEN_TIMES);
    private long patience;
    private double patienceThreshold;
    private boolean loadBest;
    private String metric = EvaluationConfig.LOSS;
    private Boolean greaterIsBetter;
    private int sanitySteps;
    private Interval saveEvery = Interval.NEVER;
    private int keep = 2;
    private MixedPrecision precision = MixedPrecision.F32;
    private boolean recompute;
    private double labelSmoothing;
    private ClassWeights classWeights = ClassWeights.NONE;
    private PreferenceConfig preference = PreferenceConfig.DPO;
    private ClassWeights positiveWeights = ClassWeights.NONE;
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

    /** How the learning rate goes over the run, linear to 0 by default. */
    public Builder schedule(Schedule schedule) {
      this.schedule = schedule;
      return this;
    }

    /** Updates until the peak, 0 by default; below 1 a share of the run, rounded up. */
    public Builder warmup(double warmup) {
      this.warmup = warmup;
      return this;
    }

    /** Which optimizer, with its numbers; AdamW without decay by default. */
    public Builder optimizer(OptimizerSpec optimizer) {
      this.optimizer = optimizer;
      return this;
    }

    /**
     * AdamW with this decay of matrices per update and unit of learning rate, 0 by default: short
     * for {@link #optimizer} with {@link AdamW.Settings#decay}.
     */
    public Builder weightDecay(double weightDecay) {
      return optimizer(AdamW.Settings.decay(weightDecay));
    }

    /** The largest Euclidean norm of all gradients together, 1 by default; 0 for no limit. */
    public Builder clip(double clip) {
      this.clip = clip;
      return this;
    }

    /** The largest element of a gradient, as PyTorch's {@code clip_grad_value_}; 0 by default. */
    public Builder clipValue(double clipValue) {
      this.clipValue = clipValue;
      return this;
    }

    /** Parameters with another rate or decay than the rest, none by default. */
    public Builder groups(ParameterGroups groups) {
      this.groups = groups;
      return this;
    }

    /** Parameters that are not trained, or not yet: none by default. */
    public Builder freezing(FreezingConfig freezing) {
      this.freezing = freezing;
      return this;
    }

    /** The average of weights that a run keeps, none by default. */
    public Builder average(AverageConfig average) {
      this.average = average;
      return this;
    }

    /** What the optimizer's state lies in between updates, F32 by default. */
    public Builder optimizerStates(StateFormat states) {
      this.states = states;
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
     * Whether batches hold sequences of about one length, false by default: less padding, in an
     * order that is still a new one each pass. See {@link
     * dev.galen.train.data.BatchSampler#byLength}.
     */
    public Builder groupByLength(boolean groupByLength) {
      this.groupByLength = groupByLength;
      return this;
    }

    /**
     * Updates between evaluations, 0 for none while it trains; {@link
     * EvaluationConfig#ABOUT_TEN_TIMES} unless set.
     */
    public Builder evaluateEvery(long evaluateEvery) {
      return evaluateEvery(Interval.updates(evaluateEvery));
    }

    /** The same by updates, passes over the data or minutes. */
    public Builder evaluateEvery(Interval evaluateEvery) {
      this.evaluateEvery = evaluateEvery;
      return this;
    }

    /** Evaluations in a row without a better metric that end the run; 0, the default, for none. */
    public Builder patience(long patience) {
      this.patience = patience;
      return this;
    }

    /** How much better a metric must be to count for the patience, 0 by default. */
    public Builder patienceThreshold(double patienceThreshold) {
      this.patienceThreshold = patienceThreshold;
      return this;
    }

    /** Whether the run ends with the weights of the best metric, false by default. */
    public Builder loadBest(boolean loadBest) {
      this.loadBest = loadBest;
      return this;
    }

    /**
     * What patience, the best weights and a schedule that follows a metric look at, the validation
     * loss by default. Figures of a task need {@link RunHooks#measureWith}, which a {@link
     * dev.galen.train.run.FineTuning} does.
     */
    public Builder metric(String metric) {
      this.metric = metric;
      return this;
    }

    /** Whether more of the metric is better; by default, and for null, its name says it. */
    public Builder greaterIsBetter(Boolean greaterIsBetter) {
      this.greaterIsBetter = greaterIsBetter;
      return this;
    }

    /** Validation batches that are measured before the first update, 0 by default. */
    public Builder sanitySteps(int sanitySteps) {
      this.sanitySteps = sanitySteps;
      return this;
    }

    /** Updates between checkpoints, 0 by default: none but that of a {@link Trainer#stop}. */
    public Builder saveEvery(long saveEvery) {
      return saveEvery(Interval.updates(saveEvery));
    }

    /** The same by updates, passes over the data or minutes. */
    public Builder saveEvery(Interval saveEvery) {
      this.saveEvery = saveEvery;
      return this;
    }

    /** Newest checkpoints that stay, beside that of the best weights: 2 by default. */
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

    /** The share of a label's probability that all classes divide while training, 0 by default. */
    public Builder labelSmoothing(double labelSmoothing) {
      this.labelSmoothing = labelSmoothing;
      return this;
    }

    /** How much labels of each class count while training; all the same by default. */
    public Builder classWeights(ClassWeights classWeights) {
      this.classWeights = classWeights;
      return this;
    }

    /** How much labels that hold count where a text may have several; 1 each by default. */
    public Builder positiveWeights(ClassWeights positiveWeights) {
      this.positiveWeights = positiveWeights;
      return this;
    }

    /** What preferences are learned by, DPO with a beta of 0.1 by default. */
    public Builder preference(PreferenceConfig preference) {
      this.preference = preference;
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
          seed,
          new DataConfig(epochs, steps, batchSize, accumulate, shuffle, groupByLength),
          new OptimizerConfig(optimizer, clip, clipValue, groups, freezing, average, states),
          new ScheduleConfig(learningRate, schedule, warmup),
          new PrecisionConfig(precision, recompute),
          new EvaluationConfig(
              evaluateEvery,
              patience,
              patienceThreshold,
              loadBest,
              metric,
              greaterIsBetter,
              sanitySteps),
          new CheckpointConfig(saveEvery, keep, output),
          new LossConfig(labelSmoothing, classWeights, preference, positiveWeights));
    }
  }
}
