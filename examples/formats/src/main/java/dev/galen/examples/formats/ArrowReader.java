package dev.galen.examples.formats;

import dev.galen.train.format.RowSink;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads an Arrow file: its stream of messages, or the form with a footer, whose messages are the
 * same. The file is mapped, so that neither it nor a batch of it takes any heap.
 *
 * @see <a href="https://arrow.apache.org/docs/format/Columnar.html">Arrow columnar format</a>
 */
final class ArrowReader {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final byte[] MAGIC = "ARROW1\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final int SCHEMA = 1;
  private static final int DICTIONARY = 2;
  private static final int BATCH = 3;

  private final Path file;
  private final Predicate<String> visible;
  private final RowSink sink;
  private final Columns columns;
  private final Map<Long, ArrowField> dictionaryFields = new HashMap<>();
  private final Map<Long, Column> dictionaries = new HashMap<>();
  private final Map<Long, Integer> dictionarySizes = new HashMap<>();
  private List<ArrowField> fields;

  /**
   * @param visible which columns the rows have
   */
  ArrowReader(Path file, Predicate<String> visible, RowSink sink) {
    this.file = file;
    this.visible = visible;
    this.sink = sink;
    this.columns = new Columns(file.toString(), sink);
  }

  void read() throws IOException {
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofConfined()) {
      read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    }
  }

  private void read(MemorySegment bytes) throws IOException {
    long end = bytes.byteSize();
    long at = startsWith(bytes, MAGIC) ? MAGIC.length : 0;
    while (true) {
      require(at + 4 <= end);
      int size = bytes.get(INT, at);
      at += 4;
      if (size == -1) {
        require(at + 4 <= end);
        size = bytes.get(INT, at);
        at += 4;
      } // else as it was before Arrow 0.15
      if (size == 0) {
        requireSchema();
        return;
      }
      if (fields == null && (size < 0 || size > end - at)) {
        throw columns.whole("is no Arrow file: it begins with none of its marks");
      }
      require(size > 0 && size <= end - at);
      MemorySegment metadata = bytes.asSlice(at, size);
      at += size;
      long body = bodyLength(metadata);
      require(body >= 0 && body <= end - at);
      message(metadata, bytes.asSlice(at, body));
      at += body;
    }
  }

  private static boolean startsWith(MemorySegment bytes, byte[] mark) {
    return bytes.byteSize() >= mark.length
        && bytes.asSlice(0, mark.length).mismatch(MemorySegment.ofArray(mark)) < 0;
  }

  /** What is cut off has lost rows, wherever it was cut. */
  private void require(boolean whole) throws IOException {
    if (!whole) {
      throw columns.whole(
          "is cut off: it ends without the mark of an Arrow stream's end; write it again");
    }
  }

  private void requireSchema() throws IOException {
    if (fields == null) {
      throw columns.whole("is no Arrow file: it has no schema");
    }
  }

  private long bodyLength(MemorySegment metadata) throws IOException {
    try {
      return FlatTable.root(metadata).number64(3);
    } catch (IndexOutOfBoundsException e) {
      throw damaged(e);
    }
  }

  private IOException damaged(RuntimeException e) {
    return columns.whole(
        fields == null
            ? "is no Arrow file, or a damaged one: " + Columns.line(e.getMessage())
            : "is damaged: " + Columns.line(e.getMessage()));
  }

  private void message(MemorySegment metadata, MemorySegment body) throws IOException {
    int rows;
    List<Column> read = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try {
      FlatTable message = FlatTable.root(metadata);
      FlatTable header = message.table(2);
      int type = message.number8(1);
      if (header == null || (type != SCHEMA && fields == null)) {
        throw new DamagedException("it does not begin with a schema");
      }
      switch (type) {
        case SCHEMA -> {
          readSchema(header);
          return;
        }
        case DICTIONARY -> {
          readDictionary(header, body);
          return;
        }
        case BATCH -> rows = readBatch(header, body, names, read);
        default -> throw new DamagedException("it has a message of type " + type);
      }
    } catch (DamagedException | IndexOutOfBoundsException | ArithmeticException e) {
      throw damaged(e);
    }
    columns.rows(names, read, rows);
  }

  private void readSchema(FlatTable header) {
    fields = ArrowField.schema(header);
    fields.stream().filter(this::isRead).forEach(this::findDictionaries);
  }

  private boolean isRead(ArrowField field) {
    return visible.test(field.name()) && sink.reads(field.name());
  }

  private void findDictionaries(ArrowField field) {
    if (field.index() != null) {
      dictionaryFields.put(field.dictionary(), field.values());
    }
    field.children().forEach(this::findDictionaries);
  }

  private void readDictionary(FlatTable header, MemorySegment body) throws IOException {
    long number = header.number64(0);
    ArrowField field = dictionaryFields.get(number);
    FlatTable data = header.table(1);
    if (field == null || data == null) {
      return; // of a column that nobody reads
    }
    var batch = new ArrowBatch(data, body, dictionaries, columns);
    int size = batch.rows();
    Column values = bounded(batch.next(field, field.name()), size);
    if (header.number8(2) != 0 && dictionaries.containsKey(number)) {
      Column before = dictionaries.get(number);
      int first = dictionarySizes.get(number);
      dictionaries.put(number, i -> i < first ? before.get(i) : values.get(i - first));
      dictionarySizes.put(number, first + size);
    } else {
      dictionaries.put(number, values);
      dictionarySizes.put(number, size);
    }
  }

  private static Column bounded(Column values, int size) {
    return i -> {
      if (i < 0 || i >= size) {
        throw new DamagedException("index %d of a dictionary of %d".formatted(i, size));
      }
      return values.get(i);
    };
  }

  /** Fills the names and columns of a batch and says how many rows it has. */
  private int readBatch(FlatTable header, MemorySegment body, List<String> names, List<Column> read)
      throws IOException {
    var batch = new ArrowBatch(header, body, dictionaries, columns);
    for (ArrowField field : fields) {
      Column column = null;
      if (isRead(field)) {
        column = batch.next(field, field.name());
      } else {
        batch.skip(field);
      }
      if (visible.test(field.name())) {
        names.add(field.name());
        read.add(column);
      }
    }
    return batch.rows();
  }
}
