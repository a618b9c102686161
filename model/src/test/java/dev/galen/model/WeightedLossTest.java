package dev.galen.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.gpt2.Gpt2Classifier;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.nn.Weights;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Labels whose classes have weights, against torch and by hand. */
class WeightedLossTest {

  /** Two classes of the logits ln 4 and 0, so that ln p is ln 0.8 and ln 0.2; e = 0.1. */
  @Test
  void isTheFormula() {
    float log = (float) Math.log(4);
    for (Device device : List.of(Device.CPU, Device.REFERENCE)) {
      Tensor logits = Tensors.of(device, new float[] {log, 0, log, 0, 7, -3}, 3, 2);
      Tensor labels = Tensors.of(device, new int[] {0, 1, -100}, 3);
      WeightedLoss weighted = WeightedLoss.of(logits.backend(), new double[] {3, 0.5});
      double likely = -Math.log(0.8);
      double unlikely = -Math.log(0.2);
      double plain = 3 * likely + 0.5 * unlikely;
      assertEquals(plain / 3.5, weighted.of(logits, labels, 0, 3.5).item(), 1e-6);
      double all = 2 * (3 * likely + 0.5 * unlikely) / 2;
      assertEquals(0.9 * plain + 0.1 * all, weighted.of(logits, labels, 0.1, 1).item(), 1e-5);
    }
  }

  @Test
  void labelsThatDoNotCountHaveNoGradient() {
    Tensor logits = Tensors.of(Device.CPU, new float[] {1, 2, 3, 4}, 2, 2).requireGrad();
    Tensor labels = Tensors.of(Device.CPU, new int[] {-100, -100}, 2);
    Tensor loss = WeightedLoss.of(logits.backend(), new double[] {1, 2}).of(logits, labels, 0.1, 1);
    assertEquals(0, loss.item());
    loss.backward();
    assertArrayEquals(new double[4], logits.grad().toDoubles(), 1e-30);
  }

  @TestFactory
  List<DynamicTest> equalsTorch() throws IOException {
    JsonNode all =
        TransformersCase.read(TransformersCase.shared("recipe-cases/losses.json")).get("cases");
    var tests = new ArrayList<DynamicTest>();
    for (JsonNode each : all) {
      if (each.has("class_weights")) {
        tests.add(dynamicTest(each.get("id").asText(), () -> check(each)));
      }
    }
    assertEquals(6, tests.size());
    return tests;
  }

  private static void check(JsonNode c) {
    double[] values = TransformersCase.numbers(c.get("logits"));
    double[] weights = TransformersCase.numbers(c.get("class_weights"));
    int rows = c.get("labels").size();
    var floats = new float[values.length];
    IntStream.range(0, floats.length).forEach(i -> floats[i] = (float) values[i]);
    int cols = c.get("labels").get(0).size();
    Tensor logits = Tensors.of(Device.CPU, floats, rows, cols, weights.length).requireGrad();
    Tensor labels = TransformersCase.tensor(c.get("labels"), Device.CPU);
    double divisor = 0;
    for (int label : labels.toInts()) {
      divisor += label == -100 ? 0 : weights[label];
    }
    if (c.get("id").asText().contains(" sum ")) {
      divisor = 1;
    }
    Tensor loss =
        WeightedLoss.of(logits.backend(), weights)
            .of(logits, labels, c.get("epsilon").asDouble(), divisor);
    double expected = c.get("loss").asDouble();
    assertEquals(expected, loss.item(), 1e-6 * Math.max(1, expected));
    loss.backward();
    assertArrayEquals(
        TransformersCase.numbers(c.get("grad_logits")), logits.grad().toDoubles(), 2e-6);
  }

  private static Gpt2Classifier classifier(ClassNames classes) {
    Gpt2Config config = TinyModels.config(30, 8, 16, 2, 0).withClasses(classes);
    return new Gpt2Classifier(
        config, Weights.initialised(Device.CPU, new Philox(7)), new Philox(0));
  }

  @Test
  void countsWhileTrainingAlone() {
    SequenceClassifier model = classifier(ClassNames.of(2));
    Tensor ids = Tensors.of(Device.CPU, new int[] {5, 6, 7, 8}, 2, 2);
    Inputs inputs =
        Inputs.padded(ids, new int[] {2, 2})
            .withLabels(Tensors.of(Device.CPU, new int[] {1, 1}, 2));
    model.eval();
    double plain = model.loss(inputs, 2).item();
    model.setClassWeights(1, 3);
    assertEquals(plain, model.loss(inputs, 2).item());
    model.train();
    assertEquals(3 * plain, model.loss(inputs, 2).item(), 1e-5);
    model.setClassWeights();
    assertEquals(plain, model.loss(inputs, 2).item());
  }

  @Test
  void weightsThatDoNotFitAreRefused() {
    SequenceClassifier model = classifier(new ClassNames(List.of("sign", "drug")));
    assertRefused("2: one for each of the classes sign, drug", model, 1, 2, 3);
    assertRefused("the class weight of drug is -1.0", model, 1, -1);
    assertRefused("the class weight of sign is NaN", model, Double.NaN, 1);
    assertRefused("the class weight of sign is Infinity", model, Double.POSITIVE_INFINITY, 1);
    assertRefused("all 0", model, 0, 0);
    assertRefused("which Gpt2CausalLm does not", TinyModels.gpt2(0), 1, 2);
    ClassNames several = ClassNames.of(2).withProblem(ProblemType.MULTI_LABEL);
    assertRefused("which Gpt2Classifier does not", classifier(several), 1, 2);
    assertRefused("which Gpt2Classifier does not", classifier(ClassNames.of(1)), 1);
  }

  /** The config leaves it to the labels, and these are numbers. */
  @Test
  void labelsThatAreNumbersAreRefused() {
    SequenceClassifier model = classifier(ClassNames.of(2));
    model.setClassWeights(1, 2);
    model.train();
    Tensor ids = Tensors.of(Device.CPU, new int[] {5, 6}, 1, 2);
    Inputs inputs =
        Inputs.padded(ids, new int[] {2})
            .withLabels(Tensors.of(Device.CPU, new float[] {1, 0}, 1, 2));
    String message =
        assertThrows(IllegalArgumentException.class, () -> model.loss(inputs, 1)).getMessage();
    assertTrue(message.contains("are numbers"), message);
  }

  private static void assertRefused(String part, Model model, double... weights) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> model.setClassWeights(weights))
            .getMessage();
    assertTrue(message.contains(part), message);
  }
}
