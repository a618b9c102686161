package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.bpe.ByteLevelBpe;
import dev.galen.tokenizer.bpe.Merges;
import dev.galen.tokenizer.sentencepiece.SentencePiece;
import dev.galen.tokenizer.stage.Vocabulary;
import java.io.IOException;
import java.io.LineNumberReader;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;

/** A directory in HuggingFace's layout, read and written. */
public final class TokenizerDirectory {

  private static final List<String> VOCABULARY_FILES = List.of("vocab.json", "encoder.json");
  private static final List<String> MERGES_FILES = List.of("merges.txt", "vocab.bpe");

  private static final String WORDS_FILE = "vocab.txt";
  private static final List<String> SENTENCEPIECE_FILES =
      List.of("tokenizer.model", "spiece.model", "sentencepiece.bpe.model");

  /** What a tokenizer is read from, the first that is there. */
  public static final List<String> VOCABULARIES =
      joined(
          List.of(TokenizerJson.FILE), VOCABULARY_FILES, List.of(WORDS_FILE), SENTENCEPIECE_FILES);

  /** What may belong to a tokenizer; {@code tokenizer.json} can be read alone. */
  public static final List<String> FILES =
      joined(
          VOCABULARIES,
          MERGES_FILES,
          List.of(
              TokenizerConfig.FILE,
              TokenizerConfig.SPECIAL_TOKENS_FILE,
              TokenizerConfig.ADDED_TOKENS_FILE));

  private TokenizerDirectory() {}

  @SafeVarargs
  private static List<String> joined(List<String>... lists) {
    var joined = new ArrayList<String>();
    for (var list : lists) {
      joined.addAll(list);
    }
    return List.copyOf(joined);
  }

  /**
   * Reads the tokenizer of a directory.
   *
   * @throws IOException in one line that names file and field of what is missing or not supported
   */
  public static TokenizerDefinition read(Path directory) throws IOException {
    if (Files.isRegularFile(directory) && directory.toString().endsWith(".model")) {
      return SentencePieceFiles.read(directory, TokenizerConfig.none());
    }
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

  /**
   * {@code tokenizer_config.json} as it stands, empty if there is none.
   *
   * @throws IOException if it cannot be read
   */
  public static ObjectNode config(Path directory) throws IOException {
    return TokenizerConfig.readIfThere(FileSet.source(directory).resolve(TokenizerConfig.FILE));
  }

  private static TokenizerDefinition readSet(Path directory) throws IOException {
    var config = TokenizerConfig.read(directory);
    var tokenizerJson = directory.resolve(TokenizerJson.FILE);
    if (Json.isThere(tokenizerJson)) {
      return TokenizerJson.read(tokenizerJson, config);
    }
    if (!hasAny(directory, VOCABULARY_FILES)) {
      if (Json.isThere(directory.resolve(WORDS_FILE))) {
        return VocabularyText.read(directory.resolve(WORDS_FILE), config);
      }
      for (var name : SENTENCEPIECE_FILES) {
        if (Json.isThere(directory.resolve(name))) {
          return SentencePieceFiles.read(directory.resolve(name), config);
        }
      }
    }
    return readVocabularyAndMerges(directory, config);
  }

  private static boolean hasAny(Path directory, List<String> names) {
    for (var name : names) {
      if (Json.isThere(directory.resolve(name))) {
        return true;
      }
    }
    return false;
  }

  private static TokenizerDefinition readVocabularyAndMerges(Path directory, TokenizerConfig config)
      throws IOException {
    var vocabularyFile = find(directory, VOCABULARY_FILES);
    var mergesFile = find(directory, MERGES_FILES);
    var ids = Json.readIds(Json.readObject(vocabularyFile), vocabularyFile.toString());
    var vocabulary = Vocabulary.of(ids, vocabularyFile.toString());
    var model = new ByteLevelBpe(vocabulary, readMerges(mergesFile, vocabulary), false);
    if (config.rules().hasOwnStages() && config.rules() != TokenizerClass.GPT2) {
      var root = Json.MAPPER.createObjectNode();
      ClassRules.apply(root, config);
      return TokenizerJson.ofModel(vocabularyFile, model, List.of(), root, config);
    }
    // These two files cannot say so, but <|endoftext|> has never meant anything else.
    config.addGpt2Roles(vocabulary);
    var definition =
        TokenizerDefinition.of(
            model,
            config.flag("add_prefix_space"),
            TokenSet.of(vocabularyFile, vocabulary, List.of(), config),
            LoadedFiles.of(config, Json.MAPPER.createObjectNode()));
    return definition
        .withSpecialTokensAsText(config.flag("split_special_tokens"))
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

  /** Replaces the tokenizer of a directory, which is made if it is missing. */
  public static void write(Path directory, TokenizerDefinition definition) throws IOException {
    write(directory, definition, () -> {});
  }

  /**
   * Replaces the tokenizer of a directory.
   *
   * @param beforeEach is run before each operation on a file, for tests
   */
  static void write(Path directory, TokenizerDefinition definition, Runnable beforeEach)
      throws IOException {
    var model = definition.stages().model();
    var files = new LinkedHashMap<String, byte[]>();
    if (model instanceof SentencePiece pieces) {
      files.put("tokenizer.model", pieces.file().contents());
    } else {
      files.putAll(Components.writer(model).files(model));
      files.put(TokenizerJson.FILE, Json.bytes(TokenizerJson.write(definition)));
    }
    files.put(
        TokenizerConfig.SPECIAL_TOKENS_FILE, Json.bytes(TokenizerConfig.specialTokens(definition)));
    files.put(TokenizerConfig.FILE, Json.bytes(TokenizerConfig.config(definition)));
    new FileSet(directory, FILES, beforeEach).replace(files);
  }
}
