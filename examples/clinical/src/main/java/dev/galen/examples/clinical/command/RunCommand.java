package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.pubmedqa.PubMedQaRun;
import dev.galen.examples.clinical.pubmedqa.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code galen clinical run}. */
@Command(
    name = "run",
    description = {
      "From a file to a trained model and its report, with nothing to decide.",
      "Recognises PubMedQA's records; pretrains on their training part, trains, measures beside"
          + " baselines, and writes model and report. Goes on after a kill."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private RecordOptions records;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where model and report go (default: the file's name with -run).")
  private Path out;

  @Option(
      names = "--split",
      paramLabel = "FILE",
      description =
          "JSON: each id with \"test\" or the number of its fold (default: the official split).")
  private Path split;

  @Override
  public Integer call() throws IOException {
    String name = records.file().getFileName().toString().replaceFirst("\\.[^.]*$", "");
    Path folder = out == null ? Path.of(name + "-run") : out;
    PubMedQaCommand.run(
        PubMedQaRun.standard(
                records.file(),
                Setting.REASONING_FREE,
                records.texts(),
                records.seed(),
                folder,
                TaskOptions.command(spec))
            .withSplit(split));
    return 0;
  }
}
