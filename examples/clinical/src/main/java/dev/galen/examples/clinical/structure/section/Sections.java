package dev.galen.examples.clinical.structure.section;

import dev.galen.examples.clinical.document.Annotation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Divides a note by its headings.
 *
 * <p>A heading is a line of its own in capitals ({@code PHYSICAL EXAM}), a known name on a line of
 * its own ({@code Chief Complaint}, {@code Results:}), or a known name or capitals before a colon
 * at the beginning of a line ({@code IMPRESSION: ...}); it may be numbered, bulleted or set between
 * asterisks or equals signs. Within a line a known name in capitals with a colon counts, too,
 * behind the end of a sentence. Values ({@code BP: 169/74}), items of lists and words in capitals
 * within sentences are none.
 *
 * <p>Each section is an annotation {@code section} from its heading to the end of its text, with
 * the attributes {@code name} (canonical; the heading in lower case with underscores where it is
 * not known), {@code heading} as it is written, with its colon, so that the text begins behind as
 * many characters, and {@code code}, the class of MTS-Dialog, where one fits. The systems of a
 * review or an examination are annotations {@code subsection} of the same form.
 */
public final class Sections {
  /** The category of sections. */
  public static final String SECTION = "section";

  /** The category of their parts, such as systems of the body. */
  public static final String SUBSECTION = "subsection";

  private static final int LONGEST = 60;

  /** Words in capitals on a line of their own that head nothing. */
  private static final String NO_HEADING =
      " NONE NAD NKDA N/A NA WNL PRN COPD HIV CHF CAD GERD HTN DM T2DM PCOS UTI AFIB CKD ESRD MRI CT"
          + " EKG ECG DVT PE TIA CVA NSTEMI STEMI MS RA SLE OA BPH AAA OSA PTSD ADHD DNR DNI YES NO"
          + " END ";

  private final String text;
  private final List<Head> heads = new ArrayList<>();

  /** A heading: its place, the end of it with the colon, its name. */
  private record Head(int start, int end, SectionNames.Name name) {}

  private Sections(String text) {
    this.text = text;
  }

  /** The sections and subsections of {@code text} in the order of their headings. */
  public static List<Annotation> of(String text) {
    return new Sections(text).find();
  }

  private List<Annotation> find() {
    int line = 0;
    while (line < text.length()) {
      int end = text.indexOf('\n', line);
      if (end < 0) {
        end = text.length();
      }
      line(line, end);
      line = end + 1;
    }
    List<Annotation> sections = new ArrayList<>(heads.size());
    for (int i = 0; i < heads.size(); i++) {
      Head head = heads.get(i);
      sections.add(annotation(head, end(i)));
    }
    return sections;
  }

