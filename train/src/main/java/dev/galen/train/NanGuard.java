package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.data.DataPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What becomes of a run whose loss or gradient is no number: the trainer goes back to where it
 * stood before the update, that state is kept as a checkpoint, and the batch is written beside it.
 */
final class NanGuard {
  private final Model model;
  private final Path output;
  private final UpdateBatches batches;
  private final RunHooks hooks;
  private boolean inUpdate;

  /**
   * Of a run.
   *
   * @param output where it is saved; null for nowhere
   * @param hooks tell where sequences come from
   */
  NanGuard(Model model, Path output, UpdateBatches batches, RunHooks hooks) {
    this.model = model;
    this.output = output;
    this.batches = batches;
    this.hooks = hooks;
  }

  /** Makes an update, or goes back to where it began. */
  UpdateStep.Outcome run(UpdateStep update, long step, double learningRate) {
    DataPosition position = batches.position();
    long random = model.random().offset();
    inUpdate = true;
    try {
      UpdateStep.Outcome made = update.run(batches.next(step), step, learningRate);
      inUpdate = false;
      return made;
    } catch (NonFiniteException e) {
      batches.seek(position);
      model.random().seek(random);
      throw e;
    }
  }

  /** Refuses to save weights that are lost, so that a checkpoint always has good ones. */
  static void requireGood(Model model, long step) {
    Optional<String> damaged = FiniteCheck.damaged(model);
    if (damaged.isPresent()) {
      throw new NonFiniteException(
          "step %d: %s, so it is not saved; lower the learning rate, or clip harder"
              .formatted(step, damaged.get()),
          NonFiniteException.ALL,
          damaged.get());
    }
  }

  /** Keeps what a run needs. */
  interface Saving {
    /** Writes a checkpoint of the state as it is. */
    void save() throws IOException;
  }

  /**
   * Keeps the state and the batch, where there is a folder for them.
   *
   * @param step updates made
   * @param savedStep the newest of which there is a checkpoint, or 0
   * @return {@code found} with what was kept
   */
  NonFiniteException kept(NonFiniteException found, long step, long savedStep, Saving saving) {
    if (output == null) {
      return found;
    }
    try {
      return new NonFiniteException(found, keep(found, step, savedStep, saving));
    } catch (IOException e) {
      found.addSuppressed(e);
      return new NonFiniteException(found, "nothing could be kept: " + ErrorText.of(e));
    }
  }

  private String keep(NonFiniteException found, long step, long savedStep, Saving saving)
      throws IOException {
    long good = savedStep;
    if (step > savedStep && FiniteCheck.damaged(model).isEmpty()) {
      saving.save();
      good = step;
    }
    String state =
        good > 0
            ? "checkpoint-" + good + " has the last good state"
            : "there is no earlier state to keep";
    Path file;
    if (inUpdate) {
      file = output.resolve("nan-step-" + (step + 1) + ".jsonl");
      AtomicFile.writeString(file, BadBatch.rows(step + 1, found, batches, hooks.origins()));
    } else if (found.measured().isPresent()) {
      file = output.resolve("nan-evaluation-" + step + ".jsonl");
      AtomicFile.writeString(file, BadBatch.rows(step, found, found.measured().get()));
    } else {
      return state;
    }
    return state + "; the batch is in " + file;
  }
}
