package dev.galen.train.optim;

/**
 * Dynamic loss scaling (Micikevicius et al. 2017, arXiv 1710.03740) by the rule and the constants
 * of PyTorch's {@code GradScaler}. F16 has no numbers below 6e-8, so the gradient starts at {@link
 * #scale} instead of 1 and is divided by it before the update. An update whose gradients overflow
 * is skipped and halves the scale; {@link #GROWTH_INTERVAL} good ones in a row double it.
 *
 * <p>Scales are powers of two, so that dividing by them loses nothing.
 */
public final class GradScaler {
  /** The scale of the first update. */
  public static final double FIRST_SCALE = 65536;

  /** The factor after enough good updates. */
  public static final double GROWTH = 2;

  /** The factor after an overflow. */
  public static final double BACKOFF = 0.5;

  /** Good updates in a row before the scale grows. */
  public static final int GROWTH_INTERVAL = 2000;

  private final boolean enabled;
  private State state;

  /**
   * What a resumed run needs.
   *
   * @param scale factor on the loss
   * @param goodSteps updates since the scale changed
   */
  public record State(double scale, int goodSteps) {
    /** Of a run that scales nothing. */
    public static final State NONE = new State(1, 0);

    /** Checks the numbers, which may come from a file. */
    public State {
      if (!(scale > 0 && scale < Double.POSITIVE_INFINITY) || goodSteps < 0) {
        throw new IllegalArgumentException(
            "a loss scale of %s after %d good steps".formatted(scale, goodSteps));
      }
    }
  }

  /** A scaler at its first scale; one that is not enabled has scale 1 for ever. */
  public GradScaler(boolean enabled) {
    this.enabled = enabled;
    this.state = enabled ? new State(FIRST_SCALE, 0) : State.NONE;
  }

  /** The factor on the loss, and so on every gradient. */
  public double scale() {
    return state.scale();
  }

  /**
   * Whether an overflow may come from the scale, so that skipping an update and lowering it helps.
   * Unlike PyTorch's, a scale never falls below 1: there an overflow is the model's own.
   */
  public boolean canBackOff() {
    return state.scale() > 1;
  }

  /**
   * Draws the conclusion from one update.
   *
   * @param finite whether all gradients were, so that the update was made
   */
  public void update(boolean finite) {
    if (!enabled) {
      return;
    }
    if (!finite) {
      state = new State(Math.max(1, state.scale() * BACKOFF), 0);
    } else if (state.goodSteps() + 1 < GROWTH_INTERVAL) {
      state = new State(state.scale(), state.goodSteps() + 1);
    } else {
      // The gradient starts as an F32: beyond that range the scale stays.
      double grown = state.scale() * GROWTH;
      state = new State(grown <= Float.MAX_VALUE ? grown : state.scale(), 0);
    }
  }

  /** For checkpoints. */
  public State state() {
    return state;
  }

  /** Goes on from a checkpoint's state. */
  public void resumeAt(State saved) {
    state = saved;
  }
}
