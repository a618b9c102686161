package dev.galen.train.format;

import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The {@link DataFormat}s that services bring, found when a path needs one. */
final class DataFormats {
  /** Files that are none of text, whoever reads them. */
  private static final Set<String> BINARY =
      Set.of("parquet", "arrow", "feather", "gz", "zip", "zst", "bz2", "xz", "xlsx", "pdf");

  private DataFormats() {}

  /** What reads a path; empty for what Galen reads itself, or nobody does. */
  static Optional<DataFormat> of(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      for (DataFormat format : Services.FORMATS) {
        if (format.readsFolder(path)) {
          return Optional.of(format);
        }
      }
      return Optional.empty();
    }
    String suffix = DataFiles.suffix(path);
    if (DataFiles.ENDINGS.contains(suffix) || suffix.isEmpty()) {
      return Optional.empty();
    }
    return Services.FORMATS.stream().filter(f -> f.endings().contains(suffix)).findFirst();
  }

  /** The files that the rows of a file or a folder come from. */
  static List<Path> files(Path path) throws IOException {
    Optional<DataFormat> format = of(path);
    return format.isPresent() ? format.get().files(path) : List.of(path);
  }

  /** The parts of a folder of several data sets; empty for anything else. */
  static Map<String, Path> splits(Path path) throws IOException {
    Optional<DataFormat> format = Files.isDirectory(path) ? of(path) : Optional.empty();
    return format.isPresent() ? format.get().splits(path) : Map.of();
  }

  /** About how many bytes the rows of those paths take that services read. */
  static long bytes(List<Path> paths) throws IOException {
    long bytes = 0;
    for (Path path : paths) {
      Optional<DataFormat> format = of(path);
      bytes += format.isPresent() ? format.get().bytes(path) : 0;
    }
    return bytes;
  }

  /** Refuses a path that nobody reads as one data set. */
  static void requireReadable(Path path, Origin origin) throws IOException {
    Map<String, Path> splits = splits(path);
    if (!splits.isEmpty()) {
      throw origin.error(
          "holds the data sets %s; name one of them, such as %s"
              .formatted(String.join(", ", splits.keySet()), splits.values().iterator().next()));
    }
    if (of(path).isPresent()) {
      return;
    }
    if (Files.isDirectory(path)) {
      String folders =
          Services.FORMATS.stream()
              .map(DataFormat::folders)
              .filter(words -> !words.isEmpty())
              .collect(Collectors.joining(", or "));
      throw origin.error(
          "is a folder; expected a data file" + (folders.isEmpty() ? "" : ", or " + folders));
    }
    String suffix = DataFiles.suffix(path);
    if (BINARY.contains(suffix)) {
      throw origin.error("." + suffix + " is not read; expected " + endings());
    }
  }

  /** All endings, as a message lists them. */
  private static String endings() {
    List<String> others =
        Services.FORMATS.stream().flatMap(f -> f.endings().stream()).sorted().toList();
    List<String> all = Stream.concat(DataFiles.ENDINGS.stream().sorted(), others.stream()).toList();
    return all.stream().map(ending -> "." + ending).collect(Collectors.joining(", "));
  }

  /** Found once, and not before a path needs them. */
  private static final class Services {
    private static final List<DataFormat> FORMATS =
        ServiceLoader.load(DataFormat.class, DataFormats.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
  }
}
