package dev.galen.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's pom compiles and runs a program in a project outside of this one, by a Maven that
 * finds Galen in a local repository as {@code install} leaves it.
 */
class ReadmePomTest {
  private static final String VERSION = "0.1.0-SNAPSHOT";

  private static final Map<String, String> JARS =
      Map.of(
          "tensor", "galen-tensor",
          "tokenizer", "galen-tokenizer",
          "kernels", "galen-kernels",
          "model", "galen-model",
          "train", "galen-train");

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
    String readme = Files.readString(Path.of("../../README.md"));
    int from = readme.indexOf("<project ");
    Files.writeString(
        folder.resolve("pom.xml"), readme.substring(from, readme.indexOf("```", from)));
    Path main = folder.resolve("src/main/java/app/Main.java");
    Files.createDirectories(main.getParent());
    Files.writeString(main, PROGRAM);
    install(folder.resolve("repository"));

    String output = maven("compiler:compile", "exec:exec");
    // Nobody asked for JCuda, and the flag of the README reached the program.
    List<String> said = output.lines().filter(line -> !line.startsWith("WARNING")).toList();
    assertEquals(List.of("6.0 by vector", "false"), said, output);
    assertFalse(output.contains("computing"), output);
  }

  private String maven(String... goals) throws IOException, InterruptedException {
    var command =
        Stream.concat(
                Stream.of(
                    Path.of("../../mvnw").toAbsolutePath().normalize().toString(),
                    "--quiet",
                    "--offline",
                    "--batch-mode",
                    "-Dmaven.repo.local=" + System.getProperty("localRepository"),
                    "-Dmaven.repo.local.tail=" + folder.resolve("repository")),
                Stream.of(goals))
            .toList();
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private static void install(Path repository) throws IOException {
    pom(repository, "galen", Path.of("../../pom.xml"));
    pom(repository, "galen-cuda", Path.of("../../kernels/cuda/pom.xml"));
    for (var jar : JARS.entrySet()) {
      Path module = Path.of("../..", jar.getKey());
      pom(repository, jar.getValue(), module.resolve("pom.xml"));
      Path target = file(repository, jar.getValue(), ".jar");
      try (OutputStream out = Files.newOutputStream(target)) {
        writeJar(module.resolve("target/classes"), out);
      }
    }
  }

  private static void pom(Path repository, String artifact, Path pom) throws IOException {
    Path target = file(repository, artifact, ".pom");
    Files.createDirectories(target.getParent());
    Files.copy(pom, target);
  }

  private static Path file(Path repository, String artifact, String ending) {
    return repository.resolve(
        "dev/galen/%1$s/%2$s/%1$s-%2$s%3$s".formatted(artifact, VERSION, ending));
  }

  private static void writeJar(Path classes, OutputStream out) throws IOException {
    try (var jar = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, jar);
        jar.closeEntry();
      }
    }
  }
}
