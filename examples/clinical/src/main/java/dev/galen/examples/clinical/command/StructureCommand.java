package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.structure.Part;
import dev.galen.examples.clinical.structure.StructureStep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code galen clinical structure}. */
@Command(
    name = "structure",
    description = {
      "Find sections and values in documents; they are added as spans.",
      "section, subsection: name, code, heading. value: kind, name, value, unit, comparator, range,"
          + " flag, drug, route, frequency, time."
    },
    mixinStandardHelpOptions = true)
final class StructureCommand implements Callable<Integer> {
  @Mixin private StepOptions step;

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description = "Which parts: sections, values (default: all).")
  private List<String> only = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Set<Part> parts;
    try {
      parts = Part.of(only);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--only: " + e.getMessage());
    }
    step.run(new StructureStep(parts), "structure " + parts);
    return 0;
  }
}
