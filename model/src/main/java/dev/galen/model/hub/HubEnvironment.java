package dev.galen.model.hub;

import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings that HuggingFace's tools read from the environment, with the same names and
 * defaults.
 *
 * <p>{@code HF_HOME}, {@code HF_HUB_CACHE}, {@code XDG_CACHE_HOME}: where files lie. {@code
 * HF_ENDPOINT}: which hub. {@code HF_TOKEN}, {@code HF_TOKEN_PATH}: who asks. {@code
 * HF_HUB_OFFLINE}: no connection at all. An empty variable counts as one that is not set. A proxy
 * is Java's affair: {@code -Dhttps.proxyHost=... -Dhttps.proxyPort=...}.
 *
 * @param variables the environment variables
 * @param home the user's home directory, for the defaults and for a leading {@code ~}
 */
public record HubEnvironment(Map<String, String> variables, Path home) {
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

  /** Copies the map. */
  public HubEnvironment {
    variables = Map.copyOf(variables);
  }

  /** The environment of this process. */
  public static HubEnvironment system() {
    return new HubEnvironment(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  /** The root of the cache, {@code ~/.cache/huggingface/hub} unless a variable moves it. */
  public Path cacheDirectory() {
    return path("HF_HUB_CACHE").orElseGet(() -> huggingFaceHome().resolve("hub"));
  }

  /** Whether {@code HF_HUB_OFFLINE} forbids every connection. */
  public boolean offline() {
    return variable("HF_HUB_OFFLINE")
        .map(value -> TRUE.contains(value.toUpperCase(Locale.ROOT)))
        .orElse(false);
  }

  /**
   * The address of the hub, without a slash at its end.
   *
   * @throws IOException if {@code HF_ENDPOINT} is no http or https address
   */
  public String endpoint() throws IOException {
    var endpoint = variable("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT).replaceAll("/+$", "");
    if (!isWebAddress(endpoint)) {
      throw new IOException(
          ("HF_ENDPOINT is '%s', which is no http or https address: unset it, or "
                  + "set it to one such as %s")
              .formatted(endpoint, DEFAULT_ENDPOINT));
    }
    return endpoint;
  }

  /**
   * The access token: {@code HF_TOKEN}, else the content of the token file, else none.
   *
   * @throws IOException if the token file is there but cannot be read, or if the token could not
   *     stand in a request; the message never shows the token
   */
  public Optional<String> token() throws IOException {
    var variable = variable("HF_TOKEN");
    if (variable.isPresent()) {
      return requireSendable(variable.get(), "HF_TOKEN");
    }
    var file = path("HF_TOKEN_PATH").orElseGet(() -> huggingFaceHome().resolve("token"));
    try {
      return requireSendable(Files.readString(file), file.toString());
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException unreadable) {
      throw new IOException(
          "Cannot read the hub token in %s (%s): make the file readable, or set HF_TOKEN"
              .formatted(file, ErrorText.reason(unreadable)),
          unreadable);
    }
  }

  private Path huggingFaceHome() {
    return path("HF_HOME")
        .orElseGet(
            () ->
                path("XDG_CACHE_HOME")
                    .orElseGet(() -> home.resolve(".cache"))
                    .resolve("huggingface"));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  private Optional<Path> path(String name) {
    return variable(name)
        .map(
            value ->
                value.equals("~") || value.startsWith("~/")
                    ? home.resolve(value.substring(Math.min(2, value.length())))
                    : Path.of(value));
  }

  private static boolean isWebAddress(String endpoint) {
    try {
      var uri = URI.create(endpoint);
      return uri.getHost() != null
          && uri.getQuery() == null
          && uri.getFragment() == null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  private static Optional<String> requireSendable(String token, String source) throws IOException {
    var stripped = token.strip();
    if (!stripped.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IOException(
          ("The hub token in %s holds a character that no token has (it is not "
                  + "shown here): copy it again from the hub's settings")
              .formatted(source));
    }
    return Optional.of(stripped).filter(t -> !t.isEmpty());
  }
}
