package dev.galen.examples.clinical.manifest;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.ingest.IngestOptions;
import dev.galen.examples.clinical.ingest.IngestSource;
import dev.galen.examples.clinical.ingest.PublishedSet;
import dev.galen.examples.clinical.manifest.SourceManifest.SourceHash;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Published sets, known by the form of their first document. */
final class KnownData {
  private KnownData() {}

  /** The manifest of a published set, or null if the file is of none. */
  static SourceManifest manifest(Path data) throws IOException {
    PublishedSet set = set(data);
    if (set == null) {
      return null;
    }
    SourceHash hash = Hashes.of(data);
    return new SourceManifest(
        set.title(),
        set.licence(),
        set.citation(),
        "not needed",
        true,
        set.whySafe(),
        false,
        hash.sha256(),
        hash.bytes(),
        RunCounts.NONE,
        List.of(),
        List.of(hash));
  }

  /** Ends the reading once the first document is there. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;

    Enough() {
      super(null, null, false, false);
    }
  }

  private static PublishedSet set(Path data) throws IOException {
    var source = new IngestSource(List.of(data), IngestOptions.DEFAULT);
    try {
      source.read(
          new DocumentSource.Sink() {
            private int rejects;

            @Override
            public void accept(Document document) {
              throw new Enough();
            }

            @Override
            public void reject(Origin origin, String problem) {
              if (++rejects == 100) {
                throw new Enough(); // nothing that is known begins so
              }
            }

            @Override
            public void end() {}
          });
    } catch (Enough | IOException e) {
      // Enough was read, or it is nothing that can be; some readers wrap the one in the other.
    }
    return source.published().values().stream().findFirst().orElse(null);
  }
}
