package dev.galen.examples.clinical.manifest;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.examples.clinical.ingest.IngestSource;
import dev.galen.examples.clinical.ingest.IntegrityCheck;
import dev.galen.examples.clinical.ingest.PublishedSet;
import dev.galen.examples.clinical.manifest.SourceManifest.SourceHash;
import dev.galen.examples.clinical.pipeline.DocumentRun;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.examples.clinical.pipeline.RunProgress;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads a source into a file of documents, with its manifest beside it. What did not survive its
 * way here is quarantined, and all that is of no published set is de-identified before it is
 * written.
 */
public final class Ingestion {
  private final IngestSource source;
  private final Facts facts;
  private final Deidentification deidentification;
  private final boolean identified;
  private volatile String firstReject;

  /**
   * What the user says of a source; null where nothing is said.
   *
   * @param name what the data are called
   * @param licence under which they may be used
   * @param consent whether the patients agreed
   */
  public record Facts(String name, String licence, String consent) {
    /** Nothing. */
    public static final Facts NONE = new Facts(null, null, null);
  }

  /**
   * How documents are de-identified.
   *
   * @param step does it
   * @param version its name and version, for the manifest
   */
  public record Deidentification(DocumentStep step, String version) {}

  /**
   * An ingestion.
   *
   * @param deidentification of all that is of no published set, or null to leave it as it is
   * @param identified whether the user asked for what identifies people to be left in
   */
  public Ingestion(
      IngestSource source, Facts facts, Deidentification deidentification, boolean identified) {
    this.source = source;
    this.facts = facts;
    this.deidentification = deidentification;
    this.identified = identified;
  }

  /** What is done with each document. */
  public DocumentStep step() {
    return new IntegrityCheck().then(this::deidentify);
  }

  private void deidentify(Document document, Consumer<Document> out) throws RejectedException {
    if (isLeftAsItIs() || source.isPublished(document)) {
      out.accept(document);
    } else {
      // The fields are safe then: the step shall not take a patient's new number for an identifier.
      Document safe = FieldSafety.safe(document, deidentification.step());
      deidentification
          .step()
          .apply(withFields(safe, Map.of()), done -> out.accept(withFields(done, safe.fields())));
    }
  }

  private static Document withFields(Document document, Map<String, String> fields) {
    return new Document(
        document.id(), document.text(), fields, document.annotations(), document.origin());
  }

  /** The source, with patients numbered in what is de-identified, and its first reject kept. */
  private DocumentSource numbered() {
    return new DocumentSource() {
      @Override
      public void read(Sink sink) throws IOException {
        var patients = new FieldSafety.Patients();
        source.read(
            new Sink() {
              @Override
              public void accept(Document document) throws IOException {
                boolean asItIs = isLeftAsItIs() || source.isPublished(document);
                sink.accept(asItIs ? document : patients.numbered(document));
              }

              @Override
              public void reject(Origin origin, String problem) throws IOException {
                if (firstReject == null) {
                  firstReject = origin + ": " + problem;
                }
                sink.reject(origin, problem);
              }

              @Override
              public void end() throws IOException {
                sink.end();
              }
            });
      }

      @Override
      public String stamp() throws IOException {
        return source.stamp();
      }
    };
  }

  private boolean isLeftAsItIs() {
    return identified || deidentification == null;
  }

  /** Some documents of the source as they may leave; patients are numbered among these alone. */
  public List<Document> apply(List<Document> documents) throws IOException {
    List<Document> safe = new ArrayList<>();
    var patients = new FieldSafety.Patients();
    for (Document document : documents) {
      boolean asItIs = isLeftAsItIs() || source.isPublished(document);
      try {
        deidentify(asItIs ? document : patients.numbered(document), safe::add);
      } catch (RejectedException e) {
        throw document.origin().error(e.getMessage());
      }
    }
    return safe;
  }

  private String settings() {
    return "ingest" + (isLeftAsItIs() ? ", identified" : ", " + deidentification.version());
  }

  /** Writes documents to {@code out} and what cannot be used to {@code rejects}; no manifest. */
  public RunCounts stream(OutputStream out, OutputStream rejects, int threads) throws IOException {
    return new DocumentRun(numbered(), step(), settings(), threads, RunProgress.NONE)
        .stream(out, rejects);
  }

  /**
   * Writes {@code out} and its manifest; goes on where an earlier run of the same was ended.
   *
   * @throws IOException if the source cannot be read, no document came of it, or a file cannot be
   *     written
   */
  public RunCounts run(Path out, int threads, RunProgress progress) throws IOException {
    List<Path> files = source.files();
    requireApart(out, files);
    Files.deleteIfExists(SourceManifest.beside(out)); // it is of what is replaced
    RunCounts counts = new DocumentRun(numbered(), step(), settings(), threads, progress).run(out);
    if (counts.written() == 0) {
      Files.delete(out);
      throw nothing(out, files, counts);
    }
    manifest(out, files, counts).write(out);
    return counts;
  }

  private IOException nothing(Path out, List<Path> files, RunCounts counts) {
    if (counts.rejected() == 1 && counts.read() == 1 && firstReject != null) {
      return new IOException(firstReject);
    }
    return new Origin(files.isEmpty() ? "the source" : files.getFirst().toString(), 0)
        .error(
            "no document came of %d records (%d rejected, %d quarantined); see %s.*.jsonl"
                    .formatted(
                        counts.read(), counts.rejected(), counts.quarantined(), out.getFileName())
                + (firstReject == null ? "" : "; the first: " + firstReject));
  }

  private static void requireApart(Path out, List<Path> files) throws IOException {
    for (Path file : files) {
      if (Files.exists(out) && Files.exists(file) && Files.isSameFile(out, file)) {
        throw new Origin(out.toString(), 0).error("is one of the files that are read");
      }
    }
  }

  private SourceManifest manifest(Path out, List<Path> files, RunCounts counts) throws IOException {
    Map<String, PublishedSet> published = source.published();
    boolean all = !source.hasOthers();
    List<SourceHash> sources = new ArrayList<>();
    for (Path file : files) {
      sources.add(Hashes.of(file));
    }
    SourceHash hash = Hashes.of(out);
    String consent = all ? "not needed" : SourceManifest.UNKNOWN;
    return new SourceManifest(
        facts.name() != null ? facts.name() : joined(published, all, PublishedSet::title),
        facts.licence() != null ? facts.licence() : joined(published, all, PublishedSet::licence),
        joined(published, true, PublishedSet::citation),
        facts.consent() != null ? facts.consent() : consent,
        all || !isLeftAsItIs(),
        by(published, all),
        identified && !all,
        hash.sha256(),
        hash.bytes(),
        counts,
        List.of(settings()),
        sources);
  }

  private String by(Map<String, PublishedSet> published, boolean all) {
    var by = new TreeSet<String>();
    published.values().forEach(set -> by.add(set.whySafe()));
    if (!all && isLeftAsItIs()) {
      return "";
    }
    if (!all) {
      by.add(deidentification.version());
    }
    return String.join("; ", by);
  }

  private static String joined(
      Map<String, PublishedSet> published, boolean all, Function<PublishedSet, String> part) {
    var words =
        published.values().stream().map(part).collect(Collectors.toCollection(TreeSet::new));
    if (!all) {
      words.add(SourceManifest.UNKNOWN);
    }
    return String.join("; ", words);
  }
}
