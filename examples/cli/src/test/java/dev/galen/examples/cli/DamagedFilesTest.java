package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each file that Galen reads, damaged in each way, under each command that reads it: one line that
 * names the file, exit code 2, and every other file as it was; or success where the file, or the
 * damage, does not matter.
 */
class DamagedFilesTest {
  private static final Set<FileDamage> NONE = EnumSet.noneOf(FileDamage.class);
  private static final Set<FileDamage> ALL = EnumSet.allOf(FileDamage.class);

  /** What cannot be read at all. */
  private static final EnumSet<FileDamage> UNREAD =
      EnumSet.of(
          FileDamage.FOLDER,
          FileDamage.UNREADABLE,
          FileDamage.DANGLING_LINK,
          FileDamage.LINK_TO_ITSELF,
          FileDamage.FAILING_DISK);

  @TempDir static Path folder;

  /**
   * Some files and the commands that read them.
   *
   * @param files the damaged ones, one at a time
   * @param harmless what does no harm
   * @param commands what to run
   */
  private record Case(List<String> files, Set<FileDamage> harmless, List<String> commands) {
    static Case of(String files, Set<FileDamage> harmless, String... commands) {
      return new Case(List.of(files.split(" ")), harmless, List.of(commands));
    }
  }

  private static final List<Case> CASES = cases();

  private static List<Case> cases() {
    String tune = "finetune --data lines.jsonl --steps 1 --out OUT --model ";
    String train = "train --steps 1 --out OUT --config shape.json --data ";
    String resume =
        "train --steps 3 --save-every 2 --data lines.jsonl --config shape.json --resume --out OUT";
    return List.of(
        Case.of(
            "full/config.json full/generation_config.json full/tokenizer.json"
                + " full/tokenizer_config.json full/special_tokens_map.json",
            NONE,
            "inspect full",
            "generate --model full --prompt fever --max-new-tokens 1 --greedy",
            "evaluate --model full --data lines.jsonl",
            tune + "full"),
        // A byte of a weight, and a link of a chain of merges, can have any value.
        Case.of(
            "full/model.safetensors sharded/model-00001-of-00001.safetensors",
            EnumSet.of(FileDamage.NOT_UTF8),
            "inspect MODEL",
            "generate --model MODEL --prompt fever --max-new-tokens 1",
            "evaluate --model MODEL --data lines.jsonl",
            tune + "MODEL"),
        Case.of(
            "old/merges.txt",
            EnumSet.of(FileDamage.EMPTY, FileDamage.TRUNCATED),
            "tokenize --tokenizer old",
            "inspect old"),
        // Where there is a tokenizer.json, these are not looked at; a tokenizer needs no model.
        Case.of("full/vocab.json full/merges.txt", ALL, "inspect full"),
        Case.of(
            "full/generation_config.json full/model.safetensors", ALL, "tokenize --tokenizer full"),
        Case.of(
            "full/tokenizer.json full/tokenizer_config.json full/special_tokens_map.json",
            NONE,
            "tokenize --tokenizer full",
            train + "lines.jsonl --tokenizer full",
            "generate --model sharded --tokenizer full --prompt fever --max-new-tokens 1"),
        Case.of(
            "old/vocab.json old/added_tokens.json old/special_tokens_map.json"
                + " old/tokenizer_config.json",
            NONE,
            "tokenize --tokenizer old",
            "generate --model old --prompt fever --max-new-tokens 1"),
        Case.of(
            "sharded/model.safetensors.index.json",
            NONE,
            "inspect sharded",
            "generate --model sharded --prompt fever --max-new-tokens 1",
            tune + "sharded"),
        Case.of(
            "rows.json lines.jsonl table.csv unknown",
            NONE,
            "evaluate --model full --data FILE",
            "finetune --data FILE --steps 1 --out OUT --model full",
            "finetune --data text.txt --valid FILE --steps 1 --out OUT --model full",
            train + "FILE",
            "tokenizer train --vocabulary 270 --out OUT --data FILE"),
        Case.of(
            "text.txt text.md",
            EnumSet.of(FileDamage.TRUNCATED), // half a text is one
            "evaluate --model full --data FILE",
            train + "FILE",
            "tokenizer train --vocabulary 270 --out OUT --data FILE"),
        Case.of(
            "text.txt",
            NONE,
            "score --reference FILE --hypothesis lines.jsonl",
            "score --reference lines.jsonl --hypothesis FILE"),
        Case.of("shape.json", NONE, train + "lines.jsonl"),
        Case.of(
            "OUT/checkpoint-2/state.json OUT/checkpoint-2/settings.json"
                + " OUT/checkpoint-2/model.safetensors OUT/checkpoint-2/optimizer.safetensors"
                + " OUT/checkpoint-2/tokenizer.json OUT/checkpoint-2/config.json",
            NONE,
            resume),
        // What a log lacks, a picture lacks.
        Case.of("OUT/log.jsonl", EnumSet.complementOf(UNREAD), resume),
        Case.of("OUT/.lock", EnumSet.complementOf(UNREAD), resume));
  }

