package dev.galen.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.LineNumberReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;

/** A directory in HuggingFace's layout, read and written. */
final class TokenizerDirectory {

  private static final List<String> VOCABULARY_FILES = List.of("vocab.json", "encoder.json");
  private static final List<String> MERGES_FILES = List.of("merges.txt", "vocab.bpe");

  /** What may belong to a tokenizer; {@code tokenizer.json} can be read alone. */
  private static final List<String> FILES =
      List.of(
          TokenizerJson.FILE,
          TokenizerConfig.FILE,
          TokenizerConfig.SPECIAL_TOKENS_FILE,
          TokenizerConfig.ADDED_TOKENS_FILE,
          "vocab.json",
          "merges.txt");

  private TokenizerDirectory() {}

  static BpeDefinition read(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException("%s: no such directory".formatted(directory));
    }
    var source = FileSet.source(directory);
    try {
      return readSet(source);
    } catch (IOException e) {
      // Another process may have finished its save, and with it taken this folder away.
      if (source.equals(FileSet.source(directory))) {
        throw e;
      }
      return readSet(directory);
    }
  }

  private static BpeDefinition readSet(Path directory) throws IOException {
    var config = TokenizerConfig.read(directory);
    var tokenizerJson = directory.resolve(TokenizerJson.FILE);
    return Json.isThere(tokenizerJson)
        ? TokenizerJson.read(tokenizerJson, config)
        : readVocabularyAndMerges(directory, config);
  }

  private static BpeDefinition readVocabularyAndMerges(Path directory, TokenizerConfig config)
      throws IOException {
    var vocabularyFile = find(directory, VOCABULARY_FILES);
    var mergesFile = find(directory, MERGES_FILES);
    var ids = Json.readIds(Json.readObject(vocabularyFile), vocabularyFile.toString());
    var vocabulary = Vocabulary.of(ids, vocabularyFile.toString());
    var model = new BpeModel(vocabulary, readMerges(mergesFile, vocabulary), false);
    // These two files cannot say so, but <|endoftext|> has never meant anything else.
    config.addGpt2Roles(vocabulary);
    return BpeDefinition.of(
            vocabularyFile,
            model,
            Json.MAPPER.createObjectNode(),
            List.of(),
            config,
            config.flag("add_prefix_space"))
        .withEnds(config.flag("add_bos_token"), config.flag("add_eos_token"));
  }

  private static Path find(Path directory, List<String> names) throws IOException {
    for (var name : names) {
      if (Json.isThere(directory.resolve(name))) {
        return directory.resolve(name);
      }
    }
    throw new IOException(
        "%s: has neither %s nor %s"
            .formatted(directory, TokenizerJson.FILE, String.join(" or ", names)));
  }

  private static Merges readMerges(Path file, Vocabulary vocabulary) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder, expected lines of two tokens");
    }
    var merges = new Merges(vocabulary);
    try (var lines = new LineNumberReader(open(file))) {
      Supplier<String> place = () -> file + ": line " + lines.getLineNumber();
      for (var line = next(lines, file); line != null; line = next(lines, file)) {
        if (!line.isEmpty() && !line.startsWith("#version")) {
          merges.addLine(line, place);
        }
      }
    }
    return merges;
  }

  private static Reader open(Path file) throws IOException {
    try {
      return Files.newBufferedReader(file);
    } catch (IOException e) {
      throw Json.unreadable(file, e);
    }
  }

  private static String next(LineNumberReader lines, Path file) throws IOException {
    try {
      return lines.readLine();
    } catch (IOException e) {
      throw Json.unreadable(file, e);
    }
  }

  static void write(Path directory, BpeDefinition definition) throws IOException {
    write(directory, definition, () -> {});
  }

  /**
   * Replaces the tokenizer of a directory.
   *
   * @param beforeEach is run before each operation on a file, for tests
   */
  static void write(Path directory, BpeDefinition definition, Runnable beforeEach)
      throws IOException {
    var files = new LinkedHashMap<String, byte[]>();
    files.put("vocab.json", json(TokenizerJson.writeVocabulary(definition.model().vocabulary())));
    files.put("merges.txt", merges(definition.model().merges()));
    files.put(TokenizerConfig.SPECIAL_TOKENS_FILE, json(TokenizerConfig.specialTokens(definition)));
    files.put(TokenizerConfig.FILE, json(TokenizerConfig.config(definition)));
    files.put(TokenizerJson.FILE, json(TokenizerJson.write(definition)));
    new FileSet(directory, FILES, beforeEach).replace(files);
  }

  private static byte[] json(JsonNode root) {
    try {
      return (Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + '\n')
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON can be written", e);
    }
  }

  private static byte[] merges(Merges merges) {
    var text = new StringBuilder("#version: 0.2\n");
    for (int rank = 0; rank < merges.size(); rank++) {
      text.append(merges.line(rank)).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
