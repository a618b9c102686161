package dev.galen.train.preference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.CausalLm;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.train.PreferenceConfig;
import dev.galen.train.data.SharedData;
import dev.galen.train.preference.PreferenceLoss.Kind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Preference losses against TRL's, whose figures are in recipe-cases/dpo.json. */
class PreferenceLossTest {
  private static final List<PreferencePair> PAIRS =
      List.of(
          new PreferencePair(-3.5, -4.25, -3, -5, 2, 3),
          new PreferencePair(-9, -2, -8.625, -2.5, 7, 1),
          new PreferencePair(-40, -60, -41, -20, 5, 8));

  /** Every derivative is that of the loss, by differences. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void derivatives(Kind kind) {
    for (double smoothing : new double[] {0, 0.2}) {
      if (smoothing > 0 && !kind.smooths() || smoothing == 0 && kind == Kind.EXO_PAIR) {
        continue;
      }
      var loss = new PreferenceLoss(kind, 0.3, smoothing);
      var gradient = loss.of(PAIRS);
      assertEquals(
          gradient.loss(), Arrays.stream(gradient.perPair()).average().orElseThrow(), 1e-12);
      for (int i = 0; i < PAIRS.size(); i++) {
        double step = 1e-5;
        double chosen = loss.of(moved(i, step, 0)).loss() - loss.of(moved(i, -step, 0)).loss();
        double rejected = loss.of(moved(i, 0, step)).loss() - loss.of(moved(i, 0, -step)).loss();
        double near = 1e-8 * Math.max(1, Math.abs(gradient.byRejected()[i]));
        assertEquals(chosen / (2 * step), gradient.byChosen()[i], near, kind + " chosen " + i);
        assertEquals(
            rejected / (2 * step), gradient.byRejected()[i], near, kind + " rejected " + i);
      }
    }
  }

  private static List<PreferencePair> moved(int at, double chosen, double rejected) {
    var pairs = new ArrayList<>(PAIRS);
    var pair = pairs.get(at);
    pairs.set(
        at,
        new PreferencePair(
            pair.policyChosen() + chosen,
            pair.policyRejected() + rejected,
            pair.referenceChosen(),
            pair.referenceRejected(),
            pair.chosenLength(),
            pair.rejectedLength()));
    return pairs;
  }

  @Test
  void settingsThatAreNone() {
    assertThrows(IllegalArgumentException.class, () -> PreferenceLoss.of(Kind.SIGMOID, 0));
    assertThrows(IllegalArgumentException.class, () -> new PreferenceLoss(Kind.IPO, 0.1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> new PreferenceLoss(Kind.ROBUST, 1, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new PreferenceLoss(Kind.EXO_PAIR, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> Kind.named("kto"));
    assertThrows(IllegalArgumentException.class, () -> new Completion(new int[] {1, 2}, 2));
    var sft = PreferenceLoss.of(Kind.SFT, 1);
    assertThrows(IllegalArgumentException.class, () -> sft.of(List.of()));
  }

  /** A case of the file as losses with weights. */
  private record Mixture(List<PreferenceLoss> losses, List<Double> weights) {
    static Mixture of(JsonNode c) {
      var settings = c.path("settings");
      if (settings.has("types")) {
        return new Mixture(
            List.of(PreferenceLoss.of(Kind.SIGMOID, 0.1), PreferenceLoss.of(Kind.SFT, 0.1)),
            List.of(settings.at("/weights/0").asDouble(), settings.at("/weights/1").asDouble()));
      }
      boolean conservative = c.required("id").asText().contains("cDPO");
      var kind = conservative ? Kind.SIGMOID : Kind.named(settings.required("loss_type").asText());
      double smoothing = conservative ? 0.2 : settings.path("label_smoothing").asDouble();
      double beta = settings.path("beta").asDouble(0.1);
      return new Mixture(List.of(new PreferenceLoss(kind, beta, smoothing)), List.of(1.0));
    }

    PreferenceLoss.Gradient of(List<PreferencePair> pairs) {
      var zero = new double[pairs.size()];
      var sum = new PreferenceLoss.Gradient(0, zero, zero, zero);
      for (int i = 0; i < losses.size(); i++) {
        sum = sum.plus(weights.get(i), losses.get(i).of(pairs));
      }
      return sum;
    }
  }

