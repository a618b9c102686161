package dev.galen.train.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of optimizer against torch's and transformers', as {@code kinds.py} ran them. */
class OptimizerKindsTest {
  private static JsonNode expected() throws IOException {
    try (InputStream file = OptimizerKindsTest.class.getResourceAsStream("kinds.json")) {
      return new ObjectMapper().readTree(file);
    }
  }

  @TestFactory
  Stream<DynamicTest> updatesAreThoseOfTheReference() throws IOException {
    JsonNode expected = expected();
    var tests = new ArrayList<DynamicTest>();
    for (Device device : List.of(Device.REFERENCE, Device.CPU)) {
      for (JsonNode one : expected.get("cases")) {
        String name = one.get("optimizer").asText() + " " + one.get("settings") + " " + device;
        tests.add(dynamicTest(name, () -> check(expected.get("shapes"), one, device)));
      }
    }
    return tests.stream();
  }

  private static Map<String, String> settings(JsonNode one) {
    var settings = new LinkedHashMap<String, String>();
    one.get("settings").properties().forEach(e -> settings.put(e.getKey(), e.getValue().asText()));
    return settings;
  }

  private static void check(JsonNode shapes, JsonNode one, Device device) {
    var parameters = new LinkedHashMap<String, Tensor>();
    for (JsonNode shape : shapes) {
      int index = parameters.size();
      parameters.put("block.0.p" + index, parameter(device, dims(shape), index));
    }
    OptimizerSpec spec = Optimizers.named(one.get("optimizer").asText(), settings(one));
    assertEquals(spec, Optimizers.named(spec.name(), spec.settings()));
    Optimizer optimizer = spec.create(parameters);
    for (JsonNode sums : one.get("steps")) {
      int step = (int) optimizer.steps();
      int index = 0;
      for (Tensor parameter : parameters.values()) {
        setGradient(device, parameter, index++, step);
      }
      optimizer.step(one.get("rate").asDouble(), 1);
      var wanted = new double[sums.size()];
      for (int i = 0; i < wanted.length; i++) {
        wanted[i] = sums.get(i).asDouble();
      }
      TensorAssert.assertClose(
          "after update " + (step + 1),
          wanted,
          parameters.values().stream().mapToDouble(OptimizerKindsTest::weightedSum).toArray(),
          Tolerance.of(DType.F32, 200)); // products of products, in Muon's and Adafactor's
    }
    optimizer.free();
  }

