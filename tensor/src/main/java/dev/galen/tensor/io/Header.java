package dev.galen.tensor.io;

import static java.util.Comparator.comparingLong;

import com.fasterxml.jackson.core.JsonToken;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The parsed and fully checked header of a safetensors file: 8 bytes of little-endian length, then
 * that many bytes of JSON, then the data.
 *
 * @param entries by name, in the order in which their data lie in the file
 * @param foreign tensors of types that Galen does not compute with: by name, the type's name
 * @param metadata the free strings under {@value #METADATA}
 * @param dataStart the file's first data byte
 */
record Header(
    SequencedMap<String, TensorEntry> entries,
    Map<String, String> foreign,
    Map<String, String> metadata,
    long dataStart) {
  static final String METADATA = "__metadata__";

  /** The longest header the format allows, in bytes. */
  static final long MAX_BYTES = 100_000_000;

  /** What stands before the header: its length. */
  static final int LENGTH_BYTES = 8;

  static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Bits of an element in the types of the format that Galen does not compute with. */
  private static final Map<String, Integer> FOREIGN_BITS =
      Map.ofEntries(
          Map.entry("F4", 4),
          Map.entry("F6_E2M3", 6),
          Map.entry("F6_E3M2", 6),
          Map.entry("F8_E4M3", 8),
          Map.entry("F8_E5M2", 8),
          Map.entry("F8_E8M0", 8),
          Map.entry("F8_E4M3FNUZ", 8),
          Map.entry("F8_E5M2FNUZ", 8),
          Map.entry("I8", 8),
          Map.entry("I16", 16),
          Map.entry("U16", 16),
          Map.entry("U32", 32),
          Map.entry("U64", 64),
          Map.entry("C64", 64));

  /** Reads the header of {@code file}, which is the whole file, and checks that it is sound. */
  static Header parse(Path path, MemorySegment file) throws SafetensorsException {
    long fileBytes = file.byteSize();
    if (fileBytes < LENGTH_BYTES) {
      throw new SafetensorsException(
          path,
          "a safetensors file starts with 8 bytes of header length, but this one has only "
              + fileBytes
              + " bytes");
    }
    long length = file.get(LENGTH, 0);
    if (length < 0 || length > MAX_BYTES) {
      throw new SafetensorsException(
          path,
          "the header's length is given as %s bytes, more than the %d the format allows; is this a"
                  .formatted(Long.toUnsignedString(length), MAX_BYTES)
              + " safetensors file?");
    }
    if (length > fileBytes - LENGTH_BYTES) {
      throw new SafetensorsException(
          path,
          "the header's length is given as %d bytes, but only %d follow; the file is truncated"
              .formatted(length, fileBytes - LENGTH_BYTES));
    }
    byte[] utf8 = file.asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    requireBrace(path, utf8);
    long dataStart = LENGTH_BYTES + length;
    return new Parser(new StrictJson(path, "header", utf8), fileBytes - dataStart).parse(dataStart);
  }

  /** The format wants the brace first; its reader steps over white space, and so do we. */
  private static void requireBrace(Path path, byte[] utf8) throws SafetensorsException {
    int at = 0;
    while (at < utf8.length && " \t\r\n".indexOf(utf8[at]) >= 0) {
      at++;
    }
    if (at == utf8.length || utf8[at] != '{') {
      String found = at == utf8.length ? "nothing" : "byte 0x%02x".formatted(utf8[at]);
      throw new SafetensorsException(path, "the header must start with '{', found " + found);
    }
  }

  /** A tensor as the header has it, of whichever type. */
  private record Stored(String name, String dtype, Shape shape, long begin, long end) {}

  /** Galen's own type of that name, or null. */
  private static DType known(String dtype) {
    for (DType type : DType.values()) {
      if (type.name().equals(dtype)) {
        return type;
      }
    }
    return null;
  }

  /** Reads the JSON text of one header. */
  private static final class Parser {
    private final StrictJson json;
    private final long dataBytes;
    private final Map<String, Stored> stored = new LinkedHashMap<>();
    private Map<String, String> metadata = Map.of();
    private boolean metadataSeen;

    Parser(StrictJson json, long dataBytes) {
      this.json = json;
      this.dataBytes = dataBytes;
    }

    Header parse(long dataStart) throws SafetensorsException {
      json.next();
      json.requireObject("the header");
      for (String name = json.nextKey(); name != null; name = json.nextKey()) {
        if (name.equals(METADATA)) {
          readMetadata();
        } else {
          readTensor(name);
        }
      }
      json.requireEnd();
      var entries = new LinkedHashMap<String, TensorEntry>();
      var foreign = new LinkedHashMap<String, String>();
      for (Stored tensor : requireCovered()) {
        String name = tensor.name();
        DType dtype = known(tensor.dtype());
        if (dtype == null) {
          foreign.put(name, tensor.dtype());
        } else {
          entries.put(
              name, new TensorEntry(name, dtype, tensor.shape(), tensor.begin(), tensor.end()));
        }
      }
      return new Header(
          Collections.unmodifiableSequencedMap(entries),
          Collections.unmodifiableMap(foreign),
          Collections.unmodifiableMap(metadata),
          dataStart);
    }

    // Null stands for none, and of equal keys the last counts, as the format's own reader has it.
    private void readMetadata() throws SafetensorsException {
      if (metadataSeen) {
        throw json.fail(METADATA + " is in the header twice");
      }
      metadataSeen = true;
      if (json.isNull()) {
        return;
      }
      json.requireObject(METADATA);
      metadata = new LinkedHashMap<>();
      for (String key = json.nextKey(); key != null; key = json.nextKey()) {
        metadata.put(key, json.string(METADATA + " " + Messages.quote(key)));
      }
    }

    private void readTensor(String name) throws SafetensorsException {
      Stored tensor = readEntry(name);
      Stored before = stored.put(name, tensor);
      if (before != null && !before.equals(tensor)) {
        throw json.fail(
            "tensor " + Messages.quote(name) + " is in the header twice, and differently");
      }
    }

    private Stored readEntry(String name) throws SafetensorsException {
      String tensor = "tensor " + Messages.quote(name);
      json.requireObject(tensor);
      String dtype = null;
      Shape shape = null;
      long[] offsets = null;
      for (String key = json.nextKey(); key != null; key = json.nextKey()) {
        boolean twice = false;
        switch (key) {
          case "dtype" -> {
            twice = dtype != null;
            dtype = readDType(tensor);
          }
          case "shape" -> {
            twice = shape != null;
            shape = readShape(tensor);
          }
          case "data_offsets" -> {
            twice = offsets != null;
            offsets = readOffsets(tensor);
          }
          // The format's own reader steps over fields it does not know; so do we.
          default -> json.skip();
        }
        if (twice) {
          throw json.fail(tensor + " has " + key + " twice");
        }
      }
      if (dtype == null || shape == null || offsets == null) {
        String missing = dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets";
        throw json.fail(tensor + " has no " + missing);
      }
      requireSize(tensor, dtype, shape, offsets);
      return new Stored(name, dtype, shape, offsets[0], offsets[1]);
    }

    private String readDType(String tensor) throws SafetensorsException {
      String name = json.string(tensor + ": dtype");
      if (known(name) == null && !FOREIGN_BITS.containsKey(name)) {
        throw json.fail(
            "%s: unknown dtype %s; Galen computes with %s"
                .formatted(tensor, Messages.quote(name), Arrays.toString(DType.values())));
      }
      return name;
    }

    private Shape readShape(String tensor) throws SafetensorsException {
      json.requireArray(tensor + ": shape");
      var dims = new ArrayList<Integer>();
      long size = 1;
      while (json.next() != JsonToken.END_ARRAY) {
        long dim = json.integer(tensor + ": shape");
        if (dim < 0 || dim > Integer.MAX_VALUE) {
          throw json.fail(
              "%s: dimension %s of its shape is out of range, expected 0 to %d"
                  .formatted(tensor, Messages.quote(json.text()), Integer.MAX_VALUE));
        }
        if (size != 0 && dim > Long.MAX_VALUE / Double.BYTES / size) {
          throw json.fail(
              "%s: its shape overflows: dimensions %s and then %d".formatted(tensor, dims, dim));
        }
        size *= dim;
        dims.add((int) dim);
      }
      return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
    }

    private long[] readOffsets(String tensor) throws SafetensorsException {
      String subject = tensor + ": data_offsets";
      json.requireArray(subject);
      var offsets = new long[2];
      int count = 0;
      for (; json.next() != JsonToken.END_ARRAY; count++) {
        long offset = json.integer(subject);
        if (offset < 0) {
          throw json.fail(
              "%s: %s is out of range, the file has %d bytes of data"
                  .formatted(subject, Messages.quote(json.text()), dataBytes));
        }
        if (count < 2) {
          offsets[count] = offset;
        }
      }
      if (count != 2) {
        throw json.fail(subject + ": expected 2 integers, found " + count);
      }
      return offsets;
    }

    private void requireSize(String tensor, String dtype, Shape shape, long[] offsets)
        throws SafetensorsException {
      String found = tensor + ": data_offsets " + Arrays.toString(offsets);
      if (offsets[0] > offsets[1]) {
        throw json.fail(found + " end before they begin");
      }
      if (offsets[1] > dataBytes) {
        throw json.fail(
            "%s reach past the end of the file, which has %d bytes of data; is it truncated?"
                .formatted(found, dataBytes));
      }
      long bytes = byteSize(tensor, dtype, shape);
      if (offsets[1] - offsets[0] != bytes) {
        throw json.fail(
            "%s span %d bytes, but shape %s of %s takes %d"
                .formatted(found, offsets[1] - offsets[0], shape, dtype, bytes));
      }
    }

    private long byteSize(String tensor, String dtype, Shape shape) throws SafetensorsException {
      DType known = known(dtype);
      if (known != null) {
        return shape.size() * known.byteSize();
      }
      int bits = FOREIGN_BITS.get(dtype);
      if (shape.size() * (bits % Byte.SIZE) % Byte.SIZE != 0) {
        throw json.fail("%s: shape %s of %s ends within a byte".formatted(tensor, shape, dtype));
      }
      return bits >= Byte.SIZE
          ? shape.size() * (bits / Byte.SIZE)
          : shape.size() / Byte.SIZE * bits + shape.size() % Byte.SIZE * bits / Byte.SIZE;
    }

    /**
     * The tensors in the order of their data, which must follow each other without overlap or hole
     * from the first data byte to the last: then no byte has two meanings, and none is hidden.
     */
    private List<Stored> requireCovered() throws SafetensorsException {
      var sorted = new ArrayList<>(stored.values());
      sorted.sort(comparingLong(Stored::begin).thenComparingLong(Stored::end));
      long covered = 0;
      String previous = null;
      for (Stored entry : sorted) {
        String found =
            "tensor %s: data_offsets [%d, %d]"
                .formatted(Messages.quote(entry.name()), entry.begin(), entry.end());
        if (entry.begin() < covered) {
          throw json.fail(
              "%s overlap tensor %s, which ends at %d"
                  .formatted(found, Messages.quote(previous), covered));
        }
        if (entry.begin() > covered) {
          throw json.fail(
              "%s leave a hole of %d bytes before them, expected them to begin at %d"
                  .formatted(found, entry.begin() - covered, covered));
        }
        covered = entry.end();
        previous = entry.name();
      }
      if (covered != dataBytes) {
        throw json.fail(
            "the tensors end after %d bytes of data, but the file has %d trailing bytes after them"
                .formatted(covered, dataBytes - covered));
      }
      return sorted;
    }
  }
}
