package dev.galen.model.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Counts the failures in a row of one request, and pauses between them. */
final class Retries {
  private final RetryPolicy retryPolicy;
  private final DownloadProgress progress;
  private int failures;

  Retries(RetryPolicy retryPolicy, DownloadProgress progress) {
    this.retryPolicy = retryPolicy;
    this.progress = progress;
  }

  /** A request that is tried again as long as it fails in a way that may pass. */
  interface Attempt<T> {
    T run() throws IOException;
  }

  static <T> T run(RetryPolicy retryPolicy, DownloadProgress progress, Attempt<T> attempt)
      throws IOException {
    var retries = new Retries(retryPolicy, progress);
    while (true) {
      try {
        return attempt.run();
      } catch (TransientFailure failure) {
        retries.pauseAfter(failure);
      }
    }
  }

  /** Something new arrived: the count starts again. */
  void reset() {
    failures = 0;
  }

  /**
   * Pauses; or gives up with one line, when that was the last try or the pause would be too long.
   */
  void pauseAfter(TransientFailure failure) throws IOException {
    failures++;
    if (failures >= retryPolicy.attempts()) {
      throw new IOException(
          ("%s; gave up after %d attempts: what was received is kept, run the "
                  + "same command later to go on")
              .formatted(failure.getMessage(), failures),
          failure);
    }
    var pause = failure.retryAfter().orElse(retryPolicy.pause(failures));
    if (pause.compareTo(retryPolicy.longestRetryAfter()) > 0) {
      throw new IOException(
          ("%s and asks to wait %d s: what was received is kept, run the same "
                  + "command after that time")
              .formatted(failure.getMessage(), pause.toSeconds()),
          failure);
    }
    progress.waiting(failure.getMessage(), pause);
    sleep(pause);
  }

  static void sleep(Duration pause) throws InterruptedIOException {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The download was interrupted; what was received is kept");
    }
  }
}
