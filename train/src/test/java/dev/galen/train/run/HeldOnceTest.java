package dev.galen.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.CausalLm;
import dev.galen.model.ModelConfig;
import dev.galen.model.testing.TinyModels;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.StepReport;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.Example;
import dev.galen.train.data.ExampleEncoder;
import dev.galen.train.data.TokenExample;
import dev.galen.train.format.RowFields;
import dev.galen.train.format.RowSchema;
import dev.galen.train.format.RowSchemas;
import dev.galen.train.task.CausalTask;
import dev.galen.train.task.Task;
import dev.galen.train.task.TaskResult;
import dev.galen.train.task.TrainedModel;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While a run trains it holds sequences, and no longer the examples that they were made of. */
class HeldOnceTest {
  private static final int ROWS = 200;

  @TempDir Path folder;

  private final List<WeakReference<Example>> read = new ArrayList<>();

  private final class Ids implements RowSchema {
    @Override
    public String name() {
      return "ids";
    }

    @Override
    public Set<String> fields() {
      return Set.of("ids");
    }

    @Override
    public boolean matches(RowFields row) {
      return row.has("ids");
    }

    @Override
    public Example read(RowFields row) throws IOException {
      var example = new TokenExample(row.integers("ids"), null, row.origin());
      read.add(new WeakReference<>(example));
      return example;
    }
  }

  /** The language model's task, with these rows. */
  private final class IdsTask implements Task<CausalLm> {
    private final CausalTask task = new CausalTask();

    @Override
    public String name() {
      return "ids";
    }

    @Override
    public Class<CausalLm> role() {
      return task.role();
    }

    @Override
    public RowSchemas schemas() {
      return RowSchemas.of(List.of(new Ids()));
    }

    @Override
    public ExampleEncoder encoder(ModelConfig config, Optional<Tokenizer> tokenizer, int length) {
      return task.encoder(config, tokenizer, length);
    }

    @Override
    public String unit() {
      return task.unit();
    }

    @Override
    public TaskResult measure(TrainedModel<CausalLm> trained) {
      return task.measure(trained);
    }
  }

  @Test
  void examplesAreGoneOnceTheyAreEncoded() throws IOException {
    Path data =
        Files.writeString(folder.resolve("ids.jsonl"), "{\"ids\": [1, 2, 3]}\n".repeat(ROWS));
    var training = TrainingConfig.builder().steps(1).output(folder.resolve("out")).build();
    var spec =
        FineTuningSpec.of(
            new ModelSource(
                null, TinyModels.writeConfig(folder.resolve("config.json")), null, null, null),
            DataSource.of(data),
            training);
    var held = new ArrayList<Long>();
    var run =
        new FineTuning(spec)
            .listen(
                new RunListener() {
                  @Override
                  public void onStep(StepReport report) {
                    System.gc();
                    held.add(read.stream().filter(example -> example.get() != null).count());
                  }
                });
    run.run(new IdsTask());
    assertEquals(1, held.size());
    assertTrue(read.size() >= ROWS, read.size() + " rows");
    assertTrue(held.getFirst() < 30, held + " examples of " + ROWS + ", more than are shown");
  }
}
