package toy;

import dev.galen.model.CausalLm;
import dev.galen.model.ClassNames;
import dev.galen.model.Inputs;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.SpecialIds;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import dev.galen.train.StepReport;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.run.DataSource;
import dev.galen.train.run.FineTuning;
import dev.galen.train.run.FineTuningResult;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.run.ModelSource;
import dev.galen.train.run.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Trains and uses both toys; with an argument, loads them and goes on from their checkpoints. */
public final class Main {
  private static final int[] IDS = {40, 41, 42, 7};
  private static final Path RUN = Path.of("run");
  private static final Path STOPPED = Path.of("stopped");
  private static final Path LM = Path.of("lm");
  private static final Path SAVED = Path.of("saved");
  private static final Path ROWS = Path.of("rows.jsonl");

  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      Files.writeString(
          Path.of("config.json"),
          """
          {"model_type": "toy", "vocab_size": 300, "n_positions": 32, "hidden_size": 16}
          """);
      var rows = new ArrayList<String>();
      for (int i = 0; i < 24; i++) {
        rows.add(
            "{\"reading\": \"mark %d\", \"level\": \"%s\"}"
                .formatted(i, i % 2 > 0 ? "high" : "low"));
      }
      Files.write(Path.of("data.jsonl"), rows);
      tell("run", run(new FineTuning(spec(RUN)), 8));
      stop(new FineTuning(spec(STOPPED)));
      tell("lm", lm(false));
      System.out.println("classpath " + System.getProperty("java.class.path"));
    } else {
      tell("run", bits(logits(Pretrained.load(RUN, Device.CPU, SequenceClassifier.class).model())));
      CausalLm saved = Pretrained.load(SAVED, Device.CPU).model();
      tell("saved", bits(logits(saved)));
      Uses.tell(saved);
      tell("run", run(new FineTuning(spec(STOPPED)).resume(), 3));
      tell("lm", lm(true));
    }
  }

  static void tell(String what, String bits) {
    System.out.println(what + " " + bits);
  }

  static String bits(float... values) {
    var text = new StringBuilder();
    for (float value : values) {
      text.append(Integer.toHexString(Float.floatToIntBits(value))).append(' ');
    }
    return text.toString().strip();
  }

  private static TrainingConfig.Builder training(Path output) {
    return TrainingConfig.builder()
        .steps(8)
        .batchSize(4)
        .learningRate(1e-2)
        .optimizer(new Lion.Spec(0.9))
        .output(output);
  }

  private static FineTuningSpec spec(Path output) {
    return new FineTuningSpec(
        "reading",
        new ModelSource(null, Path.of("config.json"), null, null, null),
        DataSource.of(Path.of("data.jsonl")),
        training(output).build(),
        "cpu",
        null);
  }

  /** What the task measured after so many updates of this process. */
  private static String run(FineTuning run, int updates) throws IOException {
    var made = new ArrayList<Long>();
    run.listen(
        new RunListener() {
          @Override
          public void onStep(StepReport report) {
            made.add(report.step());
          }
        });
    FineTuningResult result = run.run();
    if (!result.isDone() || result.step() != 8 || made.size() != updates) {
      throw new AssertionError(result + " after updates " + made);
    }
    var figures = result.task().orElseThrow().figures();
    return bits(figures.get("low").floatValue(), figures.get("high").floatValue());
  }

  /** Leaves a checkpoint behind the fifth update. */
  private static void stop(FineTuning run) throws IOException {
    run.listen(
        new RunListener() {
          @Override
          public void onStep(StepReport report) {
            if (report.step() == 5) {
              run.stop();
            }
          }
        });
    FineTuningResult result = run.run();
    if (result.isDone() || result.step() != 5) {
      throw new AssertionError(result.toString());
    }
  }

  /** The losses of the last three of eight updates. */
  private static String lm(boolean resumes) throws IOException {
    var config = new ToyConfig(50, 32, 16, SpecialIds.NONE, ClassNames.of(2));
    CausalLm model =
        Architectures.create(
            config,
            CausalLm.class,
            Weights.initialised(Device.CPU, new Philox(1)),
            new Philox(0));
    var data = new ArrayList<TokenSequence>();
    for (int i = 0; i < 12; i++) {
      int[] ids = {i, i + 1, i + 2, i + 3};
      data.add(new TokenSequence(ids, ids));
    }
    var losses = new float[3];
    try (var trainer = new Trainer(model, training(LM).build(), data, List.of(), 0)) {
      if (resumes && !trainer.resume()) {
        throw new AssertionError("there is no checkpoint");
      }
      while (trainer.step() < 5) {
        trainer.trainStep();
      }
      if (!resumes) {
        trainer.save();
      }
      for (int i = 0; i < losses.length; i++) {
        losses[i] = (float) trainer.trainStep().loss();
      }
    }
    if (!resumes) {
      Pretrained.save(model, null, SAVED);
      tell("saved", bits(logits(model)));
      Uses.writeRows(ROWS);
      Uses.tell(model);
    }
    return bits(losses);
  }

  /** Of a text of four tokens, the first numbers. */
  static float[] logits(CausalLm model) {
    try (var scope = MemoryScope.open("logits");
        var off = Autograd.noGrad()) {
      return model.logits(Tensors.of(Device.CPU, IDS, 1, IDS.length)).toFloats();
    }
  }

  static float[] logits(SequenceClassifier model) {
    try (var scope = MemoryScope.open("logits");
        var off = Autograd.noGrad()) {
      Tensor ids_BT = Tensors.of(Device.CPU, IDS, 1, IDS.length);
      return model.logits(Inputs.padded(ids_BT, new int[] {IDS.length})).toFloats();
    }
  }
}
