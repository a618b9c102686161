package dev.galen.model.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The three questions that Galen asks a hub: which files, what of a file, and its bytes. */
final class HubClient implements AutoCloseable {
  /** What a server of plain files answers where a hub lists a repository. */
  private static final Set<Integer> NO_SUCH_ADDRESS = Set.of(404, 405, 410, 501);

  private static final String COMMIT = "X-Repo-Commit";
  private static final String ERROR = "X-Error-Code";

  private final String endpoint;
  private final HubHttp http;
  private final HubRefusals refusals;

  HubClient(HubEnvironment environment, RetryPolicy retryPolicy) throws IOException {
    this.endpoint = environment.endpoint();
    var token = environment.token();
    this.http = new HubHttp(URI.create(endpoint), token, retryPolicy.silence());
    this.refusals = new HubRefusals(endpoint, token.isPresent());
  }

  /**
   * Asks where the revision stands and which files it has. A mirror that cannot say so is asked for
   * each of the usual files.
   */
  ModelFiles.Listing listing(HubId id) throws IOException {
    var uri =
        URI.create(
            "%s/api/models/%s/revision/%s"
                .formatted(endpoint, id.repository(), encode(id.revision())));
    var answer = http.get(uri);
    if (answer.status() == 200) {
      return ModelFiles.listing(answer.response().body(), id);
    }
    // A hub that lacks something says in a header what it is.
    if (NO_SUCH_ADDRESS.contains(answer.status()) && answer.latest(ERROR).isEmpty()) {
      var usual = usualFiles(id);
      if (usual.isPresent()) {
        return usual.get();
      }
    }
    throw refusals.of(answer, id, id.toString());
  }

  private Optional<ModelFiles.Listing> usualFiles(HubId id) throws IOException {
    var config = http.head(address(id, id.revision(), ModelFiles.CONFIG));
    var commit = config.latest(COMMIT).or(() -> Optional.of(id.revision())).filter(HubId::isCommit);
    if (!isFound(config) || commit.isEmpty()) {
      return Optional.empty();
    }
    var files = new ArrayList<String>();
    for (var file : ModelFiles.USUAL) {
      var answer = http.head(address(id, commit.get(), file));
      if (isFound(answer)) {
        files.add(file);
      } else if (answer.status() != 404) {
        throw refusals.of(answer, id, file + " of " + id);
      }
    }
    return Optional.of(new ModelFiles.Listing(commit.get(), files, false));
  }

  private static boolean isFound(HubHttp.Answer<?> answer) {
    return answer.status() == 200 || answer.isRedirect();
  }

  /** Asks for the hash and the size of one file. */
  RemoteFile describe(HubId id, String commit, String file) throws IOException {
    var answer = http.head(address(id, commit, file));
    if (!isFound(answer)) {
      throw refusals.of(answer, id, file + " of " + id);
    }
    var standsAt = answer.latest(COMMIT).orElse(commit);
    if (!standsAt.equals(commit)) {
      throw new IOException(
          "The hub answered for commit %s of %s where %s was asked for: check HF_ENDPOINT"
              .formatted(standsAt, id.repository(), commit));
    }
    var etag = described(answer, "X-Linked-Etag", "ETag").map(HubClient::unquote).orElse("");
    long size =
        described(answer, "X-Linked-Size", "Content-Length").map(HubClient::parseSize).orElse(-1L);
    return RemoteFile.of(commit, file, etag, size);
  }

  /**
   * Sends the bytes of one file, from {@code writer}'s offset on, into {@code writer}.
   *
   * @throws TransientFailure if it may work later; the writer keeps what came
   */
  void receive(HubId id, String commit, String file, BlobWriter writer, DownloadProgress progress)
      throws IOException {
    Map<String, String> headers =
        writer.offset() == 0 ? Map.of() : Map.of("Range", "bytes=" + writer.offset() + "-");
    var answer =
        http.get(
            address(id, commit, file),
            headers,
            writer,
            writer::received,
            received -> progress.receiving(file, received, writer.size()));
    if (answer.status() != 200 && answer.status() != 206 && answer.status() != 416) {
      throw refusals.of(answer, id, file + " of " + id);
    }
  }

  @Override
  public void close() {
    http.close();
  }

  /** A redirect's own ETag and Content-Length would be those of the redirect, not of the file. */
  private static Optional<String> described(HubHttp.Answer<?> answer, String linked, String own) {
    var value = answer.latest(linked);
    return value.isPresent() || answer.isRedirect() ? value : answer.last(own);
  }

  private URI address(HubId id, String commit, String file) {
    var path =
        Arrays.stream(file.split("/")).map(HubClient::encode).collect(Collectors.joining("/"));
    return URI.create("%s/%s/resolve/%s/%s".formatted(endpoint, id.repository(), commit, path));
  }

  private static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String unquote(String etag) {
    var strong = etag.startsWith("W/") ? etag.substring(2) : etag;
    return strong.replaceAll("^\"|\"$", "");
  }

  private static long parseSize(String text) {
    try {
      return Math.max(-1, Long.parseLong(text.strip()));
    } catch (NumberFormatException malformed) {
      return -1;
    }
  }
}
