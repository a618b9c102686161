package dev.galen.model.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.ClassNames;
import dev.galen.model.Inputs;
import dev.galen.model.MaskedLm;
import dev.galen.model.Model;
import dev.galen.model.ProblemType;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.SpecialIds;
import dev.galen.model.TokenClassifier;
import dev.galen.model.TransformersCase;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** BERTs in every spelling, padded on either side, compute what transformers does. */
class BertTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double CLOSE = 2e-5;

  @TempDir Path folder;

  /** Where all of this happens; other classes run it again elsewhere. */
  List<Device> devices() {
    return List.of(Device.CPU, Device.REFERENCE);
  }

  private static Path fixture(String name) {
    return TransformersCase.fixture(BertTest.class, name);
  }

  private static TransformersCase expected(String name) throws IOException {
    return TransformersCase.in(fixture(name));
  }

  private static Tensor logits(Model model, Inputs inputs) {
    return switch (model) {
      case MaskedLm m -> m.logits(inputs);
      case TokenClassifier m -> m.logits(inputs);
      case SequenceClassifier m -> m.logits(inputs);
      default -> throw new AssertionError(model);
    };
  }

  /** What stands at padding is compared too, since it is computed. */
  private void assertComputes(String name, Path directory, Class<? extends Model> role)
      throws IOException {
    TransformersCase expected = expected(name);
    for (Device device : devices()) {
      Model model = Pretrained.load(directory, device, role).model();
      Inputs inputs = expected.inputs(device);
      assertArrayEquals(expected.numbers("logits"), logits(model, inputs).toDoubles(), CLOSE, name);
      Tensor loss = model.loss(inputs, expected.counted());
      assertEquals(expected.number("loss"), loss.item(), CLOSE, name);
      loss.backward();
      double norm = expected.number("grad_norm");
      assertEquals(norm, TransformersCase.gradientNorm(model), 1e-4 * norm, name);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "old-names, MaskedLm",
    "untied, MaskedLm",
    "multi-label, SequenceClassifier",
    "regression, SequenceClassifier",
    "tagger, TokenClassifier"
  })
  void computesWhatTransformersDoes(String name, String role) throws Exception {
    var kind = Class.forName("dev.galen.model." + role).asSubclass(Model.class);
    assertTrue(Pretrained.hasHead(fixture(name), kind));
    assertComputes(name, fixture(name), kind);
    // What is saved is read again, by today's names, and computes the same.
    var loaded = Pretrained.load(fixture(name), Device.CPU, kind);
    Path saved = folder.resolve(name);
    Pretrained.save(loaded.model(), null, loaded.directory(), saved);
    assertComputes(name, saved, kind);
    assertEquals(loaded.model().getClass(), Pretrained.kind(saved));
  }

  @ParameterizedTest
  @ValueSource(strings = {"encoder", "no-pooler"})
  void theEncoderAloneGivesHiddenStates(String name) throws IOException {
    TransformersCase expected = expected(name);
    assertEquals(Bert.class, Pretrained.kind(fixture(name)));
    for (Device device : devices()) {
      var loaded = Pretrained.load(fixture(name), device, Bert.class);
      Tensor x_BTC = loaded.model().hiddenStates(expected.inputs(device));
      assertArrayEquals(expected.numbers("hidden"), x_BTC.toDoubles(), CLOSE);
      if (expected.json().has("pooled")) {
        Tensor pooled = loaded.model().pool(x_BTC);
        assertArrayEquals(expected.numbers("pooled"), pooled.toDoubles(), CLOSE);
      } else {
        assertThrows(IllegalStateException.class, () -> loaded.model().pool(x_BTC));
      }
      Path saved = folder.resolve(name);
      Pretrained.save(loaded.model(), null, loaded.directory(), saved);
      try (TensorFiles before = TensorFiles.open(fixture(name));
          TensorFiles after = TensorFiles.open(saved)) {
        assertEquals(before.entries().keySet(), after.entries().keySet());
      }
    }
  }

  /** Every head's directory has the encoder. */
  @ParameterizedTest
  @ValueSource(strings = {"old-names", "untied", "multi-label", "tagger"})
  void anyDirectoryHasTheEncoder(String name) throws IOException {
    var encoder = Pretrained.load(fixture(name), Device.CPU, Bert.class).model();
    assertEquals(12, encoder.hiddenStates(expected(name).inputs(Device.CPU)).dim(2));
  }

  @Test
  void aLanguageModelGetsANewHeadAndPooler() throws IOException {
    Path directory = fixture("untied");
    assertFalse(Pretrained.hasHead(directory, SequenceClassifier.class));
    var loaded =
        Pretrained.loadWithNewHead(directory, Device.CPU, SequenceClassifier.class, c -> c);
    assertEquals(
        Set.of(
            "bert.pooler.dense.weight",
            "bert.pooler.dense.bias",
            "classifier.weight",
            "classifier.bias"),
        Set.copyOf(loaded.report().missing()));
    assertTrue(loaded.report().unexpected().isEmpty());
  }

  @Test
  void whatAClassifierPredictsIsInItsConfig() throws IOException {
    for (String name : List.of("multi-label", "regression")) {
      var loaded = Pretrained.load(fixture(name), Device.CPU, SequenceClassifier.class);
      SequenceClassifier model = loaded.model();
      model.loss(expected(name).inputs(Device.CPU), 3);
      Pretrained.save(model, null, loaded.directory(), folder.resolve(name));
      JsonNode config = TransformersCase.read(folder.resolve(name).resolve("config.json"));
      ProblemType type =
          name.equals("regression") ? ProblemType.REGRESSION : ProblemType.MULTI_LABEL;
      assertEquals(type, model.problemType());
      assertEquals(type.configName(), config.get("problem_type").asText());
      assertEquals(name.equals("regression") ? 1 : 4, config.get("id2label").size());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "is_decoder, true, is_decoder",
    "position_embedding_type, '\"relative_key\"', position_embedding_type is relative_key",
    "hidden_act, '\"celu\"', hidden_act celu is not one of",
    "hidden_size, 13, hidden_size is 13",
    "problem_type, '\"ranking\"', problem_type is ranking",
    "max_position_embeddings, 12, embeddings.position_embeddings.weight is F32[11",
  })
  void whatItWouldNotComputeIsRefused(String field, String value, String line) throws IOException {
    Path directory = Files.createDirectory(folder.resolve("changed"));
    Path source = fixture("multi-label");
    Files.copy(source.resolve("model.safetensors"), directory.resolve("model.safetensors"));
    var config = (ObjectNode) JSON.readTree(source.resolve("config.json").toFile());
    config.set(field, JSON.readTree(value));
    Files.writeString(directory.resolve("config.json"), config.toString());
    var e =
        assertThrows(
            IOException.class,
            () -> Pretrained.load(directory, Device.CPU, SequenceClassifier.class));
    assertTrue(e.getMessage().contains(line), e.getMessage());
  }

  @Test
  void aTextLongerThanTheContextIsRefused() throws IOException {
    MaskedLm model = Pretrained.load(fixture("untied"), Device.CPU, MaskedLm.class).model();
    var inputs = Inputs.of(Tensors.of(Device.CPU, new int[12], 1, 12));
    var e = assertThrows(IllegalArgumentException.class, () -> model.logits(inputs));
    assertEquals("12 tokens exceed the model's context of 11", e.getMessage());
  }

  /** Recomputing draws the same dropout: losses and gradients keep their bits. */
  @Test
  void recomputationKeepsTheBits() throws IOException {
    var gradients = new ArrayList<float[]>();
    for (boolean recompute : new boolean[] {false, true}) {
      MaskedLm model = Pretrained.load(fixture("old-names"), Device.CPU, MaskedLm.class).model();
      model.train();
      model.setRecompute(recompute);
      model.loss(expected("old-names").inputs(Device.CPU), 6).backward();
      model.parameters().values().forEach(p -> gradients.add(p.grad().toFloats()));
    }
    int half = gradients.size() / 2;
    for (int i = 0; i < half; i++) {
      assertArrayEquals(gradients.get(i), gradients.get(half + i));
    }
  }

  @ParameterizedTest
  @CsvSource({"BF16, 0.02", "INT8, 0.02"})
  void packedWeightsGiveNearlyTheSame(WeightFormat format, double error) throws IOException {
    for (Device device : devices()) {
      TransformersCase expected = expected("old-names");
      var model = Pretrained.load(fixture("old-names"), device, MaskedLm.class, format).model();
      try (var off = Autograd.noGrad()) {
        double[] logits = model.logits(expected.inputs(device)).toDoubles();
        double far = TransformersCase.relativeError(expected.numbers("logits"), logits);
        assertTrue(far < error, far + "");
      }
    }
  }

  @Test
  void parametersAreCounted() {
    assertEquals(108_310_272, BertConfig.baseCased().parameterCount());
    var config =
        new BertConfig(
            31,
            11,
            3,
            12,
            2,
            3,
            20,
            Unary.GELU_ERF,
            0.1,
            0.1,
            null,
            1e-12,
            0.02,
            true,
            true,
            SpecialIds.NONE,
            ClassNames.of(2));
    var weights = Weights.initialised(Device.CPU, new Philox(1));
    Bert model = Architectures.create(config, Bert.class, weights, new Philox(0));
    assertEquals(config.parameterCount(), model.parameterCount());
  }
}
