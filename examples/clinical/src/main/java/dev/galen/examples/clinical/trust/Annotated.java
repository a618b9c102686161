package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.document.Annotation;
import java.util.List;

/**
 * A text as one annotator has left it.
 *
 * @param id what names it in both annotators' files
 * @param text the text; null where a file has labels alone
 * @param label its label; null where spans were annotated
 * @param spans the annotated places; empty where texts are labelled
 */
record Annotated(String id, String text, String label, List<Annotation> spans) {}
