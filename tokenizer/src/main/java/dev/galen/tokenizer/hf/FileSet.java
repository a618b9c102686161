package dev.galen.tokenizer.hf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Replaces files that belong together as one, so that a kill, an exception or a full disk at any
 * moment leaves all of the old ones or all of the new ones to be read, never some of each.
 *
 * <p>All new files go to a hidden folder, twice, and to the disk. Renaming this folder to {@value
 * #SAVED} is the moment from which the new set holds: {@link #source} names it, until the second
 * copies stand where the files belong. On their way there the old files go first, but for the one
 * that is read without the others, so that readers who know nothing of the folder see no mixture
 * either. A save that was killed behind this moment is finished by the next one, and the folders of
 * one that was killed before it are taken away.
 */
final class FileSet {

  /** The whole set of a save that is not finished. */
  static final String SAVED = ".tokenizer.saved";

  private static final String PLACE = "place";
  private static final String DRAFT = ".tokenizer-";
  private static final String SUFFIX = ".tmp";

  private final Path directory;
  private final List<String> names;
  private final Runnable beforeEach;

  /**
   * A set of files.
   *
   * @param names the files that may belong to the set, the one that can be read alone in front; one
   *     that is there and not in the new set is removed
   * @param beforeEach is run before each operation on a file, for tests
   */
  FileSet(Path directory, List<String> names, Runnable beforeEach) {
    this.directory = directory;
    this.names = names;
    this.beforeEach = beforeEach;
  }

  /** Where the set is to be read: the directory itself, unless a save was cut off there. */
  static Path source(Path directory) {
    var saved = directory.resolve(SAVED);
    return Files.isDirectory(saved) ? saved : directory;
  }

  /**
   * Replaces the set.
   *
   * @param contents by file name
   * @throws IOException in one line that names what could not be written
   */
  void replace(Map<String, byte[]> contents) throws IOException {
    Files.createDirectories(directory);
    for (var name : names) {
      if (Files.isDirectory(directory.resolve(name))) {
        throw new IOException("cannot write %s: it is a folder".formatted(directory.resolve(name)));
      }
    }
    var saved = directory.resolve(SAVED);
    try {
      removeDrafts();
      if (Files.isDirectory(saved)) {
        putInPlace(saved);
      }
      move(draft(contents), saved);
      force(directory);
      putInPlace(saved);
    } catch (IOException e) {
      throw new IOException(
          "cannot write the tokenizer to %s: %s".formatted(directory, reason(e)), e);
    }
  }

  private Path draft(Map<String, byte[]> contents) throws IOException {
    var draft = newDraft();
    try {
      createFolder(draft);
      createFolder(draft.resolve(PLACE));
      for (var entry : contents.entrySet()) {
        write(draft.resolve(entry.getKey()), entry.getValue());
        write(draft.resolve(PLACE).resolve(entry.getKey()), entry.getValue());
      }
      force(draft.resolve(PLACE));
      force(draft);
      return draft;
    } catch (IOException e) {
      try {
        remove(draft);
      } catch (IOException left) {
        e.addSuppressed(left); // the next save takes it away
      }
      throw e;
    }
  }

  /** What is moved already is not there to be moved again, so this can be cut off and repeated. */
  private void putInPlace(Path saved) throws IOException {
    var place = saved.resolve(PLACE);
    for (var name : names.subList(1, names.size())) {
      boolean placed = Files.exists(saved.resolve(name)) && !Files.exists(place.resolve(name));
      if (!placed) {
        delete(directory.resolve(name));
      }
    }
    for (var name : names) {
      if (Files.exists(place.resolve(name))) {
        move(place.resolve(name), directory.resolve(name));
      }
    }
    if (!Files.exists(saved.resolve(names.getFirst()))) {
      delete(directory.resolve(names.getFirst()));
    }
    force(directory);
    var draft = newDraft();
    move(saved, draft);
    remove(draft);
  }

  private Path newDraft() {
    var random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    return directory.resolve(DRAFT + random + SUFFIX);
  }

  private void removeDrafts() throws IOException {
    try (var drafts = Files.newDirectoryStream(directory, DRAFT + "*" + SUFFIX)) {
      for (var draft : drafts) {
        remove(draft);
      }
    }
  }

  /** Removes a folder with its files, and their folder. */
  private void remove(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (var inside = Files.newDirectoryStream(folder)) {
        for (var path : inside) {
          remove(path);
        }
      }
    }
    delete(folder);
  }

  private void createFolder(Path folder) throws IOException {
    beforeEach.run();
    Files.createDirectory(folder);
  }

  private void delete(Path path) throws IOException {
    beforeEach.run();
    Files.deleteIfExists(path);
  }

  private void move(Path from, Path to) throws IOException {
    beforeEach.run();
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private void write(Path file, byte[] content) throws IOException {
    beforeEach.run();
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** Makes renames and removals in a folder last through a power failure. */
  private void force(Path folder) {
    beforeEach.run();
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows cannot open a folder; its renames are journalled.
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException gone -> gone.getFile() + " was removed meanwhile";
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      default -> e.getMessage();
    };
  }
}
