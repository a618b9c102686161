package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Edits;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Tags of HTML that an export left. A tag has one of HTML's own names, which hide no clinical
 * meaning, directly behind its {@code <}, and attributes with an equals sign; all else stays, such
 * as {@code <5}, {@code p<0.05}, {@code a <b and c> d}, {@code <finding>} and {@code <TIME>}. What
 * begins a block becomes a line's end and a cell a tab. Content is kept but for scripts, styles and
 * comments. Raised and lowered digits stay raised and apart: {@link Scripts}.
 */
final class Markup {
  private static final Set<String> BLOCKS =
      Set.of(
          "p",
          "div",
          "br",
          "li",
          "tr",
          "table",
          "thead",
          "tbody",
          "tfoot",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "ul",
          "ol",
          "dl",
          "dt",
          "dd",
          "hr",
          "pre",
          "blockquote",
          "center",
          "caption",
          "html",
          "head",
          "body");
  private static final Set<String> INLINE =
      Set.of(
          "span",
          "b",
          "i",
          "u",
          "s",
          "em",
          "strong",
          "font",
          "a",
          "img",
          "big",
          "small",
          "strike",
          "del",
          "ins",
          "tt",
          "sup",
          "sub",
          "style",
          "script",
          "meta",
          "link",
          "nobr",
          "wbr",
          "col",
          "colgroup",
          "abbr",
          "cite");
  private static final Set<String> BARE =
      Set.of("nowrap", "noshade", "hidden", "compact", "border", "checked", "disabled");
  private static final int LONGEST_TAG = 4096;

  private final String text;
  private final Edits edits;

  /** What has no end behind here, so that it is not looked for again and again. */
  private final Set<String> endless = new HashSet<>();

  private Markup(String text) {
    this.text = text;
    this.edits = new Edits(text);
  }

  static Edits edits(String text) {
    return new Markup(text).edits();
  }

  private Edits edits() {
    for (int at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
      int end = remove(at);
      at = end > at ? end : at + 1;
    }
    return edits;
  }

  /** Takes out what begins at {@code at}; returns where it ended, or {@code at}. */
  private int remove(int at) {
    if (text.startsWith("<!--", at)) {
      int end = endless.contains("-->") ? -1 : text.indexOf("-->", at + 4);
      if (end < 0) {
        endless.add("-->");
        return at;
      }
      return delete(at, end + 3);
    }
    if (text.regionMatches(true, at, "<!doctype ", 0, 10) || text.startsWith("<?xml", at)) {
      int end = text.indexOf('>', at);
      return end < 0 || end - at > LONGEST_TAG ? at : delete(at, end + 1);
    }
    boolean closing = at + 1 < text.length() && text.charAt(at + 1) == '/';
    int from = closing ? at + 2 : at + 1;
    int to = from;
    while (to < text.length() && to - from < 12 && isNameCharacter(text.charAt(to))) {
      to++;
    }
    String name = text.substring(from, to).toLowerCase(Locale.ROOT);
    boolean block = BLOCKS.contains(name);
    boolean cell = name.equals("td") || name.equals("th");
    boolean office = name.startsWith("o:") || name.startsWith("w:") || name.startsWith("st1:");
    if (!block && !cell && !office && !INLINE.contains(name)) {
      return at;
    }
    int end = endOfTag(to);
    if (end < 0) {
      return at;
    }
    if (!closing) {
      switch (name) {
        case "script", "style" -> {
          int close = endless.contains(name) ? -1 : indexOfClose(name, end, text.length());
          if (close < 0) {
            endless.add(name);
            return delete(at, end);
          }
          return delete(at, text.indexOf('>', close) + 1);
        }
        case "sup", "sub" -> {
          int close = indexOfClose(name, end, end + 2 * Scripts.LONGEST);
          if (close >= 0 && Scripts.replace(text, at, end, close, name.equals("sup"), edits)) {
            return text.indexOf('>', close) + 1;
          }
        }
        default -> {}
      }
    }
    edits.replace(at, end, block ? "\n" : cell && !closing ? "\t" : "");
    return end;
  }

  private int delete(int from, int to) {
    edits.delete(from, to);
    return to;
  }

  /** Where the closing tag of a name begins before {@code most}; -1 for nowhere. */
  private int indexOfClose(String name, int at, int most) {
    String close = "</" + name;
    int last = Math.min(most, text.length());
    for (int i = text.indexOf("</", at, last); i >= 0; i = text.indexOf("</", i + 2, last)) {
      if (text.regionMatches(true, i, close, 0, close.length())
          && endOfTag(i + close.length()) > 0
          && text.indexOf('>', i) == endOfTag(i + close.length()) - 1) {
        return i;
      }
    }
    return -1;
  }

  /** Behind the {@code >} of a tag whose name ends at {@code at}; -1 if it is no tag. */
  private int endOfTag(int at) {
    int most = Math.min(text.length(), at + LONGEST_TAG);
    while (true) {
      int before = at;
      while (at < most && isSpace(text.charAt(at))) {
        at++;
      }
      if (at < most && text.charAt(at) == '/') {
        at++;
      }
      if (at >= most) {
        return -1;
      }
      if (text.charAt(at) == '>') {
        return at + 1;
      }
      if (at == before) {
        return -1; // no space before an attribute
      }
      at = endOfAttribute(at, most);
      if (at < 0) {
        return -1;
      }
    }
  }

  private int endOfAttribute(int at, int most) {
    int end = at;
    while (end < most && (isNameCharacter(text.charAt(end)) || text.charAt(end) == '-')) {
      end++;
    }
    if (end == at || end >= most) {
      return -1;
    }
    if (text.charAt(end) != '=') {
      return BARE.contains(text.substring(at, end).toLowerCase(Locale.ROOT)) ? end : -1;
    }
    int value = end + 1;
    if (value >= most) {
      return -1;
    }
    char quote = text.charAt(value);
    if (quote == '"' || quote == '\'') {
      int close = text.indexOf(quote, value + 1);
      return close < 0 || close >= most ? -1 : close + 1;
    }
    while (value < most
        && !isSpace(text.charAt(value))
        && "<>\"'".indexOf(text.charAt(value)) < 0) {
      value++;
    }
    return value == end + 1 ? -1 : value;
  }

  private static boolean isNameCharacter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == ':';
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }
}
