package dev.galen.bench.book;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.bench.GreedyDecoding;
import dev.galen.bench.RandomData;
import dev.galen.bench.RandomFamily;
import dev.galen.bench.peer.OnnxDecoder;
import dev.galen.bench.peer.PythonPeer;
import dev.galen.bench.peer.Work;
import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.MaskedLm;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.Collator;
import dev.galen.train.data.EncodedCollator;
import dev.galen.train.data.TokenSequence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * BERT-base, T5-small and a LLaMA of 12 layers beside transformers: {@code
 * bert/train-step-b8-t128}, {@code llama/prefill-512}, {@code llama/decode-f32}.
 */
final class FamilyRows {
  private static final int BATCH = 8;
  private static final int TIME = 128;
  private static final int PREFILL = 512;
  private static final int PROMPT = 32;
  private static final int NEW = 64;

  /** Forward 2, backward 4 operations for each weight and token. */
  private static final double TRAINING_FLOPS = 6;

  /** Weights read twice, gradients written, AdamW's ten accesses: of 4 bytes. */
  private static final double TRAINING_BYTES = 4 * 10;

  private FamilyRows() {}

  static List<Row> of(Peers peers) {
    var rows = new ArrayList<Row>();
    for (RandomFamily family : RandomFamily.values()) {
      rows.add(trainStep(family, peers));
      rows.add(prefill(family, peers));
    }
    rows.add(decode(peers));
    return rows;
  }

  private static String name(RandomFamily family, String work) {
    return family.name().toLowerCase(Locale.ROOT) + "/" + work;
  }

  private static ObjectNode request(String work, RandomFamily family) {
    try {
      return PythonPeer.request(work).set("config", new ObjectMapper().readTree(family.json()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Contender> transformers(Peers peers, ObjectNode request) {
    return peers.python("PyTorch", "transformers", python -> python.prepare(request));
  }

  private static Row trainStep(RandomFamily family, Peers peers) {
    var request = request("family_train_step", family).put("batch", BATCH).put("time", TIME);
    double weights = family.multiplied();
    return new TimedRow(
        name(family, "train-step-b%d-t%d".formatted(BATCH, TIME)),
        Unit.TOKENS_PER_SECOND,
        BATCH * TIME,
        new Cost(TRAINING_FLOPS * weights * BATCH * TIME, TRAINING_BYTES * weights),
        new Contender("Galen", () -> trainStep(family.create())),
        transformers(peers, request));
  }

  /** An update on the same random tokens each time; every token has a label. */
  private static Work trainStep(Model model) {
    int[] ids = RandomData.ids(BATCH * TIME, model.vocabularySize());
    List<TokenSequence> data = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      int[] sequence = Arrays.copyOfRange(ids, i * TIME, (i + 1) * TIME);
      data.add(new TokenSequence(sequence, sequence));
    }
    Collator collator =
        model instanceof CausalLm
            ? new CausalCollator(0)
            : new EncodedCollator(0, model instanceof Seq2SeqLm);
    var config = TrainingConfig.builder().steps(1_000_000).batchSize(BATCH).build();
    var trainer = new Trainer(model, config, data, List.of(), collator);
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

  private static Row prefill(RandomFamily family, Peers peers) {
    double weights = family.multiplied();
    var request = request("family_prefill", family).put("time", PREFILL);
    List<Contender> others = new ArrayList<>(transformers(peers, request));
    if (family == RandomFamily.LLAMA) {
      others.addAll(
          peers.onnxRuntime(
              threads -> {
                var model = (CausalLm) family.create();
                return OnnxGenerate.prefill(model, onnx(model, PREFILL, threads), PREFILL);
              }));
    }
    return new TimedRow(
        name(family, "prefill-" + PREFILL),
        Unit.TOKENS_PER_SECOND,
        PREFILL,
        new Cost(2 * weights * PREFILL, 4 * weights),
        new Contender("Galen", () -> prefill(family.create())),
        others);
  }

  private static Work prefill(Model model) {
    int[] ids = RandomData.ids(PREFILL, model.vocabularySize());
    return switch (model) {
      case CausalLm causal ->
          Work.of(
              () -> {
                try (var cache = causal.newCache(1, PREFILL)) {
                  GreedyDecoding.next(causal, cache, ids);
                }
              });
      case MaskedLm masked ->
          Work.of(
              () -> {
                try (var scope = MemoryScope.open("prefill");
                    var off = Autograd.noGrad()) {
                  var last = masked.logits(inputs(model, ids)).slice(1, PREFILL - 1, PREFILL);
                  last.reshape(1, model.vocabularySize()).argmax().toInts();
                }
              });
      default -> {
        var seq2seq = (Seq2SeqLm) model;
        yield Work.of(
            () -> {
              try (var scope = MemoryScope.open("prefill");
                  var off = Autograd.noGrad();
                  var cache = seq2seq.newCache(inputs(model, ids), 1)) {
                var start = Tensors.of(model.backend(), new int[] {seq2seq.decoderStartId()}, 1, 1);
                seq2seq.next(start, cache).argmax().toInts();
              }
            });
      }
    };
  }

  private static Inputs inputs(Model model, int[] ids) {
    return Inputs.of(Tensors.of(model.backend(), ids, 1, ids.length));
  }

  private static Row decode(Peers peers) {
    RandomFamily family = RandomFamily.LLAMA;
    double weights = family.multiplied();
    var request = request("family_decode", family).put("prompt", PROMPT).put("new", NEW);
    List<Contender> others = new ArrayList<>(transformers(peers, request));
    others.addAll(
        peers.onnxRuntime(
            threads -> {
              var model = (CausalLm) family.create();
              return OnnxGenerate.decode(model, onnx(model, PROMPT + NEW, threads), PROMPT, NEW);
            }));
    return new TimedRow(
        name(family, "decode-f32"),
        Unit.TOKENS_PER_SECOND,
        NEW,
        new Cost(2 * weights * NEW, 4 * weights * NEW),
        new Contender("Galen", () -> GenerateRows.decode((CausalLm) family.create())),
        others);
  }

  private static OnnxDecoder onnx(CausalLm model, int capacity, int threads) throws IOException {
    JsonNode config = new ObjectMapper().readTree(RandomFamily.LLAMA.json());
    int heads = config.get("num_attention_heads").intValue();
    var shape =
        new OnnxDecoder.Shape(
            config.get("num_hidden_layers").intValue(),
            heads,
            config.get("hidden_size").intValue() / heads,
            config.get("vocab_size").intValue(),
            capacity);
    return OnnxDecoder.llama(
        model,
        shape,
        config.get("intermediate_size").intValue(),
        config.get("rms_norm_eps").doubleValue(),
        config.get("rope_theta").doubleValue(),
        threads);
  }
}
