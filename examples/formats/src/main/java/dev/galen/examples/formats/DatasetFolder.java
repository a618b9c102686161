package dev.galen.examples.formats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A folder of HuggingFace's {@code datasets}.
 *
 * @param files its Arrow files in their order
 * @param columns those that {@code set_format} left visible; null for all
 */
record DatasetFolder(List<Path> files, Set<String> columns) {
  private static final String STATE = "state.json";
  private static final String SPLITS = "dataset_dict.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Whether a path is a folder of a data set, or of several. */
  static boolean isOne(Path path) {
    return Files.isRegularFile(path.resolve(STATE)) || Files.isRegularFile(path.resolve(SPLITS));
  }

  /** The folders of several data sets by their names; none where the folder is one data set. */
  static Map<String, Path> splits(Path folder) throws IOException {
    var splits = new LinkedHashMap<String, Path>();
    Path file = folder.resolve(SPLITS);
    if (!Files.isRegularFile(file)) {
      return splits;
    }
    JsonNode names = field(file, "splits", "a list of names");
    for (JsonNode name : names) {
      splits.put(name.asText(), folder.resolve(name.asText()));
    }
    if (!names.isArray() || splits.isEmpty()) {
      throw wrong(file, "splits", names, "a list of names, at least one");
    }
    return splits;
  }

  /** The data set in a folder. */
  static DatasetFolder of(Path folder) throws IOException {
    Path state = folder.resolve(STATE);
    var files = new ArrayList<Path>();
    for (JsonNode entry : field(state, "_data_files", "a list of files")) {
      Path file = folder.resolve(entry.path("filename").asText());
      if (!Files.isRegularFile(file)) {
        throw new Origin(state.toString(), 0).error("names " + file + ", which is not there");
      }
      files.add(file);
    }
    JsonNode root = read(state);
    if (root.path("_indices_data_files").size() > 0) {
      throw wrong(
          state,
          "_indices_data_files",
          root.get("_indices_data_files"),
          "none, which today's datasets writes; save the data set again");
    }
    return new DatasetFolder(files, visible(state, root));
  }

  private static Set<String> visible(Path state, JsonNode root) throws IOException {
    JsonNode columns = root.path("_format_columns");
    if (columns.isMissingNode()
        || columns.isNull()
        || root.path("_output_all_columns").asBoolean()) {
      return null;
    }
    if (!columns.isArray()) {
      throw wrong(state, "_format_columns", columns, "a list of names, or null");
    }
    var names = new LinkedHashSet<String>();
    columns.forEach(name -> names.add(name.asText()));
    return names;
  }

  /** Whether rows have a column of this name. */
  boolean shows(String column) {
    return columns == null || columns.contains(column);
  }

  private static JsonNode field(Path file, String name, String wanted) throws IOException {
    JsonNode value = read(file).path(name);
    if (!value.isArray()) {
      throw wrong(file, name, value, wanted);
    }
    return value;
  }

  private static IOException wrong(Path file, String name, JsonNode value, String wanted) {
    String shown = value.isMissingNode() ? "missing" : value.toString();
    return new Origin(file.toString(), 0)
        .error("%s is %s, must be %s".formatted(name, Columns.line(shown), wanted));
  }

  private static JsonNode read(Path file) throws IOException {
    try {
      JsonNode root = MAPPER.readTree(Files.readString(file));
      if (!root.isObject()) {
        throw new Origin(file.toString(), 0).error("is no JSON object");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new Origin(file.toString(), 0)
          .error("is no JSON: " + Columns.line(e.getOriginalMessage()));
    } catch (NoSuchFileException e) {
      throw new Origin(file.toString(), 0).error("no such file");
    }
  }
}
