package dev.galen.train;

import java.util.Locale;

/**
 * The parts of a run that a profiler tells apart. Each is an event {@code dev.galen.train.Phase} of
 * Java's Flight Recorder while somebody records, as with {@code jcmd PID JFR.start} or {@code
 * -XX:StartFlightRecording}, and {@code jfr print --events dev.galen.train.Phase FILE} lists them.
 * Else they cost nothing: no object is made and no clock is read.
 *
 * <p>On a GPU these are the times of the host, which waits once an update: in {@code clip}, for the
 * norm. Forward and backward pass of a batch that is replayed from a capture are one launch, {@code
 * replay}.
 */
enum Phase {
  /** Reading an update's sequences and putting them side by side. */
  DATA,
  /** The loss of a batch. */
  FORWARD,
  /** Its gradients. */
  BACKWARD,
  /** Both from a capture. */
  REPLAY,
  /** The norm of all gradients, and bringing them into their limits. */
  CLIP,
  /** The update itself. */
  OPTIMIZER,
  /** Measuring validation data. */
  EVALUATION,
  /** Writing a checkpoint. */
  CHECKPOINT;

  /** Knows whether somebody records. */
  private static final PhaseEvent PROBE = new PhaseEvent();

  private final String word = name().toLowerCase(Locale.ROOT);

  /** A phase begins; null unless somebody records. */
  static PhaseEvent begin() {
    if (!PROBE.isEnabled()) {
      return null;
    }
    var event = new PhaseEvent();
    event.begin();
    return event;
  }

  /** This phase of {@code step} ends, which {@link #begin} began. */
  void end(PhaseEvent event, long step) {
    if (event != null) {
      event.phase = word;
      event.step = step;
      event.commit();
    }
  }
}