  private static int[] dims(JsonNode shape) {
    var dims = new int[shape.size()];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = shape.get(i).asInt();
    }
    return dims;
  }

  private static Tensor parameter(Device device, int[] dims, int index) {
    int size = 1;
    for (int dim : dims) {
      size *= dim;
    }
    var values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) Math.sin(i + index);
    }
    return Tensors.of(device, values, dims).requireGrad();
  }

  private static void setGradient(Device device, Tensor parameter, int index, int step) {
    var values = new float[Math.toIntExact(parameter.shape().size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 4 == 3 ? 0 : (float) (3 * Math.cos(i + 2 * index + 5 * step));
    }
    parameter.zeroGrad();
    Tensor gradient = Tensors.of(device, values, parameter.shape().toArray());
    parameter.mul(gradient).sum().backward();
  }

  private static double weightedSum(Tensor parameter) {
    double[] values = parameter.toDoubles();
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * Math.cos(i);
    }
    return sum;
  }

  /** torch's own, rounded to BF16 in the same places: to the bit. */
  @Test
  void newtonSchulzRoundsAsTorchDoes() throws IOException {
    var rule = new NewtonSchulz(3.4445, -4.775, 2.0315, 5, 1e-7, true);
    for (JsonNode one : expected().get("newtonSchulz")) {
      int rows = one.get("rows").asInt();
      int cols = one.get("cols").asInt();
      var matrix = new float[rows * cols];
      var wanted = new float[rows * cols];
      for (int i = 0; i < matrix.length; i++) {
        matrix[i] = (float) (Math.sin(i) + Math.cos((double) i * i / 7));
        wanted[i] = (float) one.get("values").get(i).asDouble();
      }
      for (Device device : List.of(Device.REFERENCE, Device.CPU)) {
        try (var off = Autograd.noGrad();
            var scope = MemoryScope.open("newton schulz")) {
          Tensor made = rule.of(Tensors.of(device, matrix, rows, cols));
          assertArrayEquals(wanted, made.toFloats(), device.toString());
        }
      }
    }
  }

  private static Map<String, Tensor> model() {
    var parameters = new LinkedHashMap<String, Tensor>();
    parameters.put("embed.weight", parameter(Device.CPU, new int[] {3, 4}, 1));
    parameters.put("h.0.w.weight", parameter(Device.CPU, new int[] {4, 4}, 2));
    parameters.put("h.0.w.bias", parameter(Device.CPU, new int[] {4}, 3));
    parameters.put("h.1.w.weight", parameter(Device.CPU, new int[] {4, 4}, 4));
    parameters.put("norm.weight", parameter(Device.CPU, new int[] {4}, 5));
    return parameters;
  }

  private static void step(Map<String, Tensor> parameters, Optimizer optimizer, double rate) {
    optimizer.zeroGrad();
    int index = 0;
    for (Tensor parameter : parameters.values()) {
      if (parameter.requiresGrad()) {
        setGradient(Device.CPU, parameter, index, (int) optimizer.steps());
      }
      index++;
    }
    optimizer.step(rate, 1);
  }

  /** Rates by layer and by name are those of optimizers of their own. */
  @Test
  void aGroupIsUpdatedAsByAnOptimizerOfItsOwn() {
    var groups =
        new ParameterGroups(
            List.of(
                new ParameterGroup("norm", 0, null),
                new ParameterGroup("*.bias", 2, 0.5),
                new ParameterGroup("h.1", 1, 0.0)),
            0.5);
    Map<String, Tensor> grouped = model();
    Optimizer optimizer = AdamW.Settings.decay(0.1).create(grouped);
    optimizer.group(groups.in(grouped.keySet()));
    Map<String, Double> rates =
        Map.of(
            "embed.weight", 0.125,
            "h.0.w.weight", 0.25,
            "h.0.w.bias", 0.5,
            "h.1.w.weight", 0.5,
            "norm.weight", 0.0);
    for (int i = 0; i < 3; i++) {
      step(grouped, optimizer, 0.1);
    }
    Map<String, Tensor> alone = model();
    int index = 0;
    for (Map.Entry<String, Tensor> entry : alone.entrySet()) {
      String name = entry.getKey();
      double decay = name.equals("h.0.w.bias") ? 0.5 : name.startsWith("h.1") ? 0 : 0.1;
      Optimizer own = AdamW.Settings.decay(decay).create(Map.of(name, entry.getValue()));
      if (name.equals("h.0.w.bias")) {
        own.group(new ParameterGroups(List.of(new ParameterGroup("*", 1, decay)), 1));
      }
      for (int i = 0; i < 3; i++) {
        own.zeroGrad();
        setGradient(Device.CPU, entry.getValue(), index, i);
        own.step(0.1 * rates.get(name), 1);
      }
      index++;
      assertArrayEquals(entry.getValue().toFloats(), grouped.get(name).toFloats(), name);
    }
  }

  /** As in PyTorch, a parameter's first update is its first, whenever it comes. */
  @Test
  void aParameterThatWasFrozenForAWhileCountsItsOwnUpdates() {
    Map<String, Tensor> late = model();
    Optimizer optimizer = AdamW.Settings.decay(0.1).create(late);
    late.get("h.0.w.weight").freeze();
    step(late, optimizer, 0.1);
    step(late, optimizer, 0.1);
    assertEquals(List.of(0.0, 2.0, 0.0, 0.0, 0.0), optimizer.passedOver());
    late.get("h.0.w.weight").requireGrad();
    Tensor alone = model().get("h.0.w.weight");
    Optimizer own = AdamW.Settings.decay(0.1).create(Map.of("w", alone));
    for (int i = 2; i < 4; i++) {
      step(late, optimizer, 0.1);
      own.zeroGrad();
      setGradient(Device.CPU, alone, 1, i);
      own.step(0.1, 1);
    }
    assertArrayEquals(alone.toFloats(), late.get("h.0.w.weight").toFloats());
    assertThrows(IllegalArgumentException.class, () -> optimizer.passOver(List.of(1.0)));
  }

  @Test
  void elementsOfGradientsAreBroughtIntoTheLimit() {
    Map<String, Tensor> parameters = model();
    Optimizer optimizer = new Sgd.Settings(0, 0).create(parameters);
    float[] before = parameters.get("h.0.w.weight").toFloats();
    setGradient(Device.CPU, parameters.get("h.0.w.weight"), 1, 0);
    float[] wanted = parameters.get("h.0.w.weight").grad().toFloats();
    optimizer.clampGradients(1.5);
    optimizer.step(1, 1);
    float[] after = parameters.get("h.0.w.weight").toFloats();
    for (int i = 0; i < wanted.length; i++) {
      float limited = Math.clamp(wanted[i], -1.5f, 1.5f);
      assertEquals(before[i] - limited, after[i], 1e-6);
    }
  }

  @Test
  void theAverageBeginsInTwoWays() {
    for (boolean fromFirst : new boolean[] {true, false}) {
      Tensor weight = Tensors.of(Device.CPU, new float[] {8, 4}, 2).requireGrad();
      Tensor frozen = Tensors.of(Device.CPU, new float[] {1}, 1);
      try (var average = new WeightAverage(Map.of("w", weight, "f", frozen), 0.75, fromFirst)) {
        for (double value : new double[] {4, 0}) {
          Tensors.fill(weight, value);
          average.update();
        }
        double first = fromFirst ? 4 : 0.75 * 8 + 0.25 * 4;
        float wanted = (float) (0.75 * first);
        assertEquals(1, average.averages().size());
        average.exchange();
        assertEquals(wanted, weight.toFloats()[0], 1e-6);
        average.exchange();
        assertArrayEquals(new float[] {0, 0}, weight.toFloats());
      }
    }
  }

  @Test
  void layersAreToldByName() {
    assertEquals(0, LayerNames.depth("transformer.wpe.weight", 12));
    assertEquals(0, LayerNames.depth("bert.embeddings.LayerNorm.weight", 12));
    assertEquals(0, LayerNames.depth("shared.weight", 12));
    assertEquals(4, LayerNames.depth("encoder.block.3.layer.0.SelfAttention.q.weight", 12));
    assertEquals(13, LayerNames.depth("lm_head.weight", 12));
    assertEquals(13, LayerNames.depth("transformer.ln_f.weight", 12));
    assertTrue(LayerNames.isInside("model.layers.0.mlp.up_proj.weight"));
    assertTrue(!LayerNames.isInside("encoder.block.0.layer.0.x.relative_attention_bias.weight"));
    assertTrue(!LayerNames.isInside("transformer.wte.weight"));
  }

  @Test
  void patternsFitNamesAndPathsAboveThem() {
    assertTrue(NamePattern.fits("transformer.h.1", "transformer.h.1.ln_1.bias"));
    assertTrue(!NamePattern.fits("transformer.h.1", "transformer.h.10.ln_1.bias"));
    assertTrue(NamePattern.fits("*.bias", "transformer.h.10.ln_1.bias"));
    assertTrue(NamePattern.fits("*.h.?.ln_1", "transformer.h.3.ln_1.weight"));
    assertTrue(!NamePattern.fits("*.h.?.ln_1", "transformer.h.30.ln_1.weight"));
    assertTrue(!NamePattern.fits("h", "transformer.h.3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adagrad || optimizer is adagrad, expected one of [AdamW, Adam, SGD, Adafactor, HfAdafactor,",
        "Lion | momentum=0.9 | momentum is no setting of Lion; leave it out, or give one of beta1",
        "AdamW | beta1=1 | beta1 is 1.0, must be in [0, 1)",
        "AdamW | eps=-1 | epsilon is -1.0, must be a number from 0 on",
        "Adam | weight_decay=-1 | weight decay is -1.0, must be a number from 0 on",
        "SGD | nesterov=true | nesterov is true, must be false without momentum",
        "SGD | dampening=1 | dampening is 1.0, must be in [0, 1)",
        "Adafactor | d=0.5 | d is 0.5, must be at least 1",
        "HfAdafactor | warmup_init=true | warmup_init is true, must be false without relative_step",
        "HfAdafactor | clip_threshold=0 | clip_threshold is 0.0, must be a number above 0",
        "Muon | ns_steps=100 | ns_steps is 100, must be from 0 to 99",
        "Muon | adjust_lr_fn=rms | adjust_lr_fn is rms, must be one of original, match_rms_adamw",
      })
  void whatIsWrongIsNamed(String name, String pair, String line) {
    Map<String, String> numbers =
        pair == null ? Map.of() : Map.of(pair.split("=")[0], pair.split("=")[1]);
    var error = assertThrows(IllegalArgumentException.class, () -> Optimizers.named(name, numbers));
    assertTrue(error.getMessage().startsWith(line), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h.0 | group is h.0, must be a pattern, a colon and rate=X or weight_decay=X",
        "h.0:0.1 | group is h.0:0.1, must be with rate=X or weight_decay=X",
        "h.0:rate=x | rate is x, must be a number",
        "h.0:rate=-1 | rate of group h.0 is -1.0, must be a number from 0 on",
        "h.0:lr=1 | lr is no setting of group h.0; leave it out, or give one of rate, weight_decay",
      })
  void whatIsWrongInAGroupIsNamed(String text, String line) {
    var error = assertThrows(IllegalArgumentException.class, () -> ParameterGroup.parse(text));
    assertTrue(error.getMessage().startsWith(line), error.getMessage());
    var group = ParameterGroup.parse("h.?:rate=0.5,weight-decay=0");
    assertEquals(new ParameterGroup("h.?", 0.5, 0.0), group);
    assertEquals(group, ParameterGroup.parse(group.text()));
  }
}
