package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SequenceOriginsTest {
  private static Origin line(int number) {
    return new Origin("rows", number);
  }

  @Test
  void aSequenceIsFoundBesideThoseThatWereLeftOut() throws IOException {
    var examples = new ArrayList<Example>();
    for (int i = 1; i <= 5; i++) {
      int[] labels = i == 2 ? new int[] {-100, -100, -100} : null;
      examples.add(new TokenExample(new int[] {i, i, i}, labels, line(i)));
    }
    SequenceEncoder encoder = SequenceEncoder.ofTokens(20, 8);
    SequenceEncoding encoding = encoder.encoding();
    examples.stream().filter(e -> e.origin().line() != 4).forEach(encoding::add);
    TokenSequences learned = encoding.finish().withLabels(encoder.collator());
    assertEquals(3, learned.size()); // of the lines 1, 3 and 5
    assertEquals(
        Map.of(1, List.of("rows:3"), 2, List.of("rows:5")),
        SequenceOrigins.of(
            Set.of(1, 2),
            learned,
            Examples.of(examples),
            example -> example.origin().line() != 4,
            encoder.encoding()));
    TokenSequences sampled = learned.select(new int[] {2, 0, 2});
    assertEquals(
        Map.of(0, List.of("rows:5"), 2, List.of("rows:5")),
        SequenceOrigins.of(
            Set.of(0, 2),
            sampled,
            Examples.of(examples),
            example -> example.origin().line() != 4,
            encoder.encoding()));
  }

  /** Texts one behind the other in sequences of one length. */
  @Test
  void aSequenceOfSeveralTextsHasAllOfThem() throws IOException {
    var examples = new ArrayList<Example>();
    for (int i = 1; i <= 6; i++) {
      examples.add(new TextExample("fever " + "and cough ".repeat(i % 3), line(i)));
    }
    ExampleEncoder encoder = SequenceEncoder.of(new WordTokenizer(), 400, 8).withPacking();
    SequenceEncoding encoding = encoder.encoding();
    examples.forEach(encoding::add);
    TokenSequences sequences = encoding.finish();
    Map<Integer, List<String>> origins =
        SequenceOrigins.of(
            Set.of(0, sequences.size() - 1),
            sequences,
            Examples.of(examples),
            e -> true,
            encoder.encoding());
    assertEquals("rows:1", origins.get(0).getFirst());
    assertEquals("rows:6", origins.get(sequences.size() - 1).getLast());
  }
}
