package dev.galen.examples.clinical.pubmedqa;

import dev.galen.train.data.Origin;
import dev.galen.train.data.QuestionExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * Questions made of statements, after PubMedQA's own artificial set PQA-A: of "Zinc does not
 * prevent colds." it makes "Does zinc prevent colds?", no. The auxiliary moves to the front, a
 * negation and words of doubt are left out of the question, and the answer follows from them: no
 * where the auxiliary is negated, maybe where the statement hedges, yes where it does neither. The
 * long answer is the statement, with the sentence before or behind it in half of the cases each.
 * Nobody labels anything; what is learned is where an answer stands and how it is worded.
 */
public final class ArtificialQuestions {
  private static final int FEWEST_WORDS = 6;
  private static final int MOST_WORDS = 45;
  private static final int LAST_AUXILIARY = 14;
  private static final int NEGATION_REACH = 3;

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern SENTENCE = Pattern.compile("(?<=[.!?])\\s+(?=[A-Z])");
  private static final Pattern NO_LETTER = Pattern.compile("[^a-z']");

  private static final Set<String> AUXILIARIES =
      Set.of(
          "is", "are", "was", "were", "has", "have", "had", "can", "could", "may", "might",
          "should", "will", "would", "does", "did", "do", "must");
  private static final Set<String> RELATIVES = Set.of("who", "that", "which", "if", "you", "when");
  private static final Set<String> CLAUSES =
      Set.of("if", "when", "although", "because", "while", "after", "before", "as", "since");
  private static final Set<String> NEGATIONS =
      Set.of("not", "no", "never", "neither", "nor", "none", "cannot", "without", "lack");
  private static final Set<String> OF_VERB = Set.of("not", "no", "never", "neither");
  private static final Set<String> DOUBTING_VERBS = Set.of("may", "might", "could");
  private static final Set<String> DOUBTS =
      Set.of(
          "may",
          "might",
          "could",
          "possibly",
          "perhaps",
          "unclear",
          "unknown",
          "uncertain",
          "possible",
          "probably",
          "potentially",
          "whether",
          "controversial",
          "inconclusive",
          "seem",
          "seems",
          "appear",
          "appears",
          "sometimes",
          "limited");

  private ArtificialQuestions() {}

  /**
   * The questions of texts, at most so many of each decision, in an order of the seed's.
   *
   * @param most how many of yes, no and maybe
   */
  public static List<QuestionExample> of(List<String> texts, int[] most, long seed) {
    var random = new SplittableRandom(seed);
    var made = new ArrayList<List<QuestionExample>>();
    PubMedQa.DECISIONS.forEach(decision -> made.add(new ArrayList<>()));
    for (String text : texts) {
      String[] sentences = SENTENCE.split(SPACE.matcher(text).replaceAll(" ").strip());
      for (int i = 0; i < sentences.length; i++) {
        String before = random.nextBoolean() && i > 0 ? sentences[i - 1] + " " : "";
        String behind =
            random.nextBoolean() && i + 1 < sentences.length ? " " + sentences[i + 1] : "";
        QuestionExample question = question(sentences[i].strip(), before, behind);
        if (question != null) {
          made.get(PubMedQa.label(question)).add(question);
        }
      }
    }
    var all = new ArrayList<QuestionExample>();
    for (int label = 0; label < made.size(); label++) {
      List<QuestionExample> own = made.get(label);
      shuffle(own, random);
      all.addAll(own.subList(0, Math.min(own.size(), most[label])));
    }
    shuffle(all, random);
    return List.copyOf(all);
  }

  private static <T> void shuffle(List<T> list, SplittableRandom random) {
    for (int i = list.size() - 1; i > 0; i--) {
      Collections.swap(list, i, random.nextInt(i + 1));
    }
  }

  /** The question of a statement, or null where it makes none. */
  static QuestionExample question(String statement, String before, String behind) {
    if (!statement.endsWith(".")) {
      return null;
    }
    String[] words = statement.substring(0, statement.length() - 1).split(" ");
    String[] plain =
        Arrays.stream(words)
            .map(word -> NO_LETTER.matcher(word.toLowerCase(Locale.ROOT)).replaceAll(""))
            .toArray(String[]::new);
    if (words.length < FEWEST_WORDS || words.length > MOST_WORDS || CLAUSES.contains(plain[0])) {
      return null;
    }
    int verb = verb(words, plain);
    if (verb < 0) {
      return null;
    }
    boolean denied = OF_VERB.contains(plain[0]);
    boolean negated = false;
    boolean doubted = false;
    for (int i = 0; i < plain.length; i++) {
      negated |= NEGATIONS.contains(plain[i]) || plain[i].endsWith("n't");
      denied |= i > verb && i <= verb + NEGATION_REACH && OF_VERB.contains(plain[i]);
      doubted |= DOUBTS.contains(plain[i]);
    }
    if (negated && !denied && !doubted) {
      return null; // Something is denied, but perhaps not what would be asked.
    }
    String decision = doubted ? "maybe" : denied ? "no" : "yes";
    return new QuestionExample(
        "", asked(words, plain, verb), "", before + statement + behind, decision, Origin.MEMORY);
  }

  /** The place of the auxiliary, -1 where there is none that can be moved. */
  private static int verb(String[] words, String[] plain) {
    for (int i = 1; i < Math.min(words.length - 2, LAST_AUXILIARY); i++) {
      if (words[i - 1].endsWith(":") || words[i - 1].endsWith(",")) {
        return -1;
      }
      if (AUXILIARIES.contains(words[i])) {
        return RELATIVES.contains(plain[i - 1]) ? -1 : i;
      }
    }
    return -1;
  }

  private static String asked(String[] words, String[] plain, int verb) {
    String auxiliary = DOUBTING_VERBS.contains(words[verb]) ? "can" : words[verb];
    var question = new StringBuilder();
    question
        .append(auxiliary.substring(0, 1).toUpperCase(Locale.ROOT))
        .append(auxiliary, 1, auxiliary.length());
    for (int i = 0; i < words.length; i++) {
      if (i == verb || OF_VERB.contains(plain[i]) || DOUBTS.contains(plain[i])) {
        continue;
      }
      boolean name = i > 0 || words[i].length() < 2 || !Character.isLowerCase(words[i].charAt(1));
      question.append(' ').append(name ? words[i] : words[i].toLowerCase(Locale.ROOT));
    }
    return question.append('?').toString();
  }
}
