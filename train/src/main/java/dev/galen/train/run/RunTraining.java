package dev.galen.train.run;

import dev.galen.model.Model;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.train.NonFiniteException;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingListener;
import dev.galen.train.checkpoint.Setting;
import dev.galen.train.checkpoint.SettingsChangedException;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.task.Task;
import dev.galen.train.task.TaskResult;
import dev.galen.train.task.TrainedModel;
import java.io.IOException;
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
   */
  record Measured(Perplexity before, Perplexity after, TaskResult task, RunLog log) {}

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
    try (RunLog log = openLog()) {
      AtomicFile.writeString(context.folder().spec(), context.spec().toJson());
      trainer.listen(log).listen(listener);
      long begun = trainer.step();
      Perplexity before = measures ? before(log) : null;
      trainer.fit();
      if (trainer.isStopping()) {
        return Optional.empty();
      }
      if (trainer.step() < trainer.totalSteps()) {
        listener.onLine("ended", "after update " + trainer.step() + ": no lower validation loss");
      }
      save(begun, resumed);
      Perplexity after = measures ? trainer.evaluate() : null;
      return Optional.of(new Measured(before, after, measure(), log));
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

  private RunLog openLog() throws IOException {
    RunListener listener = context.listener();
    return new RunLog(
        context.folder().log(), trainer.step(), trainer.totalSteps(), listener, listener::onNotice);
  }

  /** A resumed run was measured before its first update, when it began. */
  private Perplexity before(RunLog log) throws IOException {
    return log.before().isPresent() ? log.before().get() : trainer.evaluate();
  }

  /** The model, and a last checkpoint where the run keeps some. */
  private void save(long begun, boolean resumed) throws IOException {
    long every = context.spec().training().checkpoints().every();
    boolean kept = every > 0 && trainer.step() % every == 0;
    if ((every > 0 || resumed) && !kept && trainer.step() > begun) {
      trainer.save();
    }
    trainer.finish();
    model.save(context.folder().path());
    context.state().saved();
  }

  private TaskResult measure() {
    FineTuningSpec spec = context.spec();
    OptionalInt longest =
        spec.maxNewTokens() == null ? OptionalInt.empty() : OptionalInt.of(spec.maxNewTokens());
    return task.measure(
        new TrainedModel<>(
            model.model(),
            learner,
            model.tokenizer(),
            sequences.encoder(),
            sequences.validation(),
            sequences.asked(),
            sequences.shown(),
            spec.training().data().batchSize(),
            longest));
  }
}
