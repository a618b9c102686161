package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.ops.Documents;
import dev.galen.train.checkpoint.SettingsChangedException;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.Packing;
import dev.galen.train.data.SharedData;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.optim.MixedPrecision;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are packed into rows learn as if each were a row of its own. */
class PackedDocumentsTest {
  @TempDir Path folder;

  private static CausalLm model(String name) throws IOException, URISyntaxException {
    if (name.equals("gpt2")) {
      return TinyModels.gpt2(0);
    }
    var place = PackedDocumentsTest.class.getResource("/dev/galen/train/hf/" + name);
    return Pretrained.load(Path.of(place.toURI()), Device.CPU, CausalLm.class).model();
  }

  private static int[] ids(int length, int from, int vocabulary) {
    var ids = new int[length];
    Arrays.setAll(ids, i -> (from + 7 * i + i * i) % vocabulary);
    return ids;
  }

  /** Documents of these lengths, each a text of its own. */
  private static List<TokenSequence> documents(int vocabulary, int... lengths) {
    var documents = new ArrayList<TokenSequence>();
    for (int length : lengths) {
      int[] ids = ids(length, 11 * documents.size() + 3, vocabulary);
      documents.add(new TokenSequence(ids, ids.clone()));
    }
    return documents;
  }

  private static Map<String, double[]> gradients(CausalLm model) {
    var gradients = new LinkedHashMap<String, double[]>();
    model
        .parameters()
        .forEach(
            (path, tensor) -> {
              if (tensor.grad() != null) {
                gradients.put(path, tensor.grad().toDoubles());
              }
              tensor.zeroGrad();
            });
    return gradients;
  }

  /** Rotary scaling beyond the original length, windows, shared keys, experts, two offsets. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2",
        "llama-biases",
        "llama-dynamic",
        "llama-longrope",
        "qwen2-windows",
        "mistral-left",
        "mixtral-starved",
        "opt-bare",
        "opt-projected"
      })
  void aRowIsItsDocumentsApart(String name) throws Exception {
    CausalLm model = model(name);
    int room = Math.min(32, model.contextLength());
    var texts = documents(model.vocabularySize(), room / 2, 3, room / 4, 2, 1, room - 5, 4);
    TokenSequences rows = Packing.BFD.pack(TokenSequences.of(texts), room);
    assertTrue(rows.size() < texts.size() && rows.haveDocuments());
    int labels = texts.stream().mapToInt(TokenSequence::tokens).sum();
    var collator = new CausalCollator(0);
    assertEquals(labels, collator.collate(rows).tokens());

    double apart = 0;
    for (TokenSequence text : texts) {
      if (text.tokens() > 0) {
        Tensor loss = model.loss(collator.collate(List.of(text)).inputs(model.backend()), labels);
        apart += loss.item();
        loss.backward();
      }
    }
    Map<String, double[]> expected = gradients(model);
    Tensor packed = model.loss(collator.collate(rows).inputs(model.backend()), labels);
    packed.backward();
    assertEquals(apart, packed.item(), 1e-6 * apart);
    Map<String, double[]> actual = gradients(model);
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach((path, values) -> assertClose(path, values, actual.get(path)));

    model.setRecompute(true);
    Tensor again = model.loss(collator.collate(rows).inputs(model.backend()), labels);
    again.backward();
    assertEquals(packed.item(), again.item());
    Map<String, double[]> recomputed = gradients(model);
    actual.forEach((path, values) -> assertArrayEquals(values, recomputed.get(path), path));
    assertLogits(model, rows);
  }

  private static void assertClose(String path, double[] expected, double[] actual) {
    double norm = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      norm += expected[i] * expected[i];
      difference += (expected[i] - actual[i]) * (expected[i] - actual[i]);
    }
    assertTrue(
        Math.sqrt(difference) <= 1e-5 * Math.sqrt(norm) + 1e-7,
        path + ": " + Math.sqrt(difference) + " of " + Math.sqrt(norm));
  }

  /**
   * Each document's logits are what they are alone, but for the rounding of products, which take
   * another form for a few rows.
   */
  private static void assertLogits(CausalLm model, TokenSequences rows) {
    try (var off = Autograd.noGrad()) {
      for (TokenSequence row : rows) {
        if (row.documents() == null) {
          continue;
        }
        Tensor ids_1T = Tensors.of(model.backend(), row.inputIds(), 1, row.length());
        Inputs inputs = Inputs.of(ids_1T).withDocuments(new Documents(row.documents()));
        Tensor logits = model.logits(inputs);
        int at = 0;
        for (int length : row.documents()) {
          Tensor alone = model.logits(ids_1T.slice(1, at, at + length).contiguous());
          Tensor own = logits.slice(1, at, at + length).contiguous();
          assertArrayEquals(alone.toDoubles(), own.toDoubles(), 1e-5);
          at += length;
        }
      }
    }
  }

