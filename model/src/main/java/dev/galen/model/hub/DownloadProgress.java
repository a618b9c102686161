package dev.galen.model.hub;

import java.time.Duration;
import java.util.List;

/**
 * Watches a download. Every call comes from the thread that called {@link HubDownload#download}; an
 * exception thrown here ends the download, and what was received stays for the next one.
 */
public interface DownloadProgress {
  /** Watches nothing. */
  DownloadProgress SILENT = new DownloadProgress() {};

  /**
   * A file is being received; called at its start, about ten times a second, and when it is whole.
   *
   * @param file the file's path in the repository
   * @param received bytes on the disk, those of an earlier interrupted download included
   * @param size bytes of the whole file, or -1 if the hub did not say
   */
  default void receiving(String file, long received, long size) {}

  /**
   * A file is in the snapshot, checked.
   *
   * @param file the file's path in the repository
   * @param size its bytes
   * @param cached whether it was already on this machine, so that nothing was received
   */
  default void finished(String file, long size, boolean cached) {}

  /**
   * A file is taken although its content could not be checked, since the server gave no hash.
   *
   * @param file the file's path in the repository
   * @param reason one line: what the server said, and what was checked instead
   */
  default void unchecked(String file, String reason) {}

  /**
   * The snapshot is complete without these files of the repository, which Galen does not read, such
   * as the weights of other frameworks; called once, at the end.
   *
   * @param files their paths in the repository, sorted; empty if nothing was left out
   */
  default void leftOut(List<String> files) {}

  /**
   * The download pauses, because of a failure that may pass or for another process.
   *
   * @param reason one line
   * @param pause how long it pauses before it looks again
   */
  default void waiting(String reason, Duration pause) {}
}
