package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** JSON files with errors of one line that name file and place. */
public final class Json {

  public static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // A vocabulary's keys are all different: nothing is won by sharing them.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          // Python writes NaN and Infinity; a field that is used refuses them by its type.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final char BYTE_ORDER_MARK = '\ufeff';

  private Json() {}

  /** The object in a file. */
  public static JsonNode readObject(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder, expected a JSON file");
    }
    JsonNode root;
    try (var reader = reader(file)) {
      root = MAPPER.readTree(reader);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      var place =
          at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
      // The parser's remark on where an unclosed object starts would be longer than the message.
      var problem = e.getOriginalMessage().replaceFirst("(?s) \\(start marker.*|\\R.*", "");
      throw new IOException(
          "%s: not valid JSON%s: %s".formatted(file, place, Quote.longer(problem)), e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (!root.isObject()) {
      throw new IOException("%s: expected a JSON object, got %s".formatted(file, nameOf(root)));
    }
    return root;
  }

  /**
   * Whether something has the file's name, be it a link that leads nowhere: to read on without it
   * would give other ids in silence.
   */
  static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** A file of UTF-8 text. */
  public static String readText(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder, expected a text file");
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The file as text, which refuses what is no UTF-8: a parser would put U+FFFD in its place. */
  private static Reader reader(Path file) throws IOException {
    var reader = Files.newBufferedReader(file);
    reader.mark(1);
    if (reader.read() != BYTE_ORDER_MARK) {
      reader.reset();
    }
    return reader;
  }

  /** The contents of a file. */
  static byte[] bytes(JsonNode root) {
    try {
      return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + '\n')
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON can be written", e);
    }
  }

  /** What went wrong with a file, in a line that names it. */
  static IOException unreadable(Path file, IOException e) {
    var reason =
        switch (e) {
          case NoSuchFileException none ->
              isThere(file) ? "is a symbolic link that leads nowhere" : "no such file";
          case FileSystemLoopException loop -> "is a symbolic link that leads back to itself";
          case FileSystemException system when system.getReason() != null -> system.getReason();
          case AccessDeniedException denied -> "may not be read by this user";
          case CharacterCodingException spoilt -> "not valid UTF-8; save it as UTF-8";
          default -> e.getMessage();
        };
    return new IOException("%s: %s".formatted(file, reason), e);
  }

  /** An object of ids by token. */
  static Map<String, Integer> readIds(JsonNode object, String place) throws IOException {
    if (!object.isObject()) {
      throw new IOException(
          "%s: expected an object of ids by token, got %s".formatted(place, nameOf(object)));
    }
    var ids = new LinkedHashMap<String, Integer>(object.size() * 2);
    for (var entry : object.properties()) {
      if (!entry.getValue().isInt()) {
        throw new IOException(
            "%s: the id of token \"%s\" is %s, not an int"
                .formatted(place, Quote.of(entry.getKey()), Quote.of(entry.getValue().toString())));
      }
      ids.put(entry.getKey(), entry.getValue().intValue());
    }
    return ids;
  }

  /** The ids by token, smallest id first. */
  static ObjectNode ids(Vocabulary vocabulary) {
    var ids = MAPPER.createObjectNode();
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.tokenOrNull(id) != null) {
        ids.put(vocabulary.tokenOrNull(id), id);
      }
    }
    return ids;
  }

  /**
   * A field that is true or false.
   *
   * @param fallback what it is where it is missing or null
   * @param place where the object stands, for messages
   */
  static boolean flag(JsonNode object, String name, boolean fallback, String place)
      throws IOException {
    var node = object.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return fallback;
    }
    if (!node.isBoolean()) {
      throw new IOException(
          "%s: %s is %s, expected true or false".formatted(place, name, Quote.of(node.toString())));
    }
    return node.booleanValue();
  }

  /** What kind of JSON value a node is, in words. */
  static String nameOf(JsonNode node) {
    return node.isMissingNode() ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
  }
}
