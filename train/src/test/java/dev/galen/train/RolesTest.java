package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.ClassNames;
import dev.galen.model.MaskedLm;
import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.model.ProblemType;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.SpecialIds;
import dev.galen.model.TokenClassifier;
import dev.galen.model.bert.BertConfig;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.t5.T5Config;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.random.Philox;
import dev.galen.train.data.ClassCollator;
import dev.galen.train.data.Collator;
import dev.galen.train.data.EncodedCollator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.MixedPrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every role of BERT and T5 under the trainer, with dropout: in half precision near F32, and with
 * recomputation to the bit.
 */
class RolesTest {
  private static final int VOCABULARY = 40;
  private static final int STEPS = 12;

  /** A tiny one, of three classes. */
  static final BertConfig BERT =
      new BertConfig(
          VOCABULARY,
          32,
          2,
          32,
          2,
          4,
          64,
          Unary.GELU_ERF,
          0.1,
          0.1,
          null,
          1e-12,
          0.1,
          true,
          true,
          SpecialIds.NONE,
          ClassNames.of(3));

  private static final T5Config T5 =
      new T5Config(
          VOCABULARY,
          32,
          32,
          2,
          2,
          4,
          8,
          64,
          Unary.GELU_TANH,
          true,
          8,
          20,
          0.1,
          1e-6,
          0.3,
          true,
          true,
          0,
          new SpecialIds(-1, 1, 0),
          ClassNames.of(2));

  /** What is trained, on what. */
  private record Role(
      String name, ModelConfig config, Class<? extends Model> kind, Collator collator, int labels) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Role> roles() {
    ClassNames several = ClassNames.of(3).withProblem(ProblemType.MULTI_LABEL);
    return Stream.of(
        new Role("masked LM", BERT, MaskedLm.class, new EncodedCollator(0, false), 0),
        new Role("tagger", BERT, TokenClassifier.class, new EncodedCollator(0, false), 0),
        new Role("classifier", BERT, SequenceClassifier.class, new ClassCollator(0), 1),
        new Role(
            "several labels",
            BERT.withClasses(several),
            SequenceClassifier.class,
            new ClassCollator(0, several),
            3),
        new Role("T5", T5, Seq2SeqLm.class, new EncodedCollator(0, true), -1));
  }

  private static List<TokenSequence> data(Role role) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
    var data = new ArrayList<TokenSequence>();
    for (int i = 0; i < 12; i++) {
      int length = 4 + i % 5;
      int count = role.labels() > 0 ? role.labels() : role.labels() < 0 ? 6 : length;
      int[] ids = random.ints(length, 2, VOCABULARY).toArray();
      int[] types = random.ints(length, 0, 2).toArray();
      int[] labels = random.ints(count, 0, 3).toArray();
      if (role.labels() == 3) {
        for (int k = 0; k < count; k++) {
          labels[k] = Float.floatToRawIntBits(labels[k] / 2f);
        }
      }
      data.add(new TokenSequence(ids, labels, 0, types, null));
    }
    return data;
  }

  private static double[] losses(Role role, MixedPrecision precision, boolean recompute) {
    var config =
        TrainingConfig.builder()
            .steps(STEPS)
            .batchSize(4)
            .learningRate(1e-3)
            .precision(precision)
            .recompute(recompute)
            .build();
    var weights = Weights.initialised(Device.CPU, new Philox(1));
    Model model = Architectures.create(role.config(), role.kind(), weights, new Philox(0));
    try (var trainer = new Trainer(model, config, data(role), List.of(), role.collator())) {
      var losses = new double[STEPS];
      for (int i = 0; i < STEPS; i++) {
        losses[i] = trainer.trainStep().loss();
      }
      return losses;
    }
  }

  @ParameterizedTest
  @MethodSource("roles")
  void halfPrecisionIsNearF32(Role role) {
    double[] expected = losses(role, MixedPrecision.F32, false);
    assertTrue(expected[STEPS - 1] < expected[0], "nothing was learned");
    for (MixedPrecision precision : List.of(MixedPrecision.BF16, MixedPrecision.F16)) {
      double[] actual = losses(role, precision, false);
      for (int i = 0; i < STEPS; i++) {
        assertEquals(expected[i], actual[i], 0.03 * expected[i], precision + " at " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("roles")
  void recomputationKeepsTheBits(Role role) {
    double[] expected = losses(role, MixedPrecision.F32, false);
    double[] actual = losses(role, MixedPrecision.F32, true);
    for (int i = 0; i < STEPS; i++) {
      assertEquals(expected[i], actual[i], role + " at " + i);
    }
  }
}
