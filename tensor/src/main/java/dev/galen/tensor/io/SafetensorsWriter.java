package dev.galen.tensor.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes safetensors files that HuggingFace's libraries read, byte for byte as they would write
 * them. A save that fails or is killed leaves the earlier one whole: see {@link AtomicFile}.
 *
 * <p>HuggingFace's loader wants the metadata {@code {"format": "pt"}} in a model's weights.
 */
public final class SafetensorsWriter {
  private SafetensorsWriter() {}

  /**
   * Writes all tensors to one file, asking each for its data in the order of the file.
   *
   * @param metadata free strings for the header; may be empty
   * @throws IllegalArgumentException if two tensors share a name, or data do not fit their shape
   * @throws IOException in one line, if the file cannot be written
   */
  public static void write(Path file, List<NamedTensorData> tensors, Map<String, String> metadata)
      throws IOException {
    AtomicFile.write(file, FileImage.of(tensors, metadata));
  }

  /**
   * Writes the weights of a model directory, which is created if it does not stand: {@code
   * model.safetensors} if they fit, else {@code model-00001-of-0000N.safetensors} and so on with
   * their index. Weights of an earlier save are removed once the new ones stand; a reader, or a
   * kill, in between finds one save or the other, never both mixed.
   *
   * @param maxShardBytes the most bytes of data in one file; a tensor larger than that gets a file
   *     of its own
   * @return the weight files, without the index
   * @throws IllegalArgumentException as {@link #write}
   * @throws IOException in one line, if a file cannot be written
   */
  public static List<Path> writeSharded(
      Path directory,
      List<NamedTensorData> tensors,
      Map<String, String> metadata,
      long maxShardBytes)
      throws IOException {
    if (maxShardBytes <= 0) {
      throw new IllegalArgumentException("maxShardBytes must be positive, got " + maxShardBytes);
    }
    FileImage.requireNames(tensors);
    try (var save = new ShardedSave(directory)) {
      return save.write(split(tensors, maxShardBytes), metadata);
    }
  }

  // HuggingFace's rule, so that each tensor comes to lie in the shard where it would be there: fill
  // shards in the order given; what alone is too large stands alone and interrupts nothing.
  private static List<List<NamedTensorData>> split(List<NamedTensorData> tensors, long maxBytes) {
    var shards = new ArrayList<List<NamedTensorData>>();
    var current = new ArrayList<NamedTensorData>();
    long bytes = 0;
    for (NamedTensorData tensor : tensors) {
      if (tensor.byteSize() > maxBytes) {
        shards.add(List.of(tensor));
        continue;
      }
      if (bytes > maxBytes - tensor.byteSize()) {
        shards.add(current);
        current = new ArrayList<>();
        bytes = 0;
      }
      current.add(tensor);
      bytes += tensor.byteSize();
    }
    if (!current.isEmpty() || shards.isEmpty()) {
      shards.add(current);
    }
    return shards;
  }
}
