package dev.galen.examples.formats;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A field of an Arrow schema.
 *
 * @param type the number of its type in {@code Schema.fbs}, see the constants
 * @param width of an integer in bits, of a floating point number its precision (0 half, 1 single, 2
 *     double), of a list of fixed size that size, of a union whether it is dense
 * @param signed of an integer
 * @param dictionary the number of the dictionary that its values are indexes into; -1 for none
 * @param index of a dictionary's field: the integers; else null
 * @param json whether its strings are JSON
 */
record ArrowField(
    String name,
    int type,
    int width,
    boolean signed,
    long dictionary,
    ArrowField index,
    boolean json,
    List<ArrowField> children) {
  static final int NULL = 1;
  static final int INT = 2;
  static final int FLOATING_POINT = 3;
  static final int BINARY = 4;
  static final int UTF8 = 5;
  static final int BOOL = 6;
  static final int LIST = 12;
  static final int STRUCT = 13;
  static final int UNION = 14;
  static final int FIXED_SIZE_LIST = 16;
  static final int LARGE_BINARY = 19;
  static final int LARGE_UTF8 = 20;
  static final int LARGE_LIST = 21;
  static final int RUN_END_ENCODED = 22;
  static final int BINARY_VIEW = 23;
  static final int UTF8_VIEW = 24;
  static final int LIST_VIEW = 25;
  static final int LARGE_LIST_VIEW = 26;

  private static final String[] NAMES = {
    "none",
    "null",
    "int",
    "float",
    "binary",
    "string",
    "bool",
    "decimal",
    "date",
    "time",
    "timestamp",
    "interval",
    "list",
    "struct",
    "union",
    "fixed_size_binary",
    "fixed_size_list",
    "map",
    "duration",
    "large_binary",
    "large_string",
    "large_list",
    "run_end_encoded",
    "binary_view",
    "string_view",
    "list_view",
    "large_list_view"
  };

  /** Deeper columns are no data. */
  private static final int DEPTH = 64;

  /** The fields of a schema. */
  static List<ArrowField> schema(FlatTable schema) {
    if (schema.number16(0) != 0) {
      throw new DamagedException("its numbers are big-endian, which is not read");
    }
    return fields(schema, 1, 0);
  }

  private static List<ArrowField> fields(FlatTable table, int slot, int depth) {
    if (depth > DEPTH) {
      throw new DamagedException("a column is nested deeper than " + DEPTH + " levels");
    }
    var fields = new ArrayList<ArrowField>();
    for (int i = 0; i < table.size(slot); i++) {
      fields.add(field(table.table(slot, i), depth));
    }
    return fields;
  }

  private static ArrowField field(FlatTable field, int depth) {
    FlatTable dictionary = field.table(4);
    ArrowField values = plain(field, depth);
    if (dictionary == null) {
      return values;
    }
    FlatTable integer = dictionary.table(1);
    ArrowField index =
        integer == null
            ? leaf(values.name, INT, 32, true)
            : leaf(values.name, INT, integer.number32(0), integer.number8(1) != 0);
    return new ArrowField(
        values.name,
        values.type,
        values.width,
        values.signed,
        dictionary.number64(0),
        index,
        values.json,
        values.children);
  }

  private static ArrowField leaf(String name, int type, int width, boolean signed) {
    return new ArrowField(name, type, width, signed, -1, null, false, List.of());
  }

  private static ArrowField plain(FlatTable field, int depth) {
    int type = field.number8(2);
    FlatTable details = field.table(3);
    boolean integer = type == INT && details != null;
    int width = 0;
    if (details != null) {
      width = type == INT || type == FIXED_SIZE_LIST ? details.number32(0) : 0;
      width = type == FLOATING_POINT || type == UNION ? details.number16(0) : width;
    }
    return new ArrowField(
        field.string(0),
        type,
        width,
        integer && details.number8(1) != 0,
        -1,
        null,
        "arrow.json".equals(metadata(field).get("ARROW:extension:name")),
        fields(field, 5, depth + 1));
  }

  private static Map<String, String> metadata(FlatTable field) {
    var metadata = new HashMap<String, String>();
    for (int i = 0; i < field.size(6); i++) {
      FlatTable entry = field.table(6, i);
      metadata.put(entry.string(0), entry.string(1));
    }
    return metadata;
  }

  /** The same field with its values in place, as a dictionary has it. */
  ArrowField values() {
    return new ArrowField(name, type, width, signed, -1, null, json, children);
  }

  /** The type's name as pyarrow has it. */
  String typeName() {
    return type < 0 || type >= NAMES.length ? "number " + type : NAMES[type];
  }

  /** How many buffers a column of it has, without those of its children and further ones. */
  int buffers() {
    return switch (type) {
      case NULL, RUN_END_ENCODED -> 0;
      case STRUCT, FIXED_SIZE_LIST -> 1;
      case UNION -> width == 0 ? 1 : 2;
      case BINARY, UTF8, LARGE_BINARY, LARGE_UTF8, LIST_VIEW, LARGE_LIST_VIEW -> 3;
      default -> 2;
    };
  }

  /** Whether the number of its further buffers stands in the batch. */
  boolean isView() {
    return type == BINARY_VIEW || type == UTF8_VIEW;
  }
}
