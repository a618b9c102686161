package dev.galen.examples.clinical.ingest;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of files, the most particular first. */
final class SourceFormats {
  private static final Tesseract TESSERACT = new Tesseract("tesseract");

  static final List<SourceFormat> ALL =
      List.of(
          new PdfFormat(TESSERACT),
          new ScanFormat(TESSERACT),
          new BratFormat(),
          new PubMedXmlFormat(),
          new MedQuadXmlFormat(),
          new I2b2Format(),
          new Hl7Format(TESSERACT),
          new FhirFormat(TESSERACT),
          new ClinicalTrialsFormat(),
          new ParquetFormat(),
          new CsvFormat(),
          new JsonLinesFormat(),
          new JsonFormat(),
          new TextFormat());

  private SourceFormats() {}

  /**
   * What reads a file.
   *
   * @throws IOException if nothing does
   */
  static SourceFormat of(SourceFile file, IngestOptions options) throws IOException {
    for (SourceFormat format : ALL) {
      if (format.name().equals(options.format())) {
        return format;
      }
    }
    for (SourceFormat format : ALL) {
      if (format.recognises(file)) {
        return format;
      }
    }
    throw file.origin(0).error("is none of what is read: " + reads());
  }

  /** The names of formats and of shapes of rows. */
  static List<String> names() {
    return Stream.concat(
            ALL.stream().map(SourceFormat::name), RowShapes.ALL.stream().map(RowShape::name))
        .toList();
  }

  private static String reads() {
    return ALL.stream().map(SourceFormat::reads).collect(Collectors.joining("; "));
  }

  /** A line for each format and shape: its name and what it reads. */
  static List<String> lines() {
    return Stream.concat(
            ALL.stream().map(format -> format.name() + ": " + format.reads()),
            RowShapes.ALL.stream().map(shape -> shape.name() + ": " + shape.reads()))
        .toList();
  }
}
