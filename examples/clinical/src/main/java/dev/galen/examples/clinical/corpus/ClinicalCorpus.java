package dev.galen.examples.clinical.corpus;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.clinical.corpus.ClinicalTables.Aspect;
import dev.galen.examples.clinical.corpus.ClinicalTables.Range;
import dev.galen.train.data.Examples;
import dev.galen.train.data.Origin;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.Split;
import dev.galen.train.run.GivenData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * The corpus that ships with Galen: clinical questions in PubMedQA's form, so that the main job
 * runs with nothing downloaded. It is generated from a table of textbook facts (about eighty
 * conditions, twelve phrases each) and a table of sentences, both resources written for this
 * project. The studies and their figures are invented, no patient is behind them, and nothing here
 * is medical advice.
 *
 * <p>Each condition is asked about in nine ways: five are answered yes, three no, one maybe, close
 * to PubMedQA's balance of 55, 34 and 11 per cent. The wording of a question does not give the
 * answer away; the results in its context do. Of each condition one question goes to the test set
 * and another to validation, in turn, so that every part knows every condition and every way of
 * asking, and no question stands in two parts.
 *
 * <p>The corpus is the same on every machine and in every run: records draw their sentences and
 * figures from {@link SplittableRandom} with a fixed seed and the record's number.
 */
public final class ClinicalCorpus {

  private static final long SEED = 20_190_913;
  private static final int VALIDATION_SHIFT = 4;
  private static final List<String> SECTIONS = List.of("BACKGROUND", "METHODS", "RESULTS");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

  private ClinicalCorpus() {}

  /** A record as PubMedQA has it. */
  private record Entry(
      String id,
      String topic,
      String question,
      List<String> contexts,
      String answer,
      String decision) {

    QuestionExample example(int number) {
      var origin = new Origin("clinical corpus", number);
      return new QuestionExample(
          id, question, String.join("\n", contexts), answer, decision, origin);
    }
  }

  /** The corpus as what a run learns from and is measured on. */
  public static GivenData data() {
    return GivenData.of(
        "Galen's clinical corpus",
        () -> {
          Split<QuestionExample> split = load();
          return new GivenData.Content(
              Examples.of(split.train()),
              Examples.of(split.validation()),
              "Galen's clinical corpus: %d training, %d validation, %d test records, no real patient"
                  .formatted(split.train().size(), split.validation().size(), split.test().size()));
        });
  }

  /** The corpus, parted. */
  public static Split<QuestionExample> load() {
    Split<Entry> entries = entries();
    return new Split<>(
        examples(entries.train()), examples(entries.validation()), examples(entries.test()));
  }

  private static List<QuestionExample> examples(List<Entry> entries) {
    var examples = new ArrayList<QuestionExample>(entries.size());
    for (Entry entry : entries) {
      examples.add(entry.example(examples.size() + 1));
    }
    return examples;
  }

  /**
   * Writes {@code train.json}, {@code valid.json} and {@code test.json} in PubMedQA's form, {@code
   * {id: {QUESTION, CONTEXTS, LABELS, MESHES, LONG_ANSWER, final_decision}}}. Each file is written
   * beside its place and then renamed.
   *
   * @param directory where to; made if it is missing
   * @throws IOException if a file cannot be written
   */
  public static void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Split<Entry> entries = entries();
    write(directory.resolve("train.json"), entries.train());
    write(directory.resolve("valid.json"), entries.validation());
    write(directory.resolve("test.json"), entries.test());
  }

  private static void write(Path file, List<Entry> entries) throws IOException {
    var mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    for (Entry entry : entries) {
      ObjectNode node = root.putObject(entry.id());
      node.put("QUESTION", entry.question());
      node.set("CONTEXTS", mapper.valueToTree(entry.contexts()));
      node.set("LABELS", mapper.valueToTree(SECTIONS));
      node.set("MESHES", mapper.valueToTree(List.of(entry.topic())));
      node.put("LONG_ANSWER", entry.answer());
      node.put("final_decision", entry.decision());
    }
    // The same bytes on every system, whatever its line separator.
    var printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(new DefaultIndenter(" ", "\n"));
    printer.indentArraysWith(new DefaultIndenter(" ", "\n"));
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(part, mapper.writer(printer).writeValueAsString(root) + "\n");
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Split<Entry> entries() {
    var train = new ArrayList<Entry>();
    var validation = new ArrayList<Entry>();
    var test = new ArrayList<Entry>();
    List<Aspect> aspects = ClinicalTables.aspects();
    int condition = 0;
    int number = 0;
    for (Map<String, String> fact : ClinicalTables.facts()) {
      for (int i = 0; i < aspects.size(); i++) {
        Entry entry = entry(++number, fact, aspects.get(i));
        int turn = Math.floorMod(i - condition, aspects.size());
        (turn == 0 ? test : turn == VALIDATION_SHIFT ? validation : train).add(entry);
      }
      condition++;
    }
    return new Split<>(train, validation, test);
  }

  private static Entry entry(int number, Map<String, String> fact, Aspect aspect) {
    var random = new SplittableRandom(SEED + number);
    var words = new HashMap<>(fact);
    words.put("x", fact.get(aspect.column()));
    for (Map.Entry<String, Range> figure : aspect.numbers().entrySet()) {
      Range range = figure.getValue();
      int drawn = range.from() + draw(random, range.to() - range.from() + 1);
      words.put(figure.getKey(), Integer.toString(drawn));
    }
    String background =
        fill("{Name} is {nature}. ", words) + sentence("background", aspect, words, random);
    return new Entry(
        "galen-%04d".formatted(number),
        fact.get("name"),
        sentence("question", aspect, words, random),
        List.of(
            background,
            sentence("methods", aspect, words, random),
            sentence("results", aspect, words, random)),
        sentence("answer", aspect, words, random),
        aspect.decision());
  }

  private static String sentence(
      String kind, Aspect aspect, Map<String, String> words, SplittableRandom random) {
    List<String> choices = aspect.sentences().get(kind);
    return fill(choices.get(draw(random, choices.size())), words);
  }

  /** A number from 0 (inclusive) to the bound (exclusive). */
  private static int draw(SplittableRandom random, int bound) {
    return (int) Math.unsignedMultiplyHigh(random.nextLong(), bound);
  }

  /** Puts phrases in the place of their names in braces, with a capital where the name has one. */
  private static String fill(String template, Map<String, String> words) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(
            match -> {
              String name = match.group(1);
              String phrase = words.get(name.toLowerCase(Locale.ROOT));
              return Character.isUpperCase(name.charAt(0))
                  ? phrase.substring(0, 1).toUpperCase(Locale.ROOT) + phrase.substring(1)
                  : phrase;
            });
  }
}
