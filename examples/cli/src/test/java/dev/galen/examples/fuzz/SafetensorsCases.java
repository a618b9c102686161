package dev.galen.examples.fuzz;

import dev.galen.tensor.io.SafetensorsFile;
import dev.galen.tensor.io.TensorEntry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Damaged safetensors files: their length, their header, their data, or numbers that do not fit.
 */
public final class SafetensorsCases {
  private static final long SEED = 0x5afe0000L;

  private static final List<Sound> SOUND =
      List.of(
          new Sound("{}", 0),
          new Sound("{\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}", 16),
          new Sound(
              "{\"__metadata__\":{\"format\":\"pt\"},"
                  + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
                  + "\"b\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[16,22]}}",
              22),
          new Sound(
              "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
                  + "\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
                  + "\"z\":{\"dtype\":\"F4\",\"shape\":[2,4],\"data_offsets\":[4,8]}}",
              8),
          new Sound(
              "{\"h.0.attn.c_attn.weight\":"
                  + "{\"dtype\":\"BF16\",\"shape\":[4,3],\"data_offsets\":[0,24]},"
                  + "\"wte.weight\":{\"data_offsets\":[24,40],\"shape\":[2],\"dtype\":\"I64\"},"
                  + "\"x\":{\"shape\":[1,1,1,2],\"dtype\":\"F64\",\"data_offsets\":[40,56]}}",
              56),
          new Sound(
              "{ \"t\" : { \"dtype\" : \"I32\" , \"shape\" : [ 1 , 5 ] ,"
                  + " \"data_offsets\" : [ 0 , 20 ] , \"extra\" : {\"k\":[1,2]} } }   ",
              20));

  private static final List<String> TYPES =
      List.of("F32", "F16", "BF16", "I64", "U8", "BOOL", "F64", "I32", "I8", "U16", "F8_E4M3");
  private static final int[] SIZES = {4, 2, 2, 8, 1, 1, 8, 4, 1, 2, 1};

  private SafetensorsCases() {}

  /** A header and how many bytes of data it speaks of. */
  private record Sound(String header, int data) {
    byte[] utf8() {
      return header.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The bytes of case {@code index}. */
  public static byte[] make(long index) {
    var mutator = new Mutator(SEED + index);
    SplittableRandom random = mutator.random();
    Sound sound = SOUND.get(random.nextInt(SOUND.size()));
    byte[] header = sound.utf8();
    return switch (random.nextInt(10)) {
      case 0 -> file(header, length(random, header.length, sound.data()), sound.data());
      case 1 -> mutator.bytes(file(header, header.length, sound.data()));
      case 2 -> file(mutator.bytes(header), sound.data());
      case 3 -> file(header, Math.max(0, sound.data() + random.nextInt(-9, 10)));
      case 4 -> drawn(mutator);
      default -> file(mutator.json(sound.header()).getBytes(StandardCharsets.UTF_8), sound.data());
    };
  }

  private static long length(SplittableRandom random, int header, int data) {
    long[] lengths = {
      0,
      1,
      7,
      8,
      header - 1,
      header + 1,
      header + data,
      header + data + 1,
      100_000_000,
      100_000_001,
      Integer.MAX_VALUE,
      1L << 32,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      -1,
      -header,
      random.nextLong(),
      random.nextInt(2 * header + 2)
    };
    return lengths[random.nextInt(lengths.length)];
  }

  /** Up to four tensors whose numbers agree, mostly. */
  private static byte[] drawn(Mutator mutator) {
    SplittableRandom random = mutator.random();
    var header = new StringBuilder("{");
    int tensors = random.nextInt(5);
    int at = 0;
    for (int i = 0; i < tensors; i++) {
      int type = random.nextInt(TYPES.size());
      int bytes = SIZES[type];
      var shape = new StringBuilder();
      for (int rank = random.nextInt(4); rank > 0; rank--) {
        int dim = random.nextInt(4);
        bytes *= dim;
        shape.append(shape.isEmpty() ? "" : ",").append(dim);
      }
      int begin = at + (random.nextInt(8) == 0 ? random.nextInt(-2, 3) : 0);
      header
          .append(i == 0 ? "" : ",")
          .append(
              "\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                  .formatted(
                      random.nextInt(6) == 0 ? "t0" : "t" + i,
                      TYPES.get(type),
                      shape,
                      begin,
                      begin + bytes));
      at += bytes;
    }
    String text = header.append("}").toString();
    byte[] utf8 =
        (random.nextInt(4) == 0 ? mutator.json(text) : text).getBytes(StandardCharsets.UTF_8);
    return file(utf8, at);
  }

  private static byte[] file(byte[] header, int data) {
    return file(header, header.length, data);
  }

  private static byte[] file(byte[] header, long length, int data) {
    byte[] file = new byte[Long.BYTES + header.length + data];
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(header);
    for (int i = Long.BYTES + header.length; i < file.length; i++) {
      file[i] = (byte) (37 * i);
    }
    return file;
  }

  /** Opens a damaged file and reads every byte of its tensors; they must lie in it side by side. */
  public static void read(Path path) throws IOException {
    try (var arena = Arena.ofConfined();
        var file = SafetensorsFile.open(path, arena)) {
      long before = -1;
      long bytes = 0;
      for (TensorEntry entry : file.entries().values()) {
        MemorySegment segment = file.segment(entry.name());
        for (long i = 0; i < segment.byteSize(); i++) {
          bytes += segment.get(ValueLayout.JAVA_BYTE, i) == 0 ? 1 : 1;
        }
        if (segment.byteSize() != entry.shape().size() * entry.dtype().byteSize()
            || entry.begin() < before) {
          throw new AssertionError("does not fit: " + entry);
        }
        before = entry.begin();
      }
      if (bytes > Files.size(path)) {
        throw new AssertionError("more bytes than the file has");
      }
    }
  }
}
