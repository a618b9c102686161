package dev.galen.model.hf;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostBuffer;
import dev.galen.tensor.io.NamedTensorData;
import dev.galen.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tensors by name, written as safetensors. */
public final class WeightFiles {
  /** What HuggingFace's loader asks a model's weights for. */
  private static final Map<String, String> FORMAT = Map.of("format", "pt");

  private WeightFiles() {}

  /** Writes one file, replacing it only when all is written. */
  public static void write(Map<String, Tensor> tensors, Path file) throws IOException {
    try (var staging = Arena.ofConfined()) {
      SafetensorsWriter.write(file, data(tensors, staging), FORMAT);
    } finally {
      Reference.reachabilityFence(tensors); // Their bytes are written from where they lie.
    }
  }

  private static List<NamedTensorData> data(Map<String, Tensor> tensors, Arena staging) {
    List<NamedTensorData> data = new ArrayList<>();
    tensors.forEach(
        (name, tensor) ->
            data.add(
                new NamedTensorData(
                    name, tensor.dtype(), tensor.shape(), () -> bytes(tensor, staging))));
    return data;
  }

  private static MemorySegment bytes(Tensor tensor, Arena staging) {
    Span span = tensor.contiguousSpan();
    if (span.buffer() instanceof HostBuffer) {
      return HostBuffer.segment(span);
    }
    MemorySegment host = staging.allocate(Math.max(span.byteSize(), 1), 64);
    MemorySegment bytes = host.asSlice(0, span.byteSize());
    tensor.backend().download(span, bytes);
    return bytes;
  }
}
