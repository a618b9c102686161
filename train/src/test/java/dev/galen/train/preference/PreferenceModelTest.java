package dev.galen.train.preference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.CausalLm;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.train.PreferenceConfig;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.checkpoint.SettingsChangedException;
import dev.galen.train.data.Batch;
import dev.galen.train.data.PreferenceCollator;
import dev.galen.train.data.PreferenceTokens;
import dev.galen.train.data.SharedData;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.preference.PreferenceLoss.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A language model under the trainer that learns preferences. */
class PreferenceModelTest {
  private static final PreferenceCollator COLLATOR = new PreferenceCollator(0);
  private static final PreferenceLoss DPO = PreferenceLoss.of(Kind.SIGMOID, 0.1);

  @TempDir Path folder;

  /** Prompts and completions of different lengths. */
  private static List<TokenSequence> data(int count) {
    var data = new ArrayList<TokenSequence>();
    for (int i = 0; i < count; i++) {
      data.add(
          PreferenceTokens.of(ids(2 + i % 3, 7 * i), ids(3 + i % 4, 5 * i + 1), ids(2 + i % 2, i))
              .sequence());
    }
    return data;
  }

  private static int[] ids(int length, int from) {
    var ids = new int[length];
    Arrays.setAll(ids, i -> (from + 11 * i) % TinyModels.VOCABULARY);
    return ids;
  }

  private static TokenSequences referenced(PreferenceModel model, int count) {
    return model.referenced(TokenSequences.of(data(count)), 3, COLLATOR);
  }

  @Test
  void itIsThePolicyByEveryName() {
    CausalLm policy = TinyModels.gpt2(0);
    var model = new PreferenceModel(policy, DPO);
    assertEquals(
        List.copyOf(policy.parameters().keySet()), List.copyOf(model.parameters().keySet()));
    assertEquals(policy.parameterCount(), model.parameterCount());
    assertFalse(model.isCapturable());
  }

  @Test
  void pairsLieInASequenceToTheBit() {
    var pair =
        PreferenceTokens.of(new int[] {1, 2}, new int[] {3}, new int[] {4, 5})
            .withReference(-Math.PI, -1e-300);
    PreferenceTokens same = PreferenceTokens.of(TokenSequences.of(List.of(pair.sequence())).get(0));
    assertArrayEquals(new int[] {1, 2, 3, 0, 1, 2, 4, 5}, same.ids());
    assertEquals(2, same.prompt());
    assertArrayEquals(new int[] {1, 2, 3}, same.chosen().inputIds());
    assertArrayEquals(new int[] {-100, -100, 4, 5}, same.rejected().labels());
    assertEquals(-Math.PI, same.referenceChosen());
    assertEquals(-1e-300, same.referenceRejected());
    assertThrows(
        IllegalArgumentException.class,
        () -> PreferenceTokens.of(new int[0], new int[] {3}, new int[] {4}));
    assertThrows(
        IllegalArgumentException.class,
        () -> PreferenceTokens.of(new int[] {1}, new int[] {3}, new int[0]));
  }

