package dev.galen.examples.clinical.command;

import picocli.CommandLine.Option;

/** Which fields of rows have text and label, as published files call them by names of their own. */
final class FieldOptions {
  @Option(
      names = "--text-field",
      paramLabel = "FIELD",
      description = "The field that has the text (default: text).")
  private String text = "text";

  @Option(
      names = "--label-field",
      paramLabel = "FIELD",
      description = "The field that has the label (default: label).")
  private String label = "label";

  String text() {
    return text;
  }

  String label() {
    return label;
  }
}
