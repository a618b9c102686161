package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.train.checkpoint.Setting;
import dev.galen.train.checkpoint.TrainingState;
import dev.galen.train.data.DataPosition;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.optim.GradScaler;
import dev.galen.train.optim.Optimizer;
import dev.galen.train.optim.WeightAverage;
import dev.galen.train.schedule.Rates;
import dev.galen.train.values.NamedValues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** What changes from update to update beside the weights, and lives on in a checkpoint. */
final class Course implements AutoCloseable {
  private static final String SCHEDULE = "schedule";
  private static final String MEASURED = "measured";
  private static final String AVERAGE = "average";
  private static final String BEST = "best";
  private static final String PASSED_OVER = "passedOver";

  private final TrainingConfig config;
  private final Validation validation;
  private final Rates rates;
  private final Unfreezing unfreezing;
  private final Optional<WeightAverage> average;
  private final Best best;
  private boolean usesAverage;
  private long measuredStep;
  private double metric = Double.NaN;

  /**
   * At the first update. What the config freezes is frozen.
   *
   * @param updates of the whole run
   * @throws IllegalArgumentException if the schedule follows what is not measured
   */
  Course(TrainingConfig config, Validation validation, long updates) {
    Model model = validation.model();
    this.config = config;
    this.validation = validation;
    this.rates = config.schedule().over(updates);
    this.best = new Best(config.evaluation());
    if (followsMetric() && !validation.isMeasured()) {
      throw new IllegalArgumentException(
          "schedule %s follows the validation %s, and none is measured while the model trains"
                  .formatted(config.schedule().rule().name(), config.evaluation().metricName())
              + "; give validation data, and an interval of evaluations above 0");
    }
    if (config.evaluation().counts() && !validation.isMeasured()) {
      throw new IllegalArgumentException(
          "patience and the best weights follow from the validation %s, and none is measured"
                  .formatted(config.evaluation().metricName())
              + " while the model trains; give validation data, and an interval of evaluations"
              + " above 0");
    }
    if (config.evaluation().loadBest() && config.checkpoints().output() == null) {
      throw new IllegalArgumentException(
          "the best weights are to be loaded at the end, and there is no output to keep them in");
    }
    config.optimizer().freezing().apply(model);
    unfreezing = new Unfreezing(model, config.optimizer().freezing().unfreezeEvery());
    AverageConfig kept = config.optimizer().average();
    average =
        kept.isKept()
            ? Optional.of(
                new WeightAverage(
                    model.parameters(),
                    kept.decay(),
                    kept.start() == AverageConfig.Start.FIRST_UPDATE))
            : Optional.empty();
  }

  private boolean followsMetric() {
    return config.schedule().rule().measures();
  }

  /** The learning rate at a place of the run, in updates from its beginning. */
  double rateAt(long place) {
    return rates.at(place);
  }

  /** The run trains from now on. */
  void begin() {
    validation.moments().begin();
  }

  /** Whether validation is to be measured after update {@code step}, and was not yet. */
  private boolean isMeasurementDue(long step) {
    return step > measuredStep && validation.isDue(step);
  }

  /** The same; after the last update it is where the best weights may be these. */
  boolean isMeasurementDue(long step, boolean last) {
    return last ? config.evaluation().loadBest() : isMeasurementDue(step);
  }

  /** Whether a stop kept the next rate from what it follows from. */
  boolean isMeasurementMissing(long step) {
    return (followsMetric() || config.evaluation().counts()) && isMeasurementDue(step);
  }

  /** What was just measured counts as measured after update {@code step}. */
  void measured(long step) {
    measuredStep = step;
    rates.measured(metric);
    best.measured(step, metric);
    begin();
  }

  /** Freezes and unfreezes for the update after {@code step}. */
  void unfreeze(long step, UpdateStep update) {
    if (unfreezing.at(step)) {
      update.release(); // a capture has the gradients of before
    }
  }

  /** An update was made or skipped. */
  void updated(UpdateStep.Outcome made) {
    if (!made.skipped()) {
      average.ifPresent(WeightAverage::update);
    }
  }

  /** The best metric. */
  Best best() {
    return best;
  }

  /** Whether a checkpoint is to be written after {@code step}, which has the best weights. */
  boolean keepsBest(long step) {
    return config.evaluation().loadBest() && best.step() == step && step > 0;
  }

  /** Whether the weights of another update are to be loaded at the end of a run. */
  boolean loadsBest(long step) {
    return config.evaluation().loadBest() && best.step() > 0 && best.step() != step;
  }

  /** The average of the weights, if the run keeps one. */
  Optional<WeightAverage> average() {
    return average;
  }

