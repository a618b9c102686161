package dev.galen.examples.formats;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * The columns of one record batch, in the order of the schema: each takes its nodes and buffers
 * from where the one before it ended.
 */
final class ArrowBatch {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int INLINE = 12;
  private static final int VIEW_BYTES = 16;

  private final FlatTable batch;
  private final MemorySegment body;
  private final Map<Long, Column> dictionaries;
  private final Columns errors;
  private int node;
  private int buffer;
  private int view;

  /**
   * @param dictionaries what indexes stand for, by number
   */
  ArrowBatch(FlatTable batch, MemorySegment body, Map<Long, Column> dictionaries, Columns errors)
      throws IOException {
    this.batch = batch;
    this.body = body;
    this.dictionaries = dictionaries;
    this.errors = errors;
    FlatTable compression = batch.table(3);
    if (compression != null) {
      throw errors.whole(
          "its batches are compressed (%s), which is not read; write it without compression"
              .formatted(compression.number8(0) == 0 ? "lz4" : "zstd"));
    }
  }

  /** The number of its rows. */
  int rows() {
    return length(batch.number64(0));
  }

  private static int length(long length) {
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw new DamagedException("a batch of " + length + " rows");
    }
    return (int) length;
  }

  /** The next column, which nobody looks at. */
  void skip(ArrowField field) {
    node++;
    ArrowField stored = field.index() == null ? field : field.index();
    buffer += stored.buffers();
    if (stored.isView()) {
      buffer += Math.toIntExact(batch.number64(4, view++));
    }
    stored.children().forEach(this::skip);
  }

  /** The next column. */
  Column next(ArrowField field, String path) throws IOException {
    if (node >= batch.size(1)) {
      throw new DamagedException("a batch has fewer columns than the schema");
    }
    int length = length(batch.number64(1, 2 * node));
    long nulls = batch.number64(1, 2 * node + 1);
    node++;
    if (field.index() != null) {
      return indexed(field, nulls);
    }
    Column values =
        switch (field.type()) {
          case ArrowField.NULL -> Column.nulls();
          case ArrowField.INT -> nullable(field, nulls, integers(field));
          case ArrowField.FLOATING_POINT -> nullable(field, nulls, numbers(field, path));
          case ArrowField.BOOL -> nullable(field, nulls, booleans());
          case ArrowField.UTF8 -> nullable(field, nulls, strings(false));
          case ArrowField.LARGE_UTF8 -> nullable(field, nulls, strings(true));
          case ArrowField.UTF8_VIEW -> views(nulls);
          case ArrowField.LIST -> lists(field, path, nulls, false);
          case ArrowField.LARGE_LIST -> lists(field, path, nulls, true);
          case ArrowField.FIXED_SIZE_LIST -> fixedLists(field, path, nulls, length);
          case ArrowField.STRUCT -> structs(field, path, nulls);
          default -> throw errors.refused(path, field.typeName());
        };
    return field.json() ? Column.json(values) : values;
  }

  /** Buffer {@code ahead} of the column that is being read. */
  private MemorySegment buffer(int ahead) {
    int index = buffer + ahead;
    if (index >= batch.size(2)) {
      throw new DamagedException("a batch has fewer buffers than the schema");
    }
    return body.asSlice(batch.number64(2, 2 * index), batch.number64(2, 2 * index + 1));
  }

  private IntPredicate present(long nulls) {
    MemorySegment bits = buffer(0);
    return nulls == 0 || bits.byteSize() == 0 ? i -> true : i -> bit(bits, i);
  }

  private static boolean bit(MemorySegment bits, int i) {
    return (bits.get(ValueLayout.JAVA_BYTE, i >> 3) >> (i & 7) & 1) != 0;
  }

  /** The values of a column without children, behind whose buffers the batch is afterwards. */
  private Column nullable(ArrowField field, long nulls, Column values) {
    Column column = Column.where(present(nulls), values);
    buffer += field.buffers();
    return column;
  }

  private Column indexed(ArrowField field, long nulls) {
    Column index = nullable(field.index(), nulls, integers(field.index()));
    long number = field.dictionary();
    return i -> {
      Object at = index.get(i);
      Column dictionary = dictionaries.get(number);
      if (at != null && dictionary == null) {
        throw new DamagedException("its dictionary is missing");
      }
      return at == null ? null : dictionary.get(((Number) at).intValue());
    };
  }

  private Column integers(ArrowField field) {
    MemorySegment data = buffer(1);
    boolean signed = field.signed();
    return switch (field.width()) {
      case 8 ->
          i -> {
            byte value = data.get(ValueLayout.JAVA_BYTE, i);
            return signed ? value : Byte.toUnsignedInt(value);
          };
      case 16 ->
          i -> {
            short value = data.get(SHORT, 2L * i);
            return signed ? value : Short.toUnsignedInt(value);
          };
      case 32 ->
          i -> {
            int value = data.get(INT, 4L * i);
            return signed ? (long) value : Integer.toUnsignedLong(value);
          };
      case 64 ->
          i -> {
            long value = data.get(LONG, 8L * i);
            return signed || value >= 0 ? (Object) value : unsigned(value);
          };
      default -> throw new DamagedException("integers of " + field.width() + " bits");
    };
  }

  static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  private Column numbers(ArrowField field, String path) throws IOException {
    MemorySegment data = buffer(1);
    return switch (field.width()) {
      case 0 -> i -> Float.float16ToFloat(data.get(SHORT, 2L * i));
      case 1 -> i -> data.get(FLOAT, 4L * i);
      case 2 -> i -> data.get(DOUBLE, 8L * i);
      default -> throw errors.refused(path, "float of precision " + field.width());
    };
  }

  private Column booleans() {
    MemorySegment bits = buffer(1);
    return i -> bit(bits, i);
  }

  private Column strings(boolean large) {
    MemorySegment offsets = buffer(1);
    MemorySegment data = buffer(2);
    return i -> {
      long from = large ? offsets.get(LONG, 8L * i) : offsets.get(INT, 4L * i);
      long to = large ? offsets.get(LONG, 8L * i + 8) : offsets.get(INT, 4L * i + 4);
      return text(data, from, to - from);
    };
  }

  private static String text(MemorySegment data, long from, long length) {
    byte[] bytes = data.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
    return Column.text(bytes, 0, bytes.length);
  }

  private Column views(long nulls) {
    MemorySegment views = buffer(1);
    int count = Math.toIntExact(batch.number64(4, view++));
    List<MemorySegment> data = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      data.add(buffer(2 + i));
    }
    IntPredicate present = present(nulls);
    buffer += 2 + count;
    return Column.where(
        present,
        i -> {
          long at = (long) VIEW_BYTES * i;
          int length = views.get(INT, at);
          return length <= INLINE
              ? text(views, at + 4, length)
              : text(data.get(views.get(INT, at + 8)), views.get(INT, at + 12), length);
        });
  }

  private Column lists(ArrowField field, String path, long nulls, boolean large)
      throws IOException {
    IntPredicate present = present(nulls);
    MemorySegment offsets = buffer(1);
    buffer += 2;
    int elements = elements(field);
    Column child = next(field.children().getFirst(), path);
    IntUnaryOperator from =
        large ? i -> length(offsets.get(LONG, 8L * i)) : i -> offsets.get(INT, 4L * i);
    return Column.where(present, Column.lists(from, i -> from.applyAsInt(i + 1), elements, child));
  }

  private Column fixedLists(ArrowField field, String path, long nulls, int length)
      throws IOException {
    IntPredicate present = present(nulls);
    buffer++;
    int elements = elements(field);
    int size = field.width();
    Column child = next(field.children().getFirst(), path);
    if ((long) size * length > elements) {
      throw new DamagedException("%d lists of %d of %d".formatted(length, size, elements));
    }
    return Column.where(present, Column.lists(i -> size * i, i -> size * (i + 1), elements, child));
  }

  /** How many elements the lists of a column have together: its child is the next node. */
  private int elements(ArrowField field) {
    if (field.children().size() != 1) {
      throw new DamagedException("a list of " + field.children().size() + " columns");
    }
    return length(batch.number64(1, 2 * node));
  }

  private Column structs(ArrowField field, String path, long nulls) throws IOException {
    IntPredicate present = present(nulls);
    buffer++;
    var names = new ArrayList<String>();
    var children = new ArrayList<Column>();
    for (ArrowField child : field.children()) {
      names.add(child.name());
      children.add(next(child, path + "." + child.name()));
    }
    return Column.where(present, Column.structs(names, children));
  }
}
