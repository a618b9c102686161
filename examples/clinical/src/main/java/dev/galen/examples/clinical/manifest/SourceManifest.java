package dev.galen.examples.clinical.manifest;

import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is known of a file of documents, kept in {@code FILE.manifest.json} beside it.
 *
 * @param name what the data are called
 * @param licence under which they may be used; {@code unknown} if nobody said
 * @param citation what to cite; may be empty
 * @param consent whether the patients agreed: {@code yes}, {@code no}, {@code waived}, {@code not
 *     needed} or {@code unknown}
 * @param deidentified whether what identifies people was removed
 * @param deidentifiedBy what removed it, with its version, or why there is nothing; empty if it was
 *     not
 * @param identifiedOnRequest whether the user asked for leaving it in
 * @param sha256 of the file that this is the manifest of, in hexadecimal
 * @param bytes of that file
 * @param counts of the run that wrote it
 * @param steps what was done to the data, the first first
 * @param sources the files that the data come from
 */
public record SourceManifest(
    String name,
    String licence,
    String citation,
    String consent,
    boolean deidentified,
    String deidentifiedBy,
    boolean identifiedOnRequest,
    String sha256,
    long bytes,
    RunCounts counts,
    List<String> steps,
    List<SourceHash> sources) {

  /** What stands for something that nobody said. */
  public static final String UNKNOWN = "unknown";

  /**
   * A file that data come from.
   *
   * @param file its name as it was given
   * @param sha256 of its bytes, in hexadecimal
   * @param bytes how many
   */
  public record SourceHash(String file, String sha256, long bytes) {}

  /** Checks that all is there. */
  public SourceManifest {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(licence, "licence");
    Objects.requireNonNull(citation, "citation");
    Objects.requireNonNull(consent, "consent");
    Objects.requireNonNull(deidentifiedBy, "deidentifiedBy");
    Objects.requireNonNull(sha256, "sha256");
    steps = List.copyOf(steps);
    sources = List.copyOf(sources);
  }

  /** Where the manifest of a file lies. */
  public static Path beside(Path data) {
    return data.resolveSibling(data.getFileName() + ".manifest.json");
  }

  /**
   * The manifest of data that somebody wants to learn from: that beside the file, or for a
   * published research set in its own form what is known of it. What is to be noted is printed on
   * standard error.
   *
   * @param allowIdentified whether data may be used in which people can be identified
   * @throws IOException in one line, if there is no manifest, it is another file's, or the data are
   *     not de-identified and that is not allowed
   */
  public static SourceManifest require(Path data, boolean allowIdentified) throws IOException {
    return require(data, allowIdentified, System.err);
  }

  /** The same, with what is to be noted printed on {@code log}. */
  public static SourceManifest require(Path data, boolean allowIdentified, PrintStream log)
      throws IOException {
    var origin = new Origin(data.toString(), 0);
    if (!Files.isRegularFile(data)) {
      throw origin.error(
          Files.isDirectory(data)
              ? "is a folder; expected a file, as `galen clinical ingest` makes of one"
              : "no such file");
    }
    SourceManifest manifest = of(data);
    if (manifest == null) {
      throw origin.error(
          "has no manifest (%s) and is no published set that is known by its form; make one by"
                  .formatted(beside(data).getFileName())
              + " `galen clinical ingest FILE --out OUT`");
    }
    if (!manifest.deidentified()) {
      if (!allowIdentified) {
        throw origin.error(
            "is not de-identified, says its manifest; run `galen clinical deidentify` on it, or give"
                + " --identified to use it as it is");
      }
      log.println("galen: " + data + " is not de-identified; it is used because of --identified");
    }
    return manifest;
  }

  /**
   * The manifest of a file: that beside it, or what is known of a published set.
   *
   * @return null if there is none
   * @throws IOException if the manifest cannot be read, or is another file's
   */
  public static SourceManifest of(Path data) throws IOException {
    Path file = beside(data);
    if (!Files.exists(file)) {
      return KnownData.manifest(data);
    }
    SourceManifest manifest = ManifestJson.read(file);
    SourceHash now = Hashes.of(data);
    if (!now.sha256().equals(manifest.sha256)) {
      throw new Origin(data.toString(), 0)
          .error(
              "was changed since its manifest %s was written (its SHA-256 is another); make it again"
                  .formatted(file.getFileName()));
    }
    return manifest;
  }

  /** Writes it beside the file that it is the manifest of, replacing another. */
  public void write(Path data) throws IOException {
    ManifestJson.write(this, beside(data));
  }

  /** The same, of data from which what identifies people was removed by {@code by}. */
  public SourceManifest deidentified(String by) {
    return new SourceManifest(
        name, licence, citation, consent, true, by, false, sha256, bytes, counts, steps, sources);
  }

  /**
   * The manifest of what a step made of files: that of the files together, with the step named. It
   * is de-identified if all of them are.
   *
   * @param data the files that the step read
   * @param out the file that it wrote
   * @param step what it is called, with its settings
   * @return null, if one of the files has no manifest
   * @throws IOException if a file cannot be read
   */
  public static SourceManifest derived(List<Path> data, Path out, String step, RunCounts counts)
      throws IOException {
    List<SourceManifest> manifests = new ArrayList<>();
    for (Path file : data) {
      SourceManifest manifest = Files.isRegularFile(file) ? of(file) : null;
      if (manifest == null) {
        return null;
      }
      manifests.add(manifest);
    }
    SourceHash hash = Hashes.of(out);
    SourceManifest first = manifests.getFirst();
    var steps = new ArrayList<>(first.steps);
    steps.add(step);
    Map<String, SourceHash> sources = new LinkedHashMap<>();
    for (SourceManifest manifest : manifests) {
      manifest.sources.forEach(source -> sources.put(source.file(), source));
    }
    return new SourceManifest(
        joined(manifests, SourceManifest::name),
        joined(manifests, SourceManifest::licence),
        joined(manifests, SourceManifest::citation),
        joined(manifests, SourceManifest::consent),
        manifests.stream().allMatch(SourceManifest::deidentified),
        joined(manifests, SourceManifest::deidentifiedBy),
        manifests.stream().anyMatch(SourceManifest::identifiedOnRequest),
        hash.sha256(),
        hash.bytes(),
        counts,
        steps,
        List.copyOf(sources.values()));
  }

  private static String joined(
      List<SourceManifest> manifests, java.util.function.Function<SourceManifest, String> part) {
    return manifests.stream()
        .map(part)
        .filter(words -> !words.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .collect(Collectors.joining("; "));
  }
}
