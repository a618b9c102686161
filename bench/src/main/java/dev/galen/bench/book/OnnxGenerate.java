package dev.galen.bench.book;

import dev.galen.bench.RandomData;
import dev.galen.bench.RandomGpt2;
import dev.galen.bench.peer.OnnxDecoder;
import dev.galen.bench.peer.Work;
import dev.galen.model.CausalLm;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import java.io.IOException;
import java.util.Arrays;

/** Models by ONNX Runtime, with our weights; its logits must be ours before it is timed. */
final class OnnxGenerate {
  /** The longest sum of a position's way through twelve layers. */
  private static final long REDUCTION = 12L * 3072;

  private OnnxGenerate() {}

  /** The logits of the token after {@code time} ids. */
  static Work prefill(int time, int threads) throws IOException {
    Gpt2CausalLm model = RandomGpt2.create();
    return prefill(model, OnnxDecoder.gpt2(model, time, threads), time);
  }

  /** The same of any model. */
  static Work prefill(CausalLm model, OnnxDecoder peer, int time) throws IOException {
    int[] ids = RandomData.ids(time, model.vocabularySize());
    peer.next(0, ids);
    check("prefill", logits(model, ids), peer);
    return new Work() {
      @Override
      public double run(int times) throws IOException {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
          peer.next(0, ids);
        }
        return (System.nanoTime() - start) * 1e-9;
      }

      @Override
      public void close() throws IOException {
        peer.close();
      }
    };
  }

  /** {@code count} greedy tokens one by one after a prompt, which does not count. */
  static Work decode(int time, int count, int threads) throws IOException {
    Gpt2CausalLm model = RandomGpt2.create();
    return decode(model, OnnxDecoder.gpt2(model, time + count, threads), time, count);
  }

  /** The same of any model. */
  static Work decode(CausalLm model, OnnxDecoder peer, int time, int count) throws IOException {
    int[] prompt = RandomData.ids(time, model.vocabularySize());
    int[] text = Arrays.copyOf(prompt, time + count);
    text[time] = peer.next(0, prompt);
    for (int i = time + 1; i < text.length; i++) {
      text[i] = peer.next(i - 1, text[i - 1]);
    }
    peer.next(text.length - 1, text[text.length - 1]);
    check("decode", logits(model, text), peer);
    return new Work() {
      @Override
      public double run(int times) throws IOException {
        long nanos = 0;
        for (int i = 0; i < times; i++) {
          int token = peer.next(0, prompt);
          long start = System.nanoTime();
          for (int j = 0; j < count; j++) {
            token = peer.next(time + j, token);
          }
          nanos += System.nanoTime() - start;
        }
        return nanos * 1e-9;
      }

      @Override
      public void close() throws IOException {
        peer.close();
      }
    };
  }

  /** Ours, of the last of {@code ids}. */
  private static double[] logits(CausalLm model, int... ids) {
    try (var scope = MemoryScope.open("logits");
        var off = Autograd.noGrad();
        var cache = model.newCache(1, ids.length)) {
      return model.next(Tensors.of(model.backend(), ids, 1, ids.length), cache).toDoubles();
    }
  }

  private static void check(String what, double[] ours, OnnxDecoder peer) {
    float[] logits = peer.logits();
    var theirs = new double[logits.length];
    Arrays.setAll(theirs, i -> logits[i]);
    TensorAssert.assertClose(
        "ONNX Runtime's " + what, ours, theirs, Tolerance.of(DType.F32, REDUCTION));
  }
}
