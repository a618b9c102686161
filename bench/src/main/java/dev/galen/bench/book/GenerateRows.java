package dev.galen.bench.book;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.bench.GreedyDecoding;
import dev.galen.bench.RandomData;
import dev.galen.bench.RandomGpt2;
import dev.galen.bench.peer.PythonPeer;
import dev.galen.bench.peer.Work;
import dev.galen.model.CausalLm;
import dev.galen.tensor.backend.WeightFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** GPT-2 124M at work for one user: {@code prefill/512} and {@code decode/...}. */
final class GenerateRows {
  private static final int PREFILL = 512;
  private static final int PROMPT = 32;
  private static final int NEW = 64;

  private GenerateRows() {}

  static List<Row> of(Peers peers) {
    var f32 = new Contender("Galen, F32", () -> decode(RandomGpt2.create()));
    return List.of(
        prefill(peers),
        decode("f32", RandomGpt2::create, 4, decoders(peers)),
        decode("bf16", () -> RandomGpt2.create(WeightFormat.BF16), 2, List.of(f32)),
        decode("int8", () -> RandomGpt2.create(WeightFormat.INT8), 1, List.of(f32)));
  }

  private static Row prefill(Peers peers) {
    long inner = RandomGpt2.MULTIPLIED - 768L * RandomGpt2.VOCABULARY;
    return new TimedRow(
        "prefill/" + PREFILL,
        Unit.TOKENS_PER_SECOND,
        PREFILL,
        new Cost(
            2.0 * (inner * PREFILL + 768.0 * RandomGpt2.VOCABULARY), 4.0 * RandomGpt2.MULTIPLIED),
        new Contender("Galen", () -> prefill(RandomGpt2.create())),
        prefillers(peers));
  }

  private static Work prefill(CausalLm model) {
    int[] ids = RandomData.ids(PREFILL, model.vocabularySize());
    return Work.of(
        () -> {
          try (var cache = model.newCache(1, PREFILL)) {
            GreedyDecoding.next(model, cache, ids);
          }
        });
  }

  private static List<Contender> prefillers(Peers peers) {
    var others = new ArrayList<Contender>();
    others.addAll(peers.pytorch(PythonPeer.request("prefill").put("time", PREFILL)));
    others.addAll(peers.onnxRuntime(threads -> OnnxGenerate.prefill(PREFILL, threads)));
    return others;
  }

  private static List<Contender> decoders(Peers peers) {
    var others = new ArrayList<Contender>();
    others.addAll(peers.pytorch(decodeRequest("decode")));
    others.addAll(
        peers.python(
            "transformers",
            "transformers",
            python -> python.prepare(decodeRequest("transformers_decode"))));
    others.addAll(peers.onnxRuntime(threads -> OnnxGenerate.decode(PROMPT, NEW, threads)));
    return others;
  }

  private static ObjectNode decodeRequest(String work) {
    return PythonPeer.request(work).put("prompt", PROMPT).put("new", NEW);
  }

  /**
   * Greedy tokens one by one.
   *
   * @param format of the weights, for the row's name
   * @param bytesPerWeight of that format
   */
  private static Row decode(
      String format,
      Supplier<? extends CausalLm> model,
      double bytesPerWeight,
      List<Contender> others) {
    return new TimedRow(
        "decode/" + format,
        Unit.TOKENS_PER_SECOND,
        NEW,
        new Cost(2.0 * RandomGpt2.MULTIPLIED * NEW, bytesPerWeight * RandomGpt2.MULTIPLIED * NEW),
        new Contender("Galen", () -> decode(model.get())),
        others);
  }

  /** The prompt does not count. */
  static Work decode(CausalLm model) {
    int[] prompt = RandomData.ids(PROMPT, model.vocabularySize());
    return times -> {
      long nanos = 0;
      for (int i = 0; i < times; i++) {
        try (var cache = model.newCache(1, PROMPT + NEW)) {
          int token = GreedyDecoding.next(model, cache, prompt);
          long start = System.nanoTime();
          for (int j = 0; j < NEW; j++) {
            token = GreedyDecoding.next(model, cache, token);
          }
          nanos += System.nanoTime() - start;
        }
      }
      return nanos * 1e-9;
    };
  }
}
