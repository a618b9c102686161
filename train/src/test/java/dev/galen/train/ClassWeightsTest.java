package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.ClassNames;
import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.TokenClassifier;
import dev.galen.model.gpt2.Gpt2Classifier;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;
import dev.galen.train.checkpoint.SettingsChangedException;
import dev.galen.train.data.Batch;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.ClassCollator;
import dev.galen.train.data.EncodedCollator;
import dev.galen.train.data.TokenSequence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes whose labels count more while a classifier learns. */
class ClassWeightsTest {
  private static final ClassCollator COLLATOR = new ClassCollator(0);

  @TempDir Path folder;

  private static SequenceClassifier model() {
    var config = TinyModels.config(30, 8, 16, 2, 0).withClasses(ClassNames.of(3));
    return new Gpt2Classifier(
        config, Weights.initialised(Device.CPU, new Philox(7)), new Philox(0));
  }

  /** Texts of the classes 0, 0, 0, 1, 2, 2, and so on. */
  private static List<TokenSequence> data(int count) {
    var data = new ArrayList<TokenSequence>();
    int[] classes = {0, 0, 0, 1, 2, 2};
    for (int i = 0; i < count; i++) {
      int[] ids = {1 + i, 2 + 2 * (i % 5), 3 + i % 7};
      data.add(TokenSequence.classified(ids, classes[i % classes.length], 0));
    }
    return data;
  }

  private static TrainingConfig.Builder config(int batch, int accumulate) {
    return TrainingConfig.builder()
        .steps(4)
        .shuffle(false)
        .batchSize(batch)
        .accumulate(accumulate)
        .learningRate(1e-2);
  }

  private static double[] losses(TrainingConfig config) {
    try (var trainer = new Trainer(model(), config, data(12), List.of(), COLLATOR)) {
      var losses = new double[4];
      for (int i = 0; i < losses.length; i++) {
        losses[i] = trainer.trainStep().loss();
      }
      return losses;
    }
  }

  /** {@code Σ w[y] (-ln p[y]) / Σ w[y]}, from each text's own loss. */
  @Test
  void anUpdateIsTheMeanByWeights() {
    double[] weights = {1, 4, 0.25};
    SequenceClassifier model = model();
    model.eval();
    double sum = 0;
    double divisor = 0;
    for (TokenSequence sequence : data(6)) {
      Batch batch = COLLATOR.collate(List.of(sequence));
      double weight = weights[sequence.labels()[0]];
      try (var off = Autograd.noGrad()) {
        sum += weight * model.loss(batch.inputs(model.backend()), 1).item();
      }
      divisor += weight;
    }
    var config = config(6, 1).classWeights(ClassWeights.of(weights)).build();
    assertEquals(sum / divisor, losses(config)[0], 1e-6);
  }

  /** Of tokens, some of which do not count, in rows of different length. */
  @Test
  void aTaggersUpdateIsTheMeanByWeights() {
    double[] weights = {1, 4, 0.25};
    int[][] labels = {{0, 2, -100, 1}, {1, -100}};
    var collator = new EncodedCollator(0, false);
    var data = new ArrayList<TokenSequence>();
    double sum = 0;
    double divisor = 0;
    Model model = tagger();
    model.eval();
    for (int[] row : labels) {
      int[] ids = IntStream.range(5, 5 + row.length).toArray();
      data.add(new TokenSequence(ids, row));
      for (int t = 0; t < row.length; t++) {
        if (row[t] != -100) {
          int[] alone = new int[row.length];
          Arrays.fill(alone, -100);
          alone[t] = row[t];
          Batch batch = collator.collate(List.of(new TokenSequence(ids, alone)));
          try (var off = Autograd.noGrad()) {
            sum += weights[row[t]] * model.loss(batch.inputs(model.backend()), 1).item();
          }
          divisor += weights[row[t]];
        }
      }
    }
    var config = config(2, 1).classWeights(ClassWeights.of(weights)).build();
    try (var trainer = new Trainer(tagger(), config, data, List.of(), collator)) {
      assertEquals(sum / divisor, trainer.trainStep().loss(), 1e-5);
    }
    var balanced = config(2, 1).classWeights(ClassWeights.BALANCED).build();
    var counted = config(2, 1).classWeights(ClassWeights.of(4 / 3.0, 4 / 6.0, 4 / 3.0)).build();
    try (var one = new Trainer(tagger(), balanced, data, List.of(), collator);
        var two = new Trainer(tagger(), counted, data, List.of(), collator)) {
      assertEquals(two.trainStep().loss(), one.trainStep().loss());
    }
  }

  private static Model tagger() {
    return Architectures.create(
        RolesTest.BERT.withDropout(0),
        TokenClassifier.class,
        Weights.initialised(Device.CPU, new Philox(1)),
        new Philox(0));
  }

