package dev.galen.train;

import java.util.function.BooleanSupplier;

/** What is done for a {@link Trainer} that it cannot do itself, and what asks it to stop. */
public final class RunHooks {
  private Figures figures = Figures.NONE;
  private Origins origins = Origins.UNKNOWN;
  private BooleanSupplier asked = () -> false;
  private volatile boolean stopping;

  RunHooks() {}

  /**
   * Measures these beside the loss at each evaluation, for the listeners. The config's metric may
   * be one of them.
   */
  public RunHooks measureWith(Figures figures) {
    this.figures = figures;
    return this;
  }

  /** Looks up by these where the sequences of a batch came from that made a loss no number. */
  public RunHooks tellOrigins(Origins origins) {
    this.origins = origins;
    return this;
  }

  /** Stops where {@code asked} says so after an update or a batch, such as a {@link StopFile}. */
  public RunHooks stopWhen(BooleanSupplier asked) {
    this.asked = asked;
    return this;
  }

  Figures figures() {
    return figures;
  }

  Origins origins() {
    return origins;
  }

  /** Stops as soon as it may be; for any thread. */
  void stop() {
    stopping = true;
  }

  /** Whether it is to stop, as far as was asked. */
  boolean isStopping() {
    return stopping;
  }

  /** Asks. */
  boolean mustStop() {
    if (!stopping && asked.getAsBoolean()) {
      stopping = true;
    }
    return stopping;
  }
}
