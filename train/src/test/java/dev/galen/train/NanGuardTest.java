package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Tensor;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs whose loss or gradient stops being a number. */
class NanGuardTest {
  private static final String FIRST = "transformer.wte.weight";
  private static final String POSITIONS = "transformer.wpe.weight";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path out;

  private TrainingConfig.Builder config() {
    return TrainingConfig.builder()
        .steps(8)
        .batchSize(2)
        .accumulate(2)
        .learningRate(1e-2)
        .evaluateEvery(0)
        .output(out);
  }

  /** Of 16 sequences one is so long that it reaches the position that makes an update fail. */
  private static List<TokenSequence> data(int at) {
    var data = new ArrayList<TokenSequence>();
    for (int i = 0; i < 16; i++) {
      int[] ids = {1 + i % 7, 2 + i % 5, 3, 4, 5};
      int[] all = i == at ? new int[] {3, 6, 3, 4, 5, 6, 7} : ids;
      data.add(new TokenSequence(all, all));
    }
    return data;
  }

  /** The row of position 5 makes a loss NaN, that of 6, behind which nothing comes, gradients. */
  private static Gpt2CausalLm model(int position) {
    Gpt2CausalLm model = TinyModels.gpt2(0.1);
    Tensor table = model.parameters().get(POSITIONS);
    int channels = table.dim(1);
    table.backend().copy().fill(table.span().slice((long) position * channels, channels), 3e38);
    return model;
  }

  private static int place(List<int[]> batches) {
    for (int batch = 0; batch < batches.size(); batch++) {
      for (int index : batches.get(batch)) {
        if (index == 9) {
          return batch;
        }
      }
    }
    return -1;
  }

  @ParameterizedTest
  @CsvSource({"5, the loss is ", "6, the gradient norm is "})
  void theStateBeforeIsKeptAndTheBatchIsWritten(int position, String what) throws IOException {
    // Which update has the sequence follows from seed and order alone.
    var ahead =
        new UpdateBatches(config().build(), TokenSequences.of(data(9)), new CausalCollator(0));
    long update = 1;
    while (place(ahead.nextIndices()) < 0) {
      ahead.next(update);
      update++;
    }
    List<int[]> indices = ahead.nextIndices();
    int batch = place(indices);

    var asked = new ArrayList<Integer>();
    NonFiniteException error;
    try (var trainer = new Trainer(model(position), config().build(), data(9), List.of(), 0)) {
      trainer
          .hooks()
          .tellOrigins(
              sequences -> {
                asked.addAll(sequences);
                return new TreeMap<>(Map.of(9, List.of("notes.csv:12")));
              });
      error = assertThrows(NonFiniteException.class, trainer::fit);
      assertEquals(update - 1, trainer.step());
    }
    Path file = out.resolve("nan-step-" + update + ".jsonl");
    assertTrue(error.getMessage().startsWith("step " + update + ": " + what), "" + error);
    assertTrue(error.getMessage().endsWith("; the batch is in " + file), error.getMessage());
    assertEquals(batch, error.batch());
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      rows.add(JSON.readTree(line));
    }
    assertEquals(2, rows.size()); // the batch that did it, not the other one of the update
    assertEquals(2, asked.size());
    JsonNode row =
        rows.stream().filter(r -> r.get("sequence").asInt() == 9).findAny().orElseThrow();
    assertEquals("[3,6,3,4,5,6,7]", row.get("input_ids").toString());
    assertEquals("[3,6,3,4,5,6,7]", row.get("labels").toString());
    assertEquals(update, row.get("step").asLong());
    assertEquals(batch, row.get("batch").asInt());
    assertEquals("[\"notes.csv:12\"]", row.get("rows").toString());
    assertEquals(error.place(), row.get("where").asText());
    assertTrue(error.place().contains("transformer."), error.place());
    if (update > 1) {
      assertTrue(
          error.getMessage().contains("checkpoint-" + (update - 1) + " has the last good state"),
          error.getMessage());
    }
  }

  /** The kept state goes on with the bits of a run that never met the sequence. */
  @Test
  void theKeptStateIsThatBeforeTheUpdate() throws IOException {
    var data = data(-1);
    var losses = new ArrayList<Double>();
    try (var trainer =
        new Trainer(TinyModels.gpt2(0.1), config().output(null).build(), data, List.of(), 0)) {
      for (int i = 0; i < 4; i++) {
        losses.add(trainer.trainStep().loss());
      }
    }
    Gpt2CausalLm model = TinyModels.gpt2(0.1);
    try (var trainer = new Trainer(model, config().build(), data, List.of(), 0)) {
      trainer.listen(
          new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
              if (report.step() == 3) {
                model.setClassWeights(); // nothing: a listener that looks on
                model.observe((layer, y) -> y.backend().copy().fill(y.span(), Double.NaN));
              }
            }
          });
      var error = assertThrows(NonFiniteException.class, trainer::fit);
      assertTrue(error.getMessage().contains("checkpoint-3 has the last good"), "" + error);
      model.observe(null);
      assertEquals(losses.get(3), trainer.trainStep().loss());
    }
    try (var trainer = new Trainer(TinyModels.gpt2(0.1), config().build(), data, List.of(), 0)) {
      assertTrue(trainer.resume());
      assertEquals(3, trainer.step());
      assertEquals(losses.get(3), trainer.trainStep().loss());
    }
  }

  @Test
  void weightsThatAreLostAreNotSaved() throws IOException {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    try (var trainer = new Trainer(model, config().saveEvery(1).build(), data(-1), List.of(), 0)) {
      trainer.listen(
          new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
              if (report.step() == 2) {
                Tensor table = model.parameters().get(FIRST);
                table.backend().copy().fill(table.span().slice(3, 1), Double.NaN);
              }
            }
          });
      var error = assertThrows(NonFiniteException.class, trainer::fit);
      assertTrue(
          error.getMessage().startsWith("step 2: parameter " + FIRST + " is not finite, so it is"),
          error.getMessage());
      assertTrue(
          error.getMessage().endsWith("; checkpoint-1 has the last good state"),
          error.getMessage());
    }
    assertTrue(Files.exists(out.resolve("checkpoint-1/state.json")));
    assertFalse(Files.exists(out.resolve("checkpoint-2")));
  }

  @Test
  void aBatchThatIsMeasuredIsWrittenToo() throws IOException {
    int[] ids = {3, 6, 3, 4, 5, 6, 7};
    var config = config().evaluateEvery(2).build();
    try (var trainer =
        new Trainer(model(5), config, data(-1), List.of(new TokenSequence(ids, ids)), 0)) {
      var error = assertThrows(NonFiniteException.class, trainer::fit);
      Path file = out.resolve("nan-evaluation-2.jsonl");
      assertTrue(error.getMessage().startsWith("evaluation: the loss is "), error.getMessage());
      assertTrue(
          error
              .getMessage()
              .endsWith("; checkpoint-2 has the last good state; the batch is in " + file),
          error.getMessage());
      JsonNode row = JSON.readTree(Files.readString(file));
      assertEquals("[3,6,3,4,5,6,7]", row.get("input_ids").toString());
      assertEquals(2, row.get("afterStep").asInt());
    }
    assertTrue(Files.exists(out.resolve("checkpoint-2/state.json")));
  }

  @Test
  void withoutAnOutputTheMessageIsAllThereIs() {
    var config = config().output(null).build();
    try (var trainer = new Trainer(model(5), config, data(9), List.of(), 0)) {
      var error = assertThrows(NonFiniteException.class, trainer::fit);
      assertFalse(error.getMessage().contains(".jsonl"), error.getMessage());
    }
  }
}
