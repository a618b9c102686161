package dev.galen.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.nn.ShiftedLabels;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Smoothed labels against torch and transformers, alone and over accumulated micro-batches. */
class LabelSmoothingTest {

  /** By hand: two classes, of which the right one has ln 0.8, an ignored row, e = 0.1. */
  @Test
  void isTheFormula() {
    float log = (float) Math.log(4);
    Tensor logits = Tensors.of(Device.CPU, new float[] {log, 0, 7, -3}, 2, 2);
    Tensor labels = Tensors.of(Device.CPU, new int[] {0, -100}, 2);
    double loss = LabelSmoothing.of(logits, labels, 0.1, 1).item();
    double right = -Math.log(0.8);
    double wrong = -Math.log(0.2);
    assertEquals(0.9 * right + 0.05 * (right + wrong), loss, 1e-6);
  }

  @Test
  void countsWhileTrainingAlone() {
    var model = TinyModels.gpt2(0);
    Tensor ids = Tensors.of(Device.CPU, new int[] {5, 6, 7, 8}, 1, 4);
    model.eval();
    double plain = model.loss(ids, ids, 3).item();
    model.setLabelSmoothing(0.3);
    assertEquals(plain, model.loss(ids, ids, 3).item());
    model.train();
    double smoothed = model.loss(ids, ids, 3).item();
    assertEquals(
        LabelSmoothing.of(model.logits(ids), ShiftedLabels.of(ids), 0.3, 3).item(), smoothed, 1e-6);
    model.setLabelSmoothing(0);
    assertEquals(plain, model.loss(ids, ids, 3).item());
    assertThrows(IllegalArgumentException.class, () -> model.setLabelSmoothing(1));
    assertThrows(IllegalArgumentException.class, () -> model.setLabelSmoothing(Double.NaN));
  }

  @TestFactory
  List<DynamicTest> equalsTransformers() throws IOException {
    JsonNode all =
        TransformersCase.read(TransformersCase.shared("recipe-cases/losses.json")).get("cases");
    var tests = new ArrayList<DynamicTest>();
    for (JsonNode each : all) {
      String id = each.get("id").asText();
      if (id.startsWith("label-smoothing ")) {
        tests.add(dynamicTest(id, () -> onLogits(each)));
      } else if (each.has("micro_batches")) {
        tests.add(dynamicTest(id, () -> accumulated(each)));
      }
    }
    assertEquals(25, tests.size());
    return tests;
  }

  private static void onLogits(JsonNode c) {
    double[] values = TransformersCase.numbers(c.get("logits"));
    int rows = c.get("labels").size();
    int cols = c.get("labels").get(0).size();
    int classes = values.length / rows / cols;
    var floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    Tensor logits = Tensors.of(Device.CPU, floats, rows, cols, classes).requireGrad();
    Tensor labels = TransformersCase.tensor(c.get("labels"), Device.CPU);
    if (c.path("shift").asBoolean()) {
      labels = ShiftedLabels.of(labels);
    }
    int counted = 0;
    for (int label : labels.toInts()) {
      counted += label == -100 ? 0 : 1;
    }
    double divisor = c.path("num_items_in_batch").asDouble(counted);
    Tensor loss = LabelSmoothing.of(logits, labels, c.get("epsilon").asDouble(), divisor);
    assertEquals(c.get("loss").asDouble(), loss.item(), 1e-5);
    loss.backward();
    assertArrayEquals(
        TransformersCase.numbers(c.get("grad_logits")), logits.grad().toDoubles(), 1e-6);
  }

  /** The mean over all labels of an update, whatever micro-batches they lie in. */
  private static void accumulated(JsonNode c) throws IOException {
    var directory = TransformersCase.shared("hf-tiny/" + c.get("checkpoint").asText());
    Model model =
        Pretrained.load(
                directory, Device.CPU, Pretrained.kind(directory), config -> config.withDropout(0))
            .model();
    model.train();
    model.setLabelSmoothing(c.get("label_smoothing").asDouble());
    double labels = 0;
    for (JsonNode count : c.get("label_counts")) {
      labels += count.asDouble();
    }
    double sum = 0;
    for (JsonNode batch : c.get("micro_batches")) {
      Tensor loss = model.loss(new TransformersCase(batch).inputs(Device.CPU), labels);
      loss.backward();
      sum += loss.item();
    }
    double mean = c.get("token_mean").asDouble();
    assertEquals(mean, sum, 1e-5 * mean);
    double norm = c.get("token_mean_grad_norm").asDouble();
    assertEquals(norm, TransformersCase.gradientNorm(model), 1e-4 * norm);
  }
}
