package dev.galen.examples.formats;

import dev.galen.train.format.DataFormat;
import dev.galen.train.format.RowSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Arrow files, as streams or with a footer, and the folders that {@code save_to_disk} of
 * HuggingFace's {@code datasets} writes: of a {@code Dataset}, with {@code state.json} and {@code
 * data-*.arrow}; of a {@code DatasetDict}, with {@code dataset_dict.json} and a folder for each
 * split.
 *
 * <p>Columns may be strings (large and as views, too), integers, floating point numbers, booleans,
 * dictionaries of any of these, JSON (which {@code datasets} keeps as text), and lists and structs
 * of them. A field of a struct that is null is taken for one that is not there, since a column has
 * no other way to say so. What has no form in a row, such as timestamps, decimals, bytes and maps,
 * is refused by the column's name, unless nobody reads the column.
 *
 * <p>Files are mapped: they may be larger than memory, and take no heap.
 */
public final class ArrowFormat implements DataFormat {

  @Override
  public Set<String> endings() {
    return Set.of("arrow");
  }

  @Override
  public boolean readsFolder(Path folder) {
    return DatasetFolder.isOne(folder);
  }

  @Override
  public String folders() {
    return "a folder that save_to_disk of datasets wrote";
  }

  @Override
  public Map<String, Path> splits(Path folder) throws IOException {
    return DatasetFolder.splits(folder);
  }

  @Override
  public List<Path> files(Path path) throws IOException {
    return DatasetFolder.isOne(path) ? DatasetFolder.of(path).files() : List.of(path);
  }

  @Override
  public void read(Path path, RowSink rows) throws IOException {
    if (!DatasetFolder.isOne(path)) {
      new ArrowReader(path, column -> true, rows).read();
      return;
    }
    DatasetFolder folder = DatasetFolder.of(path);
    for (Path file : folder.files()) {
      new ArrowReader(file, folder::shows, rows).read();
    }
  }
}
