package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.trust.DataSheet;
import dev.galen.examples.clinical.trust.ModelCard;
import dev.galen.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code galen clinical card}. */
@Command(
    name = "card",
    description = {
      "Write the model card and the datasheet of a run from what the run has left.",
      "What nobody has said is called unknown. " + Disclaimer.TEXT
    },
    mixinStandardHelpOptions = true)
final class CardCommand implements Callable<Integer> {
  /** By it a model card that this command wrote is told from one that a person did. */
  private static final String MARK = "<!-- made by galen clinical card -->";

  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      description = "The folder of a run, or of a model.")
  private Path run;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Data files with manifests, besides the training data that the run itself names.")
  private List<Path> data = new ArrayList<>();

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "A folder whose report.json has the figures, such as that of `galen clinical errors`"
              + " (default: the run's own).")
  private Path report;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where README.md, datasheet.md, model_card.json and datasheet.json go (default: the run's"
              + " folder). A README.md that this command did not write is left alone, and refused.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Path folder = out == null ? run : out;
    Path readme = folder.resolve("README.md");
    if (Files.exists(readme) && !Files.readString(readme).contains(MARK)) {
      throw new IOException(
          readme + ": stands there and is no card of this command; choose another --out");
    }
    ModelCard card = ModelCard.of(run, data, report);
    RunReport sheet = DataSheet.of(card);
    Files.createDirectories(folder);
    AtomicFile.writeString(folder.resolve("model_card.json"), ReportWriter.json(card.report()));
    AtomicFile.writeString(folder.resolve("datasheet.json"), ReportWriter.json(sheet));
    AtomicFile.writeString(
        folder.resolve("datasheet.md"), ReportWriter.markdown(sheet) + "\n" + MARK + "\n");
    AtomicFile.writeString(readme, card.markdown() + "\n" + MARK + "\n");
    System.out.println("wrote " + readme + " and datasheet.md beside it");
    System.out.println(Disclaimer.TEXT);
    return 0;
  }
}
