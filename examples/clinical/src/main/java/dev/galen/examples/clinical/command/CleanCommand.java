package dev.galen.examples.clinical.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code galen clinical clean}. */
@Command(
    name = "clean",
    description = "Clean the text of documents without losing what is clinical in it.",
    mixinStandardHelpOptions = true)
final class CleanCommand implements Callable<Integer> {
  @Mixin private StepOptions step;

  @Override
  public Integer call() throws IOException {
    step.run((document, out) -> out.accept(document), "clean");
    return 0;
  }
}
