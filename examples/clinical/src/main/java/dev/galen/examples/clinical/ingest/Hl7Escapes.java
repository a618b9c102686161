package dev.galen.examples.clinical.ingest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Locale;

/**
 * Undoes the escape sequences of HL7 v2 (chapter 2.7): what stands between two escape characters.
 */
final class Hl7Escapes {
  private final char field;
  private final char component;
  private final char repetition;
  private final char escape;
  private final char subcomponent;
  private final Charset charset;

  /**
   * The delimiters of a message.
   *
   * @param field MSH-1
   * @param others MSH-2: component, repetition, escape, subcomponent; those that it lacks are the
   *     usual ones
   * @param charset of bytes that are spelled in hexadecimal
   */
  Hl7Escapes(char field, String others, Charset charset) {
    this.field = field;
    this.component = at(others, 0, '^');
    this.repetition = at(others, 1, '~');
    this.escape = at(others, 2, '\\');
    this.subcomponent = at(others, 3, '&');
    this.charset = charset;
  }

  private static char at(String others, int index, char usual) {
    return index < others.length() ? others.charAt(index) : usual;
  }

  char component() {
    return component;
  }

  char repetition() {
    return repetition;
  }

  /** The text that a value spells. */
  String undo(String value) {
    int begin = value.indexOf(escape);
    if (begin < 0) {
      return value;
    }
    var text = new StringBuilder(value.length());
    int copied = 0;
    while (begin >= 0) {
      int end = value.indexOf(escape, begin + 1);
      String meant = end < 0 ? null : meant(value.substring(begin + 1, end));
      if (meant == null) { // a character of the text, not the beginning of a sequence
        begin = value.indexOf(escape, begin + 1);
        continue;
      }
      text.append(value, copied, begin).append(meant);
      copied = end + 1;
      begin = value.indexOf(escape, copied);
    }
    return text.append(value.substring(copied)).toString();
  }

  /** What a sequence stands for; null if it is none. */
  private String meant(String code) {
    if (code.isEmpty() || code.length() > 64) {
      return null;
    }
    switch (code) {
      case "F":
        return String.valueOf(field);
      case "S":
        return String.valueOf(component);
      case "T":
        return String.valueOf(subcomponent);
      case "R":
        return String.valueOf(repetition);
      case "E":
        return String.valueOf(escape);
      case "H", "N":
        return ""; // highlighting
      default:
        break;
    }
    return switch (code.charAt(0)) {
      case 'X' -> hexadecimal(code.substring(1));
      case 'C', 'M', 'Z' -> code.substring(1).matches("[0-9A-Fa-f]*") ? "" : null;
      case '.' -> formatting(code.substring(1).toLowerCase(Locale.ROOT));
      default -> null;
    };
  }

  private String hexadecimal(String digits) {
    if (digits.isEmpty() || digits.length() % 2 != 0 || !digits.matches("[0-9A-Fa-f]+")) {
      return null;
    }
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < digits.length(); i += 2) {
      bytes.write(Integer.parseInt(digits, i, i + 2, 16));
    }
    return bytes.toString(charset).replace("\r\n", "\n").replace('\r', '\n');
  }

  /** Commands of formatted text; a number may follow them. */
  private static String formatting(String command) {
    String name = command.replaceAll("[ +-]*\\d*$", "");
    String digits = command.replaceAll("\\D", "");
    int count = digits.isEmpty() || digits.length() > 3 ? 1 : Integer.parseInt(digits);
    return switch (name) {
      case "br", "ce" -> "\n";
      case "sp" -> "\n".repeat(Math.min(count, 20));
      case "sk" -> " ".repeat(Math.min(count, 100));
      case "in", "ti", "fi", "nf" -> "";
      default -> null;
    };
  }
}
