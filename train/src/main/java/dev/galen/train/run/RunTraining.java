package dev.galen.train.run;

import dev.galen.model.Model;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.train.EvaluationConfig;
import dev.galen.train.NonFiniteException;
import dev.galen.train.StopFile;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingListener;
import dev.galen.train.Utilisation;
import dev.galen.train.checkpoint.Setting;
import dev.galen.train.checkpoint.SettingsChangedException;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.task.Task;
import dev.galen.train.task.TaskResult;
import dev.galen.train.task.TrainedModel;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/** The part of a run between its preparation and its report: train, save, measure. */
final class RunTraining<M extends Model> {
  private final RunContext context;
  private final Trainer trainer;
  private final Task<M> task;
  private final RunModel<M> model;
  private final Model learner;
  private final RunSequences sequences;

  RunTraining(
      RunContext context,
      Trainer trainer,
      Task<M> task,
      RunModel<M> model,
      Model learner,
      RunSequences sequences) {
    this.context = context;
    this.trainer = trainer;
    this.task = task;
    this.model = model;
    this.learner = learner;
    this.sequences = sequences;
  }

  /**
   * What training showed.
   *
   * @param before validation before the first update, or null without any
   * @param after validation after the last update, or null without any
   * @param task what the task measured
   * @param log every update
   * @param utilisation of the machine, if its peak is known
   */
  record Measured(
      Perplexity before,
      Perplexity after,
      TaskResult task,
      RunLog log,
      Optional<Utilisation> utilisation) {}

  /** Trains, saves the model, and measures it; nothing where it was stopped before. */
  Optional<Measured> run(boolean resume, Setting... changed) throws IOException {
    RunListener listener = context.listener();
    trainer.listen(notices(listener));
    boolean resumed = resume && resume(changed);
    listener.onLine(
        "training",
        "%d sequences, %d updates, into %s"
            .formatted(sequences.train().size(), trainer.totalSteps(), context.folder().path()));
    if (resumed && trainer.isDone()) {
      listener.onLine(
          "nothing",
          "is left to do: all %d updates were made; more with %s or %s"
              .formatted(
                  trainer.step(), context.names().of("epochs"), context.names().of("steps")));
    }
    context.state().training(trainer);
    boolean measures = !sequences.validation().isEmpty();
    Optional<SamplePrompts> prompts = prompts();
    try (var watchers = new Watchers(context.spec(), context.folder(), learner, trainer);
        RunLog log = openLog(watchers.utilisation())) {
      AtomicFile.writeString(context.folder().spec(), context.spec().toJson());
      AtomicFile.writeString(context.folder().recipe(), context.spec().toYaml());
      trainer.listen(log).listen(listener);
      trainer.hooks().stopWhen(new StopFile(context.folder().stop()));
      EvaluationConfig evaluation = context.spec().training().evaluation();
      var figures =
          new RunFigures<>(
              task,
              this::trained,
              evaluation.isFigure(),
              prompts,
              List.of(log, watchers, listener));
      figures.addTo(trainer);
      if (evaluation.sanitySteps() > 0) {
        rehearse(figures, measures, evaluation.sanitySteps());
      }
      long begun = trainer.step();
      Perplexity before = measures ? before(log) : null;
      trainer.fit();
      if (trainer.isStopping()) {
        return Optional.empty();
      }
      tellBest(evaluation);
      save(begun, resumed);
      Perplexity after = measures ? trainer.evaluate() : null;
      TaskResult result = figures.last().orElseGet(() -> task.measure(trained()));
      return Optional.of(new Measured(before, after, result, log, watchers.utilisation()));
    } catch (NonFiniteException e) {
      ModelSource source = context.spec().model();
      if (!source.isPretrained() || trainer.step() > 0) {
        throw e;
      }
      throw new IllegalArgumentException(source.name() + ": " + e.getMessage(), e);
    } catch (CancellationException e) {
      return Optional.empty(); // stopped while it was measured before the first update
    }
  }

  /**
   * Heard from the start, for a resumed run may have to tell something; all else behind the log.
   * Later notices are heard twice, which {@link NoticedOnce} passes on once.
   */
  private static TrainingListener notices(RunListener listener) {
    return new TrainingListener() {
      @Override
      public void onNotice(String line) {
        listener.onNotice(line);
      }
    };
  }

  private Optional<SamplePrompts> prompts() {
    List<String> prompts = context.spec().watching().samplePrompts();
    return prompts.isEmpty()
        ? Optional.empty()
        : Optional.of(new SamplePrompts(model, prompts, context.names()));
  }

  /** What is measured later is measured once, of little. */
  private void rehearse(RunFigures<M> figures, boolean measures, int steps) throws IOException {
    if (measures) {
      trainer.rehearseEvaluation(steps);
    } else {
      figures.rehearsed(steps);
    }
    context
        .listener()
        .onLine("sanity", "of %d steps of evaluation: all can be measured".formatted(steps));
  }

  private void tellBest(EvaluationConfig evaluation) {
    RunListener listener = context.listener();
    if (trainer.step() < trainer.totalSteps()) {
      listener.onLine(
          "ended",
          "after update %d: no %s validation %s"
              .formatted(
                  trainer.step(),
                  evaluation.isGreaterBetter() ? "higher" : "lower",
                  evaluation.metricName()));
    }
    trainer
        .best()
        .ifPresent(
            best ->
                listener.onLine(
                    "best",
                    String.format(
                        Locale.ROOT,
                        "validation %s %.6g after update %d",
                        best.metric(),
                        best.value(),
                        best.step())));
  }

  private boolean resume(Setting... changed) throws IOException {
    boolean resumed;
    try {
      resumed = trainer.resume(changed);
    } catch (SettingsChangedException e) {
      String way = "add " + context.names().of("change") + " ";
      throw new IOException(e.getMessage().replace("name what is to change: ", way), e);
    }
    if (resumed) {
      model.requireTokenizerOf(context.folder().checkpoint(trainer.step()));
      context.listener().onLine("resumed", "after step " + trainer.step());
    }
    return resumed;
  }

  private RunLog openLog(Optional<Utilisation> utilisation) throws IOException {
    RunListener listener = context.listener();
    return new RunLog(
        context.folder().log(),
        trainer.step(),
        trainer.totalSteps(),
        utilisation,
        listener,
        listener::onNotice);
  }

  /** A resumed run was measured before its first update, when it began. */
  private Perplexity before(RunLog log) throws IOException {
    return log.before().isPresent() ? log.before().get() : trainer.evaluate();
  }

  /** The model, and a last checkpoint where the run keeps some. */
  private void save(long begun, boolean resumed) throws IOException {
    boolean keeps = !context.spec().training().checkpoints().every().isNever();
    if ((keeps || resumed) && !trainer.isSaved() && trainer.step() > begun) {
      trainer.save();
    }
    trainer.finish();
    model.save(context.folder().path());
    context.state().saved();
  }

  private TrainedModel<M> trained() {
    FineTuningSpec spec = context.spec();
    OptionalInt longest =
        spec.maxNewTokens() == null ? OptionalInt.empty() : OptionalInt.of(spec.maxNewTokens());
    return new TrainedModel<>(
        model.model(),
        learner,
        model.tokenizer(),
        sequences.encoder(),
        sequences.validation(),
        sequences.asked(),
        sequences.shown(),
        spec.training().data().batchSize(),
        longest);
  }
}
