package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.deid.Deidentifier;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen clinical deidentify}. */
@Command(
    name = "deidentify",
    description = "Take out of documents what tells whom they are about.",
    mixinStandardHelpOptions = true)
final class DeidentifyCommand implements Callable<Integer> {
  @Mixin private StepOptions step;

  @Option(
      names = "--spans",
      description = "Leave the text as it is and write the places of the identifiers.")
  private boolean spans;

  @Override
  public Integer call() throws IOException {
    DocumentStep one =
        spans
            ? (document, out) ->
                out.accept(document.withAnnotations(Deidentifier.annotations(document.text())))
            : Deidentifier.tags();
    step.run(one, "deidentify spans=" + spans);
    return 0;
  }
}
