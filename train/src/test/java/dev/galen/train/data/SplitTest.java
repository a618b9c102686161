package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {

  private static QuestionExample question(String id, String question) {
    return new QuestionExample(id, question, "", "A.", null);
  }

  private static List<QuestionExample> questions(int count) {
    return IntStream.range(0, count).mapToObj(i -> question("id" + i, "Q")).toList();
  }

  @Test
  void hashKeepsEachRecordOnItsSide() {
    var examples = questions(2000);
    var split = Split.byHash(examples, 0.1, 0.2, 1);
    assertEquals(2000, split.train().size() + split.validation().size() + split.test().size());
    assertTrue(Math.abs(split.validation().size() - 200) < 60, split.validation().size() + "");
    assertTrue(Math.abs(split.test().size() - 400) < 80, split.test().size() + "");
    // The order of the file and new records change nothing for the old ones.
    var reversed = new ArrayList<>(questions(2100)).reversed();
    var other = Split.byHash(reversed, 0.1, 0.2, 1);
    assertTrue(other.test().containsAll(split.test()));
    assertTrue(other.validation().containsAll(split.validation()));
    assertTrue(other.train().containsAll(split.train()));
    assertTrue(!Split.byHash(examples, 0.1, 0.2, 2).equals(split));
  }

  @Test
  void recordsWithoutIdGoByTheirQuestion() {
    var examples = new ArrayList<QuestionExample>();
    for (int i = 0; i < 200; i++) {
      examples.add(question("", "Q" + i % 100));
    }
    var split = Split.byHash(examples, 0.5, 0, 3);
    var inTrain = new HashSet<>(split.train().stream().map(QuestionExample::question).toList());
    assertTrue(split.validation().stream().noneMatch(e -> inTrain.contains(e.question())));
    assertTrue(inTrain.size() > 25 && inTrain.size() < 75);
  }

  @Test
  void fixedLists() {
    var split = Split.byIds(questions(5), Set.of("id1"), Set.of("id3", "id4"));
    assertEquals(List.of("id0", "id2"), split.train().stream().map(QuestionExample::id).toList());
    assertEquals(List.of("id1"), split.validation().stream().map(QuestionExample::id).toList());
    assertEquals(2, split.test().size());
    assertThrows(
        IllegalArgumentException.class,
        () -> Split.byIds(questions(5), Set.of("id1"), Set.of("id1")));
  }

  @Test
  void inOrderKeepsNeighboursTogether() {
    var items = IntStream.range(0, 10).boxed().toList();
    var split = Split.inOrder(items, 0.2, 0.1);
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), split.train());
    assertEquals(List.of(7, 8), split.validation());
    assertEquals(List.of(9), split.test());
    assertThrows(IllegalArgumentException.class, () -> Split.inOrder(items, 0.7, 0.4));
    assertThrows(IllegalArgumentException.class, () -> Split.inOrder(items, Double.NaN, 0));
  }

  @Test
  void sharesTogetherAreAtMostTheWhole() {
    var items = IntStream.range(0, 4).boxed().toList();
    var whole = Split.inOrder(items, 0.5, 0.5);
    assertEquals(List.of(), whole.train());
    assertEquals(List.of(0, 1), whole.validation());
    assertEquals(List.of(2, 3), whole.test());
    assertEquals(items, Split.inOrder(items, 0, 0).train());
    for (double[] shares : new double[][] {{0.9, 0.9}, {-0.1, 0.5}, {0.5, -0.1}}) {
      assertThrows(
          IllegalArgumentException.class, () -> Split.inOrder(items, shares[0], shares[1]));
      assertThrows(
          IllegalArgumentException.class,
          () -> Split.partOf(question("1", "Q"), shares[0], shares[1], 1));
    }
  }
}