  /** Gives the model what the run leaves: the best weights, or the average, or those it has. */
  void finish(long step, RunFiles files) throws IOException {
    if (usesAverage) {
      return;
    }
    if (loadsBest(step)) {
      files.loadWeights(best.step(), average);
    }
    average.ifPresent(WeightAverage::exchange);
    usesAverage = true;
  }

  /**
   * What was measured at once.
   *
   * @param loss of the validation data
   * @param figures the task's, if it was asked
   */
  record Measured(Perplexity loss, SequencedMap<String, ? extends Number> figures) {}

  /** Measures with the average where there is one, and gives the model its weights back. */
  Measured measure(long step, RunHooks hooks) throws IOException {
    validation.require();
    PhaseEvent measuring = Phase.begin();
    Measured measured =
        withAverage(
            () -> new Measured(validation.measure(hooks::mustStop), hooks.figures().at(step)));
    metric = metric(measured);
    Phase.EVALUATION.end(measuring, step);
    return measured;
  }

  /** The same of the first batches alone, for what would fail. */
  void rehearse(int batches, RunHooks hooks) throws IOException {
    validation.require();
    metric(
        withAverage(
            () ->
                new Measured(
                    validation.measureFirst(batches, hooks::mustStop),
                    hooks.figures().rehearsed(batches))));
  }

  private Measured withAverage(Work work) throws IOException {
    boolean exchanges = average.isPresent() && !usesAverage;
    if (!exchanges) {
      return work.measure();
    }
    average.get().exchange();
    try {
      return work.measure();
    } finally {
      average.get().exchange();
    }
  }

  private interface Work {
    Measured measure() throws IOException;
  }

  /** The metric that the run looks at. */
  private double metric(Measured measured) {
    String name = config.evaluation().metricName();
    if (!config.evaluation().isFigure()) {
      return name.equals(EvaluationConfig.LOSS)
          ? measured.loss().loss()
          : measured.loss().perplexity();
    }
    for (Map.Entry<String, ? extends Number> figure : measured.figures().entrySet()) {
      if (NamedValues.canonical(figure.getKey()).equals(NamedValues.canonical(name))) {
        return figure.getValue().doubleValue();
      }
    }
    var known = new ArrayList<>(List.of(EvaluationConfig.LOSS, "perplexity"));
    known.addAll(measured.figures().keySet());
    throw new IllegalArgumentException(
        "the metric is %s, must be one that an evaluation has: %s"
            .formatted(config.evaluation().metric(), String.join(", ", known)));
  }

  @Override
  public void close() {
    average.ifPresent(WeightAverage::close);
  }

  /**
   * What a checkpoint keeps beside weights and the optimizer's state.
   *
   * @param step updates made
   * @param position where the next one begins
   */
  TrainingState state(long step, DataPosition position, GradScaler scaler, Optimizer optimizer) {
    return new TrainingState(
        step,
        position,
        validation.model().random().offset(),
        config.seed(),
        config.precision().products(),
        scaler.state(),
        kept(optimizer));
  }

  private Map<String, List<Double>> kept(Optimizer optimizer) {
    var kept = new LinkedHashMap<String, List<Double>>();
    if (followsMetric()) {
      kept.put(SCHEDULE, rates.state());
    }
    if (followsMetric() || config.evaluation().counts()) {
      kept.put(MEASURED, List.of((double) measuredStep));
      kept.put(BEST, best.state());
    }
    average.ifPresent(a -> kept.put(AVERAGE, List.of((double) a.updates())));
    if (!optimizer.passedOver().isEmpty()) {
      kept.put(PASSED_OVER, optimizer.passedOver());
    }
    return kept;
  }

  /** Goes on from a checkpoint's numbers; another schedule or peak begins anew. */
  void resume(TrainingState state, Set<Setting> changed, Optimizer optimizer) {
    validation.model().random().seek(state.random());
    optimizer.passOver(state.kept().getOrDefault(PASSED_OVER, List.of()));
    average.ifPresent(a -> a.resumeAt(state.kept().get(AVERAGE).getFirst().longValue()));
    List<Double> schedule = state.kept().get(SCHEDULE);
    if (followsMetric()
        && schedule != null
        && !changed.contains(Setting.SCHEDULE)
        && !changed.contains(Setting.LEARNING_RATE)) {
      rates.resumeAt(schedule);
    }
    if (state.kept().containsKey(MEASURED)) {
      measuredStep = state.kept().get(MEASURED).getFirst().longValue();
      best.resumeAt(state.kept().get(BEST));
    }
  }
}
