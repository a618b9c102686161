package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.Inputs;
import dev.galen.model.MaskedLm;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.TokenClassifier;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.SharedData;
import dev.galen.train.optim.AdamW;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * BERT and T5 on one device against what transformers computes in float64: loss, logits, every
 * gradient, the losses of 20 AdamW updates, with and without recomputation, and T5's greedy ids.
 */
abstract class BertT5Parity {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Class<? extends Model>> CASES =
      Map.of(
          "bert-classifier", SequenceClassifier.class,
          "bert-mlm", MaskedLm.class,
          "bert-tagger", TokenClassifier.class,
          "t5", Seq2SeqLm.class,
          "t5-gated", Seq2SeqLm.class);

  private final Device device;

  BertT5Parity(Device device) {
    this.device = device;
  }

  @TestFactory
  List<DynamicTest> equalsTransformers() {
    var tests = new ArrayList<DynamicTest>();
    CASES.forEach(
        (name, role) -> {
          for (boolean recompute : new boolean[] {false, true}) {
            if (recompute && !device.equals(Device.CPU)) {
              continue; // what is recomputed is the same everywhere
            }
            tests.add(
                DynamicTest.dynamicTest(
                    name + (recompute ? " with recomputation" : ""),
                    () -> check(SharedData.file("hf-tiny/" + name), role, recompute)));
          }
        });
    return tests;
  }

  private void check(Path directory, Class<? extends Model> role, boolean recompute)
      throws IOException {
    JsonNode expected = JSON.readTree(directory.resolve("expected.json").toFile());
    Model model = Pretrained.load(directory, device, role).model();
    model.setRecompute(recompute);
    Inputs inputs = inputs(model.backend(), expected);
    double divisor = counted(expected.get("labels"));

    Tensor logits = logits(model, inputs);
    int last = logits.dim(1) - 1;
    Tensor shown = logits.shape().rank() == 2 ? logits : logits.slice(1, last, last + 1);
    assertNear(expected.get("logits_last_row"), shown.toDoubles());

    Tensor first = model.loss(inputs, divisor);
    assertEquals(expected.get("loss").asDouble(), first.item(), 1e-4);
    first.backward();
    checkGradients(directory, model.parameters());
    checkUpdates(model, inputs, divisor, expected);
  }

  private static Tensor logits(Model model, Inputs inputs) {
    return switch (model) {
      case SequenceClassifier m -> m.logits(inputs);
      case MaskedLm m -> m.logits(inputs);
      case TokenClassifier m -> m.logits(inputs);
      case Seq2SeqLm m -> m.logits(inputs);
      default -> throw new AssertionError(model);
    };
  }

  private static void checkUpdates(Model model, Inputs inputs, double divisor, JsonNode expected) {
    JsonNode run = expected.get("adamw20");
    var optimizer = new AdamW(model.parameters().values(), AdamW.Settings.decay(0.01));
    int step = 0;
    for (JsonNode want : run.get("losses")) {
      try (var scope = MemoryScope.open("step")) {
        optimizer.zeroGrad();
        Tensor loss = model.loss(inputs, divisor);
        assertEquals(want.asDouble(), loss.item(), 1e-3, "loss before update " + step);
        loss.backward();
        double norm = optimizer.gradientNorm();
        if (step == 0) {
          assertEquals(expected.get("grad_norm").asDouble(), norm, 1e-3 * norm);
        }
        optimizer.step(run.get("lr").asDouble(), Math.min(1, 1 / (norm + 1e-6)));
      }
      step++;
    }
    assertEquals(20, step);
  }

  /** Within 1e-3 of the largest entry of each gradient. */
  private static void checkGradients(Path directory, Map<String, Tensor> parameters)
      throws IOException {
    try (TensorFiles files = TensorFiles.open(directory.resolve("grads.safetensors"))) {
      assertEquals(new TreeSet<>(files.entries().keySet()), new TreeSet<>(parameters.keySet()));
      for (Map.Entry<String, Tensor> parameter : parameters.entrySet()) {
        String name = parameter.getKey();
        double[] want =
            Tensors.upload(
                    Device.REFERENCE.backend(),
                    DType.F32,
                    files.segment(name),
                    files.entry(name).shape().toArray())
                .toDoubles();
        assertNotNull(parameter.getValue().grad(), name);
        double[] got = parameter.getValue().grad().toDoubles();
        double largest = 0;
        double error = 0;
        for (int i = 0; i < want.length; i++) {
          largest = Math.max(largest, Math.abs(want[i]));
          error = Math.max(error, Math.abs(want[i] - got[i]));
        }
        // What has no gradient but rounding, such as a key's bias, which shifts all products alike.
        assertTrue(
            error <= Math.max(1e-3 * largest, 1e-7),
            "gradient of %s: error %s, largest entry %s".formatted(name, error, largest));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"t5", "t5-gated"})
  void greedyAndBeamIdsAreTransformers(String name) throws IOException {
    Path directory = SharedData.file("hf-tiny/" + name);
    JsonNode expected = JSON.readTree(directory.resolve("expected.json").toFile());
    var generator = new Generator(Pretrained.load(directory, device, Seq2SeqLm.class).model());
    for (String kind : List.of("greedy", "beam4")) {
      int[] ids = ints(expected.get(kind).get("ids"));
      var config =
          GenerationConfig.builder()
              .maxNewTokens(ids.length - 1)
              .beams(kind.equals("beam4") ? 4 : 1)
              .build();
      int[] prompt = ints(expected.get(kind).get("prompt"));
      assertArrayEquals(ids, generator.generate(prompt, config), kind);
    }
  }

  private static Inputs inputs(Backend backend, JsonNode expected) {
    JsonNode labels = expected.get("labels");
    Inputs inputs =
        Inputs.of(tensor(backend, expected.get("input_ids")))
            .withLabels(
                labels.get(0).isArray()
                    ? tensor(backend, labels)
                    : Tensors.of(backend, ints(labels), labels.size()));
    if (expected.has("token_type_ids")) {
      inputs = inputs.withTokenTypes(tensor(backend, expected.get("token_type_ids")));
    }
    Tensor mask = tensor(backend, expected.get("attention_mask")).to(DType.U8);
    return inputs.withMask(mask, Inputs.Padding.RIGHT);
  }

  private static double counted(JsonNode labels) {
    int counted = 0;
    for (JsonNode row : labels) {
      for (JsonNode label : row.isArray() ? row : List.of(row)) {
        counted += label.asInt() == -100 ? 0 : 1;
      }
    }
    return counted;
  }

  private static void assertNear(JsonNode rows, double[] actual) {
    int i = 0;
    for (JsonNode row : rows) {
      for (JsonNode value : row) {
        assertEquals(value.asDouble(), actual[i], 1e-4, "logit " + i);
        i++;
      }
    }
    assertEquals(i, actual.length);
  }

  private static Tensor tensor(Backend backend, JsonNode rows) {
    int cols = rows.get(0).size();
    var values = new int[rows.size() * cols];
    int i = 0;
    for (JsonNode row : rows) {
      for (JsonNode value : row) {
        values[i++] = value.asInt();
      }
    }
    return Tensors.of(backend, values, rows.size(), cols);
  }

  private static int[] ints(JsonNode array) {
    var values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }
}
