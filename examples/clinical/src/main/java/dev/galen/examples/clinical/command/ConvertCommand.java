package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.structure.unit.UnitConversion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code galen clinical convert}. */
@Command(
    name = "convert",
    description =
        "Turn a value into another unit by its analyte: galen clinical convert glucose 100 mg/dL"
            + " mmol/L. What is unknown stays as it is, with the reason and exit code 1.",
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "ANALYTE",
      description = "As structure names it: glucose, ldl, creatinine, temperature, weight, ...")
  private String analyte;

  @Parameters(index = "1", paramLabel = "VALUE", description = "A number, or two as 140/90.")
  private String value;

  @Parameters(index = "2", paramLabel = "FROM", description = "Its unit, such as mg/dL.")
  private String from;

  @Parameters(index = "3", paramLabel = "TO", description = "The unit to turn it into.")
  private String to;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    var converted = UnitConversion.to(to, analyte, value, from);
    spec.commandLine().getOut().println(converted.value() + " " + converted.unit());
    if (converted.problem() != null) {
      spec.commandLine().getErr().println("galen: not converted: " + converted.problem());
      return 1;
    }
    return 0;
  }
}
