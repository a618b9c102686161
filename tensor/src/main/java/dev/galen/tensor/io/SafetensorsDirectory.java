package dev.galen.tensor.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
  private final Map<String, String> foreign;
  private final Map<String, SafetensorsFile> fileOf;

  private SafetensorsDirectory(Path directory, List<SafetensorsFile> files) throws IOException {
    this.directory = directory;
    this.files = files;
    var entries = new LinkedHashMap<String, TensorEntry>();
    var foreign = new LinkedHashMap<String, String>();
    this.fileOf = new HashMap<>();
    for (SafetensorsFile file : files) {
      for (TensorEntry entry : file.entries().values()) {
        requireCopy(entry, file);
        entries.putIfAbsent(entry.name(), entry);
        fileOf.putIfAbsent(entry.name(), file);
      }
      foreign.putAll(file.foreign());
    }
    for (String name : foreign.keySet()) {
      if (entries.containsKey(name)) {
        throw new SafetensorsException(
            directory,
            "tensor %s is in two shards, of type %s and of type %s"
                .formatted(Messages.quote(name), entries.get(name).dtype(), foreign.get(name)));
      }
    }
    this.entries = Collections.unmodifiableSequencedMap(entries);
    this.foreign = Collections.unmodifiableMap(foreign);
  }

  /** A tensor may lie in two shards if it is the same in both: then it does not matter which. */
  private void requireCopy(TensorEntry entry, SafetensorsFile file) throws SafetensorsException {
    SafetensorsFile other = fileOf.get(entry.name());
    if (other == null) {
      return;
    }
    TensorEntry first = other.entry(entry.name());
    if (first.dtype() != entry.dtype()
        || !first.shape().equals(entry.shape())
        || other.segment(entry.name()).mismatch(file.segment(entry.name())) >= 0) {
      throw new SafetensorsException(
          file.path(),
          "tensor %s is in this shard and, differently, in %s"
              .formatted(Messages.quote(entry.name()), other.path().getFileName()));
    }
  }

  /**
   * Opens and checks all weights of {@code directory}.
   *
   * @throws SafetensorsException if there are none, a shard is missing or malformed, or a tensor is
   *     in two shards with different values
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
    // A link that leads nowhere is there: to look elsewhere would hide it.
    if (Files.exists(single, LinkOption.NOFOLLOW_LINKS)) {
      return open(directory, List.of(single), opener);
    }
    if (!Files.exists(index, LinkOption.NOFOLLOW_LINKS)) {
      boolean pickled = Files.exists(directory.resolve("pytorch_model.bin"));
      throw new SafetensorsException(
          directory,
          "has neither %s nor %s%s"
              .formatted(SINGLE_FILE_NAME, Index.FILE_NAME, pickled ? converting(directory) : ""));
    }
    return openShards(directory, index, opener);
  }

  /** What to type where weights are pickled, which Galen does not read: opening them runs code. */
  private static String converting(Path directory) {
    String folder = "'" + directory.toString().replace("'", "") + "'";
    return "; convert its pytorch_model.bin with transformers: python3 -c \"from transformers import"
        + " AutoModelForCausalLM as M; M.from_pretrained(%s).save_pretrained(%s)\""
            .formatted(folder, folder);
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
    // As HuggingFace does, all that the shards hold is taken, wherever the index says it lies, and
    // what it lists in vain, such as the second name of a tied matrix, is missing to who asks for
    // it.
    return open(directory, names.stream().map(directory::resolve).toList(), opener);
  }

  private static SafetensorsDirectory open(Path directory, List<Path> paths, Opener opener)
      throws IOException {
    var files = new ArrayList<SafetensorsFile>();
    try {
      for (Path path : paths) {
        files.add(opener.open(path));
      }
      return new SafetensorsDirectory(directory, files);
    } catch (Throwable e) {
      files.forEach(SafetensorsFile::close);
      throw e;
    }
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
  public Map<String, String> foreign() {
    return foreign;
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
