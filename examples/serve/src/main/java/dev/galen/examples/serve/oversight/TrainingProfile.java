package dev.galen.examples.serve.oversight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * What training data were like: how long their texts are, which words they use, how many there are
 * of each class. Words are kept as 64-bit hashes and only if {@value #FEWEST_TEXTS} texts have
 * them, so that the file has no name of a patient.
 *
 * @param texts how many there were
 * @param lengths of texts in words
 * @param unknown of each text, the share of its words that fewer than {@value #FEWEST_TEXTS} others
 *     have
 * @param vocabulary hashes of words, ascending
 * @param classes how many texts there are of each class; empty without classes
 */
public record TrainingProfile(
    long texts,
    Histogram lengths,
    Histogram unknown,
    long[] vocabulary,
    Map<String, Long> classes) {
  /** A word is known if so many texts have it. */
  public static final int FEWEST_TEXTS = 3;

  private static final int FEWEST = 10;
  private static final int BINS = 10;
  private static final double[] SHARES = {0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6};
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Makes a profile.
   *
   * @param texts of the training rows
   * @param labels of the same rows, or empty
   * @throws IllegalArgumentException below ten texts, of which bins would say nothing
   */
  public static TrainingProfile of(List<String> texts, List<String> labels) {
    if (texts.size() < FEWEST) {
      throw new IllegalArgumentException(
          "a profile of %d texts says nothing; it needs at least %d"
              .formatted(texts.size(), FEWEST));
    }
    if (!labels.isEmpty() && labels.size() != texts.size()) {
      throw new IllegalArgumentException(
          "there are %d labels of %d texts".formatted(labels.size(), texts.size()));
    }
    List<List<Long>> words = texts.stream().map(Words::of).toList();
    var having = new HashMap<Long, Integer>();
    for (List<Long> text : words) {
      for (Long word : new HashSet<>(text)) {
        having.merge(word, 1, Integer::sum);
      }
    }
    // A text does not vouch for its own words: a live one does not either.
    double[] unknown =
        words.stream()
            .mapToDouble(text -> share(text, word -> having.get(word) <= FEWEST_TEXTS))
            .toArray();
    double[] lengths = words.stream().mapToDouble(List::size).toArray();
    long[] known =
        having.entrySet().stream()
            .filter(entry -> entry.getValue() >= FEWEST_TEXTS)
            .mapToLong(Map.Entry::getKey)
            .sorted()
            .toArray();
    var classes = new TreeMap<String, Long>();
    labels.forEach(label -> classes.merge(label, 1L, Long::sum));
    return new TrainingProfile(
        texts.size(), Histogram.of(lengths, BINS), Histogram.of(unknown, SHARES), known, classes);
  }

  private static double share(List<Long> words, LongPredicate unknown) {
    long found = words.stream().mapToLong(Long::longValue).filter(unknown).count();
    return words.isEmpty() ? 0 : (double) found / words.size();
  }

  /** The share of {@code words} that are not in the vocabulary. */
  double unknownShare(List<Long> words) {
    return share(words, word -> Arrays.binarySearch(vocabulary, word) < 0);
  }

  /** Writes it as JSON. */
  public void write(Path file) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("texts", texts);
    put(root.putObject("lengths"), lengths);
    put(root.putObject("unknown"), unknown);
    var hashes = ByteBuffer.allocate(Long.BYTES * vocabulary.length);
    hashes.asLongBuffer().put(vocabulary);
    root.put("vocabulary", hashes.array());
    ObjectNode counts = root.putObject("classes");
    classes.forEach(counts::put);
    AtomicFile.writeString(file, JSON.writeValueAsString(root) + "\n");
  }

  private static void put(ObjectNode node, Histogram histogram) {
    var edges = node.putArray("edges");
    Arrays.stream(histogram.edges()).forEach(edges::add);
    var counts = node.putArray("counts");
    Arrays.stream(histogram.counts()).forEach(counts::add);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException in one line that names the file
   */
  public static TrainingProfile read(Path file) throws IOException {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      byte[] hashes = root.path("vocabulary").binaryValue();
      if (hashes == null || hashes.length % Long.BYTES != 0) {
        throw new IOException(file + ": has no vocabulary; make it with `galen serve profile`");
      }
      long[] vocabulary = new long[hashes.length / Long.BYTES];
      ByteBuffer.wrap(hashes).asLongBuffer().get(vocabulary);
      var classes = new TreeMap<String, Long>();
      root.path("classes")
          .properties()
          .forEach(e -> classes.put(e.getKey(), e.getValue().longValue()));
      return new TrainingProfile(
          root.path("texts").longValue(),
          histogram(root.path("lengths"), file),
          histogram(root.path("unknown"), file),
          vocabulary,
          classes);
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": not valid JSON, at line " + e.getLocation().getLineNr(), e);
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
  }

  private static Histogram histogram(JsonNode node, Path file) throws IOException {
    double[] edges = new double[node.path("edges").size()];
    long[] counts = new long[node.path("counts").size()];
    Arrays.setAll(edges, i -> node.path("edges").get(i).doubleValue());
    Arrays.setAll(counts, i -> node.path("counts").get(i).longValue());
    if (counts.length != edges.length + 1) {
      throw new IOException(
          "%s: a histogram has %d edges and %d counts, must be one more"
              .formatted(file, edges.length, counts.length));
    }
    return new Histogram(edges, counts);
  }
}
