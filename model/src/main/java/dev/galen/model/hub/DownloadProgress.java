package dev.galen.model.hub;

import java.time.Duration;

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
   * The download pauses, because of a failure that may pass or for another process.
   *
   * @param reason one line
   * @param pause how long it pauses before it looks again
   */
  default void waiting(String reason, Duration pause) {}
}
