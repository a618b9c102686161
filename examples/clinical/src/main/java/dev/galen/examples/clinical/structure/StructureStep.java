package dev.galen.examples.clinical.structure;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import dev.galen.examples.clinical.structure.assertion.Assertions;
import dev.galen.examples.clinical.structure.section.Sections;
import dev.galen.examples.clinical.structure.tag.FindingTags;
import dev.galen.examples.clinical.structure.term.Abbreviations;
import dev.galen.examples.clinical.structure.term.Findings;
import dev.galen.examples.clinical.structure.term.Normaliser;
import dev.galen.examples.clinical.structure.term.Ontology;
import dev.galen.examples.clinical.structure.unit.UnitConversion;
import dev.galen.examples.clinical.structure.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Adds what is found in a document's text to its annotations, behind those that it has. */
public final class StructureStep implements DocumentStep {
  /**
   * What is done.
   *
   * @param parts what is found
   * @param ontology terms of diseases; null for none
   * @param abbreviations a table of them; null for none
   * @param units the units that values are given in besides, as {@code converted} and {@code
   *     converted_unit}, or {@code unconverted} with the reason; null for none
   * @param tags whether the field {@code tagged} gets the text with its findings in tags
   * @param normalise whether the text gets preferred terms, with the log to undo it
   */
  public record Settings(
      Set<Part> parts,
      Ontology ontology,
      Abbreviations abbreviations,
      UnitConversion.System units,
      boolean tags,
      boolean normalise) {
    /** Keeps its own copy of the parts. */
    public Settings {
      parts = Set.copyOf(parts);
    }

    /** These parts and nothing else. */
    public static Settings of(Set<Part> parts) {
      return new Settings(parts, null, null, null, false, false);
    }
  }

  private final Settings settings;
  private final Findings findings;

  /** Finds what the settings say. */
  public StructureStep(Settings settings) {
    this.settings = settings;
    findings = new Findings(settings.ontology());
  }

  @Override
  public void apply(Document document, Consumer<Document> out) {
    String text = document.text();
    Set<Part> parts = settings.parts();
    List<Annotation> annotations = new ArrayList<>(document.annotations());
    List<Annotation> sections =
        parts.contains(Part.SECTIONS) || parts.contains(Part.FINDINGS)
            ? Sections.of(text)
            : List.of();
    if (parts.contains(Part.SECTIONS)) {
      annotations.addAll(sections);
    }
    if (parts.contains(Part.VALUES)) {
      for (Annotation value : Values.of(text)) {
        annotations.add(settings.units() == null ? value : converted(value));
      }
    }
    List<Annotation> found = List.of();
    if (parts.contains(Part.FINDINGS)) {
      found = Assertions.of(text, findings.of(text), sections);
      annotations.addAll(found);
    }
    if (parts.contains(Part.ABBREVIATIONS) && settings.abbreviations() != null) {
      annotations.addAll(settings.abbreviations().of(text));
    }
    Document structured = document.withAnnotations(annotations);
    if (settings.tags()) {
      structured = structured.with("tagged", FindingTags.tag(text, found));
    }
    out.accept(settings.normalise() ? Normaliser.normalise(structured) : structured);
  }

  private Annotation converted(Annotation value) {
    Map<String, String> attributes = new LinkedHashMap<>(value.attributes());
    String kind = attributes.get("kind");
    switch (kind) {
      case "lab", "blood_pressure", "temperature", "weight", "height" -> {
        var converted =
            UnitConversion.to(
                settings.units(),
                kind.equals("lab") ? attributes.get("name") : kind,
                attributes.get("value"),
                attributes.get("unit"));
        if (converted.problem() == null) {
          attributes.put("converted", converted.value());
          attributes.put("converted_unit", converted.unit());
        } else {
          attributes.put("unconverted", converted.problem());
        }
      }
      default -> {}
    }
    return new Annotation(value.start(), value.end(), value.category(), attributes);
  }
}
