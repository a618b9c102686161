package dev.galen.tensor.io;

import static dev.galen.tensor.io.SafetensorsDirectory.SINGLE_FILE_NAME;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One save of a model directory's weights. A rename replaces one file at once, but a save may have
 * several, under names that an earlier save may have used. So there is always one step that decides
 * which save a reader sees, and the other steps touch nothing that it sees:
 *
 * <ol>
 *   <li>all new files are written in full under hidden names; a full disk shows here;
 *   <li>if the index that stands names files about to be replaced, these get a second name, and the
 *       index is rewritten to use it;
 *   <li>the new shards take their names;
 *   <li>the new index takes its name (or, where there was a single file, that is removed; or the
 *       new single file takes its name): this is the step that decides;
 *   <li>what no save uses any more is removed.
 * </ol>
 */
final class ShardedSave implements AutoCloseable {
  private static final String ASIDE = ".old";
  private static final Pattern SHARD =
      Pattern.compile("model-\\d{5,}-of-\\d{5,}\\.safetensors(?:\\.old)?");

  private final Path directory;
  private final List<AtomicFile> staged = new ArrayList<>();

  ShardedSave(Path directory) throws IOException {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new IOException("cannot create folder " + directory + ": " + Messages.reason(e), e);
    }
  }

  /** Writes and commits all shards, at least one; returns their files. */
  List<Path> write(List<List<NamedTensorData>> shards, Map<String, String> metadata)
      throws IOException {
    var names = new ArrayList<String>();
    var shardOf = new TreeMap<String, String>();
    long totalBytes = 0;
    for (List<NamedTensorData> shard : shards) {
      String name =
          shards.size() == 1
              ? SINGLE_FILE_NAME
              : "model-%05d-of-%05d.safetensors".formatted(names.size() + 1, shards.size());
      names.add(name);
      staged.add(AtomicFile.stage(directory.resolve(name), FileImage.of(shard, metadata)));
      for (NamedTensorData tensor : shard) {
        shardOf.put(tensor.name(), name);
        totalBytes = Math.addExact(totalBytes, tensor.byteSize());
      }
    }
    if (shards.size() > 1) {
      putAside(Set.copyOf(names));
    }
    for (AtomicFile file : staged) {
      file.commit();
    }
    if (shards.size() > 1) {
      AtomicFile.write(directory.resolve(Index.FILE_NAME), Index.toJson(totalBytes, shardOf));
    }
    removeStale(Set.copyOf(names));
    return names.stream().map(directory::resolve).toList();
  }

  /** Keeps the standing save whole under second names while its first ones are taken. */
  void putAside(Set<String> taken) throws IOException {
    Path index = directory.resolve(Index.FILE_NAME);
    if (!Files.exists(index) || Files.exists(directory.resolve(SINGLE_FILE_NAME))) {
      return;
    }
    Map<String, String> standing;
    try {
      standing = Index.read(index);
    } catch (SafetensorsException e) {
      return; // That save cannot be read anyway.
    }
    var used = new TreeSet<>(standing.values());
    used.retainAll(taken);
    used.removeIf(name -> !Files.exists(directory.resolve(name)));
    if (used.isEmpty()) {
      return;
    }
    long bytes = 0; // Of whole files: a few headers too many, for as long as this index stands.
    for (String name : used) {
      linkOrCopy(directory.resolve(name), directory.resolve(name + ASIDE));
      bytes += Files.size(directory.resolve(name));
    }
    var moved = new TreeMap<String, String>();
    standing.forEach(
        (tensor, name) -> moved.put(tensor, used.contains(name) ? name + ASIDE : name));
    AtomicFile.write(index, Index.toJson(bytes, moved));
  }

  private static void linkOrCopy(Path file, Path second) throws IOException {
    try {
      Files.deleteIfExists(second);
      try {
        Files.createLink(second, file);
      } catch (IOException | UnsupportedOperationException e) {
        Files.copy(file, second); // Some file systems know no hard links.
      }
    } catch (IOException e) {
      throw new IOException("cannot write " + second + ": " + Messages.reason(e), e);
    }
  }

  private void removeStale(Set<String> current) throws IOException {
    try {
      if (!current.contains(SINGLE_FILE_NAME)) {
        Files.deleteIfExists(directory.resolve(SINGLE_FILE_NAME));
      } else {
        Files.deleteIfExists(directory.resolve(Index.FILE_NAME));
      }
      try (var files = Files.newDirectoryStream(directory, "model-*")) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          if (SHARD.matcher(name).matches() && !current.contains(name)) {
            Files.delete(file);
          }
        }
      }
    } catch (IOException e) {
      throw new IOException(
          "the save in %s stands, but an earlier one's files could not be removed: %s"
              .formatted(directory, Messages.reason(e)),
          e);
    }
    AtomicFile.forceDirectory(directory);
  }

  @Override
  public void close() {
    staged.forEach(AtomicFile::close);
  }
}