  /** A padded batch has the loss and the gradient of its completions one by one. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void aBatchIsItsCompletions(Kind kind) {
    CausalLm policy = TinyModels.gpt2(0.3);
    var model = new PreferenceModel(policy, PreferenceLoss.of(kind, 0.5));
    TokenSequences data = referenced(model, 4);
    nudge(policy);
    policy.eval();
    var negatives = new ArrayList<Tensor>();
    var pairs = new ArrayList<PreferencePair>();
    for (TokenSequence sequence : data) {
      PreferenceTokens pair = PreferenceTokens.of(sequence);
      var better = new Completion(pair.chosen().inputIds(), pair.prompt());
      var worse = new Completion(pair.rejected().inputIds(), pair.prompt());
      negatives.add(better.negativeLogProbability(policy));
      negatives.add(worse.negativeLogProbability(policy));
      pairs.add(
          new PreferencePair(
              -negatives.get(negatives.size() - 2).item(),
              -negatives.getLast().item(),
              pair.referenceChosen(),
              pair.referenceRejected(),
              better.length(),
              worse.length()));
    }
    var gradient = model.objective().of(pairs);
    for (int i = 0; i < pairs.size(); i++) {
      backward(negatives.get(2 * i), -gradient.byChosen()[i]);
      backward(negatives.get(2 * i + 1), -gradient.byRejected()[i]);
    }
    double expectedLoss = gradient.loss() + (kind == Kind.ORPO ? texts(policy, data) : 0);
    double[] expected = policy.parameters().firstEntry().getValue().grad().toDoubles();
    policy.parameters().values().forEach(Tensor::zeroGrad);
    Batch batch = COLLATOR.collate(data);
    assertEquals(4, batch.tokens());
    assertTrue(batch.padded());
    model.train(); // dropout stays off all the same
    Tensor loss = model.loss(batch.inputs(model.backend()), 4);
    assertFalse(policy.isTraining());
    assertEquals(expectedLoss, loss.item(), 1e-6 * Math.max(1, expectedLoss));
    loss.backward();
    // Their slopes change fast with ln p, and so with its rounding.
    boolean steep = kind == Kind.SPPO_HARD || kind == Kind.DISCOPOP;
    assertArrayEquals(
        expected,
        policy.parameters().firstEntry().getValue().grad().toDoubles(),
        steep ? 1e-5 : 2e-6);
    try (var off = Autograd.noGrad()) {
      assertEquals(loss.item(), model.loss(batch.inputs(model.backend()), 4).item());
    }
  }

  /** The mean loss of the better texts' tokens, prompts and all, and its gradient. */
  private static double texts(CausalLm policy, TokenSequences data) {
    int tokens = 0;
    for (TokenSequence sequence : data) {
      tokens += PreferenceTokens.of(sequence).first() - 1;
    }
    double sum = 0;
    for (TokenSequence sequence : data) {
      int[] ids = PreferenceTokens.of(sequence).chosen().inputIds();
      Tensor ids_1T = Tensors.of(policy.backend(), ids, 1, ids.length);
      Tensor loss = policy.loss(ids_1T, ids_1T, tokens);
      sum += loss.item();
      loss.backward();
    }
    return sum;
  }

  private static void backward(Tensor loss, double by) {
    Autograd.backward(loss, Tensors.full(loss.backend(), DType.F32, loss.shape(), by));
  }

  /** Away from the reference. */
  private static void nudge(CausalLm policy) {
    policy
        .parameters()
        .forEach(
            (path, tensor) -> {
              if (path.endsWith("mlp.c_proj.weight") || path.endsWith("attn.c_attn.weight")) {
                Tensors.copy(tensor.detach().mul(1.5), tensor.detach());
              }
            });
  }

  private static TrainingConfig.Builder config(int batch, int accumulate) {
    return TrainingConfig.builder()
        .steps(6)
        .batchSize(batch)
        .accumulate(accumulate)
        .learningRate(1e-3);
  }

  private static double[] losses(TrainingConfig config) {
    var model = new PreferenceModel(TinyModels.gpt2(0.1), DPO);
    try (var trainer = new Trainer(model, config, referenced(model, 8), List.of(), COLLATOR)) {
      var losses = new double[6];
      for (int i = 0; i < losses.length; i++) {
        losses[i] = trainer.trainStep().loss();
      }
      return losses;
    }
  }

  @Test
  void theTrainerLearnsFromLnTwoOn() {
    double[] losses = losses(config(4, 1).build());
    assertEquals(Math.log(2), losses[0], 1e-6);
    assertTrue(losses[5] < 0.98 * losses[0], Arrays.toString(losses));
    assertArrayEquals(losses, losses(config(2, 2).build()), 1e-5);
    assertArrayEquals(losses, losses(config(4, 1).recompute(true).build()));
  }

