package dev.galen.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's pom compiles and runs a program in a project outside of this one, by a Maven that
 * finds Galen in a local repository as {@code install} leaves it.
 */
class ReadmePomTest {
  private static final String PROGRAM =
      """
      package app;

      import dev.galen.tensor.Device;
      import dev.galen.tensor.Tensors;
      import dev.galen.train.metrics.Rouge;

      public class Main {
        public static void main(String[] args) {
          var x = Tensors.of(Device.CPU, new float[] {1, 2, 3}, 3);
          System.out.println(x.sum().item() + " by " + x.backend().name());
          System.out.println(System.getProperty("java.class.path").contains("jcuda"));
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void theProgramOfTheReadmesPomRuns() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: there is no /bin/sh for mvnw");
    var project = OutsideProject.in(folder, "app.Main");
    Path main = folder.resolve("src/main/java/app/Main.java");
    Files.createDirectories(main.getParent());
    Files.writeString(main, PROGRAM);

    String output = project.maven("compiler:compile", "exec:exec");
    // Nobody asked for JCuda, and the flag of the README reached the program.
    List<String> said = output.lines().filter(line -> !line.startsWith("WARNING")).toList();
    assertEquals(List.of("6.0 by vector", "false"), said, output);
    assertFalse(output.contains("computing"), output);
  }
}
