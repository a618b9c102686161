package dev.galen.tensor.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;

/**
 * The weights in a HuggingFace model directory: {@code model.safetensors}, or the shards that
 * {@code model.safetensors.index.json} names. Where both stand the single file is read, as
 * HuggingFace does. Thread-safe.
 */
public final class SafetensorsDirectory implements TensorFiles {
  static final String SINGLE_FILE_NAME = "model.safetensors";

  private final Path directory;
  private final List<SafetensorsFile> files;
  private final SequencedMap<String, TensorEntry> entries;
  private final Map<String, SafetensorsFile> fileOf;

  private SafetensorsDirectory(
      Path directory,
      List<SafetensorsFile> files,
      SequencedMap<String, TensorEntry> entries,
      Map<String, SafetensorsFile> fileOf) {
    this.directory = directory;
    this.files = files;
    this.entries = Collections.unmodifiableSequencedMap(entries);
    this.fileOf = fileOf;
  }

  /**
   * Opens and checks all weights of {@code directory}.
   *
   * @throws SafetensorsException if there are none, a shard is missing or malformed, a tensor is
   *     not in the shard the index names, or is in two shards
   */
  public static SafetensorsDirectory open(Path directory) throws IOException {
    return open(directory, SafetensorsFile::open);
  }

  /** The same, mapped into {@code arena}; see {@link TensorFiles#open(Path, Arena)}. */
  public static SafetensorsDirectory open(Path directory, Arena arena) throws IOException {
    return open(directory, path -> SafetensorsFile.open(path, arena));
  }

  /** How a file is mapped. */
  private interface Opener {
    SafetensorsFile open(Path path) throws IOException;
  }

  private static SafetensorsDirectory open(Path directory, Opener opener) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new SafetensorsException(directory, "no such directory");
    }
    Path single = directory.resolve(SINGLE_FILE_NAME);
    Path index = directory.resolve(Index.FILE_NAME);
    if (Files.exists(single)) {
      return open(directory, List.of(single), opener);
    }
    if (!Files.exists(index)) {
      boolean pickled = Files.exists(directory.resolve("pytorch_model.bin"));
      throw new SafetensorsException(
          directory,
          "has neither %s nor %s%s"
              .formatted(
                  SINGLE_FILE_NAME,
                  Index.FILE_NAME,
                  pickled ? "; convert its pytorch_model.bin to safetensors first" : ""));
    }
    return openShards(directory, index, opener);
  }

  private static SafetensorsDirectory openShards(Path directory, Path index, Opener opener)
      throws IOException {
    Map<String, String> shardOf = Index.read(index);
    var names = new TreeSet<>(shardOf.values());
    var missing = names.stream().filter(name -> !Files.exists(directory.resolve(name))).toList();
    if (!missing.isEmpty()) {
      throw new SafetensorsException(
          index,
          "%d of the %d shards it names are missing: %s"
              .formatted(missing.size(), names.size(), String.join(", ", missing)));
    }
    var opened = open(directory, names.stream().map(directory::resolve).toList(), opener);
    try {
      opened.requireListed(index, shardOf);
    } catch (Throwable e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  // A tensor in a shard that the index does not list is taken in, as HuggingFace does.
  private void requireListed(Path index, Map<String, String> shardOf) throws SafetensorsException {
    for (var listed : shardOf.entrySet()) {
      String tensor = "tensor " + Messages.quote(listed.getKey());
      SafetensorsFile file = fileOf.get(listed.getKey());
      if (file == null) {
        throw new SafetensorsException(
            index, tensor + " is not in its shard " + listed.getValue() + " nor in any other");
      }
      String found = file.path().getFileName().toString();
      if (!found.equals(listed.getValue())) {
        throw new SafetensorsException(
            index, tensor + " is not in its shard " + listed.getValue() + " but in " + found);
      }
    }
  }

  private static SafetensorsDirectory open(Path directory, List<Path> paths, Opener opener)
      throws IOException {
    var files = new ArrayList<SafetensorsFile>();
    var entries = new LinkedHashMap<String, TensorEntry>();
    var fileOf = new HashMap<String, SafetensorsFile>();
    try {
      for (Path path : paths) {
        SafetensorsFile file = opener.open(path);
        files.add(file);
        for (TensorEntry entry : file.entries().values()) {
          SafetensorsFile other = fileOf.put(entry.name(), file);
          if (other != null) {
            throw new SafetensorsException(
                path,
                "tensor %s is in this shard and in %s"
                    .formatted(Messages.quote(entry.name()), other.path().getFileName()));
          }
          entries.put(entry.name(), entry);
        }
      }
    } catch (Throwable e) {
      files.forEach(SafetensorsFile::close);
      throw e;
    }
    return new SafetensorsDirectory(directory, files, entries, fileOf);
  }

  @Override
  public Path path() {
    return directory;
  }

  @Override
  public SequencedMap<String, TensorEntry> entries() {
    return entries;
  }

  @Override
  public MemorySegment segment(String name) {
    entry(name);
    return fileOf.get(name).segment(name);
  }

  @Override
  public Map<String, String> metadata() {
    return files.isEmpty() ? Map.of() : files.getFirst().metadata();
  }

  /** The files that were opened, in the order of their names. */
  public List<Path> files() {
    return files.stream().map(SafetensorsFile::path).toList();
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
