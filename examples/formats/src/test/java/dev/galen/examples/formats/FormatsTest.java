package dev.galen.examples.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.TokenExample;
import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and folders that pyarrow, pandas and datasets wrote have the rows that these read. */
class FormatsTest {
  private static final Set<String> REFUSED = Set.of("seen", "day", "price", "blob", "map");

  private static void assertRows(String expected, String file, Predicate<String> wanted)
      throws IOException {
    List<ObjectNode> python = Fixtures.expected(expected, wanted);
    List<ObjectNode> read = Fixtures.rows(Fixtures.path(file), wanted);
    assertEquals(python.size(), read.size());
    for (int i = 0; i < read.size(); i++) {
      var names = new ArrayList<String>();
      read.get(i).fieldNames().forEachRemaining(names::add);
      names.removeIf(wanted);
      assertEquals(
          Fixtures.text(python.get(i)), Fixtures.text(read.get(i).without(names)), "row " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "snappy.parquet",
        "none.parquet",
        "zstd.parquet",
        "gzip.parquet",
        "pages-v2.parquet",
        "encodings.parquet",
        "file.arrow"
      })
  void everyFormHasTheSameRows(String file) throws IOException {
    assertRows("rows.jsonl", file, column -> !REFUSED.contains(column));
  }

  @Test
  void pandasRowsAreTheSame() throws IOException {
    // NaN is pandas's null, and integers beside it are floats there.
    assertRows("rows.jsonl", "pandas.parquet", Set.of("text", "input_ids", "nested")::contains);
  }

  @Test
  void datasetsParquetHasTheSameRows() throws IOException {
    Set<String> gone = Set.of("nothing", "pair", "f16");
    assertRows("rows.jsonl", "datasets.parquet", column -> !gone.contains(column));
  }

  @Test
  void aStreamOfSeveralBatchesHasTheSameRows() throws IOException {
    assertRows(
        "rows.jsonl",
        "stream.arrow",
        column -> !REFUSED.contains(column) && !column.equals("view"));
    assertRows("view.jsonl", "stream.arrow", "view"::equals);
  }

  @Test
  void dictionariesGrow() throws IOException {
    var words = new ArrayList<String>();
    for (ObjectNode row : Fixtures.rows(Fixtures.path("deltas.arrow"), column -> true)) {
      words.add(row.get("category").asText());
    }
    assertEquals(List.of("b", "a", "null", "c", "a", "null", "d", "a", "null"), words);
  }

  @Test
  void folderOfDatasetsIsReadInOrder() throws IOException {
    assertRows("folder.jsonl", "folder", column -> true);
  }

  @Test
  void jsonFeaturesAreValues() throws IOException {
    assertRows("json.jsonl", "json", column -> true);
    assertRows("json.jsonl", "json.parquet", column -> true);
  }

  @Test
  void hiddenColumnsAreHidden() throws IOException {
    List<ObjectNode> rows = Fixtures.rows(Fixtures.path("formatted"), column -> true);
    assertEquals("{\"text\":\"note 0\"}", rows.getFirst().toString());
  }

  @ParameterizedTest
  @CsvSource({"seen, timestamp", "day, date", "price, decimal", "blob, binary", "map, map"})
  void whatHasNoFormIsRefusedByName(String column, String type) {
    for (String file : List.of("snappy.parquet", "stream.arrow")) {
      var fault =
          assertThrows(IOException.class, () -> Fixtures.rows(Fixtures.path(file), column::equals));
      String message = fault.getMessage();
      assertTrue(
          message.startsWith(
              Fixtures.path(file) + ": the column " + column + " is of type " + type),
          message);
      assertEquals(1, message.lines().count());
    }
  }

  @Test
  void columnsThatNobodyReadsAreNamedAlone() throws IOException {
    for (String file : List.of("snappy.parquet", "stream.arrow")) {
      List<ObjectNode> rows = Fixtures.rows(Fixtures.path(file), column -> false);
      assertEquals(36, rows.size());
      assertTrue(rows.getFirst().has("seen") && rows.getFirst().get("seen").isNull());
    }
  }

  @Test
  void rowsBecomeExamplesWithTheirPlace() throws IOException {
    for (String file : List.of("zstd.parquet", "file.arrow")) {
      var fault = assertThrows(IOException.class, () -> DataFiles.read(Fixtures.path(file)));
      assertEquals(
          Fixtures.path(file) + ":2: input_ids is empty; expected token ids", fault.getMessage());
    }
    List<Example> notes = DataFiles.read(Fixtures.path("folder"));
    assertEquals(30, notes.size());
    assertEquals(
        Fixtures.path("folder").resolve("data-00001-of-00003.arrow") + ":1",
        notes.get(10).origin().toString());
    var classified = new ArrayList<Example>();
    DataFiles.read(Fixtures.path("folder"), RowSchemas.classification(), classified::add);
    assertEquals(30, classified.size());
    assertFalse(classified.getFirst() instanceof TokenExample);
  }

  @Test
  void streamedFoldersAreReadAgain() throws IOException {
    Path folder = Fixtures.path("folder");
    Examples examples = DataFiles.examples(List.of(folder), RowSchemas.standard(), 0);
    var texts = new ArrayList<String>();
    examples.forEach(example -> texts.add(example.text()));
    assertEquals(DataFiles.read(folder).stream().map(Example::text).toList(), texts);
  }

  @Test
  void compressedRowsCountWhole() throws IOException {
    Path file = Fixtures.path("repeated.parquet");
    var format = new ParquetFormat();
    assertTrue(Files.size(file) < 10_000, Files.size(file) + " bytes");
    assertEquals(100_000, format.bytes(file), 20_000);
    assertEquals(
        Files.size(Fixtures.path("file.arrow")),
        new ArrowFormat().bytes(Fixtures.path("file.arrow")));
  }

  @Test
  void foldersOfSeveralNameTheirSplits() throws IOException {
    Path folder = Fixtures.path("dict");
    Map<String, Path> splits = DataFiles.splits(folder);
    assertEquals("[train, validation, test]", splits.keySet().toString());
    assertEquals(20, DataFiles.read(splits.get("train")).size());
    var fault = assertThrows(IOException.class, () -> DataFiles.read(folder));
    assertEquals(
        folder
            + ": holds the data sets train, validation, test; name one of them, such as "
            + folder.resolve("train"),
        fault.getMessage());
  }
}
