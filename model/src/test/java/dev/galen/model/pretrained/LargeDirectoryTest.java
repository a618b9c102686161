package dev.galen.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.CausalLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.PackedWeight;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.io.NamedTensorData;
import dev.galen.tensor.io.SafetensorsWriter;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A LLaMA of Llama-3.2-1B's shape, 2.5 GB of BF16 in five shards, is loaded as INT8: the process
 * never holds more than 1.3 times what is packed and one shard. 2.5 GB of disk, a minute or two.
 */
@Tag("slow")
class LargeDirectoryTest {
  private static final int CHANNELS = 2048;
  private static final int LAYERS = 16;
  private static final int SHARDS = 5;

  private static final String CONFIG =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 128256,
       "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16, "head_dim": 64,
       "num_attention_heads": 32, "num_key_value_heads": 8, "max_position_embeddings": 131072,
       "hidden_act": "silu", "rms_norm_eps": 1e-05, "rope_theta": 500000.0,
       "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
         "original_max_position_embeddings": 8192, "rope_type": "llama3"},
       "tie_word_embeddings": true, "torch_dtype": "bfloat16"}
      """;

  @TempDir Path folder;

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the peak of memory is read from /proc")
  void loadsShardByShardAndGenerates() throws IOException, InterruptedException {
    long largest = write();
    Path out = folder.resolve("out.txt");
    List<String> places =
        List.of(
            "target/test-classes",
            "target/classes",
            System.getProperty("java.class.path", ""),
            System.getProperty("jdk.module.path", ""));
    int code =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(File.pathSeparator, places),
                LargeDirectoryTest.class.getName(),
                folder.toString())
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .start()
            .waitFor();
    assertEquals(0, code, Files.readString(folder.resolve("err.txt")));
    String[] told = Files.readString(out).strip().split(" ");
    long packed = Long.parseLong(told[0]);
    long peak = Long.parseLong(told[1]);
    assertEquals(12, Integer.parseInt(told[2]), "tokens");
    System.out.printf(
        "packed %,d bytes, largest shard %,d, peak %,d: %.2f of the bound%n",
        packed, largest, peak, peak / (1.3 * packed + largest));
    assertTrue(peak <= 1.3 * packed + largest, "peak %,d of %s".formatted(peak, told[0]));
  }

  /** The process that is measured. */
  public static void main(String[] args) throws IOException {
    CausalLm model = Pretrained.load(Path.of(args[0]), Device.CPU, WeightFormat.INT8).model();
    long packed = 0;
    for (PackedWeight weight : model.packedWeights().values()) {
      packed += weight.byteSize();
    }
    int[] ids = new Generator(model).generate(new int[] {1, 2, 3, 4}, GenerationConfig.greedy(8));
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        long peak = Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        System.out.println(packed + " " + peak + " " + ids.length);
      }
    }
  }

  /** Writes the directory; gives the bytes of its largest shard. */
  private long write() throws IOException {
    Files.writeString(folder.resolve("config.json"), CONFIG);
    var shapes = new LinkedHashMap<String, Shape>();
    shapes.put("model.embed_tokens.weight", Shape.of(128256, CHANNELS));
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "model.layers." + layer + ".";
      for (String name : List.of("q_proj", "o_proj")) {
        shapes.put(prefix + "self_attn." + name + ".weight", Shape.of(CHANNELS, CHANNELS));
      }
      for (String name : List.of("k_proj", "v_proj")) {
        shapes.put(prefix + "self_attn." + name + ".weight", Shape.of(512, CHANNELS));
      }
      for (String name : List.of("gate_proj", "up_proj")) {
        shapes.put(prefix + "mlp." + name + ".weight", Shape.of(8192, CHANNELS));
      }
      shapes.put(prefix + "mlp.down_proj.weight", Shape.of(CHANNELS, 8192));
      shapes.put(prefix + "input_layernorm.weight", Shape.of(CHANNELS));
      shapes.put(prefix + "post_attention_layernorm.weight", Shape.of(CHANNELS));
    }
    shapes.put("model.norm.weight", Shape.of(CHANNELS));
    List<Map<String, Shape>> shards = new ArrayList<>();
    long total = shapes.values().stream().mapToLong(Shape::size).sum();
    long before = 0;
    for (Map.Entry<String, Shape> tensor : shapes.entrySet()) {
      while (shards.size() <= before * SHARDS / total) {
        shards.add(new LinkedHashMap<>());
      }
      shards.getLast().put(tensor.getKey(), tensor.getValue());
      before += tensor.getValue().size();
    }
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    ObjectNode map = index.putObject("weight_map");
    long largest = 0;
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      if (!shards.get(i).isEmpty()) {
        write(folder.resolve(name), shards.get(i));
        shards.get(i).keySet().forEach(tensor -> map.put(tensor, name));
        largest = Math.max(largest, Files.size(folder.resolve(name)));
      }
    }
    Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());
    return largest;
  }

  private static void write(Path file, Map<String, Shape> tensors) throws IOException {
    try (var arena = Arena.ofConfined()) {
      long most = tensors.values().stream().mapToLong(Shape::size).max().orElseThrow();
      MemorySegment memory = arena.allocate(most * Short.BYTES, Short.BYTES);
      List<NamedTensorData> data = new ArrayList<>();
      tensors.forEach(
          (name, shape) ->
              data.add(new NamedTensorData(name, DType.BF16, shape, () -> random(memory, shape))));
      SafetensorsWriter.write(file, data, Map.of("format", "pt"));
    }
  }

  /** Uniform in -0.06 to 0.06; a norm's weights may be that small as well. */
  private static MemorySegment random(MemorySegment memory, Shape shape) {
    var random = new SplittableRandom(shape.size());
    for (long i = 0; i < shape.size(); i++) {
      float value = (random.nextInt() >> 8) * (0.06f / (1 << 23));
      memory.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(value) >>> 16));
    }
    return memory.asSlice(0, shape.size() * Short.BYTES);
  }
}
