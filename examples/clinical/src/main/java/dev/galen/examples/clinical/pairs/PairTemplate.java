package dev.galen.examples.clinical.pairs;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a row is made of a document. In each of the three texts {@code {name}} stands for a field of
 * the document, {@code {text}} for its text, and {@code {a|b|c}} for the first of several that the
 * document has. All else is literal.
 *
 * @param name what the template is called, without a space or {@code @}
 * @param version which of the templates of this name it is; a change of a word makes a new one
 * @param task what the pairs teach
 */
public record PairTemplate(
    String name, String version, PairTask task, String instruction, String input, String output) {
  private static final Pattern PLACE = Pattern.compile("\\{([A-Za-z_][\\w.|-]*)\\}");
  private static final String TEXT = "text";

  /** Checks that the template can make something. */
  public PairTemplate {
    Objects.requireNonNull(task, "task");
    if (!name.matches("[\\w.-]+") || !version.matches("[\\w.-]+")) {
      throw new IllegalArgumentException(
          "template is %s@%s; a name and a version are letters, digits, dots and hyphens"
              .formatted(name, version));
    }
    if (instruction.isBlank() || !PLACE.matcher(output).find()) {
      throw new IllegalArgumentException(
          "template %s@%s: expected an instruction, and an output with a field such as {summary}"
              .formatted(name, version));
    }
  }

  /** {@code name@version}. */
  public String id() {
    return name + "@" + version;
  }

  /** A row. */
  record Filled(String instruction, String input, String output) {}

  /**
   * The row of a document.
   *
   * @throws RejectedException if the document lacks a field that the template has
   */
  Filled fill(Document document) throws RejectedException {
    return new Filled(fill(instruction, document), fill(input, document), fill(output, document));
  }

  private String fill(String pattern, Document document) throws RejectedException {
    Matcher place = PLACE.matcher(pattern);
    var filled = new StringBuilder();
    int end = 0;
    while (place.find()) {
      filled.append(pattern, end, place.start()).append(value(place.group(1), document));
      end = place.end();
    }
    return filled.append(pattern, end, pattern.length()).toString().strip();
  }

  private String value(String names, Document document) throws RejectedException {
    for (String field : names.split("\\|")) {
      String value = field.equals(TEXT) ? document.text() : document.field(field);
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    throw new RejectedException(
        String.format(
            Locale.ROOT,
            "no field %s, which the template %s needs",
            names.replace("|", " or "),
            id()));
  }
}
