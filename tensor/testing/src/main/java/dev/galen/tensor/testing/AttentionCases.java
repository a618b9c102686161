package dev.galen.tensor.testing;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.Documents;
import dev.galen.tensor.random.Philox;

/** Attention, packed and of separate operands. */
final class AttentionCases extends OpCases {
  AttentionCases(int rows, int cols) {
    super(rows, cols);
  }

  @Override
  void addAll() {
    int time = Math.min(rows, 70);
    int heads = 2;
    int size = Math.min(cols, 24);
    int channels = heads * size;
    var input = new OpCase.Input(Shape.of(2, time, 3 * channels), -1, 1);
    var causal = AttentionOp.Options.causal(Math.max(1, size)); // no infinite scale
    long longest = Math.max(time, size);
    add("Attention", "causal", longest, in -> AttentionOp.packed(in.get(0), heads, causal), input);
    add(
        "Attention",
        "causal with dropout",
        longest,
        in ->
            AttentionOp.packed(
                in.get(0),
                heads,
                new AttentionOp.Options(causal.scale(), true, null, 0.2, new Philox(11))),
        input);
    add(
        "Attention",
        "causal, window of 3",
        longest,
        in -> AttentionOp.packed(in.get(0), heads, causal.withWindow(3)),
        input);
    add(
        "Attention",
        "causal, two documents in a row",
        longest,
        in -> AttentionOp.packed(in.get(0), heads, causal.withDocuments(documents(time))),
        input);
    int grouped = 2 * heads;
    add(
        "Attention",
        "causal, pairs of heads share keys",
        longest,
        in -> AttentionOp.packed(in.get(0), grouped, causal.withKeyHeads(heads)),
        new OpCase.Input(Shape.of(2, time, (grouped + 2 * heads) * size), -1, 1));
    add(
        "Attention",
        "causal, window of 3, pairs of heads share masked keys of two documents",
        longest,
        in -> {
          var options =
              new AttentionOp.Options(causal.scale(), true, mask(in.get(0), time), 0, null)
                  .withKeyHeads(heads)
                  .withWindow(3)
                  .withDocuments(documents(time));
          return AttentionOp.apply(in.get(0), in.get(1), in.get(2), grouped, options);
        },
        new OpCase.Input(Shape.of(2, time, grouped * size), -1, 1),
        new OpCase.Input(Shape.of(2, time, channels), -1, 1),
        new OpCase.Input(Shape.of(2, time, channels), -1, 1));
    add(
        "Attention",
        "causal, distance bias",
        longest,
        in -> AttentionOp.packed(in.get(0), heads, causal.withDistanceBias(in.get(1))),
        input,
        new OpCase.Input(Shape.of(Math.max(0, 2 * time - 1), heads), -1, 1));
    var queries = new OpCase.Input(Shape.of(2, time, channels), -1, 1);
    var keys = new OpCase.Input(Shape.of(2, time + 3, channels), -1, 1);
    for (boolean isCausal : new boolean[] {false, true}) {
      add(
          "Attention",
          isCausal ? "causal, longer keys, masked" : "full, longer keys, masked",
          longest,
          in -> {
            var options =
                new AttentionOp.Options(
                    causal.scale(), isCausal, mask(in.get(0), time + 3), 0, null);
            return AttentionOp.apply(in.get(0), in.get(1), in.get(2), heads, options);
          },
          queries,
          keys,
          keys);
    }
    add(
        "Attention",
        "full, window of 3, pairs of heads share longer keys, masked",
        longest,
        in -> {
          var options =
              new AttentionOp.Options(causal.scale(), false, mask(in.get(0), time + 3), 0, null)
                  .withKeyHeads(heads)
                  .withWindow(3);
          return AttentionOp.apply(in.get(0), in.get(1), in.get(2), grouped, options);
        },
        new OpCase.Input(Shape.of(2, time, grouped * size), -1, 1),
        keys,
        keys);
    add(
        "Attention",
        "full, distance bias, pairs of heads share longer keys, masked",
        2 * longest, // a distance occurs in each sequence
        in -> {
          var options =
              new AttentionOp.Options(causal.scale(), false, mask(in.get(0), time + 3), 0, null)
                  .withKeyHeads(heads)
                  .withDistanceBias(in.get(3));
          return AttentionOp.apply(in.get(0), in.get(1), in.get(2), grouped, options);
        },
        new OpCase.Input(Shape.of(2, time, grouped * size), -1, 1),
        keys,
        keys,
        new OpCase.Input(Shape.of(2 * time + 2, grouped), -1, 1));
  }

  /** Two in the first row, where it has room for them, and one in the second. */
  private static Documents documents(int time) {
    int first = time / 3;
    return first > 0
        ? new Documents(new int[] {first, time - first, time})
        : new Documents(time > 0 ? new int[] {time, time} : new int[0]);
  }

  private static Tensor mask(Tensor like, int length) {
    var mask = new byte[2 * length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (byte) (i % 5 == 2 ? 0 : 1);
    }
    return Tensors.of(like.backend(), mask, 2, length);
  }
}
