package dev.galen.model.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Keeps two downloads, of this process or of two, from writing one partial file. It saves work and
 * is no safeguard: on a file system without locks the hash still decides what enters the cache.
 */
final class BlobLock implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final FileChannel channel;

  private BlobLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits until no other download holds the lock on {@code file}, which is made if need be. */
  static BlobLock acquire(Path file, DownloadProgress progress) throws IOException {
    Files.createDirectories(file.getParent());
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      boolean told = false;
      while (isHeldElsewhere(channel)) {
        if (!told) {
          progress.waiting("Another download of the same file is under way", LOOK_AGAIN);
          told = true;
        }
        Retries.sleep(LOOK_AGAIN);
      }
      return new BlobLock(channel);
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  /** Closing the channel gives the lock back. */
  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static boolean isHeldElsewhere(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock == null;
    } catch (OverlappingFileLockException heldInThisProcess) {
      return true;
    } catch (IOException noLocksHere) {
      return false;
    }
  }
}
