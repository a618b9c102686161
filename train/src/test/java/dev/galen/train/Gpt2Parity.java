package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.Inputs;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Classifier;
import dev.galen.model.nn.Layer;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.SharedData;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.format.DataFiles;
import dev.galen.train.optim.AdamW;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * GPT-2 on one device against what transformers computes in float64: loss, logits, every gradient,
 * and the losses of 20 AdamW updates.
 */
abstract class Gpt2Parity {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Device device;

  Gpt2Parity(Device device) {
    this.device = device;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-gpt2", "hf-tiny/gpt2-lm"})
  void languageModelEqualsTransformers(String name) throws IOException {
    Path directory = SharedData.file(name);
    JsonNode expected = JSON.readTree(directory.resolve("expected.json").toFile());
    Gpt2CausalLm model = Pretrained.load(directory, device, Gpt2CausalLm.class).model();
    Backend backend = model.backend();
    Tensor ids = tensor(backend, expected.get("input_ids"));
    Tensor labels = tensor(backend, expected.get("labels"));
    int counted = 0;
    for (int row = 0; row < labels.dim(0); row++) {
      for (int t = 1; t < labels.dim(1); t++) {
        counted += expected.at("/labels/" + row + "/" + t).asInt() == -100 ? 0 : 1;
      }
    }
    double divisor = counted;

    Tensor logits = model.logits(ids);
    String lastRow = expected.has("logits_last_row") ? "logits_last_row" : "logits_last_position";
    int last = logits.dim(1) - 1;
    assertNear(expected.get(lastRow), logits.slice(1, last, last + 1).toDoubles(), 1e-4);

    check(expected, directory, model, () -> model.loss(ids, labels, divisor));
  }

  @Test
  void classifierEqualsTransformers() throws IOException {
    Path directory = SharedData.file("hf-tiny/gpt2-classifier");
    JsonNode expected = JSON.readTree(directory.resolve("expected.json").toFile());
    Gpt2Classifier model = Pretrained.load(directory, device, Gpt2Classifier.class).model();
    Backend backend = device.backend();
    Tensor ids = tensor(backend, expected.get("input_ids"));
    Tensor classes = Tensors.of(backend, ints(expected.get("labels")), ids.dim(0));
    var lengths = new int[ids.dim(0)];
    for (int row = 0; row < lengths.length; row++) {
      for (JsonNode real : expected.get("attention_mask").get(row)) {
        lengths[row] += real.asInt();
      }
    }
    assertNear(
        expected.get("logits_last_row"),
        model.logits(Inputs.padded(ids, lengths)).toDoubles(),
        1e-4);
    check(
        expected,
        directory,
        model,
        () -> model.loss(Inputs.padded(ids, lengths).withLabels(classes), lengths.length));
  }

  @Test
  void theTrainerGivesTransformersLossesFromPreTokenisedLines(@TempDir Path dir)
      throws IOException {
    Path directory = SharedData.file("hf-tiny/gpt2-lm");
    JsonNode expected = JSON.readTree(directory.resolve("expected.json").toFile());
    var lines = new StringBuilder();
    for (int row = 0; row < expected.get("input_ids").size(); row++) {
      var line = JSON.createObjectNode();
      line.set("input_ids", expected.get("input_ids").get(row));
      line.set("labels", expected.get("labels").get(row));
      lines.append(line).append('\n');
    }
    Path file = Files.writeString(dir.resolve("batch.jsonl"), lines);
    List<TokenSequence> data = SequenceEncoder.ofTokens(263, 64).encode(DataFiles.read(file));
    JsonNode run = expected.get("adamw20");
    // The whole batch at once, and one row at a time: rows have unequal numbers of labels.
    for (int batch : new int[] {data.size(), 1}) {
      var config =
          TrainingConfig.builder()
              .steps(20)
              .batchSize(batch)
              .accumulate(data.size() / batch)
              .learningRate(run.get("lr").asDouble())
              .schedule(Schedule.CONSTANT)
              .weightDecay(run.get("weight_decay_on_matrices").asDouble())
              .clip(run.get("clip_grad_norm").asDouble())
              .shuffle(false)
              .build();
      Gpt2CausalLm model =
          Pretrained.load(directory, device, Gpt2CausalLm.class, c -> c.withDropout(0)).model();
      try (var trainer = new Trainer(model, config, data, List.of(), 0)) {
        for (JsonNode want : run.get("losses")) {
          assertEquals(want.asDouble(), trainer.trainStep().loss(), 1e-3);
        }
      }
    }
  }

  private static void check(JsonNode expected, Path directory, Layer model, Supplier<Tensor> loss)
      throws IOException {
    Tensor first = loss.get();
    assertEquals(expected.get("loss").asDouble(), first.item(), 1e-4);
    first.backward();
    checkGradients(directory, model.parameters());

    JsonNode run = expected.has("adamw20") ? expected.get("adamw20") : expected.get("adamw");
    var optimizer = new AdamW(model.parameters().values(), AdamW.Settings.decay(0.01));
    int step = 0;
    for (JsonNode want : run.get("losses")) {
      try (var scope = MemoryScope.open("step")) {
        optimizer.zeroGrad();
        Tensor value = loss.get();
        assertEquals(want.asDouble(), value.item(), 1e-3, "loss before update " + step);
        value.backward();
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
      assertEquals(files.entries().size(), parameters.size());
      for (Map.Entry<String, Tensor> parameter : parameters.entrySet()) {
        String path = parameter.getKey();
        String name =
            files.entries().containsKey(path) ? path : path.substring("transformer.".length());
        double[] want =
            Tensors.upload(
                    Device.REFERENCE.backend(),
                    DType.F32,
                    files.segment(name),
                    files.entry(name).shape().toArray())
                .toDoubles();
        assertNotNull(parameter.getValue().grad(), path);
        double[] got = parameter.getValue().grad().toDoubles();
        double largest = 0;
        double error = 0;
        for (int i = 0; i < want.length; i++) {
          largest = Math.max(largest, Math.abs(want[i]));
          error = Math.max(error, Math.abs(want[i] - got[i]));
        }
        assertTrue(
            error <= 1e-3 * largest,
            "gradient of %s: error %s, largest entry %s".formatted(path, error, largest));
      }
    }
  }

  private static void assertNear(JsonNode rows, double[] actual, double tolerance) {
    int i = 0;
    for (JsonNode row : rows) {
      for (JsonNode value : row) {
        assertEquals(value.asDouble(), actual[i], tolerance, "logit " + i);
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
