package dev.galen.model.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.galen.tensor.io.SafetensorsException;
import dev.galen.tensor.io.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What can be seen of a received file without a hash: that it is of the kind its name says. */
final class BlobContent {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private BlobContent() {}

  /** What is wrong with {@code received}, which is to be called {@code file}, if that shows. */
  static Optional<String> problem(Path received, String file) throws IOException {
    if (file.endsWith(".safetensors")) {
      try {
        SafetensorsFile.open(received).close();
      } catch (SafetensorsException malformed) {
        var what = malformed.getMessage().replace(received + ": ", "");
        return Optional.of("it is no sound safetensors file: " + what);
      }
    } else if (file.endsWith(".json")) {
      try (var json = JSON.createParser(received.toFile())) {
        if (json.nextToken() == null) {
          return Optional.of("it is empty");
        }
        do {
          json.skipChildren();
        } while (json.nextToken() != null);
      } catch (JsonProcessingException malformed) {
        return Optional.of(
            "it is not JSON: " + malformed.getOriginalMessage().lines().findFirst().orElse(""));
      }
    }
    return Optional.empty();
  }

  /** What {@link #problem} and the announced size leave open. */
  static String unchecked(RemoteFile remote) {
    return "the hub gave no hash of it (%s), so %s could be checked and its content could not"
        .formatted(
            remote.etag().isEmpty() ? "no ETag" : "ETag " + shown(remote.etag()),
            remote.size() < 0 ? "only its form" : "only its size and its form");
  }

  private static String shown(String etag) {
    var printable = etag.replaceAll("\\p{Cntrl}", "?");
    return printable.length() > 70 ? printable.substring(0, 70) + "..." : printable;
  }
}
