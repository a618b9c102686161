package dev.galen.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.io.TensorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What classifiers predict, learn and ignore is what transformers computes in float64. */
class ProblemTypesTest {
  @TempDir Path folder;

  private static List<JsonNode> cases(String beginning) throws IOException {
    var cases = new ArrayList<JsonNode>();
    JsonNode all =
        TransformersCase.read(TransformersCase.shared("recipe-cases/losses.json")).get("cases");
    for (JsonNode each : all) {
      if (each.get("id").asText().startsWith(beginning) && !each.has("micro_batches")) {
        cases.add(each);
      }
    }
    return cases;
  }

  @TestFactory
  List<DynamicTest> computesWhatTransformersDoes() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (String model : List.of("bert-", "gpt2-")) {
      for (JsonNode each : cases(model)) {
        for (Device device : List.of(Device.CPU, Device.REFERENCE)) {
          tests.add(
              DynamicTest.dynamicTest(
                  each.get("id").asText() + " on " + device, () -> check(each, device)));
        }
      }
    }
    assertEquals(32, tests.size());
    return tests;
  }

  private void check(JsonNode expected, Device device) throws IOException {
    Path directory = directory(expected);
    Model model = Pretrained.load(directory, device, Pretrained.kind(directory)).model();
    var given = new TransformersCase(expected.get("inputs"));
    Inputs inputs = given.inputs(device);
    inputs = inputs.withLastTokens(lastTokens(inputs.ids(), device));
    Tensor loss = model.loss(inputs, given.counted());
    assertEquals(expected.get("loss").asDouble(), loss.item(), 1e-5);
    if (model instanceof SequenceClassifier classifier) {
      assertArrayEquals(
          TransformersCase.numbers(expected.get("logits")),
          classifier.logits(inputs).toDoubles(),
          1e-4);
      assertEquals(
          expected.get("problem_type_after").asText(), classifier.problemType().configName());
    }
    loss.backward();
    double norm = expected.get("grad_norm").asDouble();
    assertEquals(norm, TransformersCase.gradientNorm(model), 1e-3 * norm);
  }

  /** The checkpoint with the case's problem, and the first row of its head for a single number. */
  private Path directory(JsonNode expected) throws IOException {
    Path source = TransformersCase.shared("hf-tiny/" + expected.get("checkpoint").asText());
    boolean single = expected.get("id").asText().contains("1 value");
    if (!single && !expected.path("problem_type").isTextual()) {
      return source;
    }
    var config = (ObjectNode) TransformersCase.read(source.resolve("config.json"));
    config.set("problem_type", expected.get("problem_type"));
    try (TensorFiles files = TensorFiles.open(source)) {
      var tensors = new LinkedHashMap<String, Tensor>();
      for (String name : files.entries().keySet()) {
        int[] dims = files.entry(name).shape().toArray();
        Tensor tensor =
            Tensors.upload(Device.REFERENCE.backend(), DType.F32, files.segment(name), dims);
        boolean head = name.startsWith("classifier.") || name.startsWith("score.");
        tensors.put(name, head && single ? tensor.slice(0, 0, 1).contiguous() : tensor);
      }
      Pretrained.saveWeights(tensors, folder.resolve("model.safetensors"));
    }
    if (single) {
      config.remove(List.of("id2label", "label2id"));
      config.put("num_labels", 1);
    }
    Files.writeString(folder.resolve("config.json"), config.toString());
    return folder;
  }

  /** Of each row the rightmost id that is not that of padding, which is 0. */
  private static Tensor lastTokens(Tensor ids, Device device) {
    int time = ids.dim(1);
    int[] all = ids.toInts();
    var last = new int[ids.dim(0)];
    for (int i = 0; i < all.length; i++) {
      if (all[i] != 0) {
        last[i / time] = i;
      }
    }
    return Tensors.of(device, last, last.length);
  }

  @Test
  void binaryCrossEntropyIsTorchs() throws IOException {
    for (JsonNode each : cases("bce-with-logits")) {
      String kind = each.get("id").asText().substring("bce-with-logits ".length());
      Tensor logits = TransformersCase.tensor(each.get("logits"), Device.CPU).requireGrad();
      Tensor labels = TransformersCase.tensor(each.get("labels"), Device.CPU);
      double divisor = kind.equals("sum") ? 1.0 / logits.dim(1) : logits.dim(0);
      Tensor loss =
          kind.equals("plain") || kind.equals("sum")
              ? ClassifierLoss.of(ProblemType.MULTI_LABEL, logits, labels, divisor)
              : ClassifierLoss.ofLabels(
                  logits,
                  labels,
                  weights(each.at("/settings/weight")),
                  weights(each.at("/settings/pos_weight")),
                  divisor);
      assertEquals(each.get("loss").asDouble(), loss.item(), 1e-6 * loss.item());
      loss.backward();
      assertArrayEquals(
          TransformersCase.numbers(each.get("grad_logits")), logits.grad().toDoubles(), 1e-6);
    }
    assertEquals(4, cases("bce-with-logits").size());
  }

  private static Tensor weights(JsonNode weights) {
    if (weights.isMissingNode()) {
      return null;
    }
    double[] values = TransformersCase.numbers(weights);
    var floats = new float[values.length];
    for (int k = 0; k < floats.length; k++) {
      floats[k] = (float) values[k];
    }
    return Tensors.of(Device.CPU, floats, 1, floats.length);
  }

  /** At 0 and far from it, where a sum of exponentials overflows. */
  @Test
  void binaryCrossEntropyIsSmoothEverywhere() {
    Tensor logits = Tensors.of(Device.CPU, new float[] {0, 200, -200}, 1, 3).requireGrad();
    Tensor labels = Tensors.of(Device.CPU, new float[] {0.25f, 0, 1}, 1, 3);
    Tensor loss = ClassifierLoss.of(ProblemType.MULTI_LABEL, logits, labels, 1);
    assertEquals((Math.log(2) + 400) / 3, loss.item(), 1e-4);
    loss.backward();
    assertArrayEquals(new float[] {0.25f / 3, 1f / 3, -1f / 3}, logits.grad().toFloats(), 1e-6f);
  }

  @Test
  void labelsOfAnotherNumberAreRefused() {
    Tensor logits = Tensors.of(Device.CPU, new float[6], 2, 3);
    Tensor labels = Tensors.of(Device.CPU, new float[2], 2);
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ClassifierLoss.of(ProblemType.MULTI_LABEL, logits, labels, 2));
    assertTrue(e.getMessage().contains("a number for each class"), e.getMessage());
  }
}
