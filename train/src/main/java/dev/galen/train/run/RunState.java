package dev.galen.train.run;

import dev.galen.train.Trainer;
import dev.galen.train.checkpoint.RunLock;
import java.nio.file.Path;

/** How far a run is, for the code that stops it, usually a signal's thread. */
final class RunState {
  private RunFolder folder;
  private RunLock lock;
  private Trainer trainer;
  private boolean saved;

  RunState(RunFolder folder) {
    this.folder = folder;
  }

  /** The run has its output to itself. */
  synchronized void locked(RunFolder folder, RunLock lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** The trainer is about to make updates. */
  synchronized void training(Trainer trainer) {
    this.trainer = trainer;
  }

  /** The trained model is written. */
  synchronized void saved() {
    saved = true;
  }

  /** Asks the trainer to stop; false where there is nothing to wait for. */
  synchronized boolean stop() {
    if (trainer == null || saved) {
      return false;
    }
    trainer.stop();
    return true;
  }

  /** One line of what a run that ends now leaves behind. */
  synchronized String kept() {
    Path path = folder.path();
    return saved
        ? "before the model was measured; " + path + " has it"
        : folder
            .checkpoint()
            .map(newest -> "before training went on; " + newest + " is kept as it was")
            .orElse("before the first update; there was nothing to keep yet");
  }

  /** Gives the output's lock back. */
  synchronized void release() {
    if (lock != null) {
      lock.close();
    }
  }
}
