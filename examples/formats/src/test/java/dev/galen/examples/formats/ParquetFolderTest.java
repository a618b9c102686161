package dev.galen.examples.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.data.Examples;
import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders as HuggingFace's hub has them. */
class ParquetFolderTest {
  @TempDir private Path folder;

  private void put(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.copy(Fixtures.path("zstd.parquet"), file); // 36 rows
    }
  }

  private static int count(Path path) throws IOException {
    List<ObjectNode> rows = Fixtures.rows(path, "text"::equals);
    return rows.size();
  }

  private List<String> splits() throws IOException {
    return DataFiles.splits(folder).entrySet().stream()
        .map(split -> split.getKey() + " " + folder.relativize(split.getValue()))
        .toList();
  }

  @Test
  void shardsBelowDataAreSplits() throws IOException {
    put(
        "data/test-00000-of-00001.parquet",
        "data/train-00000-of-00002.parquet",
        "data/train-00001-of-00002.parquet",
        "data/validation-00000-of-00001-6ef0c1a23bd7d8ab.parquet");
    assertEquals(
        List.of(
            "train data/train-*.parquet",
            "validation data/validation-*.parquet",
            "test data/test-*.parquet"),
        splits());
    assertEquals(72, count(DataFiles.splits(folder).get("train")));
    assertEquals(36, count(DataFiles.splits(folder).get("test")));
    String message = assertThrows(IOException.class, () -> DataFiles.read(folder)).getMessage();
    assertEquals(
        folder
            + ": holds the data sets train, validation, test; name one of them, such as "
            + folder.resolve("data/train-*.parquet"),
        message);
  }

  @Test
  void oneSplitIsTheWholeFolder() throws IOException {
    put("train-00000-of-00003.parquet", "train-00001-of-00003.parquet");
    put("train-00002-of-00003.parquet");
    assertEquals(List.of(), splits());
    assertEquals(108, count(folder));
  }

  @Test
  void namesThatTellNothingAreOneDataSet() throws IOException {
    put("part-0.parquet", "part-1.parquet", "pretrained.parquet");
    assertEquals(List.of(), splits());
    assertEquals(108, count(folder));
    assertEquals(72, count(folder.resolve("part-*.parquet")));
  }

  @Test
  void foldersNameSplitsToo() throws IOException {
    put("train/0000.parquet", "train/0001.parquet", "dev/0000.parquet", "notes/0000.parquet");
    assertEquals(List.of("train train", "validation dev"), splits());
    assertEquals(72, count(folder.resolve("train")));
  }

  @Test
  void plainNamesAreSplits() throws IOException {
    put("pubmed_train.parquet", "pubmed_valid.parquet");
    assertEquals(
        List.of("train pubmed_train.parquet", "validation pubmed_valid.parquet"), splits());
  }

  /** Read as one data set, what is to be measured would be learned. */
  @Test
  void partsOfSeveralSplitsAreNotOneDataSet() throws IOException {
    put("train_0.parquet", "train_1.parquet");
    assertEquals(72, count(folder));
    put("test_0.parquet");
    assertEquals(
        folder
            + ": holds files whose names tell of test and train, and several of one; name those of"
            + " one by a pattern, such as "
            + folder.resolve("NAME*.parquet"),
        assertThrows(IOException.class, () -> DataFiles.read(folder)).getMessage());
    assertEquals(72, count(folder.resolve("train_*.parquet")));
  }

  @Test
  void missingShardsAreTold() throws IOException {
    put("data/train-00000-of-00003.parquet", "data/train-00002-of-00003.parquet");
    for (Path path : List.of(folder, folder.resolve("data/train-*.parquet"))) {
      assertEquals(
          path + ": has 2 of the 3 files train-*-of-00003.parquet; fetch the others",
          assertThrows(IOException.class, () -> count(path)).getMessage());
    }
    assertEquals(36, count(folder.resolve("data/train-00002-of-00003.parquet")));
  }

  @Test
  void whatMatchesNothingIsTold() throws IOException {
    put("train.parquet");
    Path none = folder.resolve("test-*.parquet");
    assertEquals(
        none + ": matches no file",
        assertThrows(IOException.class, () -> DataFiles.read(none)).getMessage());
    Path other = folder.resolve("test.parquet");
    assertEquals(
        other + ": no such file",
        assertThrows(IOException.class, () -> DataFiles.read(other)).getMessage());
  }

  @Test
  void rowsAreStreamedAgain() throws IOException {
    for (String name : List.of("a.parquet", "b.parquet")) {
      Files.copy(Fixtures.path("repeated.parquet"), folder.resolve(name));
    }
    Examples examples = DataFiles.examples(List.of(folder), RowSchemas.standard(), 0);
    var origins = new LinkedHashSet<String>();
    examples.forEach(example -> origins.add(example.origin().file()));
    assertEquals(
        List.of(folder.resolve("a.parquet").toString(), folder.resolve("b.parquet").toString()),
        List.copyOf(origins));
  }
}
