package dev.galen.examples.clinical.learning;

import dev.galen.tensor.io.AtomicFile;
import dev.galen.train.StepReport;
import dev.galen.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The losses of a training, {@code {"step", "loss"}} a line, in the file that a report draws its
 * curves from. It is written with each checkpoint, so that it goes on where the training does.
 */
public final class LossLog implements TrainingListener {
  private static final String FILE = "log.jsonl";
  private static final Pattern STEP = Pattern.compile("\\{\"step\":(\\d+),.*");

  private final Path file;
  private final List<String> lines = new ArrayList<>();

  LossLog(Path folder) {
    this.file = folder.resolve(FILE);
  }

  /** Whether a folder has one. */
  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  /** Takes over what an earlier process wrote up to this update. */
  void goOn(long step) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    for (String line : Files.readAllLines(file)) {
      Matcher matcher = STEP.matcher(line);
      if (matcher.matches() && Long.parseLong(matcher.group(1)) <= step) {
        lines.add(line);
      }
    }
  }

  @Override
  public void onStep(StepReport report) {
    if (!report.skipped()) {
      lines.add("{\"step\":%d,\"loss\":%s}".formatted(report.step(), report.loss()));
    }
  }

  @Override
  public void onCheckpoint(long step, Path directory) throws IOException {
    write();
  }

  /** Writes all. */
  void write() throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    AtomicFile.writeString(file, String.join("\n", lines) + "\n");
  }
}
