package dev.galen.bench;

import dev.galen.model.CausalLm;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.MixedPrecision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Updates on random tokens: what every benchmark of a training step runs. */
public final class RandomTraining {
  private RandomTraining() {}

  /**
   * A trainer that sees the same batch again and again, after its first update, whose loss must be
   * that of a model that knows nothing.
   *
   * @param batch B
   * @param time T
   */
  public static Trainer of(CausalLm model, int batch, int time, MixedPrecision precision) {
    int[] ids = RandomData.ids(batch * time, model.vocabularySize());
    List<TokenSequence> data = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      int[] sequence = Arrays.copyOfRange(ids, i * time, (i + 1) * time);
      data.add(new TokenSequence(sequence, sequence));
    }
    var config =
        TrainingConfig.builder().steps(1_000_000).batchSize(batch).precision(precision).build();
    var trainer = new Trainer(model, config, data, List.of(), 0);
    try {
      double loss = trainer.trainStep().loss();
      double expected = Math.log(model.vocabularySize());
      if (Math.abs(loss - expected) > 0.5) {
        throw new IllegalStateException("first loss " + loss + ", expected about " + expected);
      }
      return trainer;
    } catch (RuntimeException | OutOfMemoryError e) {
      trainer.close();
      throw e;
    }
  }
}
