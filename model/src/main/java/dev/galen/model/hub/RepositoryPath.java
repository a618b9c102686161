package dev.galen.model.hub;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The check that every file name sent by a server passes before it becomes part of a path here. */
final class RepositoryPath {
  /** Characters of a name that a message has room for. */
  private static final int LONGEST_SHOWN = 120;

  private RepositoryPath() {}

  /**
   * Returns {@code name} if it is relative and stays below the directory it is resolved against, on
   * every operating system.
   */
  static String require(String name, HubId id) throws IOException {
    boolean safe =
        !name.isEmpty() && name.chars().noneMatch(c -> c < ' ' || c == '\\' || c == 0x7f);
    for (var part : name.split("/", -1)) {
      // A colon would name a drive or an alternate stream on Windows.
      safe &= !part.isEmpty() && !part.equals(".") && !part.equals("..") && !part.contains(":");
    }
    if (!safe) {
      throw new IOException(
          ("The hub lists a file '%s' in %s, a name that could leave the cache: "
                  + "nothing of it was written; do not trust this repository or this "
                  + "HF_ENDPOINT")
              .formatted(shown(name), id));
    }
    requireNameHere(name, id);
    return name;
  }

  /** Half a surrogate pair no system has in a name, and é none whose locale is plain ASCII. */
  private static void requireNameHere(String name, HubId id) throws IOException {
    try {
      var _ = Path.of(name);
    } catch (InvalidPathException impossible) {
      throw new IOException(
          ("The hub lists a file '%s' in %s, a name that no file can have here: set "
                  + "LC_ALL=C.UTF-8, or choose another repository")
              .formatted(shown(name), id),
          impossible);
    }
  }

  private static String shown(String name) {
    var printable = name.replaceAll("\\p{Cntrl}", "?");
    return printable.length() > LONGEST_SHOWN
        ? printable.substring(0, LONGEST_SHOWN) + "..."
        : printable;
  }
}
