package dev.galen.tensor.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.galen.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A safetensors file about to be written, byte for byte as the format's own serializer lays it out:
 * tensors by falling alignment, so that each starts at a multiple of its element size, then by
 * name; the header padded with spaces so that the data start at a multiple of 8.
 */
final class FileImage implements AtomicFile.Content {
  private static final int ALIGNMENT = 8;
  private static final int CHUNK_BYTES = 4 << 20;

  /** The format's order of our element types; the last in this list comes first in a file. */
  private static final List<DType> ORDER =
      List.of(
          DType.BOOL, DType.U8, DType.F16, DType.BF16, DType.I32, DType.F32, DType.F64, DType.I64);

  // Characters outside the basic plane as UTF-8, not as two escapes: the format's serializer does
  // so.
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

  private final byte[] header;
  private final List<NamedTensorData> tensors;

  private FileImage(byte[] header, List<NamedTensorData> tensors) {
    this.header = header;
    this.tensors = tensors;
  }

  /** Lays out a file; metadata are sorted by key so that equal saves are equal files. */
  static FileImage of(List<NamedTensorData> tensors, Map<String, String> metadata) {
    requireNames(tensors);
    requireEncodable(metadata);
    var sorted =
        tensors.stream()
            .sorted(
                Comparator.<NamedTensorData>comparingInt(tensor -> -ORDER.indexOf(tensor.dtype()))
                    .thenComparing(
                        tensor -> tensor.name().getBytes(StandardCharsets.UTF_8),
                        Arrays::compareUnsigned))
            .toList();
    byte[] json = json(sorted, metadata);
    if (json.length > Header.MAX_BYTES) {
      throw new IllegalArgumentException(
          "the header of %d tensors takes %d bytes, the format allows %d; save in several shards"
              .formatted(tensors.size(), json.length, Header.MAX_BYTES));
    }
    int padded = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
    byte[] header = Arrays.copyOf(json, Header.LENGTH_BYTES + padded);
    System.arraycopy(json, 0, header, Header.LENGTH_BYTES, json.length);
    Arrays.fill(header, Header.LENGTH_BYTES + json.length, header.length, (byte) ' ');
    MemorySegment.ofArray(header).set(Header.LENGTH, 0, padded);
    return new FileImage(header, sorted);
  }

  static void requireNames(List<NamedTensorData> tensors) {
    var names = new HashSet<String>();
    for (NamedTensorData tensor : tensors) {
      String name = tensor.name();
      if (name.equals(Header.METADATA)) {
        throw new IllegalArgumentException("no tensor may be called " + name);
      }
      if (!Messages.isEncodable(name)) {
        throw new IllegalArgumentException(
            "tensor " + Messages.quote(name) + " has half a surrogate pair in its name");
      }
      if (!names.add(name)) {
        throw new IllegalArgumentException("two tensors are called " + Messages.quote(name));
      }
    }
  }

  private static void requireEncodable(Map<String, String> metadata) {
    for (var entry : metadata.entrySet()) {
      if (!Messages.isEncodable(entry.getKey()) || !Messages.isEncodable(entry.getValue())) {
        throw new IllegalArgumentException(
            "the metadata of key %s have half a surrogate pair"
                .formatted(Messages.quote(entry.getKey())));
      }
    }
  }

  private static byte[] json(List<NamedTensorData> tensors, Map<String, String> metadata) {
    var bytes = new ByteArrayOutputStream();
    try (var json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(Header.METADATA);
        for (var entry : new TreeMap<>(metadata).entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long begin = 0;
      for (NamedTensorData tensor : tensors) {
        long end = Math.addExact(begin, tensor.byteSize());
        int[] dims = tensor.shape().toArray();
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", tensor.dtype().name());
        json.writeFieldName("shape");
        json.writeArray(dims, 0, dims.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, end}, 0, 2);
        json.writeEndObject();
        begin = end;
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail, and all text was checked.
    }
    return bytes.toByteArray();
  }

  /** Writes the file, holding one tensor at a time. */
  @Override
  public void writeTo(FileChannel channel) throws IOException {
    AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
    try (var arena = Arena.ofConfined()) {
      MemorySegment chunk = arena.allocate(CHUNK_BYTES);
      for (NamedTensorData tensor : tensors) {
        MemorySegment data = tensor.data().get();
        if (data.byteSize() != tensor.byteSize()) {
          throw new IllegalArgumentException(
              "tensor %s: shape %s of %s takes %d bytes, but its data have %d"
                  .formatted(
                      Messages.quote(tensor.name()),
                      tensor.shape(),
                      tensor.dtype(),
                      tensor.byteSize(),
                      data.byteSize()));
        }
        write(channel, data, chunk);
      }
    }
  }

  // Off-heap memory goes to the channel as it is; Java arrays go through the chunk, since a channel
  // takes no array but one of bytes, and copies even that.
  private static void write(FileChannel channel, MemorySegment data, MemorySegment chunk)
      throws IOException {
    for (long at = 0; at < data.byteSize(); at += CHUNK_BYTES) {
      MemorySegment piece = data.asSlice(at, Math.min(CHUNK_BYTES, data.byteSize() - at));
      if (!piece.isNative()) {
        piece = chunk.asSlice(0, piece.byteSize()).copyFrom(piece);
      }
      AtomicFile.writeFully(channel, piece.asByteBuffer());
    }
  }
}
