package dev.galen.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
 * Maven project: {@code src/test/outsider}. Its program trains, saves, generates, embeds, looks
 * inside and measures, and in a fresh JVM, from the project's jar, loads and resumes, with the same
 * bits and without a change to Galen. So does the {@code galen} command beside that jar.
 */
class OutsiderProjectTest {
  private static final String RESOURCES =
      "org.apache.maven.plugins:maven-resources-plugin:3.5.0:resources";

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void whatAnotherJarAddsTrainsIsLoadedAndResumes() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: there is no /bin/sh for mvnw");
    var project = OutsideProject.in(folder, "toy.Main");
    copy(Path.of("src/test/outsider"), folder.resolve("src/main"));

    List<String> trained = said(project.maven(RESOURCES, "compiler:compile", "exec:exec"));
    assertEquals(
        List.of("run", "saved", "greedy", "beams", "embedded", "evaluated", "lm", "classpath"),
        words(trained));
    List<String> classPath = withJar(trained.getLast().substring(10));
    List<String> loaded = said(project.run(java(classPath, "toy.Main", "load")));
    assertEquals(
        List.of("run", "saved", "greedy", "beams", "embedded", "evaluated", "run", "lm"),
        words(loaded));

    String logits = trained.get(0);
    assertEquals(logits, loaded.get(0), "a loaded classifier");
    assertEquals(logits, loaded.get(6), "a run that was stopped and resumed");
    assertEquals(trained.subList(1, 6), loaded.subList(1, 6), "a loaded language model");
    assertEquals(trained.get(6), loaded.get(7), "losses after a checkpoint");
    String json = Files.readString(folder.resolve("run/config.json"));
    assertTrue(json.contains("\"model_type\" : \"toy\""), json);

    classPath.addAll(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
    theCommandDoesTheSame(project, classPath, trained);
  }

  /** The command, with the jar on its class path, gives what the program told. */
  private static void theCommandDoesTheSame(
      OutsideProject project, List<String> classPath, List<String> told) throws Exception {
    var galen = new Galen(project, classPath);
    String prompt = "generate --model saved --prompt-ids 40,41,42,7 --max-new-tokens 6";
    assertEquals(told.get(2), "greedy " + spaced(galen.json(prompt + " --greedy").get("ids")));
    assertEquals(told.get(3), "beams " + spaced(galen.json(prompt + " --beams 4").get("ids")));
    JsonNode embedding =
        galen.json("embed --model saved --data rows.jsonl --pool cls").get("embedding");
    assertEquals(told.get(4), "embedded " + bits(embedding));
    // Two matrices of 50 tokens and 16 channels, a layer of 16 by 16 and its bias.
    assertEquals(2 * 50 * 16 + 17 * 16, galen.json("inspect saved").get("parameters").intValue());
    JsonNode loss = galen.json("evaluate --model saved --data rows.jsonl --batch 2").get("loss");
    assertEquals(told.get(5), "evaluated " + loss.doubleValue());
    JsonNode reading = galen.json("evaluate --model run --task reading --data data.jsonl");
    assertEquals(
        told.get(0),
        "run " + bits(JSON.createArrayNode().add(reading.get("low")).add(reading.get("high"))));
  }

  /** The command line in a JVM of its own. */
  private record Galen(OutsideProject project, List<String> classPath) {
    /** The first object that a command prints. */
    JsonNode json(String words) throws Exception {
      var command = java(classPath, "dev.galen.examples.cli.Galen", words.split(" "));
      command.add("--json");
      String output = project.run(command);
      String line = output.lines().filter(each -> each.startsWith("{")).findFirst().orElse(output);
      return JSON.readTree(line);
    }
  }

  /** An array as {@code Arrays.toString} has it. */
  private static String spaced(JsonNode array) {
    return array.toString().replace(",", ", ");
  }

  private static String bits(JsonNode floats) {
    var text = new StringBuilder();
    for (JsonNode each : floats) {
      int bits = Float.floatToIntBits(each.floatValue());
      text.append(Integer.toHexString(bits)).append(' ');
    }
    return text.toString().strip();
  }

  private static List<String> said(String output) {
    return output
        .lines()
        .filter(line -> line.matches("(run|saved|greedy|beams|embedded|evaluated|lm|classpath) .*"))
        .toList();
  }

  private static List<String> words(List<String> lines) {
    return lines.stream().map(line -> line.substring(0, line.indexOf(' '))).toList();
  }

  /** The class path with the project's jar in place of the folder of its classes. */
  private List<String> withJar(String classPath) throws IOException {
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
    return path;
  }

  private static List<String> java(List<String> classPath, String main, String... args) {
    var command =
        new ArrayList<String>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-classpath",
                String.join(File.pathSeparator, classPath),
                main));
    command.addAll(List.of(args));
    return command;
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
