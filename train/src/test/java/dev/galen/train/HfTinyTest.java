package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.SharedData;
import dev.galen.train.optim.AdamW;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every architecture against what transformers computes in F64: loss, logits, every gradient, the
 * losses of 20 AdamW updates, the ids of greedy and beam search; and against itself: through a
 * cache as in one pass, and computed again in the backward pass to the bit. A case is a directory,
 * see {@link HfCase}; a new architecture adds its own to the two lists.
 */
class HfTinyTest {
  /** Folders of {@code shared/data/hf-tiny}. */
  private static final List<String> SHARED =
      List.of(
          "bert-classifier",
          "bert-mlm",
          "bert-tagger",
          "llama",
          "llama-rope-scaled",
          "mistral-window",
          "mixtral",
          "opt",
          "qwen2",
          "t5",
          "t5-gated");

  /** Folders beside {@code make.py} in this class's resources. */
  private static final List<String> OWN =
      List.of(
          "llama-biases",
          "llama-classifier",
          "llama-dynamic",
          "llama-linear",
          "llama-longrope",
          "llama-yarn",
          "llama-yarn-plain",
          "llama3",
          "mistral-left",
          "mixtral-classifier",
          "mixtral-router",
          "mixtral-starved",
          "opt-bare",
          "opt-classifier",
          "opt-projected",
          "qwen2-windows");

  /** One thing that is to hold of a case on a device. */
  @FunctionalInterface
  private interface Check {
    void of(HfCase expected, Device device) throws IOException;
  }

  /** Where all of this happens; other classes run it again elsewhere. */
  List<Device> devices() {
    return List.of(Device.REFERENCE, Device.CPU);
  }

  @TestFactory
  Stream<DynamicTest> lossAndLogits() {
    return each(HfTinyTest::checkLossAndLogits, true, true);
  }

  @TestFactory
  Stream<DynamicTest> gradients() {
    return each(HfTinyTest::checkGradients, true, true);
  }

  @TestFactory
  Stream<DynamicTest> twentyUpdates() {
    return each(HfTinyTest::checkUpdates, true, false);
  }

  @TestFactory
  Stream<DynamicTest> greedyAndBeams() {
    return each(HfTinyTest::checkTexts, true, false);
  }

  @TestFactory
  Stream<DynamicTest> throughACacheAsInOnePass() {
    return each(HfTinyTest::checkCache, false, false);
  }

  @TestFactory
  Stream<DynamicTest> recomputedToTheBit() {
    return each(HfTinyTest::checkRecompute, false, false);
  }

  /**
   * A test of each case.
   *
   * @param shared whether the shared ones are checked on every device, not on the CPU alone
   * @param own whether our own are
   */
  private Stream<DynamicTest> each(Check check, boolean shared, boolean own) {
    var tests = new ArrayList<DynamicTest>();
    for (Device device : devices()) {
      if (shared || device.equals(Device.CPU)) {
        SHARED.forEach(name -> add(tests, name, device, check, true));
      }
      if (own || device.equals(Device.CPU)) {
        OWN.forEach(name -> add(tests, name, device, check, false));
      }
    }
    return tests.stream();
  }

  private static void add(
      List<DynamicTest> tests, String name, Device device, Check check, boolean shared) {
    tests.add(
        dynamicTest(
            name + " on " + device,
            () -> {
              Path directory = shared ? SharedData.file("hf-tiny/" + name) : own(name);
              try (var scope = MemoryScope.open(name)) {
                check.of(HfCase.read(directory), device);
              }
            }));
  }

  /** All of them; of the shared ones those that are there. */
  static List<HfCase> cases() throws IOException {
    var cases = new ArrayList<HfCase>();
    for (String name : OWN) {
      cases.add(HfCase.read(own(name)));
    }
    for (String name : SHARED) {
      Optional<Path> directory = SharedData.find("hf-tiny/" + name);
      if (directory.isPresent()) {
        cases.add(HfCase.read(directory.get()));
      }
    }
    return cases;
  }

