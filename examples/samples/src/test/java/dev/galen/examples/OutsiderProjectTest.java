package dev.galen.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An architecture with two heads, a task with rows of its own, and an optimizer, all of another
 * Maven project: {@code src/test/outsider}. Its program trains, saves, and in a fresh JVM, from the
 * project's jar, loads and resumes, with the same bits and without a change to Galen.
 */
class OutsiderProjectTest {
  private static final String RESOURCES =
      "org.apache.maven.plugins:maven-resources-plugin:3.5.0:resources";

  @TempDir Path folder;

  @Test
  void whatAnotherJarAddsTrainsIsLoadedAndResumes() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: there is no /bin/sh for mvnw");
    var project = OutsideProject.in(folder, "toy.Main");
    copy(Path.of("src/test/outsider"), folder.resolve("src/main"));

    List<String> trained = said(project.maven(RESOURCES, "compiler:compile", "exec:exec"));
    assertEquals(List.of("run", "saved", "lm", "classpath"), words(trained));
    List<String> loaded = said(project.run(fromJar(trained.getLast().substring(10))));
    assertEquals(List.of("run", "saved", "run", "lm"), words(loaded));

    String logits = trained.get(0);
    assertEquals(logits, loaded.get(0), "a loaded classifier");
    assertEquals(logits, loaded.get(2), "a run that was stopped and resumed");
    assertEquals(trained.get(1), loaded.get(1), "a loaded language model");
    assertEquals(trained.get(2), loaded.get(3), "losses after a checkpoint");
    String json = Files.readString(folder.resolve("run/config.json"));
    assertTrue(json.contains("\"model_type\" : \"toy\""), json);
  }

  private static List<String> said(String output) {
    return output.lines().filter(line -> line.matches("(run|saved|lm|classpath) .*")).toList();
  }

  private static List<String> words(List<String> lines) {
    return lines.stream().map(line -> line.substring(0, line.indexOf(' '))).toList();
  }

  /** The program with its project's jar in place of the folder of its classes. */
  private List<String> fromJar(String classPath) throws IOException {
    String classes = folder.toRealPath().resolve("target/classes").toString();
    Path jar = folder.resolve("toy.jar");
    try (OutputStream out = Files.newOutputStream(jar)) {
      OutsideProject.writeJar(Path.of(classes), out);
    }
    var path = new ArrayList<String>(List.of(jar.toString()));
    Arrays.stream(classPath.split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .forEach(path::add);
    assertFalse(path.contains(classes));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-modules",
        "jdk.incubator.vector",
        "-classpath",
        String.join(File.pathSeparator, path),
        "toy.Main",
        "load");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }
}
