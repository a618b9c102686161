package dev.galen.train.run;

import dev.galen.model.Model;
import dev.galen.model.hf.ModelDirectory;
import dev.galen.model.lora.Adapters;
import dev.galen.model.lora.LoraConfig;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.PackedWeight;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.ReduceOp;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.Trainer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The adapter that a run trains in place of its model's own weights.
 *
 * @param model what it stands beside
 * @param adapters the adapter, and no other
 * @param config what it is
 * @param base what the model is called
 */
record RunAdapter(Model model, Adapters adapters, LoraConfig config, String base) {
  private static final String NAME = "default";

  /** Digits of a SHA-256 that tell two apart, and that fit a message. */
  private static final int DIGITS = 16;

  /** Elements of a packed matrix that are unpacked at a time. */
  private static final long CHUNK = 1 << 20;

  /** A new one, or null where the run trains the model itself. */
  static RunAdapter of(FineTuningSpec spec, Model model) {
    if (spec.lora() == null) {
      return null;
    }
    var adapters = new Adapters(model);
    adapters.add(NAME, spec.lora(), new Philox(spec.training().seed()));
    return new RunAdapter(model, adapters, spec.lora(), spec.model().directory());
  }

  /** What there is to know of it, in one line. */
  String line() {
    long trained = 0;
    for (Tensor parameter : model.parameters().values()) {
      trained += parameter.requiresGrad() ? parameter.shape().size() : 0;
    }
    return String.format(
        Locale.ROOT,
        "%s of rank %d and alpha %s in %d layers, %,d parameters learn",
        config.dora() ? "DoRA" : "LoRA",
        config.rank(),
        config.alpha(),
        adapters.targets(NAME).size(),
        trained);
  }

  /** Has checkpoints, which hold the adapter alone, be resumed beside the same model alone. */
  void register(Trainer trainer) {
    trainer.mustKeep("lora", LoraJson.line(config)).mustKeep("frozen weights", digest());
  }

  /** What tells the weights from others: the sum of squares of each. */
  private String digest() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
    for (Map.Entry<String, Tensor> entry : model.parameters().entrySet()) {
      if (!entry.getValue().requiresGrad()) {
        digest.update(entry.getKey().getBytes(StandardCharsets.UTF_8));
        double squares = ReduceOp.sumOfSquares(entry.getValue());
        digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(squares).flip());
      }
    }
    for (Map.Entry<String, PackedWeight> entry : model.packedWeights().entrySet()) {
      PackedWeight packed = entry.getValue();
      digest.update((entry.getKey() + packed.format()).getBytes(StandardCharsets.UTF_8));
      int step = Math.max(1, (int) (CHUNK * packed.out() / packed.size()));
      for (int from = 0; from < packed.out(); from += step) {
        int[] rows = IntStream.range(from, Math.min(packed.out(), from + step)).toArray();
        try (var scope = MemoryScope.open("digest")) {
          Tensor ids = Tensors.of(packed.backend(), rows, rows.length);
          double squares = ReduceOp.sumOfSquares(packed.rows(ids));
          digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(squares).flip());
        }
      }
    }
    return "sha256 " + HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  /**
   * Writes the adapter with its tokenizer, and the config of the model that the classes' names
   * stand in. A model that an earlier run left in the folder goes: the adapter is not one of it.
   */
  void save(Tokenizer tokenizer, ModelDirectory directory, Path output) throws IOException {
    Pretrained.saveBeside(model, tokenizer, directory, output);
    adapters.save(NAME, output, base);
    for (String name : List.of("model.safetensors", "model.safetensors.index.json")) {
      Files.deleteIfExists(output.resolve(name));
    }
  }

  /** Writes it into a checkpoint, as PEFT has them, so that it can be used from there. */
  void saveInto(Path checkpoint, Tokenizer tokenizer, ModelDirectory directory) throws IOException {
    Pretrained.saveBeside(model, tokenizer, directory, checkpoint);
    adapters.save(NAME, checkpoint, base);
  }
}