  @Test
  void lossesOfTrl() throws IOException {
    var file = new ObjectMapper().readTree(SharedData.file("recipe-cases/dpo.json").toFile());
    var pairs = pairs(file);
    for (JsonNode c : file.required("cases")) {
      double loss = c.required("loss").asDouble();
      assertEquals(loss, Mixture.of(c).of(pairs).loss(), 1e-12 * Math.max(1, loss), c.toString());
    }
    var each = file.required("per_pair_losses_beta_0.1");
    same(each.required("sigmoid"), PreferenceLoss.of(Kind.SIGMOID, 0.1), pairs);
    same(each.required("hinge"), PreferenceLoss.of(Kind.HINGE, 0.1), pairs);
    same(each.required("ipo"), PreferenceLoss.of(Kind.IPO, 0.1), pairs);
    same(each.required("cdpo_0.2"), new PreferenceLoss(Kind.SIGMOID, 0.1, 0.2), pairs);
    same(each.required("robust_0.2"), new PreferenceLoss(Kind.ROBUST, 0.1, 0.2), pairs);
    var orpo = file.required("orpo");
    double odds = PreferenceLoss.of(Kind.ORPO, 0.1).of(pairs).loss();
    assertEquals(orpo.required("loss").asDouble(), orpo.required("nll").asDouble() + odds, 1e-12);
  }

  private static void same(JsonNode expected, PreferenceLoss loss, List<PreferencePair> pairs) {
    double[] each = loss.of(pairs).perPair();
    for (int i = 0; i < each.length; i++) {
      assertEquals(expected.get(i).asDouble(), each[i], 1e-10, loss.toString());
    }
  }

  private static List<PreferencePair> pairs(JsonNode file) {
    var pairs = new ArrayList<PreferencePair>();
    var logs = file.required("logps");
    for (int i = 0; i < file.required("pairs").size(); i++) {
      pairs.add(
          new PreferencePair(
              logs.required("policy_chosen").get(i).asDouble(),
              logs.required("policy_rejected").get(i).asDouble(),
              logs.required("reference_chosen").get(i).asDouble(),
              logs.required("reference_rejected").get(i).asDouble(),
              file.required("pairs").get(i).required("chosen").size(),
              file.required("pairs").get(i).required("rejected").size()));
    }
    return pairs;
  }

  /** Losses and derivatives of TRL in F64, as {@code preference/make.py} asked it. */
  @Test
  void everyKindIsTrls() throws IOException {
    JsonNode file;
    try (var in = getClass().getResourceAsStream("/dev/galen/train/preference/losses.json")) {
      file = new ObjectMapper().readTree(in);
    }
    int[] lengths = ints(file.required("lengths"));
    int count = lengths.length / 2;
    var pairs = new ArrayList<PreferencePair>();
    for (int i = 0; i < count; i++) {
      pairs.add(
          new PreferencePair(
              file.at("/policy/" + i).asDouble(),
              file.at("/policy/" + (count + i)).asDouble(),
              file.at("/reference/" + i).asDouble(),
              file.at("/reference/" + (count + i)).asDouble(),
              lengths[i],
              lengths[count + i]));
    }
    for (JsonNode c : file.required("cases")) {
      var kinds = new ArrayList<Kind>();
      var weights = new ArrayList<Double>();
      c.required("kinds").forEach(kind -> kinds.add(Kind.named(kind.asText())));
      c.required("weights").forEach(weight -> weights.add(weight.asDouble()));
      var gradient =
          new PreferenceConfig(
                  kinds, weights, c.required("beta").asDouble(), c.required("tau").asDouble())
              .objective(c.required("label_smoothing").asDouble())
              .of(pairs);
      requireTrls(c, "loss", gradient);
    }
    assertEquals(30, file.required("cases").size());
    JsonNode orpo = file.required("orpo");
    double beta = orpo.required("beta").asDouble();
    requireTrls(orpo, "odds_loss", PreferenceLoss.of(Kind.ORPO, beta).of(pairs));
    double odds = pairs.stream().mapToDouble(PreferencePair::logOdds).average().orElseThrow();
    assertEquals(orpo.required("log_odds_chosen").asDouble(), odds, 1e-12);
  }