  /** A section ends where the next one begins, a part where anything does. */
  private int end(int i) {
    int end = text.length();
    for (int j = i + 1; j < heads.size(); j++) {
      if (!heads.get(j).name().part() || heads.get(i).name().part()) {
        end = heads.get(j).start();
        break;
      }
    }
    // What counts or marks the next heading ("2. ", "** ") belongs to it.
    while (end > heads.get(i).end() && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private Annotation annotation(Head head, int end) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("name", head.name().name());
    if (head.name().code() != null) {
      attributes.put("code", head.name().code());
    }
    attributes.put("heading", text.substring(head.start(), head.end()));
    return new Annotation(head.start(), end, head.name().part() ? SUBSECTION : SECTION, attributes);
  }

  private void line(int from, int lineEnd) {
    int end = lineEnd;
    while (end > from && blank(end - 1)) {
      end--;
    }
    int begin = from;
    while (begin < end && blank(begin)) {
      begin++;
    }
    int start = begin;
    while (start < end && mark(start, begin, end) > start) {
      start = mark(start, begin, end);
    }
    if (start < end && Character.isLetter(text.charAt(start))) {
      heading(begin, start, end);
    }
    inline(start, end);
  }

  private boolean blank(int i) {
    return Character.isWhitespace(text.charAt(i)) || text.charAt(i) == '\u00A0';
  }

  /**
   * Behind a number, bullet or sign of emphasis at the beginning of a line; else the same place.
   */
  private int mark(int at, int begin, int end) {
    char c = text.charAt(at);
    if ("*#=_-\u2022\u2013>[".indexOf(c) >= 0 || c == ' ' || c == '\t') {
      return at + 1;
    }
    int digits = at;
    while (digits < end && (Character.isDigit(text.charAt(digits)) || roman(digits, at))) {
      digits++;
    }
    if (digits > at
        && digits - at <= 4
        && digits + 1 < end
        && (text.charAt(digits) == '.' || text.charAt(digits) == ')')
        && at == begin) {
      return digits + 1;
    }
    return at;
  }

  private boolean roman(int i, int at) {
    return i - at < 4 && "IVX".indexOf(text.charAt(i)) >= 0;
  }

  /** Looks for a heading at the beginning of a line whose text is [start, end). */
  private void heading(int begin, int start, int end) {
    boolean marked = start > begin;
    int colon = colon(start, end);
    int limit = colon >= 0 ? colon : end;
    int stop = limit;
    while (stop > start && "*_=# \t-]".indexOf(text.charAt(stop - 1)) >= 0) {
      stop--;
    }
    if (stop == start || stop - start > LONGEST) {
      return;
    }
    boolean alone = colon < 0 || rest(colon + 1, end);
    int headEnd = colon >= 0 ? colon + 1 : end;
    SectionNames.Name name = SectionNames.at(text, start, stop);
    if (name != null) {
      boolean capitals = capitals(start, stop);
      boolean clear = colon >= 0 || capitals || Character.isUpperCase(text.charAt(start));
      boolean item = marked && colon < 0 && !capitals;
      boolean single = alone || colon >= 0;
      if (clear && single && !item && !(colon >= 0 && !alone && measured(colon + 1, end, name))) {
        boolean piece = bulleted(begin) && !alone && !capitals;
        heads.add(new Head(begin, headEnd, piece ? name.asPart() : name));
      }
      return;
    }
    if (colon >= 0 && alone && !marked && title(start, stop) && emptyBefore(begin)) {
      heads.add(new Head(begin, headEnd, unknown(start, stop)));
      return;
    }
    if (!capitals(start, stop) || item(start, stop)) {
      return;
    }
    boolean heading =
        colon >= 0
            ? letters(start, stop) >= 4 && !valued(colon + 1, end)
            : aloneInCapitals(stop, end);
    if (heading && !(marked && colon < 0 && text.charAt(stop - 1) == '.')) {
      heads.add(new Head(begin, headEnd, unknown(start, stop)));
    }
  }

  private SectionNames.Name unknown(int start, int stop) {
    String heading = text.substring(start, stop).toLowerCase(Locale.ROOT);
    return new SectionNames.Name(heading.replaceAll("\\W+", "_"), null, false);
  }

  private boolean bulleted(int begin) {
    return "-\u2022\u2013*".indexOf(text.charAt(begin)) >= 0;
  }

  /** Whether every word of a line begins with a capital, but small ones such as "of". */
  private boolean title(int start, int stop) {
    int words = 0;
    for (int i = start; i < stop; i++) {
      char c = text.charAt(i);
      boolean first = i == start || text.charAt(i - 1) == ' ';
      if (first && c != ' ') {
        words++;
        int end = text.indexOf(' ', i);
        int length = (end < 0 || end > stop ? stop : end) - i;
        if (!Character.isUpperCase(c) && length > 3) {
          return false;
        }
      }
      if (!Character.isLetter(c) && " /&-'()".indexOf(c) < 0) {
        return false;
      }
    }
    return words <= 5;
  }

  private boolean emptyBefore(int begin) {
    int line = text.lastIndexOf('\n', begin);
    return line <= 0 || emptyLineBefore(line);
  }

  private int colon(int start, int end) {
    for (int i = start; i < end && i <= start + LONGEST; i++) {
      char c = text.charAt(i);
      if (c == ':') {
        return i;
      }
      if (c == '.' && i + 1 < end && blank(i + 1) || c == ';' || c == '?') {
        return -1;
      }
    }
    return -1;
  }

  /** Whether only signs of emphasis stand there. */
  private boolean rest(int from, int end) {
    for (int i = from; i < end; i++) {
      if (!blank(i) && "*_=-#".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private boolean capitals(int from, int to) {
    boolean any = false;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (Character.isLowerCase(c)) {
        return false;
      }
      any |= Character.isUpperCase(c);
    }
    return any;
  }

  private int letters(int from, int to) {
    int letters = 0;
    for (int i = from; i < to; i++) {
      letters += Character.isLetter(text.charAt(i)) ? 1 : 0;
    }
    return letters;
  }

  /** Whether an unknown line in capitals is rather an item or sentence than a heading. */
  private boolean item(int start, int stop) {
    char last = text.charAt(stop - 1);
    if (last == '.' || last == ',' || last == ';' || last == '!' || last == '?') {
      return true;
    }
    int words = 1;
    int digits = 0;
    for (int i = start; i < stop; i++) {
      char c = text.charAt(i);
      words += c == ' ' && i > start && text.charAt(i - 1) != ' ' ? 1 : 0;
      digits += Character.isDigit(c) ? 1 : 0;
    }
    return words > 6 || digits > 0 || NO_HEADING.contains(" " + text.substring(start, stop) + " ");
  }

  /** Whether a line in capitals without a colon stands for itself: long enough, text behind it. */
  private boolean aloneInCapitals(int stop, int end) {
    int line = text.lastIndexOf('\n', stop - 1);
    boolean before = line < 0 || line == 0 || emptyLineBefore(line);
    int next = end;
    while (next < text.length() && blank(next)) {
      next++;
    }
    return before && next < text.length() && letters(line + 1, stop) >= 5 && rest(stop, end);
  }

  private boolean emptyLineBefore(int newline) {
    int i = newline - 1;
    while (i >= 0 && text.charAt(i) != '\n' && blank(i)) {
      i--;
    }
    return i < 0 || text.charAt(i) == '\n';
  }

  /** Whether a number follows: "BP: 169/74" heads nothing. */
  private boolean valued(int from, int end) {
    int i = from;
    while (i < end && (blank(i) || "<>~=".indexOf(text.charAt(i)) >= 0)) {
      i++;
    }
    return i < end && Character.isDigit(text.charAt(i));
  }

  /** Whether the name with a number behind it is a value, as "Resp: 18" and "Pulses: 2+" are. */
  private boolean measured(int from, int end, SectionNames.Name name) {
    return name.part() && valued(from, end);
  }

  /** Known names in capitals with a colon behind the end of a sentence within a line. */
  private void inline(int from, int end) {
    int at = from;
    while (true) {
      int colon = text.indexOf(':', at);
      if (colon < 0 || colon >= end) {
        return;
      }
      at = colon + 1;
      int start = colon;
      while (start > from && (inName(text.charAt(start - 1)))) {
        start--;
      }
      while (start < colon && !Character.isLetter(text.charAt(start))) {
        start++;
      }
      boolean later = heads.isEmpty() || start >= heads.getLast().end();
      if (start < colon && later && sentenceEnds(start, from) && capitals(start, colon)) {
        SectionNames.Name name = SectionNames.at(text, start, colon);
        if (name != null && !measured(colon + 1, end, name)) {
          heads.add(new Head(start, colon + 1, name));
        }
      }
    }
  }

  private static boolean inName(char c) {
    return Character.isUpperCase(c) || c == ' ' || c == '/' || c == '&' || c == '-' || c == ',';
  }

  private boolean sentenceEnds(int start, int from) {
    int i = start - 1;
    while (i >= from && blank(i)) {
      i--;
    }
    return i >= from && i < start - 1 && ".;!?)".indexOf(text.charAt(i)) >= 0;
  }
}
