package dev.galen.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * A Maven project outside of this one, with the README's pom, for a Maven that finds Galen in a
 * local repository as {@code install} leaves it.
 *
 * @param folder of the project
 */
record OutsideProject(Path folder) {
  private static final String VERSION = "0.1.0-SNAPSHOT";

  private static final Map<String, String> JARS =
      Map.of(
          "tensor", "galen-tensor",
          "tokenizer", "galen-tokenizer",
          "kernels", "galen-kernels",
          "model", "galen-model",
          "train", "galen-train");

  /** An empty project, whose program begins in {@code mainClass}. */
  static OutsideProject in(Path folder, String mainClass) throws IOException {
    String readme = Files.readString(Path.of("../../README.md"));
    int from = readme.indexOf("<project ");
    String pom = readme.substring(from, readme.indexOf("```", from));
    Files.writeString(folder.resolve("pom.xml"), pom.replace(">app.Main<", ">" + mainClass + "<"));
    install(folder.resolve("repository"));
    return new OutsideProject(folder);
  }

  /** What Maven and the program say, once both have ended well. */
  String maven(String... goals) throws IOException, InterruptedException {
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
    return run(command);
  }

  /** What a command says that runs in the project's folder, once it has ended well. */
  String run(List<String> command) throws IOException, InterruptedException {
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

  static void writeJar(Path classes, OutputStream out) throws IOException {
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
