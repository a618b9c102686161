package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the data are held out, learned more often, cut into windows, put side by side. */
class DataOptionsTest {
  @TempDir Path folder;
  private Path shape;
  private Path notes;

  @BeforeEach
  void write() throws IOException {
    shape = TinyModels.writeConfig(folder.resolve("shape.json"));
    notes = folder.resolve("notes.csv");
    var rows = new StringBuilder("text,label,patient\n");
    for (int i = 0; i < 40; i++) {
      rows.append("note ").append("x".repeat(i % 13)).append(i);
      rows.append(i % 4 == 0 ? ",sign," : ",drug,");
      rows.append("p").append(i / 5).append('\n');
    }
    Files.writeString(notes, rows);
  }

  private Run classifier(String... more) {
    return run("--task=classification --data=" + notes + " --length=16 --batch=4", more);
  }

  private Run run(String first, String... more) {
    var words = new ArrayList<>(List.of("train", "--config=" + shape));
    words.addAll(List.of(first.split(" ")));
    words.addAll(List.of(more));
    if (words.stream().noneMatch(word -> word.startsWith("--steps="))) {
      words.add("--steps=2");
    }
    if (words.stream().noneMatch(word -> word.startsWith("--out="))) {
      words.add("--out=" + folder.resolve("out-" + System.nanoTime()));
    }
    return Run.galen(words.toArray(String[]::new));
  }

  private static String line(Run run, String name) {
    return run.good().out().lines().filter(l -> l.startsWith(name + " ")).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "--valid-share=0.25 --valid-by=random, 10, by random with seed 42, 30",
    "--valid-share=0.25 --valid-by=class, 10, by class with seed 42, 30",
    "--valid-by=class, 4, by class with seed 42, 36",
    "--fold=3/8, 5, fold 3 of 8 by random with seed 42, 35",
    "--fold=2/3 --valid-by=class, 13, fold 2 of 3 by class with seed 42, 27",
    "--valid-share=0.25 --valid-by=group:patient, 10, by group:patient with seed 42, 30",
    "--fold=2/4 --valid-by=group:patient, 10, fold 2 of 4 by group:patient with seed 42, 30",
    "--valid-share=0, 0, by hash with seed 42, 40"
  })
  void partsHaveTheirShare(String options, int held, String words, int learned) {
    Run run = classifier(options.split(" "));
    assertEquals(
        "data       %s: 40 examples, of which %d held out for validation %s"
            .formatted(notes, held, words),
        line(run, "data"));
    assertTrue(line(run, "training").startsWith("training   " + learned + " sequences"), run.out());
  }

  @ParameterizedTest
  @CsvSource({"oversample, 54", "undersample, 18", "balanced, 36"})
  void rareClassesAreLearnedMoreOften(String resample, int learned) {
    Run run = classifier("--resample=" + resample, "--valid-by=class");
    assertTrue(line(run, "training").startsWith("training   " + learned + " sequences"), run.out());
    assertTrue(line(run, "data").contains("of which 4 held out"), run.out());
  }

  @Test
  void longTextsAreCutIntoOverlappingWindows() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), TinyModels.TEXT.repeat(3));
    String words = "--data=" + text + " --length=16 --batch=2 --max-new-tokens=1";
    int whole = sequences(run(words));
    int overlapping = sequences(run(words, "--stride=8"));
    assertTrue(Math.abs(overlapping - 2 * whole) <= 2, whole + " and " + overlapping);
    assertEquals(whole, sequences(run(words, "--stride=16")));
  }

  private static int sequences(Run run) {
    return Integer.parseInt(line(run, "training").split(" +")[1]);
  }

  @Test
  void groupedByLengthRunsResumeToTheBit() throws IOException {
    Path whole = folder.resolve("whole");
    Path stopped = folder.resolve("stopped");
    String words = "--schedule=constant --group-by-length --save-every=3 --eval-every=0";
    classifier((words + " --steps=9 --out=" + whole).split(" ")).good();
    classifier((words + " --steps=6 --out=" + stopped).split(" ")).good();
    classifier((words + " --steps=9 --resume --out=" + stopped).split(" ")).good();
    assertEquals(
        -1,
        Files.mismatch(whole.resolve("model.safetensors"), stopped.resolve("model.safetensors")));
    Path plain = folder.resolve("plain");
    classifier(("--schedule=constant --eval-every=0 --steps=9 --out=" + plain).split(" ")).good();
    assertNotEquals(
        -1, Files.mismatch(whole.resolve("model.safetensors"), plain.resolve("model.safetensors")));
    String other = "--schedule=constant --save-every=3 --steps=12 --resume --out=" + stopped;
    String refusal = classifier(other.split(" ")).refusal();
    assertTrue(refusal.contains("group-by-length"), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--valid-share=1 | valid-share is 1.0, must be in [0, 1)",
        "--valid-share=0.2 --fold=1/2 | --valid-share is 0.2 and --fold is 1/2; take one",
        "--fold=3/2 | fold is 3/2, must be from 1/K to K/K with a K of 2 or more",
        "--fold=three | fold is three, must be one such as 2/5, the second of five",
        "--fold=1/2 --valid-by=hash | fold is 1/2 with valid-by hash; folds are chosen by random, class or group",
        "--valid-by=luck | valid-by is luck, expected one of hash, random, class, group:FIELD",
        "--valid-by=group | valid-by is group:, must be group and the name of a field, or another without one",
        "--valid-by=class:label | valid-by is class:label, must be group and the name of a field, or another without one",
        "--resample=never | --resample is never, expected one of none, oversample, undersample, balanced",
        "--stride=0 | stride is 0, must be at least 1",
        "--stride=8 | --stride is 8, but the task classification cuts no texts into windows; leave it out",
        "--no-shuffle --group-by-length | group by length is true, must be false where the order is the data's"
      })
  void whatNoRunCanUseIsRefused(String options, String message) {
    assertEquals("galen: " + message, classifier(options.split(" ")).refusal());
  }

  @Test
  void eachRowHasToHaveAGroup() {
    String refusal = classifier("--valid-by=group:ward").refusal();
    assertEquals(
        "galen: " + notes + ":2: the field ward is missing; expected the group of each row",
        refusal);
  }

  @Test
  void onlyClassesAreRare() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), TinyModels.TEXT);
    String words = "--data=" + text + " --length=16 ";
    assertEquals(
        "galen: --resample is balanced, but the rows of the task language-model have no class each;"
            + " leave it out",
        run(words + "--resample=balanced").refusal());
    assertEquals(
        "galen: --stride is 17, must be from 1 to the length, 16",
        run(words + "--stride=17").refusal());
    String refusal = run(words + "--valid-by=class").refusal();
    assertTrue(
        refusal.endsWith("text.txt:1: has no class; valid-by class is for texts of one class each"),
        refusal);
  }

  @Test
  void aRunsFileHasThemAll() throws IOException {
    Path out = folder.resolve("out");
    Path again = folder.resolve("again");
    classifier(
            "--fold=2/4",
            "--valid-by=group:patient",
            "--resample=oversample",
            "--group-by-length",
            "--cache=" + folder.resolve("cache"),
            "--out=" + out)
        .good();
    String spec = Files.readString(out.resolve("run.json"));
    Path file = folder.resolve("run.json");
    Files.writeString(file, spec.replace(out.toString(), again.toString()));
    Run.galen("train", "--spec=" + file).good();
    assertEquals(
        -1, Files.mismatch(out.resolve("model.safetensors"), again.resolve("model.safetensors")));
    assertEquals(
        spec.replace(out.toString(), again.toString()),
        Files.readString(again.resolve("run.json")));
  }
}
