package dev.galen.bench.book;

import dev.galen.bench.RandomGpt2;
import dev.galen.bench.RandomTraining;
import dev.galen.bench.peer.PythonPeer;
import dev.galen.bench.peer.Work;
import dev.galen.train.Trainer;
import dev.galen.train.optim.MixedPrecision;
import java.io.IOException;
import java.util.ArrayList;
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

  /** One update. */
  private static Work step(int batch, int time) {
    Trainer trainer = RandomTraining.of(RandomGpt2.create(), batch, time, MixedPrecision.F32);
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
}
