package dev.galen.examples.search;

import dev.galen.examples.search.prune.Pruner;
import dev.galen.examples.search.sample.Sampler;
import dev.galen.examples.search.sample.TpeSampler;
import dev.galen.examples.search.store.Heartbeat;
import dev.galen.examples.search.store.JdbcStore;
import dev.galen.examples.search.store.MemoryStore;
import dev.galen.examples.search.store.StudyStore;
import dev.galen.examples.search.store.StudyStore.Claim;
import dev.galen.examples.search.trial.Direction;
import dev.galen.examples.search.trial.History;
import dev.galen.examples.search.trial.TrialRecord;
import dev.galen.examples.search.trial.TrialState;
import dev.galen.tensor.io.ErrorText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;

/**
 * A search for the best value of a function.
 *
 * <pre>{@code
 * try (Study study = Study.create().seed(42).storage("jdbc:sqlite:study.db", "rates").open()) {
 *   study.optimize(
 *       trial -> {
 *         double rate = trial.suggestFloat("rate", FloatRange.log(1e-5, 1e-1));
 *         int layers = trial.suggestInt("layers", 1, 4);
 *         String activation = trial.suggestCategorical("activation", "gelu", "relu");
 *         return lossOf(rate, layers, activation);
 *       },
 *       100);
 *   study.best().ifPresent(best -> System.out.println(best.value() + " " + best.parameters()));
 * }
 * }</pre>
 *
 * <p>A trial is claimed in a transaction, so that several processes on one study make each trial
 * once. One whose process died is found and made again, with the values that it was given.
 */
public final class Study implements AutoCloseable {
  private static final long PAUSE_MILLISECONDS = 500;

  private final StudyStore store;
  private final Sampler sampler;
  private final Pruner pruner;
  private final Direction direction;
  private final Direction reported;
  private final BiConsumer<TrialRecord, History> listener;
  private final boolean there;

  private Study(Builder builder) {
    this.store = builder.store;
    this.sampler = builder.sampler;
    this.pruner = builder.pruner;
    this.direction = builder.direction;
    this.reported = builder.reported == null ? builder.direction : builder.reported;
    this.listener = builder.listener;
    var settings = new LinkedHashMap<String, String>();
    settings.put("direction", direction.word());
    settings.putAll(builder.kept);
    boolean opened = false;
    try {
      this.there = store.open(settings);
      opened = true;
    } finally {
      if (!opened) {
        store.close();
      }
    }
  }

  /** A study that minimises by TPE, in memory, unless it is told otherwise. */
  public static Builder create() {
    return new Builder();
  }

  /** What a study is made of. */
  public static final class Builder {
    private StudyStore store = new MemoryStore();
    private Sampler sampler = new TpeSampler(0);
    private Pruner pruner = Pruner.NONE;
    private Direction direction = Direction.MINIMIZE;
    private Direction reported;
    private BiConsumer<TrialRecord, History> listener = (trial, history) -> {};
    private final SequencedMap<String, String> kept = new LinkedHashMap<>();

    private Builder() {}

    /** Which values are better; lower ones by default. */
    public Builder direction(Direction direction) {
      this.direction = direction;
      return this;
    }

    /** Which reported values are better, where that is not the objective's direction. */
    public Builder reported(Direction reported) {
      this.reported = reported;
      return this;
    }

    /** TPE with this seed; 0 by default. */
    public Builder seed(long seed) {
      return sampler(new TpeSampler(seed));
    }

    /** Who chooses values; TPE by default. */
    public Builder sampler(Sampler sampler) {
      this.sampler = sampler;
      return this;
    }

    /** Who ends trials early; nobody by default. */
    public Builder pruner(Pruner pruner) {
      this.pruner = pruner;
      return this;
    }

    /**
     * Keeps the study in a database, or goes on with the one of this name there.
     *
     * @param url of JDBC, such as {@code jdbc:sqlite:study.db}
     */
    public Builder storage(String url, String name) {
      return storage(new JdbcStore(url, name));
    }

