package dev.galen.model.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a hub says of one file.
 *
 * @param etag SHA-256 of its bytes, or git's SHA-1 of them, in hexadecimal; or whatever else a
 *     mirror calls the file's state by; empty if it says nothing
 * @param size bytes, or -1 if unknown
 * @param blob the name of its content in the cache
 */
record RemoteFile(String etag, long size, String blob) {

  /**
   * An etag that is a hash names its content wherever it comes from. Another says no more than that
   * this file of this commit has not changed, and may be the same for all files, or no file name.
   */
  static RemoteFile of(String commit, String file, String etag, long size) {
    var blob =
        BlobHash.isHash(etag)
            ? etag
            : "unhashed-" + sha256(String.join("\0", commit, file, etag)).substring(0, 40);
    return new RemoteFile(etag, size, blob);
  }

  /** Whether the content can be checked against the etag. */
  boolean isHashed() {
    return BlobHash.isHash(etag);
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("Every Java platform has SHA-256", impossible);
    }
  }
}
