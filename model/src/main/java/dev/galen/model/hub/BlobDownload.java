package dev.galen.model.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Brings one blob into the cache: received into {@code ETAG.incomplete}, going on where an earlier
 * attempt ended, checked, and only then given its name.
 */
final class BlobDownload {
  private final HubClient client;
  private final HubCache cache;
  private final RetryPolicy retryPolicy;
  private final DownloadProgress progress;

  BlobDownload(
      HubClient client, HubCache cache, RetryPolicy retryPolicy, DownloadProgress progress) {
    this.client = client;
    this.cache = cache;
    this.retryPolicy = retryPolicy;
    this.progress = progress;
  }

  /**
   * Makes sure that the blob of {@code file} is in the cache.
   *
   * @return whether it was there already
   */
  boolean fetch(HubId id, String commit, String file, RemoteFile remote) throws IOException {
    var blob = cache.blob(id, remote.blob());
    if (Files.exists(blob)) {
      return true;
    }
    Files.createDirectories(blob.getParent());
    try (var _ = BlobLock.acquire(cache.lock(id, remote.blob()), progress)) {
      if (Files.exists(blob)) {
        return true;
      }
      var incomplete = blob.resolveSibling(blob.getFileName() + ".incomplete");
      if (!remote.isHashed()) {
        Files.deleteIfExists(incomplete); // nothing could tell whether the rest fits to it
      }
      boolean resumed = Files.exists(incomplete);
      receiveAll(id, commit, file, remote, incomplete);
      var mismatch = mismatch(incomplete, file, remote);
      if (mismatch.isPresent() && resumed) {
        // The part that an earlier run left may be the damaged one: once more, from the start.
        Files.delete(incomplete);
        receiveAll(id, commit, file, remote, incomplete);
        mismatch = mismatch(incomplete, file, remote);
      }
      if (mismatch.isPresent()) {
        Files.delete(incomplete);
        throw new IOException(
            ("%s of %s arrived damaged (%s) and was discarded: run the same command "
                    + "again; if it stays so, a proxy or the mirror in HF_ENDPOINT changes "
                    + "files")
                .formatted(file, id, mismatch.get()));
      }
      if (!remote.isHashed() && !BlobHash.isMd5(incomplete, remote.etag())) {
        progress.unchecked(file, BlobContent.unchecked(remote));
      }
      HubCache.moveIntoPlace(incomplete, blob);
      return false;
    }
  }

  private static Optional<String> mismatch(Path received, String file, RemoteFile remote)
      throws IOException {
    return remote.isHashed()
        ? BlobHash.mismatch(received, remote.etag())
        : BlobContent.problem(received, file);
  }

  private void receiveAll(HubId id, String commit, String file, RemoteFile remote, Path incomplete)
      throws IOException {
    var retries = new Retries(retryPolicy, progress);
    try (var channel =
        FileChannel.open(incomplete, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long furthest = channel.size();
      while (true) {
        try {
          receiveRest(id, commit, file, remote, channel);
          channel.force(true);
          return;
        } catch (TransientFailure failure) {
          if (channel.size() > furthest) {
            // Bounded all the same: every reset needs a byte that no attempt had reached before.
            furthest = channel.size();
            retries.reset();
          }
          retries.pauseAfter(failure);
        }
      }
    }
  }

  private void receiveRest(
      HubId id, String commit, String file, RemoteFile remote, FileChannel channel)
      throws IOException {
    if (remote.size() >= 0 && channel.size() > remote.size()) {
      channel.truncate(0);
    }
    long offset = channel.size();
    progress.receiving(file, offset, remote.size());
    if (offset == remote.size()) {
      return;
    }
    requireSpace(id, file, remote.size() - offset);
    var writer = new BlobWriter(channel, offset, remote.size());
    try {
      client.receive(id, commit, file, writer, progress);
      writer.requireSound();
    } catch (IOException failure) {
      throw explained(writer, failure, file, id);
    }
    if (writer.received() < remote.size()) {
      throw new TransientFailure(
          "The connection for %s ended after %d of %d bytes"
              .formatted(file, writer.received(), remote.size()),
          (Throwable) null);
    }
    progress.receiving(file, writer.received(), writer.received());
  }

  /** Prefers the cause on this side, such as a full disk, to the broken connection it led to. */
  private IOException explained(BlobWriter writer, IOException failure, String file, HubId id) {
    try {
      writer.requireSound();
      return failure;
    } catch (TransientFailure transientFailure) {
      return transientFailure;
    } catch (IOException ours) {
      return new IOException(
          "%s of %s could not be stored in %s: %s; what was received before is kept"
              .formatted(file, id, cache.root(), ours.getMessage()),
          ours);
    }
  }

  private void requireSpace(HubId id, String file, long needed) throws IOException {
    long free = Files.getFileStore(cache.root()).getUsableSpace();
    // Some network file systems report 0 for "unknown"; a disk that is really full says so itself.
    if (free > 0 && free < needed) {
      throw new IOException(
          ("%s of %s needs %d more bytes and %s has %d: free some, or set "
                  + "HF_HUB_CACHE to a directory on another disk")
              .formatted(file, id, needed, cache.root(), free));
    }
  }
}
