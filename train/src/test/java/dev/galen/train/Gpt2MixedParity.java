package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.Inputs;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.SharedData;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.format.DataFiles;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * GPT-2 in F16, BF16 and TF32 on one device against what transformers computes in float64, within
 * what {@link Gpt2Roundings} allows.
 */
abstract class Gpt2MixedParity {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIXTURE = "hf-tiny/gpt2-lm";

  @TempDir Path dir;

  private final Device device;

  Gpt2MixedParity(Device device) {
    this.device = device;
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16", "TF32"})
  void logitsLossAndGradientsAreNear(MixedPrecision precision) throws IOException {
    Path directory = SharedData.file(FIXTURE);
    JsonNode expected = JSON.readTree(directory.resolve("expected.json").toFile());
    Gpt2CausalLm model = Pretrained.load(directory, device, Gpt2CausalLm.class).model();
    var bound = Gpt2Roundings.of(precision, model.config().layers());
    List<TokenSequence> data = data(expected);
    var batch = new CausalCollator(0).collate(data);
    try (var memory = MemoryScope.open("step")) {
      Tensor loss;
      double[] logits;
      try (var cast = precision.open()) {
        Inputs inputs = batch.inputs(model.backend());
        Tensor all = model.logits(inputs);
        int last = all.dim(1) - 1;
        logits = all.slice(1, last, last + 1).toDoubles();
        loss = model.loss(inputs, batch.tokens());
      }
      double[] want = numbers(expected.get("logits_last_row"));
      double error = Gpt2Roundings.relativeError(want, logits);
      assertTrue(error > 0 && error <= bound.logits(), "logits: relative error " + error);
      double rms = Math.sqrt(Arrays.stream(want).map(x -> x * x).average().orElseThrow());
      assertEquals(expected.get("loss").asDouble(), loss.item(), bound.loss(rms));
      loss.backward();
    }
    try (TensorFiles files = TensorFiles.open(directory.resolve("grads.safetensors"))) {
      for (Map.Entry<String, Tensor> parameter : model.parameters().entrySet()) {
        String path = parameter.getKey();
        double[] want =
            Tensors.upload(
                    Device.REFERENCE.backend(),
                    DType.F32,
                    files.segment(path),
                    files.entry(path).shape().toArray())
                .toDoubles();
        double error = Gpt2Roundings.relativeError(want, parameter.getValue().grad().toDoubles());
        assertTrue(error <= bound.gradients(), path + ": relative error " + error);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16", "TF32"})
  void trainsAsTransformersDoes(MixedPrecision precision) throws IOException {
    Path directory = SharedData.file(FIXTURE);
    JsonNode expected = JSON.readTree(directory.resolve("expected.json").toFile());
    JsonNode run = expected.get("adamw20");
    List<TokenSequence> data = data(expected);
    var config =
        TrainingConfig.builder()
            .steps(20)
            .batchSize(data.size())
            .learningRate(run.get("lr").asDouble())
            .schedule(Schedule.CONSTANT)
            .weightDecay(run.get("weight_decay_on_matrices").asDouble())
            .clip(run.get("clip_grad_norm").asDouble())
            .precision(precision)
            .shuffle(false)
            .build();
    Gpt2CausalLm model =
        Pretrained.load(directory, device, Gpt2CausalLm.class, c -> c.withDropout(0)).model();
    double[] losses = numbers(run.get("losses"));
    double[] logits = numbers(expected.get("logits_last_row"));
    double rms = Math.sqrt(Arrays.stream(logits).map(x -> x * x).average().orElseThrow());
    var roundings = Gpt2Roundings.of(precision, model.config().layers());
    double bound = roundings.loss(rms) + roundings.training(losses);
    try (var trainer = new Trainer(model, config, data, List.of(), 0)) {
      for (double want : losses) {
        StepReport report = trainer.trainStep();
        assertEquals(want, report.loss(), bound, "loss of step " + report.step());
      }
    }
  }

  private List<TokenSequence> data(JsonNode expected) throws IOException {
    var lines = new StringBuilder();
    for (int row = 0; row < expected.get("input_ids").size(); row++) {
      var line = JSON.createObjectNode();
      line.set("input_ids", expected.get("input_ids").get(row));
      line.set("labels", expected.get("labels").get(row));
      lines.append(line).append('\n');
    }
    Path file = Files.writeString(dir.resolve("batch.jsonl"), lines);
    return SequenceEncoder.ofTokens(263, 64).encode(DataFiles.read(file));
  }

  /** All numbers of nested arrays, in order. */
  private static double[] numbers(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false)
            .flatMapToDouble(child -> Arrays.stream(numbers(child)))
            .toArray()
        : new double[] {node.asDouble()};
  }
}
