package dev.galen.examples.clinical.pubmedqa;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.data.QuestionExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * Which records are the test set, and which of ten folds the others are in: a fold's model trains
 * on the other nine and is chosen by its own.
 *
 * <p>The procedure is that of the authors' repository (pubmedqa/pubmedqa, {@code
 * preprocess/split_dataset.py}, seed 0): class by class the ids are shuffled and cut into equal
 * parts, first into two halves, then the first half into ten; where the last part comes out
 * smaller, one record of each other part, by chance, goes over to it. Given the 1,000 records in
 * their published order this is the official split, id for id.
 *
 * @param parts by id, {@link #TEST} or the number of a fold, in the order of the file
 * @param source in words, where it comes from
 * @param official whether it is the published split: computed from all records, or of a file that
 *     is named {@code official_split.json}
 */
public record OfficialSplit(SequencedMap<String, Integer> parts, String source, boolean official) {
  /** The part of the test set. */
  public static final int TEST = -1;

  /** How many folds there are. */
  public static final int FOLDS = 10;

  private static final Map<String, Integer> PUBLISHED = Map.of("yes", 552, "no", 338, "maybe", 110);
  private static final String OFFICIAL_FILE = "official_split.json";
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Keeps its own copy. */
  public OfficialSplit {
    parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
  }

  /** Whether these are as many of each decision as the published set has. */
  public static boolean isWhole(List<QuestionExample> records) {
    var counts = new HashMap<String, Integer>();
    records.forEach(record -> counts.merge(record.decision(), 1, Integer::sum));
    return counts.equals(PUBLISHED);
  }

  /**
   * Runs the procedure.
   *
   * @throws IllegalArgumentException if there are too few records for a test set and ten folds
   */
  public static OfficialSplit compute(List<QuestionExample> records) {
    var decisions = new LinkedHashMap<String, String>();
    records.forEach(record -> decisions.put(record.id(), record.decision()));
    var random = new PythonRandom(0);
    List<List<String>> halves = split(decisions.keySet(), decisions, 2, random);
    List<List<String>> folds = folds(halves.get(0), decisions, random);
    if (halves.get(1).isEmpty() || halves.get(0).size() < FOLDS) {
      throw new IllegalArgumentException(
          "%d records are too few for a test set and %d folds".formatted(records.size(), FOLDS));
    }
    var parts = new LinkedHashMap<String, Integer>();
    decisions.keySet().forEach(id -> parts.put(id, TEST));
    for (int fold = 0; fold < FOLDS; fold++) {
      for (String id : folds.get(fold)) {
        parts.put(id, fold);
      }
    }
    boolean whole = isWhole(records);
    return new OfficialSplit(
        parts,
        whole
            ? "the official split, computed from the 1,000 records by the authors' procedure"
            : "the authors' procedure on the %,d records of the file, which is not the official"
                    .formatted(records.size())
                + " split of 1,000",
        whole);
  }

  /** By the procedure; of so few records that it leaves folds empty, one to each fold in turn. */
  private static List<List<String>> folds(
      Iterable<String> ids, Map<String, String> decisions, PythonRandom random) {
    List<List<String>> folds = split(ids, decisions, FOLDS, random);
    if (folds.stream().noneMatch(List::isEmpty)) {
      return folds;
    }
    List<String> all = folds.stream().flatMap(List::stream).toList();
    for (int fold = 0; fold < FOLDS; fold++) {
      int own = fold;
      folds.set(
          fold,
          IntStream.range(0, all.size()).filter(i -> i % FOLDS == own).mapToObj(all::get).toList());
    }
    return folds;
  }

  private static List<List<String>> split(
      Iterable<String> ids, Map<String, String> decisions, int count, PythonRandom random) {
    var output = new ArrayList<List<String>>();
    for (int part = 0; part < count; part++) {
      output.add(new ArrayList<>());
    }
    for (String decision : PubMedQa.DECISIONS) {
      var own = new ArrayList<String>();
      ids.forEach(
          id -> {
            if (decisions.get(id).equals(decision)) {
              own.add(id);
            }
          });
      random.shuffle(own);
      int size = Math.ceilDiv(own.size(), count);
      for (int part = 0; part < count; part++) {
        int from = Math.min(part * size, own.size());
        int to = part == count - 1 ? own.size() : Math.min(from + size, own.size());
        output.get(part).addAll(own.subList(from, to));
      }
    }
    List<String> last = output.getLast();
    if (last.size() != output.getFirst().size()) {
      for (List<String> part : output.subList(0, count - 1)) {
        if (!part.isEmpty()) {
          String picked = random.choice(part);
          part.remove(picked);
          last.add(picked);
        }
      }
    }
    return output;
  }

  /**
   * The split of a file's records: that of a given file; else, of the whole data set, the computed
   * one; else that of {@code official_split.json} or {@code test_ground_truth.json} beside the
   * data; else the procedure on the records that there are.
   *
   * @param file of the records
   * @param given a split of the user's, or null
   */
  public static OfficialSplit of(Path file, PubMedQa data, Path given) throws IOException {
    if (given != null) {
      return read(given, data.records());
    }
    if (isWhole(data.records())) {
      return compute(data.records());
    }
    for (String name : List.of(OFFICIAL_FILE, "test_ground_truth.json")) {
      Path beside = file.toAbsolutePath().resolveSibling(name);
      if (Files.exists(beside)) {
        return read(beside, data.records());
      }
    }
    return compute(data.records());
  }

  /**
   * Reads a split: {@code {id: "test" | fold}}, or the authors' {@code test_ground_truth.json},
   * {@code {id: decision}} of the test set alone, whose other records get folds by the procedure.
   *
   * @throws IOException in one line that names the file and the id
   */
  public static OfficialSplit read(Path file, List<QuestionExample> records) throws IOException {
    JsonNode json;
    try {
      json = MAPPER.readTree(file.toFile());
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
    if (json == null || !json.isObject() || json.isEmpty()) {
      throw new IOException(file + ": is no JSON object of ids with \"test\" or a fold's number");
    }
    boolean decisions = PubMedQa.DECISIONS.contains(json.elements().next().asText());
    var parts = new LinkedHashMap<String, Integer>();
    var others = new LinkedHashMap<String, String>();
    for (QuestionExample record : records) {
      JsonNode value = json.get(record.id());
      if (value == null && !decisions) {
        throw new IOException(
            "%s: has no part for the record %s of %s"
                .formatted(file, record.id(), record.origin()));
      }
      if (value == null) {
        others.put(record.id(), record.decision());
      }
      parts.put(record.id(), value == null ? 0 : decisions ? TEST : part(file, record.id(), value));
    }
    List<List<String>> folds = folds(others.keySet(), others, new PythonRandom(0));
    for (int fold = 0; fold < FOLDS; fold++) {
      for (String id : folds.get(fold)) {
        parts.put(id, fold);
      }
    }
    String source =
        decisions
            ? "the official test set of " + file.getFileName() + "; folds of our own"
            : file.getFileName().toString();
    return new OfficialSplit(parts, source, file.endsWith(OFFICIAL_FILE));
  }

  private static int part(Path file, String id, JsonNode value) throws IOException {
    String text = value.asText();
    if (text.equals("test")) {
      return TEST;
    }
    if (!text.matches("[0-9]")) {
      throw new IOException(
          "%s: %s is \"%s\", must be \"test\" or a fold from 0 to %d"
              .formatted(file, id, text, FOLDS - 1));
    }
    return Integer.parseInt(text);
  }

  /** The records of the test set, in their order. */
  public List<QuestionExample> test(PubMedQa data) {
    return part(data, TEST);
  }

  /** The records that are not tested on. */
  public List<QuestionExample> train(PubMedQa data) {
    return data.records().stream().filter(record -> parts.get(record.id()) != TEST).toList();
  }

  /** The records of a fold, by which its model is chosen. */
  public List<QuestionExample> part(PubMedQa data, int part) {
    return data.records().stream().filter(record -> parts.get(record.id()) == part).toList();
  }

  /** What the model of a fold learns from: the other folds. */
  public List<QuestionExample> trainOf(PubMedQa data, int fold) {
    return train(data).stream().filter(record -> parts.get(record.id()) != fold).toList();
  }
}
