package dev.galen.examples.clinical.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.SharedData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BagOfWordsTest {
  /** The optimum of one convex objective, found by two programs to a gradient of about 1e-6. */
  private static final double OPTIMUM = 1e-4;

  private static final double SUM = 1e-12;

  private static JsonNode cases() throws IOException {
    return new JsonMapper().readTree(BagOfWordsTest.class.getResource("cases.json"));
  }

  private static void compare(JsonNode all, JsonNode wanted) {
    var classes = new ArrayList<String>();
    wanted.get("classes").forEach(name -> classes.add(name.asText()));
    var texts = new ArrayList<String>();
    var labels = new ArrayList<Integer>();
    for (JsonNode row : all.get("train")) {
      if (classes.contains(row.get(0).asText())) {
        labels.add(classes.indexOf(row.get(0).asText()));
        texts.add(row.get(1).asText());
      }
    }
    var settings =
        new TfIdf.Settings(
            wanted.get("words").asInt(),
            wanted.get("least").asInt(),
            wanted.get("sublinear").asBoolean());
    int[] truth = labels.stream().mapToInt(Integer::intValue).toArray();
    var bag = BagOfWords.fit(texts, truth, classes.size(), settings, wanted.get("c").asDouble());
    TfIdf words = TfIdf.of(texts, settings);
    assertEquals(wanted.get("features").asInt(), bag.features());
    for (int i = 0; i < all.get("test").size(); i++) {
      String text = all.get("test").get(i).asText();
      double sum = Arrays.stream(words.vector(text).values()).sum();
      assertEquals(wanted.get("sums").get(i).asDouble(), sum, SUM, text);
      double[] p = bag.probabilities(text);
      for (int k = 0; k < classes.size(); k++) {
        assertEquals(
            wanted.get("probabilities").get(i).get(k).asDouble(), p[k], OPTIMUM, text + " " + k);
      }
    }
  }

  @Test
  void isScikitLearns() throws IOException {
    JsonNode all = cases();
    assertEquals(3, all.get("three").size());
    all.get("three").forEach(wanted -> compare(all, wanted));
  }

  @Test
  void isScikitLearnsWithTwoClasses() throws IOException {
    JsonNode all = cases();
    compare(all, all.get("two").get(0));
  }

  @Test
  void findsWordsAsPython() {
    assertEquals(
        List.of("naïve", "β_2", "5²", "mm", "t2", "it", "ab"),
        TfIdf.words("Naïve β_2 5²-mm a T2 x IT's ab"));
    assertEquals(List.of(), TfIdf.words("a . b"));
  }

  @Test
  void choosesCWithoutTheTest() {
    // The rare word decides and common ones do not: a small C cannot say so.
    var texts = new ArrayList<String>();
    var truth = new int[40];
    for (int i = 0; i < 40; i++) {
      truth[i] = i % 4 == 0 ? 1 : 0;
      texts.add("the study of the group with the drug " + (truth[i] == 1 ? "failed" : "worked"));
    }
    var tuned = BagOfWords.tuned(texts, truth, 2, TfIdf.Settings.DEFAULT, 5, 1);
    assertArrayEquals(truth, tuned.predict(texts));
    assertTrue(tuned.c() > 0.1, "C is " + tuned.c());
    assertEquals(tuned.c(), BagOfWords.tuned(texts, truth, 2, TfIdf.Settings.DEFAULT, 5, 1).c());
  }

  @Test
  void refusesWhatCannotBeFitted() {
    var settings = TfIdf.Settings.DEFAULT;
    assertEquals(
        "no word of two letters or more occurs in 1 of the 1 texts",
        assertThrows(IllegalArgumentException.class, () -> TfIdf.of(List.of("a ."), settings))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> BagOfWords.fit(List.of("some words"), new int[] {0}, 2, settings, 0));
    assertThrows(IllegalArgumentException.class, () -> Majority.of(new int[0], 2));
    assertEquals(2, Majority.of(new int[] {0, 2, 2, 1, 1}, 3) + 1);
  }

  @Test
  void saysWhichIsBetter() {
    int[] truth = new int[200];
    int[] poor = new int[200];
    for (int i = 0; i < 200; i++) {
      truth[i] = i % 2;
      poor[i] = i % 5 == 0 ? 1 - truth[i] : truth[i];
    }
    var model = Baselines.Measured.of("the model", truth, truth, 2);
    var bag = Baselines.Measured.of("the bag of words", truth, poor, 2);
    var compared = PairedComparison.of(truth, bag, model, 2, 1);
    assertTrue(
        compared.words().startsWith("The model is better than the bag of words by 0.2"),
        compared.words());
    assertEquals(0, compared.mcNemar().statistic());
    var equal = PairedComparison.of(truth, bag, bag, 2, 1);
    assertTrue(equal.words().startsWith("No difference in accuracy"), equal.words());
  }

  @Test
  void reachesPubMedQasFigures() throws IOException {
    var json = new JsonMapper();
    JsonNode records = json.readTree(SharedData.require("pubmedqa/pqal_shared.json").toFile());
    JsonNode split = json.readTree(SharedData.require("pubmedqa/official_split.json").toFile());
    List<String> names = List.of("yes", "no", "maybe");
    var train = new ArrayList<String>();
    var test = new ArrayList<String>();
    var trainTruth = new ArrayList<Integer>();
    var testTruth = new ArrayList<Integer>();
    for (Map.Entry<String, JsonNode> entry : records.properties()) {
      boolean isTest = split.get(entry.getKey()).asText().equals("test");
      (isTest ? test : train).add(entry.getValue().get("LONG_ANSWER").asText());
      (isTest ? testTruth : trainTruth)
          .add(names.indexOf(entry.getValue().get("final_decision").asText()));
    }
    int[] trained = trainTruth.stream().mapToInt(Integer::intValue).toArray();
    int[] tested = testTruth.stream().mapToInt(Integer::intValue).toArray();
    var all = Baselines.of(train, trained, test, tested, 3, 1);
    assertEquals(0.5428571428571428, all.get(0).accuracy(), 1e-9);
    assertEquals(0.23456790123456792, all.get(0).macroF1(), 1e-9);
    assertEquals(0.603, all.get(1).accuracy(), 5e-4);
    assertEquals(0.361, all.get(1).macroF1(), 5e-4);
    var ten = BagOfWords.fit(train, trained, 3, TfIdf.Settings.DEFAULT, 10);
    var measured = Baselines.Measured.of("C = 10", tested, ten.predict(test), 3);
    assertEquals(0.636, measured.accuracy(), 5e-4);
    assertEquals(0.425, measured.macroF1(), 5e-4);
    assertEquals("bag of words, tuned, C = 10", all.get(2).name());
    assertArrayEquals(measured.predicted(), all.get(2).predicted());
    System.out.println("Baselines of PubMedQA, reasoning-free:");
    all.forEach(one -> System.out.println("  " + one.line()));
  }
}
