package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.CausalLm;
import dev.galen.model.ClassNames;
import dev.galen.model.Model;
import dev.galen.model.ProblemType;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.lora.Adapters;
import dev.galen.model.lora.LoraConfig;
import dev.galen.model.lora.LoraTargets;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.backend.host.HostAllocator;
import dev.galen.tensor.memory.AllocationTrace;
import dev.galen.tensor.random.Philox;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.ClassCollator;
import dev.galen.train.data.Collator;
import dev.galen.train.data.EncodedCollator;
import dev.galen.train.data.PreferenceCollator;
import dev.galen.train.data.PreferenceTokens;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.optim.Optimizers;
import dev.galen.train.optim.StateFormat;
import dev.galen.train.preference.PreferenceModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told before the first step is what the allocator then counts, within 5%. */
class RunMemoryTest {
  private static final String GPT2 =
      "{\"model_type\": \"gpt2\", \"vocab_size\": 700, \"n_positions\": 128, \"n_embd\": 64,"
          + " \"n_layer\": 4, \"n_head\": 4}";
  private static final String LLAMA =
      "{\"model_type\": \"llama\", \"vocab_size\": 700, \"hidden_size\": 64,"
          + " \"intermediate_size\": 160, \"num_hidden_layers\": 4, \"num_attention_heads\": 4,"
          + " \"num_key_value_heads\": 2, \"max_position_embeddings\": 128}";
  private static final String BERT =
      "{\"model_type\": \"bert\", \"vocab_size\": 700, \"hidden_size\": 64,"
          + " \"intermediate_size\": 256, \"num_hidden_layers\": 4, \"num_attention_heads\": 4,"
          + " \"max_position_embeddings\": 128}";
  private static final String T5 =
      "{\"model_type\": \"t5\", \"vocab_size\": 700, \"d_model\": 64, \"d_kv\": 16, \"d_ff\": 256,"
          + " \"num_layers\": 4, \"num_decoder_layers\": 4, \"num_heads\": 4}";

  private static final ClassNames CLASSES =
      new ClassNames(List.of("a", "b", "c"), ProblemType.SINGLE_LABEL);

  @TempDir Path folder;

  /** A model with the data that it learns. */
  private record Case(Model model, Collator collator, List<TokenSequence> data) {}

  private <M extends Model> M model(String json, Class<M> role, WeightFormat format)
      throws IOException {
    Path file = Files.writeString(folder.resolve("config.json"), json);
    var config = Architectures.readNew(file);
    if (role == SequenceClassifier.class) {
      config = config.withClasses(CLASSES);
    }
    var weights = Weights.initialised(Device.CPU, new Philox(1), format);
    return Architectures.create(config, role, weights, new Philox(0));
  }

