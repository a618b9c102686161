package dev.galen.examples.clinical.ingest;

import java.util.Locale;
import java.util.Map;

/** How sure words were recognised, of 100. */
final class Confidence {
  private double sum;
  private long words;

  void add(double confidence) {
    sum += confidence;
    words++;
  }

  /** Puts the mean into the field {@code ocr_confidence}, if any word was recognised. */
  void tell(Map<String, String> fields) {
    if (words > 0) {
      fields.put("ocr_confidence", String.format(Locale.ROOT, "%.1f", sum / words));
    }
  }
}
