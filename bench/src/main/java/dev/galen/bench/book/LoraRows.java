package dev.galen.bench.book;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.bench.RandomFamily;
import dev.galen.bench.RandomTraining;
import dev.galen.bench.peer.PythonPeer;
import dev.galen.bench.peer.Work;
import dev.galen.model.CausalLm;
import dev.galen.model.lora.Adapters;
import dev.galen.model.lora.LoraConfig;
import dev.galen.model.lora.LoraTargets;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;
import dev.galen.train.Trainer;
import dev.galen.train.optim.MixedPrecision;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * LoRA of rank 8 on all matrices of a LLaMA of 12 layers, beside PEFT: an update, and the most
 * memory that a process needs to load the model from its directory and train.
 */
public final class LoraRows {
  private static final int BATCH = 4;
  private static final int TIME = 256;
  private static final int RANK = 8;
  private static final int ALPHA = 16;
  private static final int UPDATES = 5;

  /** Forward 2, backward 2 operations for each frozen weight and token. */
  private static final double TRAINING_FLOPS = 4;

  private LoraRows() {}

  static List<Row> of(Peers peers, Path home) {
    return List.of(trainStep(peers), peakResident(peers, home));
  }

  private static Row trainStep(Peers peers) {
    RandomFamily family = RandomFamily.LLAMA;
    double weights = family.multiplied();
    return new TimedRow(
        "lora/train-step-b%d-t%d".formatted(BATCH, TIME),
        Unit.TOKENS_PER_SECOND,
        BATCH * TIME,
        new Cost(TRAINING_FLOPS * weights * BATCH * TIME, 2 * Float.BYTES * weights),
        new Contender("Galen", () -> updates((CausalLm) family.create())),
        peers.python("PEFT", "peft", python -> python.prepare(request())));
  }

  private static ObjectNode request() throws IOException {
    ObjectNode request = PythonPeer.request("lora_train_step");
    request.set("config", new ObjectMapper().readTree(RandomFamily.LLAMA.json()));
    return request.put("rank", RANK).put("alpha", ALPHA).put("batch", BATCH).put("time", TIME);
  }

  private static Trainer trainer(CausalLm model) {
    var config = LoraConfig.builder(RANK, LoraTargets.linear()).alpha(ALPHA).build();
    new Adapters(model).add("default", config, new Philox(1));
    return RandomTraining.of(model, BATCH, TIME, MixedPrecision.F32);
  }

  private static Work updates(CausalLm model) {
    Trainer trainer = trainer(model);
    Work steps = Work.of(trainer::trainStep);
    return new Work() {
      @Override
      public double run(int times) throws IOException {
        return steps.run(times);
      }

      @Override
      public void close() {
        trainer.close();
      }
    };
  }

  private static Row peakResident(Peers peers, Path home) {
    String name = "lora/peak-resident";
    return new Row() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Measured measure(Interleaved timer) throws IOException {
        String directory = model(home).toString();
        long ours = StatusFile.lastNumber(ours(directory));
        var beside = new ArrayList<Measured.Beside>();
        if (peers.python().flatMap(python -> python.version("peft")).isPresent()) {
          var theirs = peers.python().orElseThrow().once("lora-memory", directory, shape());
          long bytes = StatusFile.lastNumber(theirs);
          beside.add(new Measured.Beside("PEFT", bytes, 0, Unit.BYTES.ratio(ours, bytes)));
        }
        return new Measured(name, Unit.BYTES, ours, 0, 0, Cost.NONE, 0, beside);
      }
    };
  }

  private static String shape() {
    return "%d %d %d %d %d".formatted(RANK, ALPHA, BATCH, TIME, UPDATES);
  }

  /** The directory that both sides load, made once and kept. */
  private static Path model(Path home) throws IOException {
    Path directory = home.resolve(Path.of("target", "bench", "llama-12-random"));
    if (!Files.exists(directory.resolve("config.json"))) {
      Pretrained.save(RandomFamily.LLAMA.create(), null, directory);
    }
    return directory;
  }

  /** A JVM like this one that runs {@link #main}. */
  private static ProcessBuilder ours(String directory) {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(LoraRows.class.getName(), directory));
    return new ProcessBuilder(command);
  }

  /** Loads a model, trains its adapter for some updates, and prints the most memory it needed. */
  public static void main(String[] args) throws IOException {
    CausalLm model = Pretrained.load(Path.of(args[0]), Device.CPU).model();
    try (Trainer trainer = trainer(model)) {
      for (int i = 1; i < UPDATES; i++) {
        trainer.trainStep();
      }
    }
    System.out.println(StatusFile.peakResident());
  }
}
