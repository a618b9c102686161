package dev.galen.examples.clinical.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON as Python writes it: {@code NaN} is a number, and strings may be long. */
final class JsonText {
  private static final int DEPTH = 200;

  static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(1 << 27)
                          .maxNestingDepth(DEPTH)
                          .build())
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private JsonText() {}

  /** What is wrong, without a word of what stands there. */
  static String problem(JsonProcessingException e) {
    String said = String.valueOf(e.getOriginalMessage());
    String reason =
        said.startsWith("Unexpected end")
            ? "it ends too early"
            : said.startsWith("Duplicate field")
                ? "a field is given twice"
                : said.startsWith("Document nesting depth")
                    ? "nested deeper than " + DEPTH + " levels"
                    : "not JSON here";
    var place = e.getLocation();
    return "malformed JSON"
        + (place == null ? "" : ", column " + place.getColumnNr())
        + ": "
        + reason;
  }
}
