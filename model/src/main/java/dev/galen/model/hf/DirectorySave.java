package dev.galen.model.hf;

import static java.util.stream.Collectors.toCollection;

import dev.galen.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Replaces the model in a directory as a whole. All files are written to a folder within it; one
 * rename of that folder decides; then the files take their places. A kill before the rename leaves
 * the old model, after it the next load of the directory, or save into it, completes the moves.
 * Files of an earlier model that the new one has no use for are removed; those of a training run,
 * and any file of the user's, stay.
 */
final class DirectorySave {
  private static final String DRAFT = ".saving.tmp";
  private static final String COMPLETE = ".saved.tmp";

  /** In the complete folder: the names of all files of the save, by which the rest is told. */
  private static final String LIST = ".files";

  private static final String FIRST = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  /** What transformers would take a directory for an adapter's by. */
  private static final List<String> ADAPTER =
      List.of("adapter_config.json", "adapter_model.safetensors");

  private static final Pattern SHARD =
      Pattern.compile("model-\\d{5,}-of-\\d{5,}\\.safetensors(?:\\.old)?");

  private final Path directory;

  /** What a save consists of. */
  @FunctionalInterface
  interface Content {
    /** Writes every file of the save into {@code draft}. */
    void writeTo(Path draft) throws IOException;
  }

  private DirectorySave(Path directory) {
    this.directory = directory;
  }

  /**
   * Replaces the model in {@code directory}, which is made if it is missing.
   *
   * @param kept names of files that are to stay where the save has none
   */
  static void write(Path directory, Set<String> kept, Content content) throws IOException {
    Files.createDirectories(directory);
    var save = new DirectorySave(directory);
    save.moveIn();
    Path draft = directory.resolve(DRAFT);
    remove(draft);
    Files.createDirectory(draft);
    try {
      content.writeTo(draft);
      List<String> names = names(draft);
      names.addAll(kept);
      AtomicFile.writeString(draft.resolve(LIST), String.join("\n", names));
      Files.move(draft, directory.resolve(COMPLETE), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      remove(draft);
    }
    save.moveIn();
  }

  /** Brings a save to its end that was interrupted when all was written. */
  static void finish(Path directory) throws IOException {
    if (Files.exists(directory.resolve(COMPLETE))) {
      new DirectorySave(directory).moveIn();
    }
  }

  private void moveIn() throws IOException {
    Path complete = directory.resolve(COMPLETE);
    if (!Files.exists(complete.resolve(LIST))) {
      remove(complete); // emptied, or nothing there
      return;
    }
    try {
      List<String> names = Files.readAllLines(complete.resolve(LIST));
      for (String name : names) {
        move(complete.resolve(name), directory.resolve(name));
      }
      removeEarlier(Set.copyOf(names));
      Files.deleteIfExists(complete.resolve(LIST));
      remove(complete);
    } catch (NoSuchFileException e) {
      // Another process that loads the model is at it as well, and is further on.
      if (Files.exists(complete.resolve(LIST))) {
        throw e;
      }
    }
  }

  private static void move(Path file, Path place) throws IOException {
    if (Files.isRegularFile(file)) {
      if (Files.isDirectory(place)) {
        throw new IOException(
            place + ": is a folder, a file is to be saved there; move it away and run again");
      }
      Files.createDirectories(place.getParent());
      Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** What would be read, or taken for a part of the model, and belongs to an earlier one. */
  private void removeEarlier(Set<String> current) throws IOException {
    var earlier = new HashSet<>(CarriedFiles.TOKENIZER_FILES);
    earlier.add(ModelDirectory.GENERATION);
    earlier.add(INDEX);
    earlier.addAll(ADAPTER);
    try (Stream<Path> files = Files.list(directory)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> SHARD.matcher(name).matches())
          .forEach(earlier::add);
    }
    Path templates = directory.resolve(CarriedFiles.MORE_CHAT_TEMPLATES);
    if (Files.isDirectory(templates) && !current.contains(CarriedFiles.MORE_CHAT_TEMPLATES)) {
      try (var files = Files.newDirectoryStream(templates, "*.jinja")) {
        files.forEach(file -> earlier.add(name(directory, file)));
      }
    }
    earlier.removeAll(current);
    for (String name : earlier) {
      Files.deleteIfExists(directory.resolve(name));
    }
  }

  /** All files below a folder, weights first. */
  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> name(folder, file))
          .sorted(Comparator.comparing((String name) -> !name.equals(FIRST)))
          .collect(toCollection(ArrayList::new));
    }
  }

  private static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files.forEach(all::add);
    }
    for (Path file : all.reversed()) {
      Files.deleteIfExists(file);
    }
  }
}
