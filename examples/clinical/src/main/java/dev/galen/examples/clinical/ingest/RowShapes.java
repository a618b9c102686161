package dev.galen.examples.clinical.ingest;

import java.util.List;

/** The shapes of rows, the most particular first. */
final class RowShapes {
  static final List<RowShape> ALL =
      List.of(
          new GalenShape(),
          new PubMedQaShape(),
          new MedQaShape(),
          new MedQuadShape(),
          new MtsDialogShape(),
          new AciBenchShape(),
          new MimicNotesShape(),
          new MimicDischargeShape(),
          new EntitySpansShape(),
          new PlainShape());

  private RowShapes() {}

  /** What the first row of a file tells, or the one that is asked for by its name. */
  static RowShape of(Row first, IngestOptions options) {
    if (options.text() != null) {
      return ALL.getLast();
    }
    for (RowShape shape : ALL) {
      if (shape.name().equals(options.format())) {
        return shape;
      }
    }
    for (RowShape shape : ALL) {
      if (shape.recognises(first)) {
        return shape;
      }
    }
    return ALL.getLast();
  }
}