  /** Micro-batches hold labels of different weight, and the update is that of one batch. */
  @Test
  void accumulatedIsTheSameAsAtOnce() {
    ClassWeights weights = ClassWeights.of(1, 4, 0.25);
    double[] once = losses(config(6, 1).classWeights(weights).build());
    double[] parts = losses(config(2, 3).classWeights(weights).build());
    double[] plain = losses(config(6, 1).build());
    for (int i = 0; i < once.length; i++) {
      assertEquals(once[i], parts[i], 1e-5);
      assertTrue(Math.abs(once[i] - plain[i]) > 1e-4, "update " + i);
    }
  }

  /** Of 12 labels 6, 2 and 4. */
  @Test
  void balancedIsScikitLearns() {
    double[] given =
        losses(config(6, 1).classWeights(ClassWeights.of(12 / 18.0, 12 / 6.0, 12 / 12.0)).build());
    double[] counted = losses(config(6, 1).classWeights(ClassWeights.BALANCED).build());
    for (int i = 0; i < given.length; i++) {
      assertEquals(given[i], counted[i]);
    }
  }

  @Test
  void aMeasurementIsNotWeighted() throws IOException {
    var config = config(6, 1).classWeights(ClassWeights.of(1, 4, 0.25)).build();
    try (var weighted = new Trainer(model(), config, data(12), data(12), COLLATOR);
        var plain = new Trainer(model(), config(6, 1).build(), data(12), data(12), COLLATOR)) {
      assertEquals(plain.evaluate().loss(), weighted.evaluate().loss());
    }
  }

  @Test
  void aResumedRunHasTheSame() throws IOException {
    var weights = ClassWeights.of(1, 4, 0.25);
    var config = config(4, 1).output(folder).classWeights(weights).build();
    double third;
    try (var trainer = new Trainer(model(), config, data(12), List.of(), COLLATOR)) {
      trainer.trainStep();
      trainer.trainStep();
      trainer.save();
      third = trainer.trainStep().loss();
    }
    try (var again = new Trainer(model(), config, data(12), List.of(), COLLATOR)) {
      assertTrue(again.resume());
      assertEquals(third, again.trainStep().loss());
    }
    var other = config(4, 1).output(folder).classWeights(ClassWeights.BALANCED).build();
    try (var trainer = new Trainer(model(), other, data(12), List.of(), COLLATOR)) {
      String message = assertThrows(SettingsChangedException.class, trainer::resume).getMessage();
      assertTrue(message.contains("class-weights"), message);
      assertTrue(message.contains("1.0,4.0,0.25") && message.contains("balanced"), message);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertRefused("must be 3: one for each of", ClassWeights.of(1, 2), data(6));
    assertRefused("is of the class LABEL_1", ClassWeights.BALANCED, data(3));
    var strange = List.of(TokenSequence.classified(new int[] {1, 2}, 3, 0));
    assertRefused("label 3 is none of the 3 classes", ClassWeights.BALANCED, strange);
    var config = config(1, 1).classWeights(ClassWeights.BALANCED).build();
    var texts = List.of(new TokenSequence(new int[] {1, 2}, new int[] {1, 2}));
    var collator = new CausalCollator(0);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new Trainer(TinyModels.gpt2(0), config, texts, List.of(), collator))
            .getMessage();
    assertTrue(message.contains("which Gpt2CausalLm does not"), message);
  }

  /** Torch's mean of labels that weigh nothing is NaN. */
  @Test
  void anUpdateOfNoWeightIsRefused() {
    var config = config(3, 1).classWeights(ClassWeights.of(0, 1, 1)).build();
    try (var trainer = new Trainer(model(), config, data(12), List.of(), COLLATOR)) {
      String message =
          assertThrows(IllegalArgumentException.class, trainer::trainStep).getMessage();
      assertTrue(message.contains("weighs 0"), message);
    }
  }

  @Test
  void aListIsRead() {
    assertEquals(ClassWeights.BALANCED, ClassWeights.parse("balanced"));
    assertEquals(ClassWeights.of(1, 2.5, 0), ClassWeights.parse("1, 2.5,0"));
    ClassWeights weights = ClassWeights.of(0.1, 3);
    assertEquals(weights, ClassWeights.parse(weights.text()));
    for (String bad : List.of("", "1,,2", "even", "1,x", "-1,2", "NaN,1", "0,0", "1,Infinity")) {
      assertThrows(IllegalArgumentException.class, () -> ClassWeights.parse(bad), bad);
    }
  }

  private static void assertRefused(String part, ClassWeights weights, List<TokenSequence> data) {
    var config = config(1, 1).classWeights(weights).build();
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new Trainer(model(), config, data, List.of(), COLLATOR))
            .getMessage();
    assertTrue(message.contains(part), message);
  }
}