  @Test
  void aResumedRunAsksTheSameReference() throws IOException {
    var config = config(3, 1).output(folder).build();
    var whole = new PreferenceModel(TinyModels.gpt2(0), DPO);
    double fourth;
    try (var trainer = new Trainer(whole, config, referenced(whole, 8), List.of(), COLLATOR)) {
      trainer.trainStep();
      trainer.trainStep();
      trainer.trainStep();
      trainer.save();
      fourth = trainer.trainStep().loss();
    }
    var again = new PreferenceModel(TinyModels.gpt2(0), DPO);
    try (var trainer = new Trainer(again, config, referenced(again, 8), List.of(), COLLATOR)) {
      assertTrue(trainer.resume());
      assertEquals(fourth, trainer.trainStep().loss());
    }
    // What has learned is another reference, and so are these other data.
    var data = referenced(again, 8);
    try (var trainer =
        new Trainer(
            new PreferenceModel(TinyModels.gpt2(0), DPO), config, data, List.of(), COLLATOR)) {
      assertThrows(SettingsChangedException.class, trainer::resume);
    }
    var other = new PreferenceModel(TinyModels.gpt2(0), PreferenceLoss.of(Kind.SIGMOID, 0.2));
    try (var trainer = new Trainer(other, config, referenced(other, 8), List.of(), COLLATOR)) {
      String message = assertThrows(SettingsChangedException.class, trainer::resume).getMessage();
      assertTrue(message.contains("beta 0.1") && message.contains("beta 0.2"), message);
    }
  }

  /** Losses, gradient norms and log-probabilities of TRL's DPOTrainer. */
  @Test
  void isTrls() throws IOException {
    var file = new ObjectMapper().readTree(SharedData.file("recipe-cases/dpo.json").toFile());
    var directory = SharedData.file("hf-tiny/gpt2-lm");
    var sequences = new ArrayList<TokenSequence>();
    for (JsonNode pair : file.required("pairs")) {
      sequences.add(
          PreferenceTokens.of(
                  PreferenceLossTest.ints(pair.required("prompt")),
                  PreferenceLossTest.ints(pair.required("chosen")),
                  PreferenceLossTest.ints(pair.required("rejected")))
              .sequence());
    }
    CausalLm policy = Pretrained.load(directory, Device.CPU, CausalLm.class).model();
    TokenSequences data =
        new PreferenceModel(policy, DPO).referenced(TokenSequences.of(sequences), 4, COLLATOR);
    PreferenceLossTest.scale(policy);
    for (JsonNode c : file.required("cases")) {
      requireTrls(c, objective(c), policy, data);
    }
    JsonNode orpo = file.required("orpo");
    double beta = orpo.required("beta").asDouble();
    requireTrls(orpo, PreferenceObjective.of(PreferenceLoss.of(Kind.ORPO, beta)), policy, data);
  }

  private static PreferenceObjective objective(JsonNode c) {
    JsonNode settings = c.path("settings");
    boolean conservative = c.required("id").asText().contains("cDPO");
    var kinds = new ArrayList<Kind>();
    var weights = new ArrayList<Double>();
    settings.path("types").forEach(kind -> kinds.add(Kind.named(kind.asText())));
    settings.path("weights").forEach(weight -> weights.add(weight.asDouble()));
    if (kinds.isEmpty()) {
      kinds.add(Kind.named(settings.path("loss_type").asText("sigmoid")));
    }
    return new PreferenceConfig(
            kinds, weights, settings.path("beta").asDouble(0.1), PreferenceLoss.TAU)
        .objective(conservative ? 0.2 : settings.path("label_smoothing").asDouble());
  }

  private static void requireTrls(
      JsonNode c, PreferenceObjective objective, CausalLm policy, TokenSequences data) {
    var model = new PreferenceModel(policy, objective);
    policy.parameters().values().forEach(Tensor::zeroGrad);
    Tensor computed = model.loss(COLLATOR.collate(data).inputs(model.backend()), 4);
    double expected = c.required("loss").asDouble();
    assertEquals(expected, computed.item(), 1e-6 * Math.max(1, expected), objective.toString());
    if (!c.has("grad_norm")) {
      return;
    }
    computed.backward();
    double squares = 0;
    for (Tensor parameter : policy.parameters().values()) {
      if (parameter.grad() != null) {
        squares += Arrays.stream(parameter.grad().toDoubles()).map(x -> x * x).sum();
      }
    }
    double norm = c.required("grad_norm").asDouble();
    assertEquals(norm, Math.sqrt(squares), 1e-5 * norm, objective.toString());
  }
}
