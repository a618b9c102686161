package dev.galen.bench.book;

import dev.galen.bench.RandomGpt2;
import dev.galen.bench.peer.PythonPeer;
import dev.galen.bench.peer.Work;
import dev.galen.model.CausalLm;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.TokenSequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Updates of GPT-2 124M on random tokens: {@code train-step/b4-t64}. */
final class TrainRows {
  private static final int BATCH = 4;

  /** Forward 2, backward 4 operations for each weight and token (Kaplan et al. 2020). */
  private static final int FLOPS_PER_WEIGHT = 6;

  /**
   * Weights are read forward and backward, gradients written; AdamW reads weight, gradient and two
   * moments and writes three of them.
   */
  private static final int BYTES_PER_WEIGHT = 4 * (1 + 1 + 1 + 7);

  private TrainRows() {}

  static List<Row> of(Peers peers) {
    return List.of(row(64, peers), row(256, peers));
  }

  private static Row row(int time, Peers peers) {
    int tokens = BATCH * time;
    var others =
        new ArrayList<>(
            peers.pytorch(PythonPeer.request("train_step").put("batch", BATCH).put("time", time)));
    others.addAll(peers.llmcTrainStep(BATCH, time));
    return new TimedRow(
        "train-step/b%d-t%d".formatted(BATCH, time),
        Unit.TOKENS_PER_SECOND,
        tokens,
        new Cost(
            (double) FLOPS_PER_WEIGHT * RandomGpt2.MULTIPLIED * tokens,
            (double) BYTES_PER_WEIGHT * RandomGpt2.MULTIPLIED),
        new Contender("Galen", () -> step(BATCH, time)),
        others);
  }

  /** One update; the first loss must be that of a model that knows nothing. */
  private static Work step(int batch, int time) {
    Trainer trainer = trainer(RandomGpt2.create(), batch, time);
    double loss = trainer.trainStep().loss();
    double expected = Math.log(RandomGpt2.VOCABULARY);
    if (Math.abs(loss - expected) > 0.5) {
      throw new IllegalStateException("first loss " + loss + ", expected about " + expected);
    }
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

  /** A trainer that sees the same batch of random tokens again and again. */
  static Trainer trainer(CausalLm model, int batch, int time) {
    int[] ids = RandomData.ids(batch * time, model.vocabularySize());
    List<TokenSequence> data = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      int[] sequence = Arrays.copyOfRange(ids, i * time, (i + 1) * time);
      data.add(new TokenSequence(sequence, sequence));
    }
    var config = TrainingConfig.builder().steps(1_000_000).batchSize(batch).build();
    return new Trainer(model, config, data, List.of(), 0);
  }
}
