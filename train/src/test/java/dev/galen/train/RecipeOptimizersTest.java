package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.Model;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.SharedData;
import dev.galen.train.optim.Optimizer;
import dev.galen.train.optim.OptimizerSpec;
import dev.galen.train.optim.Optimizers;
import dev.galen.train.optim.ParameterGroup;
import dev.galen.train.optim.ParameterGroups;
import dev.galen.train.optim.WeightAverage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Twenty updates of GPT-2 and LLaMA by every optimizer, as torch and transformers make them in F64:
 * {@code recipe-cases/optimizers.json} of the shared data.
 */
class RecipeOptimizersTest {
  /** How close an F32 run comes where torch's own does not say that it stays farther away. */
  private static final double CLOSE = 1e-3;

  @TestFactory
  Stream<DynamicTest> sharedCases() throws IOException {
    JsonNode root =
        new ObjectMapper().readTree(SharedData.file("recipe-cases/optimizers.json").toFile());
    var tests = new ArrayList<DynamicTest>();
    for (JsonNode one : root.get("cases")) {
      Bounds bounds = Bounds.of(one, root.get("cases"));
      tests.add(dynamicTest(one.get("id").asText(), () -> check(one, bounds)));
    }
    return tests.stream();
  }

  /**
   * How close a run comes.
   *
   * @param loss of losses
   * @param norm of norms of gradients, as a part of them
   */
  private record Bounds(double loss, double norm) {
    /**
     * Matrices in BF16 move the losses by themselves, as rounding falls: five products of products
     * make much of one bit, and sums of another order make some. So by twice as much as torch's own
     * run differs from the one whose matrices are exact.
     */
    static Bounds of(JsonNode one, JsonNode cases) {
      double loss = Math.max(CLOSE, 1.5 * one.get("float32_run_differs_by").asDouble());
      double norm = 10 * loss;
      String id = one.get("id").asText();
      for (JsonNode other : cases) {
        if (id.endsWith("-bfloat16")
            && other.get("id").asText().equals(id.replace("-bfloat16", "-float64"))) {
          for (int i = 0; i < one.get("losses").size(); i++) {
            loss = Math.max(loss, CLOSE + 2 * Math.abs(apart(one, other, "losses", i)));
            double norms = apart(one, other, "grad_norms_before_clip", i);
            double part = norms / other.get("grad_norms_before_clip").get(i).asDouble();
            norm = Math.max(norm, 10 * CLOSE + 2 * Math.abs(part));
          }
        }
      }
      return new Bounds(loss, norm);
    }

    private static double apart(JsonNode one, JsonNode other, String field, int i) {
      return one.get(field).get(i).asDouble() - other.get(field).get(i).asDouble();
    }
  }

  private static void check(JsonNode one, Bounds bounds) throws IOException {
    HfCase batch = HfCase.read(SharedData.file("hf-tiny/" + one.get("checkpoint").asText()));
    Model model = batch.load(Device.CPU);
    Optimizer optimizer = spec(one).create(model.parameters());
    optimizer.group(groups(one).in(model.parameters().keySet()));
    double rate = one.path("lr").asDouble();
    try (var copied = new WeightAverage(model.parameters(), 0.9, true);
        var initial = new WeightAverage(model.parameters(), 0.9, false)) {
      for (int step = 0; step < one.get("losses").size(); step++) {
        optimizer.zeroGrad();
        try (var scope = MemoryScope.open("step")) {
          Tensor loss = batch.loss(model);
          assertEquals(
              one.get("losses").get(step).asDouble(), loss.item(), bounds.loss(), "loss " + step);
          loss.backward();
        }
        double norm = optimizer.gradientNorm();
        double wanted = one.get("grad_norms_before_clip").get(step).asDouble();
        assertEquals(wanted, norm, bounds.norm() * wanted, "norm " + step);
        optimizer.step(rate, Math.min(1, one.get("clip_grad_norm").asDouble() / (norm + 1e-6)));
        copied.update();
        initial.update();
      }
      assertEquals(one.get("loss_after_20").asDouble(), loss(batch, model), bounds.loss());
      checkAverage(one, batch, model, copied, "loss_torch_AveragedModel");
      checkAverage(one, batch, model, initial, "loss_from_initial_weights");
    }
  }

  private static void checkAverage(
      JsonNode one, HfCase batch, Model model, WeightAverage average, String name) {
    if (one.has("ema")) {
      average.exchange();
      assertEquals(one.at("/ema/" + name).asDouble(), loss(batch, model), CLOSE, name);
      average.exchange();
    }
  }

  private static double loss(HfCase batch, Model model) {
    try (var scope = MemoryScope.open("loss")) {
      return batch.loss(model).item();
    }
  }

  /** Where decay is on every tensor, a group of all says so. */
  private static ParameterGroups groups(JsonNode one) {
    var groups = new ArrayList<ParameterGroup>();
    if (one.path("decay_on").asText().startsWith("every tensor")) {
      groups.add(new ParameterGroup("*", 1, one.get("weight_decay").asDouble()));
    }
    return new ParameterGroups(groups, one.path("layer_decay").asDouble(1));
  }

  private static OptimizerSpec spec(JsonNode one) {
    String optimizer = one.get("optimizer").asText();
    boolean hf = optimizer.startsWith("transformers.");
    String name =
        optimizer.startsWith("Lion")
            ? "Lion"
            : hf ? "HfAdafactor" : optimizer.replaceAll("torch\\.optim\\.(\\w+).*", "$1");
    var numbers = new LinkedHashMap<String, String>();
    putBetas(one, "", numbers);
    boolean factored = name.endsWith("Adafactor");
    if (factored) {
      numbers.put("eps1", one.get("eps").get(0).asText());
      numbers.put("eps2", one.get("eps").get(1).asText());
    } else {
      put(one, "eps", "eps", numbers);
    }
    double decay = one.path("weight_decay").asDouble();
    numbers.put("weight_decay", "" + (one.has("groups") ? 0.01 : decay));
    for (String same :
        List.of(
            "momentum",
            "nesterov",
            "dampening",
            "amsgrad",
            "beta2_decay",
            "d",
            "clip_threshold",
            "decay_rate",
            "scale_parameter",
            "relative_step",
            "warmup_init",
            "ns_steps",
            "adjust_lr_fn")) {
      put(one, same, same, numbers);
    }
    if (hf && !one.get("beta1").isNull()) {
      put(one, "beta1", "beta1", numbers);
    }
    if (one.has("adamw")) {
      JsonNode rest = one.get("adamw");
      putBetas(rest, "adamw_", numbers);
      numbers.put("adamw_epsilon", rest.get("eps").asText());
      numbers.put("adamw_weight_decay", rest.get("weight_decay").asText());
      double factor = rest.get("lr").asDouble() / one.get("lr").asDouble();
      numbers.put("adamw_rate", Double.toString(factor));
      numbers.put("bfloat16", "" + one.get("newton_schulz").asText().startsWith("torch's own"));
    }
    return Optimizers.named(name, numbers);
  }

  private static void put(JsonNode one, String field, String name, Map<String, String> numbers) {
    if (one.hasNonNull(field)) {
      numbers.put(name, one.get(field).asText());
    }
  }

  private static void putBetas(JsonNode one, String prefix, Map<String, String> numbers) {
    if (one.has("betas")) {
      numbers.put(prefix + "beta1", one.get("betas").get(0).asText());
      numbers.put(prefix + "beta2", one.get("betas").get(1).asText());
    }
  }
}
