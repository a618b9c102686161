package dev.galen.tokenizer.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Python's {@code strftime} in the C locale. */
final class Strftime {

  private Strftime() {}

  static String format(LocalDateTime time, String format) {
    var out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      char directive = format.charAt(++i);
      boolean plain = directive == '-' && i + 1 < format.length();
      String field = field(time, plain ? format.charAt(++i) : directive);
      out.append(plain ? field.replaceFirst("^0+(?=.)", "") : field);
    }
    return out.toString();
  }

  private static String field(LocalDateTime time, char directive) {
    return switch (directive) {
      case 'a' -> by(time, "EEE");
      case 'A' -> by(time, "EEEE");
      case 'b', 'h' -> by(time, "MMM");
      case 'B' -> by(time, "MMMM");
      case 'c' -> by(time, "EEE MMM ppd HH:mm:ss yyyy");
      case 'd' -> by(time, "dd");
      case 'D', 'x' -> by(time, "MM/dd/yy");
      case 'e' -> by(time, "ppd");
      case 'f' -> by(time, "SSSSSS");
      case 'F' -> by(time, "yyyy-MM-dd");
      case 'H' -> by(time, "HH");
      case 'I' -> by(time, "hh");
      case 'j' -> by(time, "DDD");
      case 'm' -> by(time, "MM");
      case 'M' -> by(time, "mm");
      case 'n' -> "\n";
      case 'p' -> by(time, "a");
      case 'R' -> by(time, "HH:mm");
      case 'S' -> by(time, "ss");
      case 't' -> "\t";
      case 'T', 'X' -> by(time, "HH:mm:ss");
      case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
      case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
      case 'y' -> by(time, "yy");
      case 'Y' -> by(time, "yyyy");
      case 'z', 'Z' -> ""; // a time without a zone
      case '%' -> "%";
      default -> throw new JinjaException("strftime_now does not support '%" + directive + "'");
    };
  }

  private static String by(LocalDateTime time, String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
  }
}
