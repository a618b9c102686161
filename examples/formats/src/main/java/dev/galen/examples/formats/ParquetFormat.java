package dev.galen.examples.formats;

import dev.galen.train.format.DataFormat;
import dev.galen.train.format.RowSink;
import dev.hardwood.HardwoodContext;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.SchemaNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Parquet files, as pandas, {@code datasets}, DuckDB, Spark and others write them: all encodings,
 * without compression or by snappy, gzip or zstd. Columns are those that {@link ArrowFormat} takes.
 * A folder of them is one data set, or several ({@code ParquetFolder}); {@code train-*.parquet}
 * names those that match.
 *
 * <p>Some rows are decoded at a time, of the columns that are read alone.
 */
public final class ParquetFormat implements DataFormat {
  /** Rows of a batch, and about how many bytes they have at most together. */
  private static final int BATCH_ROWS = 1024;

  private static final long BATCH_BYTES = 4L << 20;

  /** One column is decoded while another is used; more threads would only hold more pages. */
  private static final int THREADS = 2;

  private static final Set<CompressionCodec> CODECS =
      EnumSet.of(
          CompressionCodec.UNCOMPRESSED,
          CompressionCodec.SNAPPY,
          CompressionCodec.GZIP,
          CompressionCodec.ZSTD);

  @Override
  public Set<String> endings() {
    return Set.of("parquet");
  }

  @Override
  public boolean readsFolder(Path folder) throws IOException {
    return ParquetFolder.isOne(folder);
  }

  @Override
  public String folders() {
    return "a folder of Parquet files";
  }

  @Override
  public Map<String, Path> splits(Path folder) throws IOException {
    return ParquetFolder.splits(folder);
  }

  @Override
  public List<Path> files(Path path) throws IOException {
    return ParquetFolder.files(path);
  }

  @Override
  public long bytes(Path path) throws IOException {
    long bytes = 0;
    for (Path file : files(path)) {
      bytes += uncompressed(file);
    }
    return bytes;
  }

  private static long uncompressed(Path path) throws IOException {
    HardwoodLog.quiet();
    var columns = new Columns(path.toString(), null);
    long bytes = 0;
    try (HardwoodContext context = HardwoodContext.create(1);
        ParquetFileReader reader = open(path, context, columns)) {
      for (RowGroup group : reader.getFileMetaData().rowGroups()) {
        for (ColumnChunk chunk : group.columns()) {
          bytes += chunk.metaData().totalUncompressedSize();
        }
      }
    } catch (RuntimeException e) {
      throw damaged(columns, e);
    }
    return bytes;
  }

  @Override
  public void read(Path path, RowSink rows) throws IOException {
    for (Path file : files(path)) {
      readFile(file, rows);
    }
  }

  private static void readFile(Path path, RowSink rows) throws IOException {
    HardwoodLog.quiet();
    var columns = new Columns(path.toString(), rows);
    try (HardwoodContext context = HardwoodContext.create(THREADS);
        ParquetFileReader reader = open(path, context, columns)) {
      read(reader, rows, columns);
    }
  }

  private static ParquetFileReader open(Path path, HardwoodContext context, Columns columns)
      throws IOException {
    try {
      return ParquetFileReader.open(StrictInput.of(path), context);
    } catch (IOException | RuntimeException e) {
      throw columns.whole("is no Parquet file, or a damaged one: " + reason(e));
    }
  }

  private static void read(ParquetFileReader reader, RowSink rows, Columns columns)
      throws IOException {
    List<String> names = new ArrayList<>();
    List<SchemaNode> wanted = new ArrayList<>();
    try (ColumnReaders batches = batches(reader, rows, columns, names, wanted)) {
      if (batches == null) {
        long count = reader.getFileMetaData().numRows();
        for (long row = 0; row < count; row++) {
          columns.rows(names, wanted.stream().map(none -> (Column) null).toList(), 1);
        }
        return;
      }
      while (next(batches, columns)) {
        columns.rows(names, columns(batches, wanted, columns), batches.getRecordCount());
      }
    }
  }

  /**
   * What decodes the columns that are read; null if none is.
   *
   * @param names gets those of all columns
   * @param wanted gets each column that is read, and null for another
   */
  private static ColumnReaders batches(
      ParquetFileReader reader,
      RowSink rows,
      Columns columns,
      List<String> names,
      List<SchemaNode> wanted)
      throws IOException {
    try {
      Set<String> projected = new LinkedHashSet<>();
      for (SchemaNode field : reader.getFileSchema().getRootNode().children()) {
        boolean read = rows.reads(field.name());
        names.add(field.name());
        wanted.add(read ? field : null);
        if (read) {
          projected.add(field.name());
          ParquetColumns.requireReadable(field, field.name(), columns);
        }
      }
      List<RowGroup> groups = reader.getFileMetaData().rowGroups();
      requireCodecs(groups, columns);
      return projected.isEmpty()
          ? null
          : reader
              .buildColumnReaders(ColumnProjection.columns(projected.toArray(String[]::new)))
              .batchSize(batchRows(groups, projected))
              .build();
    } catch (RuntimeException e) {
      throw damaged(columns, e);
    }
  }

  private static void requireCodecs(List<RowGroup> groups, Columns columns) throws IOException {
    for (RowGroup group : groups) {
      for (ColumnChunk chunk : group.columns()) {
        CompressionCodec codec = chunk.metaData().codec();
        if (codec == null || !CODECS.contains(codec)) {
          throw columns.whole(
              "is compressed by %s, which is not read; write it with snappy, zstd or gzip"
                  .formatted(String.valueOf(codec).toLowerCase(Locale.ROOT)));
        }
      }
    }
  }

  /** As many rows as have about so many bytes by what the file says of their columns. */
  private static int batchRows(List<RowGroup> groups, Set<String> projected) {
    long bytes = 0;
    long rows = 0;
    for (RowGroup group : groups) {
      rows += group.numRows();
      for (ColumnChunk chunk : group.columns()) {
        if (projected.contains(chunk.metaData().pathInSchema().elements().getFirst())) {
          bytes += chunk.metaData().totalUncompressedSize();
        }
      }
    }
    long perRow = Math.max(1, bytes / Math.max(1, rows));
    return (int) Math.clamp(BATCH_BYTES / perRow, 1, BATCH_ROWS);
  }

  private static boolean next(ColumnReaders batches, Columns columns) throws IOException {
    try {
      return batches.nextBatch();
    } catch (RuntimeException e) {
      throw damaged(columns, e);
    }
  }

  private static List<Column> columns(
      ColumnReaders batches, List<SchemaNode> wanted, Columns columns) throws IOException {
    var made = new ArrayList<Column>();
    try {
      var of = new ParquetColumns(batches);
      for (SchemaNode field : wanted) {
        made.add(field == null ? null : of.next(field));
      }
    } catch (RuntimeException e) {
      throw damaged(columns, e);
    }
    return made;
  }

  private static IOException damaged(Columns columns, RuntimeException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return columns.whole("is damaged: " + Columns.line(cause.getMessage()));
  }

  /** What the library says, without the file's name that stands in front already. */
  private static String reason(Exception e) {
    return Columns.line(e.getMessage()).replaceFirst("^\\[[^\\]]*\\] ", "");
  }
}
