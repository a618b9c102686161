package dev.galen.train.run;

import dev.galen.model.Model;
import dev.galen.train.Trainer;
import dev.galen.train.Utilisation;
import dev.galen.train.task.TaskResult;
import dev.galen.train.tensorboard.TensorBoard;
import java.io.IOException;
import java.util.Optional;

/** What writes down a run beside its log, as {@link Watching} asks for it. */
final class Watchers implements RunListener, AutoCloseable {
  private final CsvLog csv;
  private final TensorBoard tensorBoard;
  private final Optional<Utilisation> utilisation;

  /**
   * Opens the files of a run that stands where its trainer stands, and hears it from now on.
   *
   * @param learner what is trained
   */
  Watchers(FineTuningSpec spec, RunFolder folder, Model learner, Trainer trainer)
      throws IOException {
    Watching watching = spec.watching();
    long perUpdate = spec.training().data().perUpdate();
    double peak = watching.peakTflops() * 1e12;
    utilisation =
        peak > 0 ? Optional.of(Utilisation.of(learner, perUpdate, peak)) : Optional.empty();
    csv =
        watching.csv()
            ? new CsvLog(folder.csv(), trainer.step(), learner.backend(), utilisation)
            : null;
    tensorBoard =
        watching.tensorBoard()
            ? new TensorBoard(
                folder.tensorBoard(),
                trainer.step(),
                learner.parameters(),
                utilisation,
                watching.histogramsEvery())
            : null;
    if (csv != null) {
      trainer.listen(csv);
    }
    if (tensorBoard != null) {
      trainer.listen(tensorBoard);
    }
  }

  /** How much of the machine is used, if its peak is known. */
  Optional<Utilisation> utilisation() {
    return utilisation;
  }

  /** As Markdown: a line's end is a line's end only behind two spaces. */
  @Override
  public void onSample(long step, TaskResult.Sample sample) throws IOException {
    if (tensorBoard != null) {
      String text = "**" + sample.prompt() + "**" + sample.continuation();
      tensorBoard.text("samples/" + sample.prompt(), step, text.replace("\n", "  \n"));
    }
  }

  @Override
  public void close() throws IOException {
    if (csv != null) {
      csv.close();
    }
    if (tensorBoard != null) {
      tensorBoard.close();
    }
  }
}
