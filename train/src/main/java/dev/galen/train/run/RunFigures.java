package dev.galen.train.run;

import dev.galen.model.Model;
import dev.galen.train.Figures;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingListener;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.task.Task;
import dev.galen.train.task.TaskResult;
import dev.galen.train.task.TrainedModel;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * What a run does at each evaluation beside measuring the loss: it measures the task's figures, if
 * it looks at one, and has the model go on with its prompts.
 */
final class RunFigures<M extends Model> implements Figures, TrainingListener {
  /** Enough to see that a model answers at all. */
  private static final int REHEARSED_TOKENS = 4;

  private final Task<M> task;
  private final Supplier<TrainedModel<M>> model;
  private final boolean measures;
  private final Optional<SamplePrompts> prompts;
  private final List<RunListener> listeners;
  private List<TaskResult.Sample> samples = List.of();
  private TaskResult last;

  /**
   * @param model as it is when it is measured
   * @param measures whether the task's figures are asked for
   * @param prompts what it goes on with, if anything
   * @param listeners hear what it says
   */
  RunFigures(
      Task<M> task,
      Supplier<TrainedModel<M>> model,
      boolean measures,
      Optional<SamplePrompts> prompts,
      List<RunListener> listeners) {
    this.task = task;
    this.model = model;
    this.measures = measures;
    this.prompts = prompts;
    this.listeners = listeners;
  }

  /** Has a trainer measure them. */
  void addTo(Trainer trainer) {
    trainer.listen(this).hooks().measureWith(this);
  }

  /** What the task measured last, if it was asked. */
  Optional<TaskResult> last() {
    return Optional.ofNullable(last);
  }

  @Override
  public SequencedMap<String, ? extends Number> at(long step) {
    samples = prompts.isPresent() ? prompts.get().now() : List.of();
    if (!measures) {
      return new LinkedHashMap<>();
    }
    last = task.measure(model.get());
    return last.figures();
  }

  /** What the measured weights said is told behind their loss. */
  @Override
  public void onEvaluation(long step, Perplexity validation) throws IOException {
    for (TaskResult.Sample sample : samples) {
      for (RunListener listener : listeners) {
        listener.onSample(step, sample);
      }
    }
  }

  /** The whole measurement, of little: it is made at the end, whether a run looks at it or not. */
  @Override
  public SequencedMap<String, ? extends Number> rehearsed(int batches) {
    prompts.ifPresent(SamplePrompts::now);
    TrainedModel<M> all = model.get();
    long most = (long) batches * all.batchSize();
    TokenSequences some =
        TokenSequences.of(
            all.validation().subList(0, (int) Math.min(most, all.validation().size())));
    return task.measure(
            new TrainedModel<>(
                all.model(),
                all.learner(),
                all.tokenizer(),
                all.encoder(),
                some,
                first(all.asked(), batches),
                first(all.shown(), 1),
                all.batchSize(),
                OptionalInt.of(
                    Math.min(REHEARSED_TOKENS, all.maxNewTokens().orElse(REHEARSED_TOKENS)))))
        .figures();
  }

  private static <T> List<T> first(List<T> all, int most) {
    return all.subList(0, Math.min(most, all.size()));
  }
}
