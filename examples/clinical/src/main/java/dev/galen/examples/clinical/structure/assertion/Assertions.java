package dev.galen.examples.clinical.structure.assertion;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.structure.assertion.Cues.Cue;
import dev.galen.examples.clinical.structure.assertion.Cues.Direction;
import dev.galen.examples.clinical.structure.assertion.Cues.Kind;
import dev.galen.examples.clinical.structure.section.Sections;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Says of findings whether they are there.
 *
 * <p>The attributes that it adds: {@code assertion} ({@code present}, {@code absent} or {@code
 * uncertain}); {@code experiencer} ({@code family} or {@code other}) where it is not the patient;
 * {@code time} ({@code historical} or {@code hypothetical}) where it is not now; and {@code cue},
 * the words that decide the assertion.
 *
 * <p>A cue reaches to the end of its sentence, or to a word such as "but" or "because of", or to a
 * cue that says the contrary; the nearest cue decides. Cues behind a finding ("was ruled out")
 * reach back over no comma, unless they are in the plural of a list. Findings in a section of
 * family history are the family's, in past histories historical.
 */
public final class Assertions {
  private Assertions() {}

  /**
   * The findings with what is said of them.
   *
   * @param findings in the order of their places
   * @param sections as {@link Sections#of} gives them; may be empty
   */
  public static List<Annotation> of(
      String text, List<Annotation> findings, List<Annotation> sections) {
    List<Annotation> told = new ArrayList<>(findings.size());
    int sentence = 0;
    int next = -1;
    List<Cue> cues = List.of();
    for (int i = 0; i < findings.size(); i++) {
      Annotation finding = findings.get(i);
      if (finding.start() >= next) {
        sentence = Sentence.start(text, finding.start());
        next = Sentence.end(text, finding.end());
        cues = cues(text, sentence, next, findings, i);
      }
      told.add(tell(text, finding, cues, findings, sections));
    }
    return told;
  }

  /** The cues of a sentence; those within a finding are none. */
  private static List<Cue> cues(
      String text, int from, int to, List<Annotation> findings, int first) {
    List<Cue> cues = new ArrayList<>();
    int finding = first;
    int at = from;
    while (at < to) {
      while (finding < findings.size() && findings.get(finding).end() <= at) {
        finding++;
      }
      if (finding < findings.size() && findings.get(finding).start() <= at) {
        at = findings.get(finding).end();
        continue;
      }
      char c = text.charAt(at);
      boolean word =
          Character.isLetter(c) && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)));
      if (word || c == ':' || c == '(' || c == '?' || c == '-' || c == '+') {
        int end = Cues.add(text, at, cues);
        at = Math.max(end, at + 1);
      } else {
        at++;
      }
    }
    return cues;
  }

  private static Annotation tell(
      String text,
      Annotation finding,
      List<Cue> cues,
      List<Annotation> findings,
      List<Annotation> sections) {
    Cue assertion = null;
    Cue time = null;
    Cue person = null;
    for (Cue cue : cues) {
      if (cue.end() <= finding.start()) {
        boolean ends = cue.direction() == Direction.END || cue.direction() == Direction.AFFIRM;
        // "not positive for": the cue that stands right before keeps its reach.
        boolean taken =
            cue.direction() == Direction.AFFIRM
                && assertion != null
                && cue.start() - assertion.end() <= 1;
        if (ends && !taken) {
          assertion = null;
          time = cue.direction() == Direction.AFFIRM ? null : time;
        } else if (cue.direction() == Direction.PATIENT) {
          person = null;
        } else if (cue.direction() == Direction.BEFORE) {
          switch (cue.kind()) {
            case ABSENT, UNCERTAIN -> assertion = stronger(assertion, cue);
            case HISTORICAL, HYPOTHETICAL -> time = cue;
            case FAMILY, OTHER -> person = cue;
            default -> {}
          }
        }
      } else if (cue.start() >= finding.end() && cue.direction() == Direction.AFTER) {
        if (reaches(text, finding, cue, cues, findings)) {
          switch (cue.kind()) {
            case ABSENT, UNCERTAIN -> assertion = cue;
            case HISTORICAL -> time = cue;
            case FAMILY -> person = cue;
            default -> {}
          }
        }
      }
    }
    Map<String, String> attributes = new LinkedHashMap<>(finding.attributes());
    String section = section(finding, sections);
    attributes.put(
        "assertion",
        assertion == null ? "present" : assertion.kind() == Kind.ABSENT ? "absent" : "uncertain");
    if (person != null || section.equals("family_history")) {
      attributes.put(
          "experiencer", person != null && person.kind() == Kind.OTHER ? "other" : "family");
    }
    if (time != null) {
      attributes.put("time", time.kind() == Kind.HISTORICAL ? "historical" : "hypothetical");
    } else if (section.startsWith("past_")) {
      attributes.put("time", "historical");
    }
    if (assertion != null) {
      attributes.put("cue", text.substring(assertion.start(), assertion.end()).strip());
    }
    return new Annotation(finding.start(), finding.end(), finding.category(), attributes);
  }

  /**
   * "No evidence of possible pneumonia" stays absent; "possible pneumonia, no effusion" changes.
   */
  private static Cue stronger(Cue before, Cue cue) {
    boolean close = before != null && cue.start() - before.end() <= 12;
    return close && before.kind() == Kind.ABSENT && cue.kind() == Kind.UNCERTAIN ? before : cue;
  }

  private static boolean reaches(
      String text, Annotation finding, Cue cue, List<Cue> cues, List<Annotation> findings) {
    int comma = text.indexOf(',', finding.end());
    if (comma >= 0 && comma < cue.start() && !listed(text, cue)) {
      return false;
    }
    int semicolon = text.indexOf(';', finding.end());
    if (semicolon >= 0 && semicolon < cue.start()) {
      return false;
    }
    int words = 0;
    for (int i = finding.end(); i < cue.start(); i++) {
      words += text.charAt(i) == ' ' ? 1 : 0;
    }
    if (words > 12) {
      return false;
    }
    if (text.charAt(cue.start()) == ':' || text.charAt(cue.start()) == '-') {
      return words <= 2;
    }
    for (Cue other : cues) {
      boolean between = other.start() >= finding.end() && other.end() <= cue.start();
      boolean breaks =
          switch (other.direction()) {
            case END, AFFIRM -> true;
            case BEFORE -> other.kind() == Kind.ABSENT || other.kind() == Kind.UNCERTAIN;
            default -> false;
          };
      if (between && breaks) {
        return false;
      }
    }
    // "no fever. Cough absent" is over; "cough with fever is denied" belongs to the nearer one too.
    return true;
  }

  private static boolean listed(String text, Cue cue) {
    return text.startsWith("are ", cue.start())
        || text.startsWith("were ", cue.start())
        || text.startsWith("have ", cue.start())
        || cue.kind() == Kind.FAMILY;
  }

  private static String section(Annotation finding, List<Annotation> sections) {
    String name = "";
    for (Annotation section : sections) {
      if (section.start() > finding.start()) {
        break;
      }
      if (section.end() >= finding.end() && section.category().equals(Sections.SECTION)) {
        name = section.attributes().getOrDefault("name", "");
      }
    }
    return name;
  }
}
