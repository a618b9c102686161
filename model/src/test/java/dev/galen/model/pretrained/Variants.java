package dev.galen.model.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.CausalLm;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Classifier;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.io.NamedTensorData;
import dev.galen.tensor.io.SafetensorsWriter;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** Model directories with the weights of {@code make.py}'s rule, in every spelling. */
public final class Variants {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Variants() {}

  /** What transformers computed. */
  public static JsonNode expected() {
    try (InputStream file = Variants.class.getResourceAsStream("variants.json")) {
      return JSON.readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tensors of a config's model by HuggingFace's names, filled by the rule. */
  public static Map<String, Tensor> tensors(JsonNode config, Path scratch, boolean classifier)
      throws IOException {
    Path file = Files.writeString(scratch.resolve("shape.json"), config.toString());
    var shape = (Gpt2Config) Architectures.readNew(file);
    Files.delete(file);
    var random = new Philox(0);
    var weights = Weights.initialised(Device.REFERENCE, random);
    Layer model =
        classifier
            ? new Gpt2Classifier(shape, weights, random)
            : new Gpt2CausalLm(shape, weights, random);
    var tensors = new LinkedHashMap<String, Tensor>();
    model.parameters().forEach((name, tensor) -> tensors.put(name, fill(name, tensor.shape())));
    return tensors;
  }

  private static Tensor fill(String name, Shape shape) {
    var crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    double gain = name.contains(".ln_") && name.endsWith("weight") ? 1 : 0;
    var values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.4 * Math.sin(0.7 * i + crc.getValue() % 97) + gain);
    }
    return Tensors.of(Device.REFERENCE, values, shape.toArray());
  }

  /** Writes config and tensors as one file. */
  public static Path write(Path directory, JsonNode config, Map<String, Tensor> tensors)
      throws IOException {
    return write(directory, config, tensors, Long.MAX_VALUE);
  }

  /** Writes config and tensors, in shards of at most {@code maxShardBytes}. */
  public static Path write(
      Path directory, JsonNode config, Map<String, Tensor> tensors, long maxShardBytes)
      throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("config.json"), config.toString());
    List<NamedTensorData> data =
        tensors.entrySet().stream().map(e -> data(e.getKey(), e.getValue())).toList();
    SafetensorsWriter.writeSharded(directory, data, Map.of("format", "pt"), maxShardBytes);
    return directory;
  }

  private static NamedTensorData data(String name, Tensor tensor) {
    long size = tensor.shape().size() * tensor.dtype().byteSize();
    var bytes = MemorySegment.ofArray(new byte[Math.toIntExact(size)]);
    tensor.backend().download(tensor.contiguousSpan(), bytes);
    return NamedTensorData.of(name, tensor.dtype(), tensor.shape(), bytes);
  }

  /** The same under the names of OpenAI's conversion. */
  public static Map<String, Tensor> unprefixed(Map<String, Tensor> tensors) {
    var renamed = new LinkedHashMap<String, Tensor>();
    tensors.forEach(
        (name, tensor) -> renamed.put(name.replaceFirst("^transformer\\.", ""), tensor));
    return renamed;
  }

  /** The same in another type. */
  public static Map<String, Tensor> cast(Map<String, Tensor> tensors, DType dtype) {
    var converted = new LinkedHashMap<String, Tensor>();
    tensors.forEach((name, tensor) -> converted.put(name, tensor.to(dtype)));
    return converted;
  }

  /** With the causal masks of old files, and with a copy of the tied head. */
  public static Map<String, Tensor> withRelics(Map<String, Tensor> tensors, String prefix) {
    var all = new LinkedHashMap<>(tensors);
    for (int layer = 0; layer < 2; layer++) {
      String attention = prefix + "h." + layer + ".attn.";
      all.put(
          attention + "bias", Tensors.zeros(Device.REFERENCE, DType.U8, Shape.of(1, 1, 12, 12)));
      all.put(attention + "masked_bias", Tensors.zeros(Device.REFERENCE, DType.F32, Shape.of()));
    }
    all.put("lm_head.weight", tensors.get(prefix + "wte.weight"));
    return all;
  }

  /** The logits after the last token of each row, {@code [B, V]}. */
  public static double[] lastLogits(CausalLm model, JsonNode ids) {
    Tensor logits_BTV = model.logits(ids(model.backend(), ids));
    int last = logits_BTV.dim(1) - 1;
    return logits_BTV.slice(1, last, last + 1).toDoubles();
  }

  public static Tensor ids(Backend backend, JsonNode rows) {
    return Tensors.of(backend, flat(rows), rows.size(), rows.get(0).size());
  }

  private static int[] flat(JsonNode rows) {
    return Arrays.stream(JSON.convertValue(rows, int[][].class))
        .flatMapToInt(Arrays::stream)
        .toArray();
  }

  /** A matrix of the fixture, row after row. */
  public static double[] numbers(JsonNode rows) {
    return Arrays.stream(JSON.convertValue(rows, double[][].class))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }
}