  /** Losses and gradient norms of transformers, of {@code recipe-cases/packing.json}. */
  @Test
  void isWhatTransformersComputes() throws IOException {
    var mapper = new ObjectMapper();
    var file = mapper.readTree(SharedData.file("recipe-cases/packing.json").toFile());
    int cases = 0;
    for (JsonNode c : file.required("cases")) {
      Path directory = SharedData.file("hf-tiny/" + c.required("checkpoint").asText());
      CausalLm model = Pretrained.load(directory, Device.CPU, CausalLm.class).model();
      var texts = new ArrayList<TokenSequence>();
      for (JsonNode document : c.required("documents")) {
        int[] ids = mapper.convertValue(document, int[].class);
        texts.add(new TokenSequence(ids, ids.clone()));
      }
      TokenSequences rows = Packing.BFD.pack(TokenSequences.of(texts), 15);
      var batch = new CausalCollator(0).collate(rows);
      assertArrayEquals(mapper.convertValue(c.at("/labels/0"), int[].class), batch.labels());
      Inputs inputs = batch.inputs(model.backend());
      Tensor loss = model.loss(inputs, batch.tokens());
      assertEquals(c.required("loss_packed").asDouble(), loss.item(), 1e-6);
      loss.backward();
      double squares = 0;
      for (double[] gradient : gradients(model).values()) {
        squares += Arrays.stream(gradient).map(x -> x * x).sum();
      }
      double norm = c.required("grad_norm_packed").asDouble();
      assertEquals(norm, Math.sqrt(squares), 1e-5 * norm);
      cases++;
    }
    assertEquals(4, cases);
  }

  private static TokenSequences packed() {
    return Packing.BFD.pack(
        TokenSequences.of(documents(TinyModels.VOCABULARY, 20, 9, 7, 30, 4, 12, 26, 3, 5, 31, 8)),
        32);
  }

  private static TrainingConfig.Builder config() {
    return TrainingConfig.builder().steps(5).batchSize(2).learningRate(1e-2);
  }

  private static double[] losses(TrainingConfig config, TokenSequences data) {
    try (var trainer = new Trainer(TinyModels.gpt2(0.1), config, data, List.of(), 0)) {
      var losses = new double[5];
      for (int i = 0; i < losses.length; i++) {
        losses[i] = trainer.trainStep().loss();
      }
      return losses;
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MixedPrecision.class,
      names = {"F32", "F16", "BF16"})
  void theTrainerLearnsFromRows(MixedPrecision precision) {
    TrainingConfig config = config().precision(precision).build();
    double[] losses = losses(config, packed());
    assertTrue(losses[4] < losses[0], Arrays.toString(losses));
    TrainingConfig recomputed = config().precision(precision).recompute(true).build();
    assertArrayEquals(losses, losses(recomputed, packed()));
  }

  @Test
  void aResumedRunKnowsItsDocuments() throws IOException {
    TrainingConfig config = config().output(folder).build();
    double[] whole = losses(config, packed());
    try (var trainer = new Trainer(TinyModels.gpt2(0.1), config, packed(), List.of(), 0)) {
      trainer.trainStep();
      trainer.trainStep();
      trainer.save();
    }
    try (var trainer = new Trainer(TinyModels.gpt2(0.1), config, packed(), List.of(), 0)) {
      assertTrue(trainer.resume());
      assertEquals(whole[2], trainer.trainStep().loss());
    }
    var joined = new ArrayList<TokenSequence>();
    for (TokenSequence row : packed()) {
      joined.add(new TokenSequence(row.inputIds(), row.labels()));
    }
    try (var trainer = new Trainer(TinyModels.gpt2(0.1), config, joined, List.of(), 0)) {
      assertThrows(SettingsChangedException.class, trainer::resume);
    }
  }

  /** Who would mix documents up is not given any. */
  @Test
  void aModelThatMixesThemUpIsRefused() {
    CausalLm mixing = new Parrot(64, List.of(), List.of());
    String line =
        assertThrows(
                IllegalArgumentException.class,
                () -> new Trainer(mixing, config().build(), packed(), List.of(), 0))
            .getMessage();
    assertTrue(line.contains("which a Parrot does not keep apart"), line);
    line =
        assertThrows(
                IllegalArgumentException.class, () -> Evaluator.evaluate(mixing, packed(), 2, 0))
            .getMessage();
    assertTrue(line.contains("leave packing out"), line);
  }
}
