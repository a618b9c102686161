package dev.galen.examples.clinical.structure;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import dev.galen.examples.clinical.structure.section.Sections;
import dev.galen.examples.clinical.structure.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Adds what is found in a document's text to its annotations, behind those that it has. */
public final class StructureStep implements DocumentStep {
  private final Set<Part> parts;

  /** Finds these parts. */
  public StructureStep(Set<Part> parts) {
    this.parts = Set.copyOf(parts);
  }

  @Override
  public void apply(Document document, Consumer<Document> out) {
    List<Annotation> annotations = new ArrayList<>(document.annotations());
    if (parts.contains(Part.SECTIONS)) {
      annotations.addAll(Sections.of(document.text()));
    }
    if (parts.contains(Part.VALUES)) {
      annotations.addAll(Values.of(document.text()));
    }
    out.accept(document.withAnnotations(annotations));
  }
}
