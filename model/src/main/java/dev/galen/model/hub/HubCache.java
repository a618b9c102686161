package dev.galen.model.hub;

import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * HuggingFace's cache of model repositories, in the layout that its Python library reads and
 * writes.
 *
 * <pre>
 * models--ORGANISATION--NAME/
 *   blobs/ETAG                  contents, named by their hash
 *   refs/REVISION               the commit that a branch or tag stood at, as text
 *   snapshots/COMMIT/FILE       relative symbolic links to ../../blobs/ETAG
 * .locks/models--.../ETAG.lock  one writer for each blob
 * </pre>
 */
public final class HubCache {
  private final Path root;

  private HubCache(Path root) {
    this.root = root;
  }

  /** The cache that {@code environment} names; it need not exist yet. */
  public static HubCache of(HubEnvironment environment) {
    return new HubCache(environment.cacheDirectory().toAbsolutePath().normalize());
  }

  static HubCache at(Path root) {
    return new HubCache(root);
  }

  /** The directory that holds one {@code models--...} directory per repository. */
  public Path root() {
    return root;
  }

  /**
   * Finds what an earlier download left of {@code id} at its revision. Opens no connection, so a
   * branch is where it stood at the last download.
   *
   * @return the snapshot's directory, if its configuration and all of its weights are there
   * @throws IOException if the cache cannot be read
   */
  public Optional<Path> snapshot(HubId id) throws IOException {
    var commit = commit(id);
    if (commit.isEmpty()) {
      return Optional.empty();
    }
    var directory = snapshotDirectory(id, commit.get());
    return isComplete(directory, id) ? Optional.of(directory) : Optional.empty();
  }

  /** Whether anything of this repository is here, complete or not. */
  boolean knows(HubId id) {
    return Files.isDirectory(repository(id));
  }

  Path snapshotDirectory(HubId id, String commit) {
    return repository(id).resolve("snapshots").resolve(commit);
  }

  Path blob(HubId id, String etag) {
    return repository(id).resolve("blobs").resolve(etag);
  }

  Path lock(HubId id, String etag) {
    return root.resolve(".locks").resolve(id.directoryName()).resolve(etag + ".lock");
  }

  /** Makes {@code file} of the snapshot stand for the blob, replacing what was there. */
  void link(HubId id, String commit, String file, String etag) throws IOException {
    var blob = blob(id, etag);
    var pointer = snapshotDirectory(id, commit).resolve(file);
    Files.createDirectories(pointer.getParent());
    Files.deleteIfExists(pointer);
    try {
      Files.createSymbolicLink(pointer, pointer.getParent().relativize(blob));
    } catch (UnsupportedOperationException | FileSystemException noLinks) {
      // Windows without developer mode, and some network file systems.
      var copy = pointer.resolveSibling(pointer.getFileName() + ".incomplete");
      Files.copy(blob, copy, StandardCopyOption.REPLACE_EXISTING);
      moveIntoPlace(copy, pointer);
    }
  }

  /**
   * Remembers that the revision of {@code id} stands at {@code commit}; one writer at a time, so
   * that what a killed one left is replaced by the next.
   */
  void writeRef(HubId id, String commit) throws IOException {
    if (id.revision().equals(commit)) {
      return;
    }
    var ref = ref(id);
    Files.createDirectories(ref.getParent());
    var sibling = ref.resolveSibling("." + ref.getFileName() + ".incomplete");
    try {
      Files.writeString(sibling, commit);
      moveIntoPlace(sibling, ref);
    } finally {
      Files.deleteIfExists(sibling);
    }
  }

  static void moveIntoPlace(Path source, Path target) throws IOException {
    try {
      Files.move(
          source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException | UnsupportedOperationException notAtomic) {
      Files.move(source, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Path repository(HubId id) {
    return root.resolve(id.directoryName());
  }

  private Path ref(HubId id) {
    return repository(id).resolve("refs").resolve(id.revision());
  }

  private Optional<String> commit(HubId id) throws IOException {
    if (HubId.isCommit(id.revision())) {
      return Optional.of(id.revision());
    }
    var ref = ref(id);
    if (!Files.isRegularFile(ref)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(ref).strip()).filter(HubId::isCommit);
    } catch (IOException e) {
      throw ErrorText.named(ref, e);
    }
  }

  /** {@code Files.isRegularFile} follows links: one whose blob was deleted does not count. */
  private static boolean isComplete(Path directory, HubId id) {
    if (!Files.isRegularFile(directory.resolve(ModelFiles.CONFIG))) {
      return false;
    }
    if (Files.isRegularFile(directory.resolve(ModelFiles.WEIGHTS))) {
      return true;
    }
    var index = directory.resolve(ModelFiles.INDEX);
    if (!Files.isRegularFile(index)) {
      return false;
    }
    try {
      for (var shard : ModelFiles.shards(index, id)) {
        if (!Files.isRegularFile(directory.resolve(shard))) {
          return false;
        }
      }
      return true;
    } catch (IOException unusable) {
      return false;
    }
  }
}
