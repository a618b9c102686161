package dev.galen.model.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds a model on this machine by what a user types after {@code --model}. */
public final class Hub {
  private Hub() {}

  /**
   * Resolves with the environment of this process.
   *
   * @see #resolve(String, HubEnvironment)
   */
  public static Path resolve(String modelDirectoryOrId) throws IOException {
    return resolve(modelDirectoryOrId, HubEnvironment.system());
  }

  /**
   * Returns the directory that {@code modelDirectoryOrId} means: itself, if it is one; else the
   * cached snapshot of the hub repository of that name. Opens no connection.
   *
   * @param modelDirectoryOrId a path, or {@code organisation/name[@revision]}
   * @throws IOException if neither is there, with one line that says how to get it
   */
  public static Path resolve(String modelDirectoryOrId, HubEnvironment environment)
      throws IOException {
    var path = asPath(modelDirectoryOrId);
    if (path.filter(Files::isDirectory).isPresent()) {
      return path.get();
    }
    if (path.filter(Files::exists).isPresent()) {
      throw new IOException(
          "%s is a file: name the directory that holds config.json and model.safetensors"
              .formatted(modelDirectoryOrId));
    }
    HubId id;
    try {
      id = HubId.parse(modelDirectoryOrId);
    } catch (IllegalArgumentException notAnId) {
      throw new IOException(
          "There is no directory '%s', and it is no hub id (ORGANISATION/NAME) either"
              .formatted(modelDirectoryOrId),
          notAnId);
    }
    var cache = HubCache.of(environment);
    var snapshot = cache.snapshot(id);
    if (snapshot.isEmpty()) {
      throw new IOException(
          ("There is no directory '%s', and %s of the hub's repository of that "
                  + "name in %s: run `galen download %s`")
              .formatted(
                  modelDirectoryOrId,
                  cache.knows(id) ? "no complete snapshot" : "no snapshot",
                  cache.root(),
                  id));
    }
    return snapshot.get();
  }

  private static Optional<Path> asPath(String text) {
    try {
      return Optional.of(Path.of(text)).filter(p -> !text.isEmpty());
    } catch (InvalidPathException notAPath) {
      return Optional.empty();
    }
  }
}