    /** Keeps the study in {@code store}, which closes with it. */
    public Builder storage(StudyStore store) {
      this.store = store;
      return this;
    }

    /** A setting that a study that is opened again must have the same. */
    public Builder mustKeep(String name, String value) {
      kept.put(name, value);
      return this;
    }

    /** Tells of each trial that this process finished, with all trials. */
    public Builder listen(BiConsumer<TrialRecord, History> listener) {
      this.listener = listener;
      return this;
    }

    /**
     * Begins the study or goes on with it.
     *
     * @throws IllegalArgumentException if it was begun with other settings, naming the first
     * @throws java.io.UncheckedIOException in one line where the database cannot be used
     */
    public Study open() {
      return new Study(this);
    }
  }

  /** Whether it stood in the database before. */
  public boolean isContinued() {
    return there;
  }

  /**
   * Makes {@code trials} more trials, or as many as there are to make.
   *
   * @throws CancellationException if an objective was interrupted; its trial is given back
   */
  public void optimize(Objective objective, int trials) {
    for (int i = 0; i < trials && next(objective, most()); i++) {
      // Each is finished before the next is chosen.
    }
  }

  /**
   * Makes trials until the study has {@code total}, those of other processes and of earlier ones
   * included. Waits for trials that others have under way, and makes them if they die.
   */
  public void optimizeTo(Objective objective, int total) {
    int limit = Math.min(total, most());
    while (true) {
      if (next(objective, limit)) {
        continue;
      }
      if (trials().stream().allMatch(trial -> trial.state().isFinished())) {
        return;
      }
      try {
        Thread.sleep(PAUSE_MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private int most() {
    OptionalInt limit = sampler.limit();
    return limit.orElse(Integer.MAX_VALUE);
  }

  /** Makes one trial; false where there is none to take. */
  private boolean next(Objective objective, int limit) {
    Optional<Claim> claimed = store.claim(limit);
    if (claimed.isEmpty()) {
      return false;
    }
    Claim claim = claimed.get();
    try (Heartbeat beating = new Heartbeat(store, claim)) {
      run(objective, new Trial(store, claim, sampler, pruner, this::history), claim);
    }
    History history = history();
    TrialRecord made = history.trial(claim.number());
    if (made.attempt() == claim.attempt() && made.state().isFinished()) {
      listener.accept(made, history);
    }
    return true;
  }

  private void run(Objective objective, Trial trial, Claim claim) {
    try {
      double value = objective.value(trial);
      if (Double.isFinite(value)) {
        store.finish(claim, TrialState.COMPLETE, value, trial.figures(), null);
      } else {
        fail(claim, trial.figures(), "the objective is " + value);
      }
    } catch (TrialPruned e) {
      store.finish(claim, TrialState.PRUNED, Double.NaN, trial.figures(), null);
    } catch (StudyException e) {
      fail(claim, trial.figures(), ErrorText.of(e.getCause()));
      throw e.getCause();
    } catch (InterruptedException e) {
      store.giveBack(claim);
      Thread.currentThread().interrupt();
      throw new CancellationException(String.valueOf(e.getMessage()));
    } catch (Exception | OutOfMemoryError | StackOverflowError e) {
      fail(claim, trial.figures(), ErrorText.of(e));
    }
  }

  private void fail(Claim claim, Map<String, Double> figures, String error) {
    store.finish(claim, TrialState.FAILED, Double.NaN, figures, error);
  }

  /** All trials, with what samplers and pruners judge by. */
  public History history() {
    return new History(store.trials(), direction, reported);
  }

  /** All trials, by number. */
  public List<TrialRecord> trials() {
    return store.trials();
  }

  /** The complete trial with the best value; nothing where none is complete. */
  public Optional<TrialRecord> best() {
    return history().best();
  }

  /** Where it lies, for people. */
  public String place() {
    return store.place();
  }

  @Override
  public void close() {
    store.close();
  }
}