  private static void requireTrls(JsonNode c, String loss, PreferenceLoss.Gradient gradient) {
    double expected = c.required(loss).asDouble();
    assertEquals(expected, gradient.loss(), 1e-12 * Math.max(1, expected), c.toString());
    for (int i = 0; i < gradient.byChosen().length; i++) {
      assertEquals(c.at("/by_chosen/" + i).asDouble(), gradient.byChosen()[i], 1e-10, c.toString());
      assertEquals(
          c.at("/by_rejected/" + i).asDouble(), gradient.byRejected()[i], 1e-10, c.toString());
    }
  }

  /** The gradients of a model, from its own log-probabilities. */
  @Test
  void gradientsOfTrl() throws IOException {
    var file = new ObjectMapper().readTree(SharedData.file("recipe-cases/dpo.json").toFile());
    var directory = SharedData.file("hf-tiny/gpt2-lm");
    CausalLm model = Pretrained.load(directory, Device.CPU, CausalLm.class).model();
    model.eval();
    scale(model);
    for (JsonNode c : file.required("cases")) {
      var chosen = new ArrayList<Tensor>();
      var rejected = new ArrayList<Tensor>();
      var pairs = new ArrayList<PreferencePair>();
      var references = pairs(file);
      for (int i = 0; i < references.size(); i++) {
        var pair = file.required("pairs").get(i);
        var better = completion(pair, "chosen");
        var worse = completion(pair, "rejected");
        chosen.add(better.negativeLogProbability(model));
        rejected.add(worse.negativeLogProbability(model));
        pairs.add(
            new PreferencePair(
                -chosen.getLast().item(),
                -rejected.getLast().item(),
                references.get(i).referenceChosen(),
                references.get(i).referenceRejected(),
                better.length(),
                worse.length()));
        assertEquals(references.get(i).policyChosen(), pairs.getLast().policyChosen(), 1e-4);
      }
      var gradient = Mixture.of(c).of(pairs);
      double loss = c.required("loss").asDouble();
      assertEquals(loss, gradient.loss(), 1e-5 * Math.max(1, loss), c.toString());
      model.parameters().values().forEach(Tensor::zeroGrad);
      for (int i = 0; i < pairs.size(); i++) {
        backward(chosen.get(i), -gradient.byChosen()[i]);
        backward(rejected.get(i), -gradient.byRejected()[i]);
      }
      double squares = 0;
      for (Tensor parameter : model.parameters().values()) {
        if (parameter.grad() != null) {
          squares += Arrays.stream(parameter.grad().toDoubles()).map(x -> x * x).sum();
        }
      }
      double norm = c.required("grad_norm").asDouble();
      assertEquals(norm, Math.sqrt(squares), 1e-4 * norm, c.required("id").asText());
    }
  }

  private static void backward(Tensor loss, double by) {
    Autograd.backward(loss, Tensors.full(loss.backend(), DType.F32, loss.shape(), by));
  }

  private static Completion completion(JsonNode pair, String which) {
    return Completion.of(ints(pair.required("prompt")), ints(pair.required(which)));
  }

  static int[] ints(JsonNode array) {
    var values = new int[array.size()];
    Arrays.setAll(values, i -> array.get(i).asInt());
    return values;
  }

  /** The policy that the file describes. */
  static void scale(CausalLm model) {
    model
        .parameters()
        .forEach(
            (path, parameter) -> {
              double factor =
                  path.endsWith("attn.c_attn.weight")
                      ? 1.25
                      : path.endsWith("mlp.c_proj.weight") ? 0.8 : 1;
              if (factor != 1) {
                double[] values = parameter.toDoubles();
                var scaled = new float[values.length];
                for (int i = 0; i < scaled.length; i++) {
                  scaled[i] = (float) (values[i] * factor);
                }
                Tensors.assign(parameter, MemorySegment.ofArray(scaled));
              }
            });
  }
}
