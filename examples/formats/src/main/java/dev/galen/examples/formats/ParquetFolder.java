package dev.galen.examples.formats;

import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Data sets whose files are Parquet, as HuggingFace's hub lays them out: {@code
 * data/train-00000-of-00002.parquet}, the same without {@code data}, {@code train.parquet}, or a
 * folder for each split. Files whose names say nothing of a split are one data set together.
 *
 * <p>The files of one split have no path of their own, so they have a pattern as one: {@code
 * data/train-*.parquet}, where the star stands for anything in the last part of a path.
 */
final class ParquetFolder {
  private static final Pattern SHARD =
      Pattern.compile("(.+)-(\\d{5,})-of-(\\d{5,})(-[0-9a-f]+)?\\.parquet");

  /** The names that datasets knows for each split, which stand apart from other letters. */
  private static final Map<String, Pattern> SPLITS = new LinkedHashMap<>();

  static {
    SPLITS.put("train", keyword("train|training"));
    SPLITS.put("validation", keyword("validation|valid|dev|val"));
    SPLITS.put("test", keyword("testing|test|evaluation|eval"));
  }

  private ParquetFolder() {}

  private static Pattern keyword(String names) {
    return Pattern.compile("(?<![A-Za-z])(" + names + ")(?![A-Za-z])");
  }

  /** Whether a path is such a folder. */
  static boolean isOne(Path folder) throws IOException {
    return Files.isDirectory(folder)
        && (!parquet(folder, "*").isEmpty()
            || !parquet(folder.resolve("data"), "*").isEmpty()
            || !splitFolders(folder).isEmpty());
  }

  /** The splits of a folder that has several, each by its name. */
  static Map<String, Path> splits(Path folder) throws IOException {
    List<Path> files = own(folder);
    Map<String, Path> splits = new LinkedHashMap<>();
    if (files.isEmpty()) {
      splits.putAll(splitFolders(folder));
    } else {
      Map<String, String> patterns = new TreeMap<>();
      for (Path file : files) {
        String name = file.getFileName().toString();
        String split = split(name);
        Matcher shard = SHARD.matcher(name);
        String pattern = shard.matches() ? shard.group(1) + "-*.parquet" : name;
        String other = split == null ? pattern : patterns.putIfAbsent(split, pattern);
        if (other != null && !other.equals(pattern)) {
          requireOneSplit(folder, files);
          return Map.of();
        }
      }
      for (String split : ordered(patterns)) {
        splits.put(split, files.getFirst().resolveSibling(patterns.get(split)));
      }
    }
    return splits.size() < 2 ? Map.of() : splits;
  }

  /** Files whose names tell of several splits, but not which belong together, are not one. */
  private static void requireOneSplit(Path folder, List<Path> files) throws IOException {
    Set<String> splits = new TreeSet<>();
    for (Path file : files) {
      String split = split(file.getFileName().toString());
      splits.add(split == null ? "others" : split);
    }
    if (splits.size() > 1) {
      throw new Origin(folder.toString(), 0)
          .error(
              "holds files whose names tell of %s, and several of one; name those of one by a"
                      .formatted(String.join(" and ", splits))
                  + " pattern, such as "
                  + files.getFirst().resolveSibling("NAME*.parquet"));
    }
  }

  private static List<String> ordered(Map<String, ?> names) {
    List<String> ordered = new ArrayList<>(SPLITS.keySet());
    ordered.retainAll(names.keySet());
    names.keySet().stream().filter(name -> !ordered.contains(name)).forEach(ordered::add);
    return ordered;
  }

  /** The split that a file's name tells; null if it tells none. */
  private static String split(String name) {
    for (Map.Entry<String, Pattern> split : SPLITS.entrySet()) {
      if (split.getValue().matcher(name).find()) {
        return split.getKey();
      }
    }
    Matcher shard = SHARD.matcher(name);
    return shard.matches() ? shard.group(1) : null;
  }

  /**
   * The files of a path: of a file itself, of a folder all, of a pattern those that match.
   *
   * @throws IOException if shards are missing
   */
  static List<Path> files(Path path) throws IOException {
    List<Path> files;
    if (Files.isDirectory(path)) {
      files = own(path);
      if (files.isEmpty()) {
        files = new ArrayList<>();
        for (Path folder : splitFolders(path).values()) {
          files.addAll(parquet(folder, "*"));
        }
      }
    } else if (!Files.exists(path) && isPattern(path)) {
      Path folder = path.toAbsolutePath().getParent();
      String name = path.getFileName().toString();
      files =
          parquet(folder, name.substring(0, name.length() - ".parquet".length())).stream()
              .map(file -> path.resolveSibling(file.getFileName()))
              .toList();
    } else {
      return List.of(path);
    }
    requireAll(path, files);
    return files;
  }

  /** Whether a path's last part has a star in it. */
  static boolean isPattern(Path path) {
    String name = path.getFileName().toString();
    return name.indexOf('*') >= 0 && name.endsWith(".parquet");
  }

  /** The files beside one another in the folder, or in its folder {@code data}. */
  private static List<Path> own(Path folder) throws IOException {
    List<Path> files = parquet(folder, "*");
    return files.isEmpty() ? parquet(folder.resolve("data"), "*") : files;
  }

  /** Folders that are named as splits are, and hold Parquet files. */
  private static Map<String, Path> splitFolders(Path folder) throws IOException {
    Map<String, Path> folders = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      for (Path entry : entries) {
        String split = split(entry.getFileName().toString());
        if (split != null && !parquet(entry, "*").isEmpty()) {
          folders.put(split, entry);
        }
      }
    }
    Map<String, Path> ordered = new LinkedHashMap<>();
    ordered(folders).forEach(split -> ordered.put(split, folders.get(split)));
    return ordered;
  }

  /**
   * The Parquet files in a folder whose names match, sorted; none where there is no such folder.
   */
  private static List<Path> parquet(Path folder, String pattern) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    Pattern names = Pattern.compile(("\\Q" + pattern + "\\E").replace("*", "\\E.*\\Q"));
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.parquet")) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (Files.isRegularFile(entry)
            && !name.startsWith(".")
            && names.matcher(name.substring(0, name.length() - ".parquet".length())).matches()) {
          files.add(entry);
        }
      }
    }
    Collections.sort(files);
    return files;
  }

  /** A shard says how many there are; fewer mean that a download was not finished. */
  private static void requireAll(Path path, List<Path> files) throws IOException {
    Map<String, Integer> found = new LinkedHashMap<>();
    Map<String, Integer> wanted = new LinkedHashMap<>();
    for (Path file : files) {
      Matcher shard = SHARD.matcher(file.getFileName().toString());
      if (shard.matches()) {
        String set = shard.group(1) + "-*-of-" + shard.group(3);
        found.merge(set, 1, Integer::sum);
        wanted.put(set, Integer.parseInt(shard.group(3)));
      }
    }
    for (Map.Entry<String, Integer> set : wanted.entrySet()) {
      if (!found.get(set.getKey()).equals(set.getValue())) {
        throw new Origin(path.toString(), 0)
            .error(
                "has %d of the %d files %s.parquet; fetch the others"
                    .formatted(found.get(set.getKey()), set.getValue(), set.getKey()));
      }
    }
    if (files.isEmpty()) {
      throw new Origin(path.toString(), 0).error("matches no file");
    }
  }
}
