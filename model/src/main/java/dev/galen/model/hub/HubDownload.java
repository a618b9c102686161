package dev.galen.model.hub;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/**
 * Fills HuggingFace's cache with a model repository: all of its files but for the weights of other
 * frameworks, which {@link DownloadProgress#leftOut} names.
 *
 * <p>Files that are there already are not asked for again, interrupted ones go on where they ended,
 * and each is checked against its size and hash before it gets its name; where a mirror gives no
 * hash, {@link DownloadProgress#unchecked} says so. The branch is moved to the new commit last, so
 * that an interrupted update leaves the former snapshot in use.
 */
public final class HubDownload {
  private final HubId id;
  private final HubCache cache;
  private final HubClient client;
  private final BlobDownload blobs;
  private final RetryPolicy retryPolicy;
  private final DownloadProgress progress;

  private HubDownload(
      HubId id,
      HubCache cache,
      HubClient client,
      RetryPolicy retryPolicy,
      DownloadProgress progress) {
    this.id = id;
    this.cache = cache;
    this.client = client;
    this.blobs = new BlobDownload(client, cache, retryPolicy, progress);
    this.retryPolicy = retryPolicy;
    this.progress = progress;
  }

  /**
   * Downloads what is missing of {@code id} at its revision.
   *
   * @return the snapshot's directory, {@code models--ORGANISATION--NAME/snapshots/COMMIT}
   * @throws IOException with one line that says what to do: offline, no such repository or
   *     revision, no access, unusable files, disk full, damaged content, a server that stays silent
   */
  public static Path download(HubId id, HubEnvironment environment, DownloadProgress progress)
      throws IOException {
    return download(id, environment, progress, RetryPolicy.DEFAULT);
  }

  static Path download(
      HubId id, HubEnvironment environment, DownloadProgress progress, RetryPolicy retryPolicy)
      throws IOException {
    if (environment.offline()) {
      throw new IOException(
          "HF_HUB_OFFLINE is set, so Galen opens no connection for %s: unset it to download"
              .formatted(id));
    }
    var cache = HubCache.of(environment);
    try (var client = new HubClient(environment, retryPolicy)) {
      return new HubDownload(id, cache, client, retryPolicy, progress).run();
    } catch (FileSystemException unwritable) {
      var reason =
          unwritable instanceof AccessDeniedException
              ? "permission denied"
              : unwritable.getReason();
      throw new IOException(
          "Cannot write %s%s: set HF_HUB_CACHE to a directory that you may write"
              .formatted(unwritable.getFile(), reason == null ? "" : " (" + reason + ")"),
          unwritable);
    }
  }

  private Path run() throws IOException {
    var listing = Retries.run(retryPolicy, progress, () -> client.listing(id));
    var files = ModelFiles.choose(listing, id);
    var snapshot = cache.snapshotDirectory(id, listing.commit());
    for (var file : files) {
      bring(listing.commit(), file);
    }
    var shards = files.contains(ModelFiles.INDEX) ? shards(snapshot, listing) : List.<String>of();
    for (var shard : shards) {
      bring(listing.commit(), shard);
    }
    try (var _ = BlobLock.acquire(cache.lock(id, "refs"), progress)) {
      cache.writeRef(id, listing.commit());
    }
    var leftOut = new TreeSet<>(listing.files());
    leftOut.removeAll(files);
    leftOut.removeAll(shards);
    progress.leftOut(List.copyOf(leftOut));
    return snapshot;
  }

  private List<String> shards(Path snapshot, ModelFiles.Listing listing) throws IOException {
    var shards = ModelFiles.shards(snapshot.resolve(ModelFiles.INDEX), id);
    for (var shard : shards) {
      if (listing.complete() && !listing.has(shard)) {
        throw new IOException(
            ("%s of %s names the file '%s', which the repository lacks: choose "
                    + "another revision (%s@REVISION)")
                .formatted(ModelFiles.INDEX, id, shard, id.repository()));
      }
    }
    return shards;
  }

  private void bring(String commit, String file) throws IOException {
    // A commit never changes: a file that its snapshot has needs no question to the hub.
    var pointer = cache.snapshotDirectory(id, commit).resolve(file);
    boolean cached = Files.isRegularFile(pointer);
    if (!cached) {
      var remote = Retries.run(retryPolicy, progress, () -> client.describe(id, commit, file));
      cached = blobs.fetch(id, commit, file, remote);
      cache.link(id, commit, file, remote.blob());
    }
    progress.finished(file, Files.size(pointer), cached);
  }
}
