package dev.galen.tensor.backend;

import dev.galen.tensor.random.Philox;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A step that comes again and again, such as a micro-batch of training or a token of decoding. The
 * first one is left to its caller, because it may be the only one, and because it makes the backend
 * ready. The second one is captured, where the backend {@link Backend#captures}, and from then on a
 * step costs the host one call. A step under another key, because shapes or parameters have
 * changed, begins anew.
 *
 * <p>What differs from step to step is in memory that the kernels read: what the caller uploads
 * before each {@link #replay}, and how far the random numbers have gone. The bits are those of
 * steps that are run.
 *
 * <pre>{@code
 * Optional<MyWork> captured = step.ready(() -> shape, MyWork::new);
 * if (captured.isEmpty()) {
 *   run(input); // as it is
 * } else {
 *   upload(input, captured.get());
 *   step.replay();
 * }
 * }</pre>
 *
 * @param <W> the work of a step, with the memory that it reads and writes
 */
public final class CapturedStep<W extends CapturedStep.Work> implements AutoCloseable {
  private final Backend backend;
  private final Philox random;
  private Object latest;
  private W work;
  private Capture capture;
  private long drawnFrom;
  private long draws;

  /** What is captured. */
  public interface Work extends AutoCloseable {
    /**
     * Launches all kernels of a step, and leaves the caller's own state as if it had not, since
     * nothing runs before a replay.
     */
    void run();

    /** Gives the memory back that it reads and writes. */
    @Override
    void close();
  }

  /**
   * Nothing captured yet.
   *
   * @param random what the steps draw from
   */
  public CapturedStep(Backend backend, Philox random) {
    this.backend = backend;
    this.random = random;
  }

  /**
   * The work of the next step, for the caller to upload its input and then {@link #replay}; empty
   * where the caller runs the step as it is.
   *
   * @param key what a capture holds for: equal for two steps if all that kernels are launched with
   *     is equal, so shapes and the place of parameters
   * @param newWork allocates what the work reads, if the step is to be captured now
   */
  public Optional<W> ready(Supplier<?> key, Supplier<W> newWork) {
    if (!backend.captures()) {
      return Optional.empty();
    }
    Object now = key.get();
    boolean again = now.equals(latest);
    latest = now;
    if (!again) {
      close();
      return Optional.empty();
    }
    if (capture == null) {
      capture(newWork.get());
    }
    return Optional.of(work);
  }

  private void capture(W made) {
    long from = random.offset();
    try {
      capture = backend.capture(made::run);
    } finally {
      draws = random.offset() - from;
      random.seek(from); // nothing has run yet
      if (capture == null) {
        made.close();
      }
    }
    work = made;
    drawnFrom = from;
  }

  /**
   * Runs what {@link #ready} gave, on what was uploaded.
   *
   * @throws IllegalStateException if nothing is captured
   */
  public void replay() {
    if (capture == null) {
      throw new IllegalStateException("nothing is captured; ask ready() before each step");
    }
    capture.replay(random.offset() - drawnFrom);
    random.seek(random.offset() + draws);
  }

  /** Gives the capture's memory back; the next step of the same key is captured again. */
  @Override
  public void close() {
    if (capture != null) {
      capture.close();
      work.close();
      capture = null;
      work = null;
    }
  }
}