  /** A file of this class's resources. */
  static Path own(String name) {
    try {
      return Path.of(HfTinyTest.class.getResource("hf/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static void checkLossAndLogits(HfCase expected, Device device) throws IOException {
    Model model = expected.load(device);
    assertEquals(
        expected.expected().get("loss").asDouble(), expected.loss(model).item(), 1e-4, "loss");
    Tensor logits = expected.logits(model);
    double[] want = HfCase.numbers(expected.expected().get("logits_last_row"));
    int time = logits.shape().rank() == 3 ? logits.dim(1) : 0;
    double[] got = (time == 0 ? logits : logits.slice(1, time - 1, time)).toDoubles();
    int size = want.length / logits.dim(0);
    for (int row = 0; row < logits.dim(0); row++) {
      if (!(model instanceof CausalLm) || expected.hasTokenAt(row, time - 1)) {
        assertArrayEquals(
            Arrays.copyOfRange(want, row * size, (row + 1) * size),
            Arrays.copyOfRange(got, row * size, (row + 1) * size),
            1e-4,
            "logits of row " + row);
      }
    }
  }

  private static void checkGradients(HfCase expected, Device device) throws IOException {
    Model model = expected.load(device);
    expected.loss(model).backward();
    Map<String, double[]> want = expected.gradients();
    double norm = expected.expected().get("grad_norm").asDouble();
    double squares = 0;
    for (Map.Entry<String, Tensor> parameter : model.parameters().entrySet()) {
      String path = parameter.getKey();
      double[] wanted = want.remove(path);
      assertTrue(wanted != null, "no gradient is expected of " + path);
      // A parameter that nothing computed with has none, which counts as zero.
      Tensor grad = parameter.getValue().grad();
      double[] got = grad == null ? new double[wanted.length] : grad.toDoubles();
      double largest = Arrays.stream(wanted).map(Math::abs).max().orElse(0);
      // Softmax takes what is alike for all keys, such as their bias, for nothing: that is noise.
      double tolerance = Math.max(1e-3 * largest, 1e-7 * norm);
      assertArrayEquals(wanted, got, tolerance, "gradient of " + path);
      squares += Arrays.stream(got).map(x -> x * x).sum();
    }
    assertEquals(Map.of(), want, "gradients of parameters that the model lacks");
    assertEquals(norm, Math.sqrt(squares), 1e-3 * norm);
  }

  private static void checkUpdates(HfCase expected, Device device) throws IOException {
    Model model = expected.load(device);
    JsonNode run = expected.expected().get("adamw20");
    double decay = run.get("weight_decay_on_matrices").asDouble();
    var optimizer = new AdamW(model.parameters().values(), AdamW.Settings.decay(decay));
    var losses = new ArrayList<Double>();
    for (int step = 0; step < run.get("losses").size(); step++) {
      try (var scope = MemoryScope.open("step")) {
        optimizer.zeroGrad();
        Tensor loss = expected.loss(model);
        loss.backward();
        losses.add(loss.item());
        double norm = optimizer.gradientNorm();
        optimizer.step(run.get("lr").asDouble(), Math.min(1, 1 / (norm + 1e-6)));
      }
    }
    assertArrayEquals(
        HfCase.numbers(run.get("losses")),
        losses.stream().mapToDouble(Double::doubleValue).toArray(),
        1e-3);
    optimizer.free();
  }

  private static void checkTexts(HfCase expected, Device device) throws IOException {
    Model model = expected.load(device);
    if (model instanceof CausalLm || model instanceof Seq2SeqLm) {
      assertWrites(model, expected.expected().get("greedy"), 1);
      assertWrites(model, expected.expected().get("beam4"), 4);
    }
  }

  private static void assertWrites(Model model, JsonNode expected, int beams) {
    int[] prompt = HfCase.row(expected.get("prompt"));
    int[] ids = HfCase.row(expected.get("ids"));
    // What a decoder writes begins with an id of its own.
    int begun = model instanceof CausalLm ? prompt.length : 1;
    var config = GenerationConfig.builder().maxNewTokens(ids.length - begun).beams(beams).build();
    Generator generator =
        model instanceof CausalLm lm ? new Generator(lm) : new Generator((Seq2SeqLm) model);
    assertArrayEquals(ids, generator.generate(prompt, config));
  }

  /** A prompt of five, then token by token, then the rest at once. */
  private static void checkCache(HfCase expected, Device device) throws IOException {
    if (!(expected.load(device) instanceof CausalLm model)) {
      return;
    }
    int[] ids = HfCase.row(expected.expected().get("input_ids").get(0));
    try (var off = Autograd.noGrad();
        KvCache cache = model.newCache(1, ids.length)) {
      int held = 0;
      while (held < ids.length) {
        int time = held == 0 ? 5 : held < ids.length - 4 ? 1 : ids.length - held;
        int[] next = Arrays.copyOfRange(ids, held, held + time);
        held += time;
        try (var scope = MemoryScope.open("length")) {
          Tensor cached = model.next(Tensors.of(model.backend(), next, 1, time), cache);
          int[] all = Arrays.copyOf(ids, held);
          Tensor whole = model.logits(Tensors.of(model.backend(), all, 1, held));
          double[] want = whole.slice(1, held - 1, held).toDoubles();
          assertArrayEquals(want, cached.toDoubles(), 2e-5, "length " + held);
        }
      }
    }
  }

  private static void checkRecompute(HfCase expected, Device device) throws IOException {
    Model model = expected.load(device);
    Tensor loss = expected.loss(model);
    loss.backward();
    var gradients =
        model.parameters().values().stream()
            .map(p -> p.grad() == null ? null : p.grad().toFloats())
            .toList();
    model.parameters().values().forEach(Tensor::zeroGrad);
    model.setRecompute(true);
    Tensor again = expected.loss(model);
    assertEquals(loss.item(), again.item());
    again.backward();
    int i = 0;
    for (Map.Entry<String, Tensor> parameter : model.parameters().entrySet()) {
      Tensor grad = parameter.getValue().grad();
      assertArrayEquals(
          gradients.get(i++), grad == null ? null : grad.toFloats(), parameter.getKey());
    }
  }
}
