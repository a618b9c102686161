package dev.galen.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code ./galen} runs once behind a build, so that the JVM keeps the classes that short
 * commands load: the checks of {@code doctor}, then a tiny model that is trained for a step, saved,
 * loaded again and asked for two tokens.
 */
final class Rehearsal {
  private static final String TEXT = "A patient with fever and cough came to the clinic today.\n";

  private Rehearsal() {}

  /**
   * Runs the commands in one process.
   *
   * @param args an empty folder for the text and the model, which stay there
   */
  public static void main(String[] args) throws IOException {
    Path text = Path.of(args[0], "text.txt");
    String model = Path.of(args[0], "model").toString();
    Files.writeString(text, TEXT.repeat(40));
    Galen.run("doctor");
    Galen.run(
        "train",
        "--preset=tiny",
        "--steps=1",
        "--batch=2",
        "--length=16",
        "--max-new-tokens=1",
        "--data=" + text,
        "--out=" + model);
    Galen.run(
        "generate", "--model=" + model, "--prompt=A patient", "--max-new-tokens=2", "--greedy");
  }
}
