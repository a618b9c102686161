package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.ClassNames;
import dev.galen.model.ProblemType;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;
import dev.galen.train.data.Batch;
import dev.galen.train.data.ClassCollator;
import dev.galen.train.data.TokenSequence;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Weights of texts that have several labels each: torch's BCEWithLogitsLoss. */
class LabelsThatHoldTest {
  private static final ClassNames CLASSES = ClassNames.of(3).withProblem(ProblemType.MULTI_LABEL);
  private static final ClassCollator COLLATOR = new ClassCollator(0, CLASSES);
  private static final int[][] LABELS = {{1, 0, 1}, {0, 0, 1}, {1, 1, 0}, {1, 0, 0}};

  private static SequenceClassifier model() {
    return Architectures.create(
        TinyModels.config(30, 8, 16, 2, 0).withClasses(CLASSES),
        SequenceClassifier.class,
        Weights.initialised(Device.CPU, new Philox(7)),
        new Philox(0));
  }

  private static List<TokenSequence> data() {
    var data = new ArrayList<TokenSequence>();
    for (int i = 0; i < LABELS.length; i++) {
      var bits = new int[3];
      for (int k = 0; k < 3; k++) {
        bits[k] = Float.floatToRawIntBits(LABELS[i][k]);
      }
      data.add(new TokenSequence(new int[] {5 + i, 6, 7 + i}, bits, 0, null, null));
    }
    return data;
  }

  private static double first(ClassWeights weights, ClassWeights positive) {
    TrainingConfig config =
        TrainingConfig.builder()
            .steps(1)
            .batchSize(4)
            .shuffle(false)
            .classWeights(weights)
            .positiveWeights(positive)
            .build();
    try (var trainer = new Trainer(model(), config, data(), List.of(), COLLATOR)) {
      return trainer.trainStep().loss();
    }
  }

  /** {@code -w (p y ln s(z) + (1 - y) ln(1 - s(z)))}, the mean over texts and classes. */
  private static double expected(double[] weights, double[] positive) {
    SequenceClassifier model = model();
    model.eval();
    Batch batch = COLLATOR.collate(data());
    double sum = 0;
    try (var off = Autograd.noGrad()) {
      double[] logits = model.logits(batch.inputs(model.backend())).toDoubles();
      for (int i = 0; i < logits.length; i++) {
        double s = 1 / (1 + Math.exp(-logits[i]));
        double log = LABELS[i / 3][i % 3] == 1 ? positive[i % 3] * Math.log(s) : Math.log(1 - s);
        sum -= weights[i % 3] * log;
      }
      return sum / logits.length;
    }
  }

  @Test
  void anUpdateIsTorchs() {
    double[] ones = {1, 1, 1};
    double[] weights = {1, 4, 0.25};
    double[] positive = {0.5, 3, 2};
    assertEquals(expected(ones, ones), first(ClassWeights.NONE, ClassWeights.NONE), 1e-6);
    assertEquals(
        expected(ones, positive), first(ClassWeights.NONE, ClassWeights.of(positive)), 1e-6);
    assertEquals(
        expected(weights, positive),
        first(ClassWeights.of(weights), ClassWeights.of(positive)),
        1e-6);
    double[] counted = {1 / 3.0, 3, 1};
    assertEquals(expected(ones, counted), first(ClassWeights.NONE, ClassWeights.BALANCED), 1e-6);
  }

  @Test
  void aMeasurementIsNotWeighted() {
    SequenceClassifier model = model();
    Batch batch = COLLATOR.collate(data());
    model.eval();
    double plain = model.loss(batch.inputs(model.backend()), 4).item();
    model.setPositiveWeights(2, 2, 2);
    assertEquals(plain, model.loss(batch.inputs(model.backend()), 4).item());
    model.train();
    assertTrue(model.loss(batch.inputs(model.backend()), 4).item() > 1.1 * plain);
    model.setPositiveWeights();
    assertEquals(plain, model.loss(batch.inputs(model.backend()), 4).item());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertRefused("must be 3: one for each of", ClassWeights.NONE, ClassWeights.of(1, 2));
    assertRefused("give numbers, or balanced positive", ClassWeights.BALANCED, ClassWeights.NONE);
    String zero =
        assertThrows(
                IllegalArgumentException.class,
                () -> TrainingConfig.builder().positiveWeights(ClassWeights.of(1, 0)).build())
            .getMessage();
    assertEquals("positive-weights is [1.0, 0.0], must be above 0", zero);
  }

  private static void assertRefused(String part, ClassWeights weights, ClassWeights positive) {
    String line =
        assertThrows(IllegalArgumentException.class, () -> first(weights, positive)).getMessage();
    assertTrue(line.contains(part), line);
  }
}
