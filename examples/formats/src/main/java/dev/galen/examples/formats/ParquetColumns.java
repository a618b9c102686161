package dev.galen.examples.formats;

import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.schema.SchemaNode;
import dev.hardwood.schema.SchemaNode.GroupNode;
import dev.hardwood.schema.SchemaNode.PrimitiveNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The columns of a batch of Parquet rows. Hardwood gives each leaf apart, with a layer for each
 * list and each struct that may be null above it; the leaves of a struct share the layers above
 * them.
 */
final class ParquetColumns {
  private final ColumnReaders leaves;
  private int leaf;

  /** Those of the batch that {@code leaves} stand on. */
  ParquetColumns(ColumnReaders leaves) {
    this.leaves = leaves;
  }

  /** Refuses what {@link #next} has no form for. */
  static void requireReadable(SchemaNode node, String path, Columns columns) throws IOException {
    switch (node) {
      case PrimitiveNode primitive -> {
        boolean bare = primitive.repetitionType() == RepetitionType.REPEATED;
        if (bare || !isReadable(primitive)) {
          throw columns.refused(path, typeName(primitive));
        }
      }
      case GroupNode group -> {
        SchemaNode element = group.isList() ? group.getListElement() : null;
        if (element != null) {
          requireElement(element, path, columns);
        } else if (group.isStruct() && group.repetitionType() != RepetitionType.REPEATED) {
          for (SchemaNode child : group.children()) {
            requireReadable(child, path + "." + child.name(), columns);
          }
        } else {
          throw columns.refused(path, group.isMap() ? "map" : "a group of another kind");
        }
      }
    }
  }

  /** An element of two levels is itself what repeats. */
  private static void requireElement(SchemaNode element, String path, Columns columns)
      throws IOException {
    if (element.repetitionType() == RepetitionType.REPEATED) {
      throw columns.refused(path, "list in the form of before Parquet 2.4");
    }
    requireReadable(element, path, columns);
  }

  private static boolean isReadable(PrimitiveNode node) {
    LogicalType logical = node.logicalType();
    return switch (node.type()) {
      case BOOLEAN, FLOAT, DOUBLE -> logical == null || logical instanceof LogicalType.NullType;
      case INT32, INT64 ->
          logical == null
              || logical instanceof LogicalType.IntType
              || logical instanceof LogicalType.NullType;
      case BYTE_ARRAY -> isText(logical);
      case FIXED_LEN_BYTE_ARRAY -> logical instanceof LogicalType.Float16Type;
      case INT96 -> false;
    };
  }

  private static boolean isText(LogicalType logical) {
    return logical instanceof LogicalType.StringType
        || logical instanceof LogicalType.EnumType
        || logical instanceof LogicalType.JsonType
        || logical instanceof LogicalType.NullType;
  }

  private static String typeName(PrimitiveNode node) {
    if (node.type() == PhysicalType.INT96) {
      return "timestamp (int96)";
    }
    boolean bytes =
        node.type() == PhysicalType.BYTE_ARRAY || node.type() == PhysicalType.FIXED_LEN_BYTE_ARRAY;
    if (node.logicalType() == null && bytes) {
      return "binary";
    }
    Object type = node.logicalType() == null ? node.type() : node.logicalType();
    return type.toString().toLowerCase(Locale.ROOT);
  }

  /** The next field of the projection. */
  Column next(SchemaNode field) {
    return next(field, 0);
  }

  /**
   * @param layer which of its leaves' layers is the first that belongs to the node or its children
   */
  private Column next(SchemaNode node, int layer) {
    ColumnReader first = leaves.getColumnReader(leaf);
    if (node instanceof PrimitiveNode primitive) {
      leaf++;
      var present = first.getLeafValidity();
      Column values = values(primitive, first);
      return present.hasNulls() ? Column.where(present::isNotNull, values) : values;
    }
    var group = (GroupNode) node;
    if (group.isList()) {
      int[] offsets = first.getLayerOffsets(layer);
      var present = first.getLayerValidity(layer);
      Column elements = next(group.getListElement(), layer + 1);
      Column lists =
          Column.lists(i -> offsets[i], i -> offsets[i + 1], offsets[offsets.length - 1], elements);
      return present.hasNulls() ? Column.where(present::isNotNull, lists) : lists;
    }
    boolean optional = group.repetitionType() == RepetitionType.OPTIONAL;
    var present = optional ? first.getLayerValidity(layer) : null;
    List<String> names = new ArrayList<>();
    List<Column> children = new ArrayList<>();
    for (SchemaNode child : group.children()) {
      names.add(child.name());
      children.add(next(child, optional ? layer + 1 : layer));
    }
    Column structs = Column.structs(names, children);
    return present != null && present.hasNulls()
        ? Column.where(present::isNotNull, structs)
        : structs;
  }

  private static Column values(PrimitiveNode node, ColumnReader leaf) {
    LogicalType logical = node.logicalType();
    if (logical instanceof LogicalType.NullType) {
      return Column.nulls();
    }
    boolean unsigned = logical instanceof LogicalType.IntType type && !type.isSigned();
    return switch (node.type()) {
      case BOOLEAN -> {
        boolean[] values = leaf.getBooleans();
        yield i -> values[i];
      }
      case INT32 -> {
        int[] values = leaf.getInts();
        yield unsigned ? i -> Integer.toUnsignedLong(values[i]) : i -> values[i];
      }
      case INT64 -> {
        long[] values = leaf.getLongs();
        yield unsigned
            ? i -> values[i] >= 0 ? (Object) values[i] : ArrowBatch.unsigned(values[i])
            : i -> values[i];
      }
      case FLOAT -> {
        float[] values = leaf.getFloats();
        yield i -> values[i];
      }
      case DOUBLE -> {
        double[] values = leaf.getDoubles();
        yield i -> values[i];
      }
      case FIXED_LEN_BYTE_ARRAY -> halves(leaf);
      default -> logical instanceof LogicalType.JsonType ? Column.json(texts(leaf)) : texts(leaf);
    };
  }

  private static Column texts(ColumnReader leaf) {
    byte[] bytes = leaf.getBinaryValues();
    int[] offsets = leaf.getBinaryOffsets();
    return i -> Column.text(bytes, offsets[i], offsets[i + 1] - offsets[i]);
  }

  private static Column halves(ColumnReader leaf) {
    byte[] bytes = leaf.getBinaryValues();
    int[] offsets = leaf.getBinaryOffsets();
    return i -> {
      int at = offsets[i];
      return Float.float16ToFloat((short) (bytes[at] & 0xFF | bytes[at + 1] << 8));
    };
  }
}