  @BeforeAll
  static void writeFiles() throws IOException {
    Path full = TinyModels.write(folder.resolve("full"));
    Files.writeString(full.resolve("generation_config.json"), "{\"max_new_tokens\": 1}\n");
    TinyModels.writeConfig(folder.resolve("shape.json"));
    Path sharded = copy(full, folder.resolve("sharded"));
    Files.move(
        sharded.resolve("model.safetensors"), sharded.resolve("model-00001-of-00001.safetensors"));
    Files.writeString(
        sharded.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"transformer.wte.weight\": \"model-00001-of-00001.safetensors\"}}\n");
    Path old = copy(full, folder.resolve("old"));
    Files.delete(old.resolve("tokenizer.json"));
    Files.writeString(old.resolve("added_tokens.json"), "{\"<|endoftext|>\": 0}\n");
    Files.writeString(old.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|endoftext|>\"}\n");
    String row = "{\"text\": \"Fever is a sign. The heart pumps blood.\"}";
    write("rows.json", "[" + String.join(",\n", row, row, row) + "]\n");
    write("lines.jsonl", String.join("\n", row, row, row) + "\n");
    write("unknown", String.join("\n", row, row, row) + "\n");
    write("table.csv", "question,answer\nfever,\"a sign\n of many\"\n");
    write("text.txt", "Fever is a sign.\nThe heart pumps blood.\nIt does.\n");
    write("text.md", "Fever is a sign.\nThe heart pumps blood.\n");
    Run.galen(
            words(
                "train --steps 2 --save-every 2 --data lines.jsonl --config shape.json --out OUT"))
        .good();
    Files.move(folder.resolve("OUT"), folder.resolve("run"));
  }

  private static void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }

  /** The command's words, with each name of something in the folder as a path to it. */
  private static String[] words(String command) throws IOException {
    return Stream.of(command.split(" "))
        .map(
            word ->
                word.equals("OUT") || Files.exists(folder.resolve(word), LinkOption.NOFOLLOW_LINKS)
                    ? folder.resolve(word).toString()
                    : word)
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @EnumSource
  void eachFileUnderEachCommand(FileDamage damage) throws IOException {
    damage.assume(folder);
    var faults = new ArrayList<String>();
    for (Case some : CASES) {
      for (String name : some.files()) {
        for (String command : some.commands()) {
          String fault = fault(damage, name, command, some.harmless().contains(damage));
          if (!fault.isEmpty()) {
            faults.add("%s %s, %s:%n  %s".formatted(damage, name, command, fault));
          }
        }
      }
    }
    assertEquals("", String.join("\n", faults));
  }

  private static String fault(FileDamage damage, String name, String command, boolean harmless)
      throws IOException {
    Path file = folder.resolve(name);
    if (file.startsWith(folder.resolve("OUT"))) {
      copy(folder.resolve("run"), folder.resolve("OUT"));
    }
    Path aside = folder.resolve("aside");
    byte[] sound = Files.exists(file) ? Files.readAllBytes(file) : new byte[1];
    if (Files.exists(file)) {
      Files.move(file, aside);
    }
    damage.put(file, sound);
    try {
      Map<String, Integer> before = contents();
      String words = command.replace("FILE", name).replace("MODEL", name.replaceFirst("/.*", ""));
      Run run = Run.galen(words(words));
      String fault = harmless ? unsuccessful(run) : unclear(run, name);
      if (!fault.isEmpty()) {
        return fault;
      }
      Map<String, Integer> after = contents();
      if (harmless) {
        before.keySet().removeIf(path -> path.startsWith("OUT"));
        after.keySet().removeIf(path -> path.startsWith("OUT"));
      }
      return before.equals(after) ? "" : "changed: " + difference(before, after);
    } finally {
      delete(file);
      if (Files.exists(aside)) {
        Files.move(aside, file);
      }
      delete(folder.resolve("OUT"));
    }
  }

  private static String unsuccessful(Run run) {
    return run.code() == 0 ? "" : "exit " + run.code() + ": " + run.err();
  }

  /** What is wrong with a refusal that is to name a file. */
  private static String unclear(Run run, String name) {
    Path file = folder.resolve(name);
    Path place = name.contains("/") ? file.getParent() : file;
    boolean clear =
        run.code() == 2
            && run.err().lines().count() == 1
            && run.err().startsWith("galen: ")
            && run.err().contains(place.toString())
            && run.err().contains(file.getFileName().toString())
            && !run.err().contains("Exception");
    return clear ? "" : "exit " + run.code() + ": " + run.err();
  }

  private static String difference(Map<String, Integer> before, Map<String, Integer> after) {
    var different = new TreeMap<>(before);
    different.entrySet().removeAll(after.entrySet());
    var more = new TreeMap<>(after);
    more.entrySet().removeAll(before.entrySet());
    return different.keySet() + " became " + more.keySet();
  }

  /** All files, with what they hold. */
  private static Map<String, Integer> contents() throws IOException {
    var contents = new TreeMap<String, Integer>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        boolean plain = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        boolean read = plain && Files.isReadable(file);
        int hash = read ? Arrays.hashCode(Files.readAllBytes(file)) : 0;
        contents.put(folder.relativize(file).toString(), hash);
      }
    }
    return contents;
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
