package dev.galen.train;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;
import dev.galen.train.data.TokenSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A stand-in for a trained model: it repeats sequences that it was given, as a parrot does. It
 * continues a prompt as the first sequence that begins with it, and by token 1 if none does. {@code
 * said} are the sequences that generation follows, {@code thought} those that {@link #loss} takes
 * for likely, so that a test can have the two disagree.
 */
final class Parrot extends CausalLm {
  static final int VOCABULARY = 1000;
  private static final int LOST = 1;
  private static final float SURE = 20;

  private final int context;
  private final List<int[]> said;
  private final List<int[]> thought;
  private final List<Integer> heard = new ArrayList<>();

  Parrot(int context, List<int[]> said, List<int[]> thought) {
    this.context = context;
    this.said = said;
    this.thought = thought;
    parameter("nothing", Tensors.of(Device.CPU, new float[1], 1));
  }

  private static int next(int[] ids, List<int[]> known) {
    for (int[] sequence : known) {
      if (sequence.length > ids.length
          && Arrays.equals(sequence, 0, ids.length, ids, 0, ids.length)) {
        return sequence[ids.length];
      }
    }
    return LOST;
  }

  @Override
  public Tensor next(Tensor ids_BT, KvCache cache) {
    if (cache.length() == 0) {
      heard.clear();
    }
    int[] ids = ids_BT.toInts();
    Arrays.stream(ids).forEach(heard::add);
    cache.advance(ids.length);
    var logits = new float[VOCABULARY];
    logits[next(heard.stream().mapToInt(i -> i).toArray(), said)] = SURE;
    return Tensors.of(Device.CPU, logits, 1, VOCABULARY);
  }

  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    int[] ids = inputs.ids().toInts();
    int[] labels = inputs.labels().toInts();
    double logSum = Math.log(VOCABULARY - 1 + Math.exp(SURE));
    double loss = 0;
    for (int t = 1; t < ids.length; t++) {
      if (labels[t] != TokenSequence.IGNORE_INDEX) {
        boolean likely = next(Arrays.copyOf(ids, t), thought) == labels[t];
        loss += logSum - (likely ? SURE : 0);
      }
    }
    return Tensors.of(Device.CPU, new float[] {(float) (loss / divisor)});
  }

  @Override
  public Tensor logits(Inputs inputs) {
    throw new AssertionError("this model gives the logits of the next token alone");
  }

  @Override
  public KvCache newCache(int batch, int capacity) {
    return new KvCache(backend(), 1, batch, capacity, 1);
  }

  @Override
  public int contextLength() {
    return context;
  }

  @Override
  public int vocabularySize() {
    return VOCABULARY;
  }

  @Override
  public Set<Integer> endOfTextIds() {
    return Set.of();
  }

  @Override
  public Philox random() {
    return new Philox(0);
  }

  @Override
  public void setRecompute(boolean recompute) {
    throw new AssertionError("a parrot is not trained");
  }
}
