package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.report.Disclaimer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code galen clinical}. */
@Command(
    name = "clinical",
    description = {
      "Clinical text: from raw reports to a measured, documented model.",
      Disclaimer.TEXT
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      AnswerCommand.class,
      AuditCommand.class,
      AugmentCommand.class,
      CardCommand.class,
      ChoiceCommand.class,
      CleanCommand.class,
      CompareCommand.class,
      ConvertCommand.class,
      DeidCorpusCommand.class,
      DeidScoreCommand.class,
      DeidTrainCommand.class,
      DeidentifyCommand.class,
      DescribeCommand.class,
      DuplicatesCommand.class,
      ErrorsCommand.class,
      ExplainCommand.class,
      FaithfulCommand.class,
      HeadCommand.class,
      IngestCommand.class,
      LanguageCommand.class,
      PairsCommand.class,
      PubMedQaCommand.class,
      ReviewCommand.class,
      RunCommand.class,
      SampleCommand.class,
      SectionsCommand.class,
      StructureCommand.class,
      SummariseCommand.class
    })
public final class ClinicalCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by picocli. */
  public ClinicalCommand() {}

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
