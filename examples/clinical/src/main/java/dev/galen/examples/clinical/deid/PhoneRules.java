package dev.galen.examples.clinical.deid;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Telephone and fax numbers of many countries: by form, or by a word near them. */
final class PhoneRules {
  private static final String EXTENSION = "(?:[ ,]{0,2}(?:x|ext\\.?|extension|#)[ .]?\\d{1,6})?+";

  private static final Pattern INTERNATIONAL =
      Pattern.compile(
          "(?<![\\w+.])(?:\\+|00 ?|001[-. ])\\d{1,3}(?:[-. /]{0,2}\\(?\\d{1,5}\\)?){1,6}+"
              + EXTENSION
              + "(?!\\w)");
  private static final Pattern AMERICAN =
      Pattern.compile(
          "(?<![\\w+.-])(?:1[-. ])?(?:\\(\\d{3}\\)[-. ]{0,2}|\\d{3}[-./ ]{1,2})\\d{3}[-. ]\\d{4}"
              + EXTENSION
              + "(?![\\w]|[-.]\\d)");
  private static final Pattern GROUPS =
      Pattern.compile(
          "(?<![\\w+.,/-])(?:\\(\\d{1,5}\\)|\\d{2,5})(?:[-. ]{1,2}\\d{2,8}){1,5}+"
              + EXTENSION
              + "(?![\\w]|[-.,/]\\d)");
  private static final Pattern PLAIN =
      Pattern.compile("(?<![\\w.,/-])\\d{7,11}" + EXTENSION + "(?![\\w]|[.,/-]\\d)");
  private static final Pattern LOCAL =
      Pattern.compile("(?<![\\w+.,/-])\\d{3}-\\d{4}" + EXTENSION + "(?![\\w]|[-.,/]\\d)");

  /** An extension by itself: x5-5512, ext. 5512. */
  private static final Pattern ALONE =
      Pattern.compile(
          "(?<![\\w])(?:x(?=\\d(?:-\\d{4}|\\d{3,5})(?![\\w%/-]|[.,]\\d))|ext(?:\\.|ension)?[ .:#]{1,2})(?:\\d-)?\\d{3,6}(?![\\w%/-]|[.,]\\d)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern WORD =
      Pattern.compile(
          "(?<!\\p{L})(?:phone|telephone|tele?|cell(?:phone)?|mobile|call(?:ed|ing|s)?|contact|reach(?:ed|able)?|dial(?:ed)?"
              + "|pager|paged?|beeper|text(?:ed)?|sms|whatsapp|desk|office|landline|hotline|answering|number|ring|home|work"
              + "|line|extension|ph|tel|mob|fax|facsimile|telefax|registered|caller)(?!\\p{L})",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern FAX =
      Pattern.compile(
          "(?<!\\p{L})(?:fax|facsimile|telefax|faxed|f:)(?!\\p{L})", Pattern.CASE_INSENSITIVE);

  private static final Pattern FAX_BEHIND =
      Pattern.compile("[ ,(]{1,2}(?:fax|facsimile)\\b(?!:)", Pattern.CASE_INSENSITIVE);

  /** How far before a number a word about it may stand. */
  private static final int NEAR = 32;

  private PhoneRules() {}

  private record Form(Pattern pattern, int digits, boolean word, String rule, double confidence) {}

  private static final List<Form> FORMS =
      List.of(
          new Form(INTERNATIONAL, 8, false, "phone-international", 0.9),
          new Form(AMERICAN, 10, false, "phone", 0.88),
          new Form(LOCAL, 7, false, "phone-local", 0.6),
          new Form(GROUPS, 7, true, "phone-near-word", 0.8),
          new Form(PLAIN, 7, true, "phone-digits", 0.8));

  static void find(Tokens tokens, Found found) {
    String text = tokens.text;
    List<Probe> probes = FORMS.stream().map(form -> new Probe(form.pattern(), text)).toList();
    var alone = new Probe(ALONE, text);
    for (int i = 0; i < tokens.count; i++) {
      boolean extension = tokens.lower(i).startsWith("ext");
      Matcher match = extension || tokens.hasDigit(i) ? alone.at(tokens.starts[i]) : null;
      if (match != null && !CodeRules.quantity(text, match.end())) {
        found.add(match.start(), match.end(), Category.PHONE, "extension", 0.6);
      }
      boolean sign =
          (tokens.sign(i, '(') || tokens.sign(i, '+'))
              && tokens.joined(i, i + 1)
              && tokens.number(i + 1);
      if (!sign && !tokens.hasDigit(i)) {
        continue;
      }
      for (int k = 0; k < probes.size(); k++) {
        Matcher number = probes.get(k).at(tokens.starts[i]);
        if (number != null) {
          number(FORMS.get(k), number, text, found);
        }
      }
    }
  }

  private static void number(Form form, Matcher match, String text, Found found) {
    int start = match.start();
    int end = match.end();
    int count = count(text, start, end);
    if (count < form.digits() || count > 20 || CodeRules.quantity(text, end)) {
      return;
    }
    String before = text.substring(Math.max(0, start - NEAR), start);
    before = before.substring(before.lastIndexOf('\n') + 1);
    String after = text.substring(end, Math.min(text.length(), end + 12));
    int line = after.indexOf('\n');
    after = line < 0 ? after : after.substring(0, line);
    boolean near = WORD.matcher(before).find() || WORD.matcher(after).find();
    // Without a word, a number with a leading zero or bracket in three or more groups is one.
    boolean grouped = end - start > count;
    boolean shape =
        count >= 9
                && (text.charAt(start) == '0' || text.charAt(start) == '(')
                && end - start > count + 1
            || count == 10 && !form.word()
            || alone(text, start, end) && count >= 8 && grouped;
    if (form.word() && !near && !shape) {
      return;
    }
    boolean fax = FAX.matcher(last(before)).find() || FAX_BEHIND.matcher(after).lookingAt();
    found.add(start, end, fax ? Category.FAX : Category.PHONE, form.rule(), form.confidence());
  }

  /** The part of the words before a number behind the last other number. */
  private static String last(String before) {
    int at = before.length() - 1;
    while (at >= 0 && !Character.isDigit(before.charAt(at))) {
      at--;
    }
    return before.substring(at + 1);
  }

  private static boolean alone(String text, int start, int end) {
    return (start == 0 || text.charAt(start - 1) == '\n')
        && (end == text.length() || text.charAt(end) == '\n' || text.charAt(end) == '\r');
  }

  private static int count(String text, int start, int end) {
    int digits = 0;
    for (int i = start; i < end; i++) {
      digits += Character.isDigit(text.charAt(i)) ? 1 : 0;
    }
    return digits;
  }
}
