package dev.galen.examples.clinical.ingest;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * How sources are read.
 *
 * @param format the kind of the files, a name of {@link IngestSource#formats}, or null to tell it
 *     by their form
 * @param text the field of a row that is its text, or null for one of the usual names
 * @param id the field of a row that is its id, or null for one of the usual names
 * @param charset of text files without a byte order mark
 * @param ocrLanguage what Tesseract reads scans in, such as {@code eng} or {@code deu+eng}
 */
public record IngestOptions(
    String format, String text, String id, Charset charset, String ocrLanguage) {
  /** All told by form, UTF-8, English. */
  public static final IngestOptions DEFAULT =
      new IngestOptions(null, null, null, StandardCharsets.UTF_8, "eng");

  /** Checks what must be there. */
  public IngestOptions {
    Objects.requireNonNull(charset, "charset");
    Objects.requireNonNull(ocrLanguage, "ocrLanguage");
  }
}
