package dev.galen.examples.cli;

import dev.galen.train.run.NewTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import picocli.CommandLine.Option;

/** What {@code finetune} and {@code train} add to a vocabulary. What is not given is null. */
final class NewTokenOptions {
  @Option(
      names = "--new-tokens",
      paramLabel = "LIST|FILE",
      description =
          "Tokens that the tokenizer is to know, with commas between them, or a file with one in each"
              + " line. The model gets rows for them, which begin as the mean of the others.")
  String newTokens;

  @Option(
      names = "--vocabulary-multiple",
      paramLabel = "N",
      description = "With --new-tokens: make the vocabulary a multiple of N (default 1).")
  Integer multiple;

  /** What they say. */
  NewTokens tokens() throws IOException {
    return new NewTokens(
        newTokens == null ? List.of() : list(newTokens), multiple == null ? 1 : multiple);
  }

  private static List<String> list(String text) throws IOException {
    if (isFile(text)) {
      return Files.readAllLines(Path.of(text)).stream().filter(line -> !line.isEmpty()).toList();
    }
    return Arrays.asList(text.split(",", -1));
  }

  private static boolean isFile(String text) {
    try {
      return Files.isRegularFile(Path.of(text));
    } catch (InvalidPathException e) {
      return false; // a token may hold anything
    }
  }

  /** What was given, by option. */
  SequencedMap<String, Object> words() {
    var words = new LinkedHashMap<String, Object>();
    words.put("--new-tokens", newTokens);
    words.put("--vocabulary-multiple", multiple);
    return words;
  }
}
