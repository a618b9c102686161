package dev.galen.train.data;

import dev.galen.tensor.io.AtomicFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Encoded sequences in a file, which is used where it is mapped. A file is written aside and
 * renamed, so that it is whole or not there, and ends in a checksum of all its bytes, so that one
 * that was damaged later is noticed.
 *
 * <p>Its form, in the machine's own order of bytes, which the mark at its front tells: a mark and
 * seven numbers of 64 bits (bytes of an id, chunks, rows, ids of rows, bytes of the note, 0, 0),
 * the note, the bytes of each chunk, the chunks, the rows, the checksum. Each part begins at a
 * multiple of eight bytes.
 */
public final class TokenFile {
  /** Raised with the form; it tells the order of bytes, too. */
  private static final long MARK = 0x47414C454E544F31L;

  private static final int HEADER = 8;
  private static final long PIECE = 1L << 26;

  private TokenFile() {}

  /**
   * What a file holds.
   *
   * @param sequences mapped, for as long as they are reachable
   * @param note what was written beside them
   */
  public record Content(TokenSequences sequences, String note) {}

  /**
   * Writes a file as a whole or not at all.
   *
   * @param note a text to keep beside them
   * @throws IOException in one line that names the file, which is then as it was
   */
  public static void write(Path file, TokenSequences sequences, String note) throws IOException {
    TokenSequences whole = sequences.whole();
    byte[] text = note.getBytes(StandardCharsets.UTF_8);
    List<MemorySegment> ids = whole.store().pieces();
    List<MemorySegment> rows = whole.rows().pieces();
    var header = new long[HEADER + ids.size()];
    header[0] = MARK;
    header[1] = whole.store().width();
    header[2] = ids.size();
    header[3] = whole.rows().size();
    header[4] = TokenSequences.ROW;
    header[5] = text.length;
    for (int i = 0; i < ids.size(); i++) {
      header[HEADER + i] = ids.get(i).byteSize();
    }
    AtomicFile.write(
        file,
        channel -> {
          var out = new Checked(channel);
          out.write(Arrays.copyOf(header, HEADER));
          out.write(MemorySegment.ofArray(text));
          out.write(Arrays.copyOfRange(header, HEADER, header.length));
          for (MemorySegment piece : ids) {
            out.write(piece);
          }
          for (MemorySegment piece : rows) {
            out.write(piece);
          }
          out.end();
        });
  }

  /**
   * The content of a file; empty if there is none, or it is not whole, or of another form.
   *
   * @throws IOException if it is there and cannot be read
   */
  public static Optional<Content> open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    Arena arena = Arena.ofShared();
    boolean used = false;
    try (FileChannel channel = FileChannel.open(file)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      Optional<Content> content = isWhole(bytes) ? content(bytes, arena) : Optional.empty();
      used = content.isPresent();
      return content;
    } finally {
      if (!used) {
        arena.close();
      }
    }
  }

  private static boolean isWhole(MemorySegment bytes) {
    long size = bytes.byteSize();
    if (size < 8L * (HEADER + 1) || size % 8 != 0 || bytes.get(ValueLayout.JAVA_LONG, 0) != MARK) {
      return false;
    }
    var sum = new CRC32C();
    update(sum, bytes.asSlice(0, size - 8));
    return sum.getValue() == bytes.get(ValueLayout.JAVA_LONG, size - 8);
  }

  /** Of a file whose bytes are those that were written. */
  private static Optional<Content> content(MemorySegment bytes, Arena arena) {
    var header = new long[HEADER];
    MemorySegment.copy(bytes, ValueLayout.JAVA_LONG, 0, header, 0, HEADER);
    if (header[4] != TokenSequences.ROW) {
      return Optional.empty();
    }
    long at = 8L * HEADER;
    byte[] note = bytes.asSlice(at, header[5]).toArray(ValueLayout.JAVA_BYTE);
    at = padded(at + header[5]);
    var sizes = bytes.asSlice(at, 8 * header[2]).toArray(ValueLayout.JAVA_LONG);
    at += 8 * header[2];
    var chunks = new ArrayList<MemorySegment>();
    for (long size : sizes) {
      chunks.add(bytes.asSlice(at, size));
      at = padded(at + size);
    }
    var store = new TokenStore(header[1] == Short.BYTES, chunks, arena);
    var rows =
        new TokenTable(TokenSequences.ROW, Math.toIntExact(header[3]), bytes.asSlice(at), store);
    return Optional.of(
        new Content(TokenSequences.of(store, rows), new String(note, StandardCharsets.UTF_8)));
  }

  private static long padded(long at) {
    return at + 7 & ~7L;
  }

  private static void update(CRC32C sum, MemorySegment bytes) {
    for (long from = 0; from < bytes.byteSize(); from += PIECE) {
      sum.update(bytes.asSlice(from, Math.min(PIECE, bytes.byteSize() - from)).asByteBuffer());
    }
  }

  /** Writes parts, each filled up to a multiple of eight bytes, and their checksum. */
  private static final class Checked {
    private final FileChannel channel;
    private final CRC32C sum = new CRC32C();

    Checked(FileChannel channel) {
      this.channel = channel;
    }

    void write(MemorySegment part) throws IOException {
      for (long from = 0; from < part.byteSize(); from += PIECE) {
        put(part.asSlice(from, Math.min(PIECE, part.byteSize() - from)).asByteBuffer());
      }
      put(ByteBuffer.allocate((int) (padded(part.byteSize()) - part.byteSize())));
    }

    void write(long... numbers) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.nativeOrder());
      bytes.asLongBuffer().put(numbers);
      put(bytes);
    }

    private void put(ByteBuffer bytes) throws IOException {
      sum.update(bytes.duplicate());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    void end() throws IOException {
      write(sum.getValue());
    }
  }
}
