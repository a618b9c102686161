package dev.galen.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.Inputs.Padding;
import dev.galen.model.MaskedLm;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.TokenClassifier;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.io.TensorFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * A model's directory with what transformers computes from it in F64, as {@code hf-tiny/SOURCE.md}
 * describes it: {@code expected.json} and {@code grads.safetensors}.
 */
record HfCase(String name, Path directory, JsonNode expected) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static HfCase read(Path directory) throws IOException {
    Path file = directory.resolve("expected.json");
    return new HfCase(directory.getFileName().toString(), directory, JSON.readTree(file.toFile()));
  }

  /** The kind of model, by what transformers calls it. */
  Class<? extends Model> role() {
    String architecture = expected.get("architecture").asText();
    if (architecture.endsWith("ForSequenceClassification")) {
      return SequenceClassifier.class;
    }
    if (architecture.endsWith("ForTokenClassification")) {
      return TokenClassifier.class;
    }
    if (architecture.endsWith("ForMaskedLM")) {
      return MaskedLm.class;
    }
    return architecture.endsWith("ForConditionalGeneration") ? Seq2SeqLm.class : CausalLm.class;
  }

  Model load(Device device) throws IOException {
    return Pretrained.load(directory, device, role()).model();
  }

  /** The batch with its mask, token types, positions and labels, as far as it has them. */
  Inputs inputs(Backend backend) {
    Tensor ids_BT = ints(backend, "input_ids");
    Tensor labels =
        expected.get("labels").get(0).isArray()
            ? ints(backend, "labels")
            : Tensors.of(backend, row(expected.get("labels")), ids_BT.dim(0));
    return new Inputs(
        ids_BT,
        padding() == Padding.NONE ? null : mask(backend),
        padding(),
        role() == SequenceClassifier.class ? lastTokens(backend) : null,
        expected.has("token_type_ids") ? ints(backend, "token_type_ids") : null,
        expected.has("position_ids") ? ints(backend, "position_ids") : null,
        labels,
        null);
  }

  private Padding padding() {
    if (!expected.has("attention_mask")) {
      return Padding.NONE;
    }
    boolean left = false;
    boolean any = false;
    for (JsonNode row : expected.get("attention_mask")) {
      int[] mask = row(row);
      any |= Arrays.stream(mask).anyMatch(bit -> bit == 0);
      left |= mask[0] == 0;
    }
    return left ? Padding.LEFT : any ? Padding.RIGHT : Padding.NONE;
  }

  /** Whether there is a token and no padding. */
  boolean hasTokenAt(int row, int column) {
    return !expected.has("attention_mask")
        || expected.at("/attention_mask/%d/%d".formatted(row, column)).asInt() == 1;
  }

  private Tensor mask(Backend backend) {
    Tensor ints = ints(backend, "attention_mask");
    int[] values = ints.toInts();
    var bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Tensors.of(backend, bytes, ints.dim(0), ints.dim(1));
  }

  private Tensor lastTokens(Backend backend) {
    int time = expected.get("input_ids").get(0).size();
    var last = new int[expected.get("input_ids").size()];
    for (int row = 0; row < last.length; row++) {
      int at = time - 1;
      while (!hasTokenAt(row, at)) {
        at--;
      }
      last[row] = row * time + at;
    }
    return Tensors.of(backend, last, last.length);
  }

  /** How many labels count. */
  int counted() {
    int counted = 0;
    for (JsonNode row : expected.get("labels")) {
      int[] labels = row.isArray() ? row(row) : new int[] {row.asInt()};
      int skipped = role() == CausalLm.class ? 1 : 0; // nothing predicts a text's first token
      counted += (int) Arrays.stream(labels).skip(skipped).filter(label -> label != -100).count();
    }
    return counted;
  }

  /** All logits of a model that has them for this batch. */
  Tensor logits(Model model) {
    Inputs inputs = inputs(model.backend());
    return switch (model) {
      case CausalLm lm -> lm.logits(inputs);
      case SequenceClassifier classifier -> classifier.logits(inputs);
      case TokenClassifier tagger -> tagger.logits(inputs);
      case MaskedLm lm -> lm.logits(inputs);
      case Seq2SeqLm lm -> lm.logits(inputs);
      default -> throw new AssertionError(model.getClass());
    };
  }

  Tensor loss(Model model) {
    return model.loss(inputs(model.backend()), counted());
  }

  /** Every parameter's gradient, by the name that files have for it. */
  Map<String, double[]> gradients() throws IOException {
    var gradients = new LinkedHashMap<String, double[]>();
    try (TensorFiles files = TensorFiles.open(directory.resolve("grads.safetensors"))) {
      for (String name : files.entries().keySet()) {
        int[] shape = files.entry(name).shape().toArray();
        double[] values =
            Tensors.upload(Device.REFERENCE.backend(), DType.F32, files.segment(name), shape)
                .toDoubles();
        put(gradients, name, values, shape);
      }
    }
    return gradients;
  }

  /** Experts lie in one tensor in transformers' memory, and in one each in its files and here. */
  private static void put(
      Map<String, double[]> gradients, String name, double[] values, int[] shape) {
    String fileName = name.replace(".mlp.gate.", ".block_sparse_moe.gate.");
    if (!name.contains(".mlp.experts.")) {
      gradients.put(fileName, values);
      return;
    }
    String experts = name.substring(0, name.indexOf("mlp.experts.")) + "block_sparse_moe.experts.";
    int size = values.length / shape[0];
    for (int expert = 0; expert < shape[0]; expert++) {
      double[] own = Arrays.copyOfRange(values, expert * size, (expert + 1) * size);
      if (name.endsWith(".down_proj")) {
        gradients.put(experts + expert + ".w2.weight", own);
      } else {
        gradients.put(experts + expert + ".w1.weight", Arrays.copyOf(own, size / 2));
        gradients.put(experts + expert + ".w3.weight", Arrays.copyOfRange(own, size / 2, size));
      }
    }
  }

  private Tensor ints(Backend backend, String key) {
    JsonNode rows = expected.get(key);
    int[] flat =
        StreamSupport.stream(rows.spliterator(), false)
            .flatMapToInt(row -> Arrays.stream(row(row)))
            .toArray();
    return Tensors.of(backend, flat, rows.size(), flat.length / rows.size());
  }

  static int[] row(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  /** All numbers of nested arrays, in order. */
  static double[] numbers(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false)
            .flatMapToDouble(child -> Arrays.stream(numbers(child)))
            .toArray()
        : new double[] {node.asDouble()};
  }
}