  private Case build(String name, WeightFormat format) throws IOException {
    return switch (name) {
      case "gpt2" ->
          new Case(model(GPT2, CausalLm.class, format), new CausalCollator(0), texts(61));
      case "llama" ->
          new Case(model(LLAMA, CausalLm.class, format), new CausalCollator(0), texts(80));
      case "bert" ->
          new Case(
              model(BERT, SequenceClassifier.class, format),
              new ClassCollator(0, CLASSES),
              labelled());
      case "t5" ->
          new Case(
              model(T5, Seq2SeqLm.class, format),
              new EncodedCollator(0, true),
              translations(70, 23));
      case "preference" -> {
        CausalLm policy = model(GPT2, CausalLm.class, format);
        Model learner = new PreferenceModel(policy, PreferenceConfig.DPO.objective(0));
        yield new Case(learner, new PreferenceCollator(0), pairs());
      }
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static int[] ids(int length) {
    var ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = 1 + (7 * i + length) % 600;
    }
    return ids;
  }

  private static List<TokenSequence> texts(int longest) {
    var texts = new ArrayList<TokenSequence>();
    for (int i = 0; i < 12; i++) {
      texts.add(new TokenSequence(ids(longest - i % 3), ids(longest - i % 3)));
    }
    return texts;
  }

  private static List<TokenSequence> labelled() {
    var rows = new ArrayList<TokenSequence>();
    for (int i = 0; i < 12; i++) {
      rows.add(new TokenSequence(ids(75 - i % 2), new int[] {i % 3}));
    }
    return rows;
  }

  private static List<TokenSequence> translations(int source, int target) {
    var rows = new ArrayList<TokenSequence>();
    for (int i = 0; i < 12; i++) {
      rows.add(new TokenSequence(ids(source), ids(target), 0, null, null));
    }
    return rows;
  }

  private static List<TokenSequence> pairs() {
    var rows = new ArrayList<TokenSequence>();
    for (int i = 0; i < 12; i++) {
      PreferenceTokens pair = PreferenceTokens.of(ids(9), ids(40), ids(13));
      rows.add(pair.withReference(-50, -20).sequence());
    }
    return rows;
  }

  /** Everything that two updates take, the model's own weights included. */
  private void check(String name, String what, Case made, TrainingConfig.Builder builder) {
    TrainingConfig config = builder.build();
    long frozen = 0;
    for (var parameter : made.model().parameters().values()) {
      frozen +=
          parameter.requiresGrad() ? 0 : HostAllocator.blockSize(parameter.shape().size() * 4);
    }
    for (var packed : made.model().packedWeights().values()) {
      frozen += HostAllocator.blockSize(packed.byteSize());
    }
    RunMemory told = RunMemory.of(made.model(), config, made.data(), List.of(), made.collator());
    AllocationTrace trace =
        AllocationTrace.of(
            made.model().backend(),
            () -> {
              try (var trainer =
                  new Trainer(made.model(), config, made.data(), List.of(), made.collator())) {
                trainer.trainStep();
                trainer.trainStep();
              }
            });
    long taken = frozen + peak(trace);
    long total = told.total();
    System.out.printf(
        "%s %s: %,d told, %,d taken, %+.1f%%%n",
        name, what, total, taken, 100.0 * total / taken - 100);
    assertEquals(taken, total, 0.05 * taken, name + " " + what + ": " + told);
  }

  private static long peak(AllocationTrace trace) {
    long live = 0;
    long most = 0;
    for (int event : trace.events()) {
      long size = HostAllocator.blockSize(trace.sizes()[event < 0 ? ~event : event]);
      live += event < 0 ? -size : size;
      most = Math.max(most, live);
    }
    return most;
  }

  private static TrainingConfig.Builder config() {
    return TrainingConfig.builder().steps(3).batchSize(5).learningRate(1e-3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama", "bert", "t5", "preference"})
  void isWhatIsTaken(String name) throws IOException {
    check(name, "plain", build(name, WeightFormat.F32), config());
    check(name, "recompute", build(name, WeightFormat.F32), config().recompute(true));
    check(name, "accumulate", build(name, WeightFormat.F32), config().batchSize(2).accumulate(2));
    for (MixedPrecision precision : List.of(MixedPrecision.BF16, MixedPrecision.F16)) {
      check(name, precision + "", build(name, WeightFormat.F32), config().precision(precision));
    }
    if (!name.equals("preference")) {
      check(name, "smoothing", build(name, WeightFormat.F32), config().labelSmoothing(0.1));
    }
    var average = new AverageConfig(0.9, AverageConfig.Start.FIRST_UPDATE);
    check(name, "average", build(name, WeightFormat.F32), config().average(average));
    for (WeightFormat format : WeightFormat.values()) {
      Case lora = build(name, format);
      var adapters = new Adapters(lora.model());
      adapters.add("a", LoraConfig.of(4, LoraTargets.linear()), new Philox(3));
      check(name, "lora over " + format, lora, config());
    }
    Case frozen = build(name, WeightFormat.F32);
    int index = 0;
    for (var parameter : frozen.model().parameters().values()) {
      if (index++ % 2 == 0) {
        parameter.freeze();
      }
    }
    check(name, "half of it frozen", frozen, config());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AdamW",
        "AdamW amsgrad=true",
        "Adam",
        "SGD momentum=0.9",
        "SGD momentum=0.9,nesterov=true",
        "Adafactor",
        "HfAdafactor beta1=0.9",
        "Lion",
        "Muon"
      })
  void ofEachOptimizer(String words) throws IOException {
    var numbers = new LinkedHashMap<String, String>();
    String[] parts = words.split(" ");
    for (String pair : parts.length == 1 ? new String[0] : parts[1].split(",")) {
      numbers.put(pair.split("=")[0], pair.split("=")[1]);
    }
    var rule = Optimizers.named(parts[0], numbers);
    // One large batch, and one that takes less than an update.
    check("gpt2", words, build("gpt2", WeightFormat.F32), config().optimizer(rule));
    Case small = build("gpt2", WeightFormat.F32);
    var few = new Case(small.model(), small.collator(), texts(4));
    check("gpt2", words + ", small", few, config().batchSize(1).optimizer(rule));
  }

  @ParameterizedTest
  @ValueSource(strings = {"BF16", "INT8"})
  void ofStatesInFewerBits(StateFormat states) throws IOException {
    for (String rule : List.of("AdamW", "Adam", "Lion", "SGD")) {
      Case small = build("gpt2", WeightFormat.F32);
      var few = new Case(small.model(), small.collator(), texts(4));
      var config = config().batchSize(1).optimizer(Optimizers.named(rule, Map.of()));
      check("gpt2", rule + " in " + states, few, config.optimizerStates(states));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2"})
  void namesTheLargestPart(String name) throws IOException {
    Case made = build(name, WeightFormat.F32);
    RunMemory told =
        RunMemory.of(made.model(), config().build(), made.data(), List.of(), made.collator());
    assertEquals("activations", told.largest());
    assertEquals(5, told.rows());
    assertEquals(61, told.cols());
    assertTrue(told.fits(), told.toString());
    assertTrue(told.total() > told.weights() + told.gradients() + told.optimizer());
  }
}
