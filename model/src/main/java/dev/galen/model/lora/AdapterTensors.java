package dev.galen.model.lora;

import dev.galen.model.Model;
import dev.galen.model.lora.Adapter.Saved;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.LowRankUpdate;
import dev.galen.model.nn.MatrixLayer;
import dev.galen.model.nn.Weight;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.io.TensorEntry;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.MemoryScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The tensors of an adapter's file, each of which is asked for once; what is amiss is collected.
 */
final class AdapterTensors {
  private static final int SHOWN = 3;

  private final Path file;
  private final Backend backend;
  private final Map<String, Tensor> left = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  /**
   * Reads all of them.
   *
   * @param isFused whether experts lie as transformers 5 has them in memory
   */
  AdapterTensors(
      Path file, TensorFiles files, Backend backend, LoraConfig config, boolean isFused) {
    this.file = file;
    this.backend = backend;
    for (TensorEntry entry : files.entries().values()) {
      if (entry.dtype().isFloating()) {
        left.put(entry.name(), MemoryScope.outside(() -> read(files, entry)));
      } else {
        faults.add("%s is %s, expected floats".formatted(entry.name(), entry.dtype()));
      }
    }
    files.foreign().forEach((name, type) -> faults.add(name + " is of type " + type));
    if (isFused) {
      MemoryScope.outside(
          () -> {
            FusedExperts.unfold(left, config, backend);
            return null;
          });
    }
  }

  private Tensor read(TensorFiles files, TensorEntry entry) {
    int[] dims = entry.shape().toArray();
    return Tensors.upload(backend, entry.dtype(), files.segment(entry.name()), dims).to(DType.F32);
  }

  /** The update of a layer; of a fault something of the right shape. */
  LowRankUpdate update(String at, MatrixLayer layer, LoraConfig config, NewAdapter maker) {
    int rank = config.rankOf(at);
    boolean embeds = layer instanceof Embedding;
    Tensor down;
    Tensor up;
    if (embeds) {
      up = transposed(take(key(at, "lora_embedding_A"), Shape.of(rank, layer.out())));
      down = transposed(take(key(at, "lora_embedding_B"), Shape.of(layer.in(), rank)));
    } else {
      down = take(key(at, "lora_A.weight"), Shape.of(rank, layer.in()));
      up = take(key(at, "lora_B.weight"), Shape.of(layer.out(), rank));
    }
    Tensor bias = config.updateBias() ? take(key(at, "lora_B.bias"), Shape.of(layer.out())) : null;
    Tensor magnitude = null;
    if (config.dora()) {
      String name = key(at, AdapterNames.MAGNITUDE);
      String older = name + ".weight"; // as some versions of PEFT wrote it
      Shape shape = Shape.of(embeds ? layer.in() : layer.out());
      magnitude = take(left.containsKey(older) ? older : name, shape);
    }
    return maker.of(at, layer, down, up, bias, magnitude);
  }

  /** A layer as a whole. */
  Saved saved(String at, Layer layer) {
    SequencedMap<String, Tensor> own =
        layer instanceof MatrixLayer matrix ? matrix.madeWith() : layer.ownParameters();
    var copies = new LinkedHashMap<String, Tensor>();
    if (layer instanceof MatrixLayer matrix && matrix.madeWith().get("weight") == null) {
      // Packed or tied, so that the layer has no parameter that tells the shape.
      copies.put("weight", take(key(at, "weight"), Shape.of(matrix.out(), matrix.in())));
      if (matrix.ownBias() != null && !own.containsKey("bias")) {
        copies.put("bias", take(key(at, "bias"), matrix.ownBias().shape()));
      }
    }
    own.forEach((name, tensor) -> copies.put(name, take(key(at, name), tensor.shape())));
    return new Saved(layer, new LinkedHashMap<>(own), copies);
  }

  /** The model's own parameters that the file has other values of: biases, embeddings. */
  Map<Tensor, Tensor> own(Model model) {
    Map<String, Tensor> parameters = model.parameters();
    model.visit(
        "",
        (path, layer) -> {
          if (layer instanceof MatrixLayer matrix
              && matrix.ownWeight() instanceof Weight.Shared tied
              && tied.table().ownWeight() instanceof Weight.Dense dense) {
            parameters.put(path + ".weight", dense.tensor());
          }
        });
    var own = new LinkedHashMap<Tensor, Tensor>();
    for (String key : List.copyOf(left.keySet())) {
      if (!key.startsWith(AdapterNames.PREFIX)) {
        continue;
      }
      String name =
          key.substring(AdapterNames.PREFIX.length())
              .replace("." + AdapterNames.BASE_LAYER + ".", ".");
      Tensor parameter = parameters.get(name);
      if (parameter != null && (name.endsWith("bias") || isVocabulary(name))) {
        own.put(parameter, take(key, parameter.shape()));
      }
    }
    // What is the same stays where it is, in a mapped file perhaps.
    own.entrySet()
        .removeIf(
            entry ->
                entry.getKey().shape().equals(entry.getValue().shape())
                    && Arrays.equals(entry.getKey().toFloats(), entry.getValue().toFloats()));
    return own;
  }

  /** What PEFT saves beside an adapter where a vocabulary's embedding is adapted or resized. */
  private static boolean isVocabulary(String name) {
    return name.endsWith("embed_tokens.weight") || name.equals("lm_head.weight");
  }

  private static String key(String at, String name) {
    return AdapterNames.PREFIX + at + "." + name;
  }

  private Tensor take(String key, Shape shape) {
    Tensor tensor = left.remove(key);
    if (tensor == null) {
      faults.add(key + " is missing, config and model want " + shape);
    } else if (!tensor.shape().equals(shape)) {
      faults.add("%s is %s, config and model want %s".formatted(key, tensor.shape(), shape));
    } else {
      return tensor;
    }
    return MemoryScope.outside(() -> Tensors.full(backend, DType.F32, shape, 0));
  }

  private static Tensor transposed(Tensor tensor) {
    return MemoryScope.outside(() -> tensor.transpose(0, 1).contiguous());
  }

  /** Throws one line unless file and model agree in every tensor. */
  void requireFit() throws IOException {
    left.keySet().forEach(key -> faults.add(key + " is in no layer that the config adapts"));
    if (!faults.isEmpty()) {
      int more = faults.size() - SHOWN;
      throw new IOException(
          "%s: the adapter does not fit the model: %s%s"
              .formatted(
                  file,
                  String.join("; ", faults.subList(0, Math.min(SHOWN, faults.size()))),
                  more > 0 ? "; and " + more + " more" : ""));
    }
  }
}
