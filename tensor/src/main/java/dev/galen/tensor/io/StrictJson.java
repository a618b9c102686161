package dev.galen.tensor.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A cursor over one JSON object of a file that is not trusted. Whatever is wrong with it leaves as
 * a {@link SafetensorsException} naming the file. Built on the streaming parser, because a tree
 * would keep only one of two equal keys.
 */
final class StrictJson {
  /** Integers that do not fit a long read as this: the callers refuse what is negative. */
  static final long OVERFLOW = Long.MIN_VALUE;

  // Bytes are bounded by the caller, so the parser's own bounds on strings only get in the way. Its
  // table of names is off since it throws unchecked when a file is built to collide in it.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final Path path;
  private final String what;
  private final JsonParser parser;

  /**
   * Stands before the first token of {@code utf8}.
   *
   * @param what the text's name in messages, such as "header"
   */
  StrictJson(Path path, String what, byte[] utf8) throws SafetensorsException {
    this.path = path;
    this.what = what;
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      this.parser = FACTORY.createParser(text);
    } catch (CharacterCodingException e) {
      throw new SafetensorsException(path, "the " + what + " is not valid UTF-8", e);
    } catch (IOException e) {
      throw new SafetensorsException(path, "the " + what + " cannot be read", e);
    }
  }

  /** The same for text that Python's json may have written: NaN and Infinity are numbers in it. */
  static StrictJson ofPython(Path path, String what, byte[] utf8) throws SafetensorsException {
    var json = new StrictJson(path, what, utf8);
    json.parser.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature());
    return json;
  }

  /** A complaint about this file. */
  SafetensorsException fail(String problem) {
    return new SafetensorsException(path, problem);
  }

  /** Steps to the next token, null at the end of the text. */
  JsonToken next() throws SafetensorsException {
    return read(JsonParser::nextToken);
  }

  /** Whether the current token is null. */
  boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  /** Requires the current token to open an object. */
  void requireObject(String subject) throws SafetensorsException {
    require(JsonToken.START_OBJECT, subject, "an object");
  }

  /** Requires the current token to open an array. */
  void requireArray(String subject) throws SafetensorsException {
    require(JsonToken.START_ARRAY, subject, "an array");
  }

  /** Steps to the object's next key and on to its value; null when the object closes. */
  String nextKey() throws SafetensorsException {
    if (next() == JsonToken.END_OBJECT) {
      return null;
    }
    String key = read(JsonParser::currentName);
    if (!Messages.isEncodable(key)) {
      throw fail("the " + what + " has a key with half a surrogate pair: " + Messages.quote(key));
    }
    next();
    return key;
  }

  /** The string at the current token. */
  String string(String subject) throws SafetensorsException {
    require(JsonToken.VALUE_STRING, subject, "a string");
    return read(JsonParser::getText);
  }

  /** The integer at the current token; {@link #OVERFLOW} if it does not fit a long. */
  long integer(String subject) throws SafetensorsException {
    require(JsonToken.VALUE_NUMBER_INT, subject, "an integer");
    return read(p -> p.getNumberType() == NumberType.BIG_INTEGER ? OVERFLOW : p.getLongValue());
  }

  /** The current token as it stands in the text. */
  String text() throws SafetensorsException {
    return read(JsonParser::getText);
  }

  /** Steps over the current value. */
  void skip() throws SafetensorsException {
    read(JsonParser::skipChildren);
  }

  /** Requires nothing but white space after the current token. */
  void requireEnd() throws SafetensorsException {
    if (next() != null) {
      throw fail("the " + what + " goes on after its closing brace with " + Messages.quote(text()));
    }
  }

  private void require(JsonToken token, String subject, String expected)
      throws SafetensorsException {
    JsonToken found = parser.currentToken();
    if (found != token) {
      String text =
          switch (found) {
            case null -> "nothing";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "the string " + Messages.quote(text());
            default -> Messages.quote(text());
          };
      throw fail(subject + ": expected " + expected + ", found " + text);
    }
  }

  private <T> T read(Reading<T> reading) throws SafetensorsException {
    try {
      return reading.from(parser);
    } catch (JsonProcessingException e) {
      var problem = e.getOriginalMessage().lines().findFirst().orElse("no reason given");
      long at = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
      throw new SafetensorsException(
          path,
          "the %s is not valid JSON%s: %s"
              .formatted(what, at < 0 ? "" : " near character " + at, problem),
          e);
    } catch (IOException e) {
      throw new SafetensorsException(path, "the " + what + " cannot be read", e);
    }
  }

  private interface Reading<T> {
    T from(JsonParser parser) throws IOException;
  }
}
