package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.manifest.SourceManifest;
import dev.galen.examples.clinical.report.Block;
import dev.galen.examples.clinical.report.Bullets;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.Section;
import dev.galen.examples.clinical.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A datasheet (Gebru et al.: "Datasheets for datasets", 2018, arXiv 1803.09010) of the data of a
 * run, from their manifests. Questions that no manifest answers say so.
 */
public final class DataSheet {
  private static final String UNKNOWN = "Unknown: no manifest says.";

  private DataSheet() {}

  /** The datasheet of the data that a model card names. */
  public static RunReport of(ModelCard card) {
    return of(card.manifests());
  }

  /**
   * The datasheet of data.
   *
   * @param manifests by file; null where there is none
   */
  public static RunReport of(Map<String, SourceManifest> manifests) {
    var sheet = RunReport.builder("Datasheet of the training data");
    sheet.summary(
        manifests.isEmpty()
            ? "The run names no data."
            : "Files: %d, with a manifest: %d."
                .formatted(
                    manifests.size(), manifests.values().stream().filter(m -> m != null).count()));
    sheet.section("Motivation", new Paragraph(UNKNOWN));
    sheet.section(composition(manifests));
    sheet.section(collection(manifests));
    sheet.section(steps(manifests));
    sheet.section("Uses", new Paragraph(UNKNOWN));
    sheet.section(distribution(manifests));
    sheet.section("Maintenance", new Paragraph(UNKNOWN));
    return sheet.build();
  }

  private static Section composition(Map<String, SourceManifest> manifests) {
    var table =
        Table.of(
            "What the files hold, and what was left out when they were made",
            "file",
            "documents",
            "read",
            "rejected",
            "quarantined",
            "bytes",
            "SHA-256");
    manifests.forEach(
        (file, m) -> {
          if (m == null) {
            table.row(file, null, null, null, null, null, null);
          } else {
            table.row(
                file,
                m.counts().written(),
                m.counts().read(),
                m.counts().rejected(),
                m.counts().quarantined(),
                m.bytes(),
                m.sha256());
          }
        });
    return new Section("Composition", table.build());
  }

  private static Section collection(Map<String, SourceManifest> manifests) {
    var people = Table.of("The people in the data", "file", "consent", "de-identified", "by");
    var sources = Table.of("The files that they come from", "file", "from", "bytes", "SHA-256");
    manifests.forEach(
        (file, m) -> {
          if (m == null) {
            people.row(file, null, null, null);
            return;
          }
          String note = m.identifiedOnRequest() ? " (left in on request)" : "";
          people.row(
              file,
              m.consent(),
              m.deidentified() ? "yes" : "no" + note,
              m.deidentifiedBy().isEmpty() ? null : m.deidentifiedBy());
          m.sources().forEach(s -> sources.row(file, s.file(), s.bytes(), s.sha256()));
        });
    return new Section("Collection", people.build(), sources.build());
  }

  private static Section steps(Map<String, SourceManifest> manifests) {
    var blocks = new ArrayList<Block>();
    manifests.forEach(
        (file, m) -> {
          blocks.add(new Paragraph(file + ":"));
          blocks.add(
              m == null || m.steps().isEmpty() ? new Paragraph(UNKNOWN) : new Bullets(m.steps()));
        });
    return new Section(
        "Preprocessing", blocks.isEmpty() ? List.of(new Paragraph(UNKNOWN)) : blocks);
  }

  private static Section distribution(Map<String, SourceManifest> manifests) {
    var table = Table.of("Under what they may be used", "file", "name", "licence", "to cite");
    manifests.forEach(
        (file, m) -> {
          if (m == null) {
            table.row(file, null, null, null);
          } else {
            table.row(file, m.name(), m.licence(), m.citation().isEmpty() ? null : m.citation());
          }
        });
    return new Section("Distribution", table.build());
  }
}
