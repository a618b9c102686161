package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.TokenClassifier;
import dev.galen.model.lora.Adapters;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.SharedData;
import dev.galen.train.optim.AdamW;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Adapters that PEFT wrote against what it computes with them in F64: loss, logits, those of merged
 * matrices and of the adapter off, gradient norms, the losses of 20 AdamW updates, and the file
 * that a save makes of them. Cases are those of {@code shared/data/recipe-cases/lora}, and our own
 * from {@code lora/make.py} beside this class's resources.
 */
class LoraCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double LOGITS = 1e-4; // the bound that recipe-cases names, as for losses

  @TempDir Path folder;

  /**
   * One case.
   *
   * @param adapter PEFT's directory
   * @param json what is expected
   * @param base model and batch
   */
  private record Case(Path adapter, JsonNode json, HfCase base) {
    String id() {
      return json.get("id").asText();
    }

    static Case of(JsonNode json, Path cases, Path models) throws IOException {
      HfCase read = HfCase.read(models.resolve(json.get("checkpoint").asText()));
      ObjectNode batch = JSON.createObjectNode();
      batch.set("architecture", read.expected().get("architecture"));
      json.get("inputs").properties().forEach(field -> batch.set(field.getKey(), field.getValue()));
      return new Case(
          cases.resolve(json.get("folder").asText()),
          json,
          new HfCase(read.name(), read.directory(), batch));
    }

    double number(String field) {
      return json.get(field).asDouble();
    }

    /** Holds logits against those of PEFT, where there is a token: at padding they mean nothing. */
    void assertLogits(String field, Model model) {
      double[] want = HfCase.numbers(json.get(field));
      double[] got = logits(model);
      int rows = json.get(field).size();
      int size = want.length / rows;
      int time = json.at("/inputs/input_ids/0").size();
      for (int row = 0; row < rows; row++) {
        if (!(model instanceof CausalLm) || base.hasTokenAt(row, time - 1)) {
          int from = row * size;
          assertArrayEquals(
              Arrays.copyOfRange(want, from, from + size),
              Arrays.copyOfRange(got, from, from + size),
              LOGITS,
              field + " of row " + row);
        }
      }
    }

    /** What PEFT's logits are of: of a classifier all, else the last of each row. */
    double[] logits(Model model) {
      Tensor logits = base.logits(model);
      boolean all = model instanceof SequenceClassifier || model instanceof TokenClassifier;
      int time = all ? 0 : logits.dim(1);
      return (all ? logits : logits.slice(1, time - 1, time)).toDoubles();
    }
  }

  /** One thing that is to hold. */
  @FunctionalInterface
  private interface Check {
    void of(Case expected, Model model, Adapters adapters) throws IOException;
  }

  @TestFactory
  Stream<DynamicTest> lossLogitsAndGradients() throws IOException {
    return each(LoraCasesTest::checkPass, Device.CPU, Device.REFERENCE);
  }

  @TestFactory
  Stream<DynamicTest> mergedAndBack() throws IOException {
    return each(LoraCasesTest::checkMerge, Device.CPU, Device.REFERENCE);
  }

  /**
   * PEFT trains experts in another form: gate and up of one share A there, here each has its own.
   */
  private static boolean isFused(Case expected) {
    return expected.id().equals("experts");
  }

  @TestFactory
  Stream<DynamicTest> twentyUpdates() throws IOException {
    return each(LoraCasesTest::checkUpdates, Device.CPU);
  }

  @TestFactory
  Stream<DynamicTest> savedAsItWasRead() throws IOException {
    return each(this::checkSave, Device.CPU);
  }

  private static Stream<DynamicTest> each(Check check, Device... devices) throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (Case expected : cases()) {
      for (Device device : devices) {
        tests.add(
            dynamicTest(
                expected.id() + " on " + device,
                () -> {
                  try (var scope = MemoryScope.open(expected.id())) {
                    Model model = expected.base().load(device);
                    var adapters = new Adapters(model);
                    adapters.load("default", expected.adapter());
                    check.of(expected, model, adapters);
                  }
                }));
      }
    }
    return tests.stream();
  }

  private static List<Case> cases() throws IOException {
    var cases = new ArrayList<Case>();
    Path own = HfTinyTest.own("make.py").getParent().resolveSibling("lora");
    add(cases, own.resolve("expected.json"), own, own.resolveSibling("hf"));
    var shared = SharedData.find("recipe-cases/lora/expected.json");
    if (shared.isPresent()) {
      Path root = shared.get().getParent().getParent();
      add(cases, shared.get(), root, root.resolveSibling("hf-tiny"));
    } else {
      System.out.println("no shared/data/recipe-cases/lora beside the repository: own cases alone");
    }
    return cases;
  }

  /**
   * Over packed weights the same updates learn, from rounded numbers: losses fall as they do in
   * F32.
   */
  @TestFactory
  Stream<DynamicTest> overPackedWeights() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (Case expected : cases()) {
      // Two files bring the embedding itself, which a packed model has in another form.
      boolean brings = List.of("dora-embedding", "tied-head").contains(expected.id());
      if (expected.base().role() == CausalLm.class && !brings) {
        tests.add(dynamicTest(expected.id(), () -> checkPacked(expected)));
      }
    }
    return tests.stream();
  }

  private static void checkPacked(Case expected) throws IOException {
    try (var scope = MemoryScope.open(expected.id())) {
      Model model =
          Pretrained.load(expected.base().directory(), Device.CPU, WeightFormat.BF16).model();
      var adapters = new Adapters(model);
      adapters.load("default", expected.adapter());
      model.train();
      model.eval(); // without the model's own dropout
      Tensor loss = expected.base().loss(model);
      assertEquals(expected.number("loss"), loss.item(), 0.03);
      loss.backward();
      double squares = 0;
      for (Tensor parameter : model.parameters().values()) {
        if (parameter.requiresGrad() && parameter.grad() != null) {
          double norm = norm(parameter.grad().toDoubles());
          squares += norm * norm;
        }
      }
      if (!isFused(expected)) {
        double norm = expected.number("grad_norm");
        assertEquals(norm, Math.sqrt(squares), 0.05 * norm);
      }
    }
  }

  private static void add(List<Case> cases, Path file, Path root, Path models) throws IOException {
    for (JsonNode json : JSON.readTree(file.toFile()).get("cases")) {
      cases.add(Case.of(json, root, models));
    }
  }

  private static void checkPass(Case expected, Model model, Adapters adapters) {
    Tensor loss = expected.base().loss(model);
    assertEquals(expected.number("loss"), loss.item(), 1e-4, "loss");
    expected.assertLogits("logits", model);
    loss.backward();
    if (isFused(expected)) {
      return;
    }
    JsonNode norms = expected.json().get("grad_norm_by_parameter");
    long trained = 0;
    double squares = 0;
    for (Map.Entry<String, Tensor> entry : model.parameters().entrySet()) {
      Tensor parameter = entry.getValue();
      if (!parameter.requiresGrad()) {
        assertTrue(parameter.grad() == null, entry.getKey() + " is frozen");
        continue;
      }
      double norm = parameter.grad() == null ? 0 : norm(parameter.grad().toDoubles());
      trained += parameter.shape().size();
      squares += norm * norm;
      JsonNode wanted = norms.get(peft(entry.getKey(), norms));
      assertNotNull(wanted, entry.getKey() + " learns, and not with PEFT");
      assertEquals(wanted.asDouble(), norm, 1e-4 + 1e-3 * norm, entry.getKey());
    }
    assertEquals(expected.json().get("trainable_parameters").asLong(), trained);
    double norm = expected.number("grad_norm");
    assertEquals(norm, Math.sqrt(squares), 1e-3 * norm, "gradient norm");
    try (var off = Autograd.noGrad()) {
      adapters.activate();
      double without = expected.base().loss(model).item();
      assertEquals(expected.number("loss_adapter_off"), without, 1e-4, "off");
    }
  }

  /** What PEFT calls one of our parameters in memory. */
  private static String peft(String path, JsonNode norms) {
    String name = "base_model.model." + path;
    int dot = name.lastIndexOf('.');
    String layer = name.substring(0, dot);
    String last = name.substring(dot);
    for (String each :
        List.of(
            name,
            layer + ".default" + last,
            name + ".default",
            name + ".default.weight",
            layer + ".base_layer" + last,
            name.replace(".modules_to_save.", ".modules_to_save.default."),
            layer + ".modules_to_save.default" + last)) {
      if (norms.has(each)) {
        return each;
      }
    }
    return name;
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
  }

  private static void checkMerge(Case expected, Model model, Adapters adapters) {
    try (var off = Autograd.noGrad()) {
      double[] before = expected.logits(model);
      adapters.merge();
      expected.assertLogits("logits_merged", model);
      double merged = expected.base().loss(model).item();
      assertEquals(expected.number("loss_merged"), merged, 1e-4, "merged");
      assertTrue(
          model.parameters().keySet().stream().noneMatch(path -> path.contains("lora_")),
          "only matrices are left");
      adapters.unmerge();
      assertArrayEquals(before, expected.logits(model));
    }
  }

  private static void checkUpdates(Case expected, Model model, Adapters adapters) {
    if (isFused(expected)) {
      return;
    }
    JsonNode run = expected.json().get("adamw20");
    double decay = run.get("weight_decay_on_2_or_more_dimensions").asDouble();
    var optimizer = AdamW.Settings.decay(decay).create(model.parameters());
    var losses = new ArrayList<Double>();
    for (int step = 0; step < run.get("losses").size(); step++) {
      try (var scope = MemoryScope.open("step")) {
        optimizer.zeroGrad();
        Tensor loss = expected.base().loss(model);
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
  }

  private void checkSave(Case expected, Model model, Adapters adapters) throws IOException {
    Path saved = folder.resolve(expected.id());
    adapters.save("default", saved, expected.json().get("checkpoint").asText());
    if (isFused(expected)) {
      return;
    }
    assertEquals(bytes(expected.adapter()), bytes(saved));
    JsonNode theirs = JSON.readTree(expected.adapter().resolve("adapter_config.json").toFile());
    JsonNode ours = JSON.readTree(saved.resolve("adapter_config.json").toFile());
    var names = new TreeMap<String, JsonNode>();
    theirs.properties().forEach(field -> names.put(field.getKey(), field.getValue()));
    ours.properties()
        .forEach(field -> assertTrue(names.containsKey(field.getKey()), field.getKey()));
    for (String same :
        List.of("r", "lora_alpha", "bias", "target_modules", "task_type", "use_dora")) {
      assertEquals(theirs.get(same), ours.get(same), same);
    }
  }

  /** Names and contents of an adapter's tensors. */
  private static Map<String, String> bytes(Path adapter) throws IOException {
    var tensors = new TreeMap<String, String>();
    try (TensorFiles files = TensorFiles.open(adapter.resolve("adapter_model.safetensors"))) {
      for (String name : files.entries().keySet()) {
        if (name.endsWith(".base_layer.weight")) {
          continue; // the model's own embedding, which PEFT saves beside what is adapted of it
        }
        byte[] bytes = files.segment(name).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        tensors.put(name, files.entry(name).shape() + " " + Arrays.hashCode(bytes));
      }
    }
    return tensors;
  }
}
