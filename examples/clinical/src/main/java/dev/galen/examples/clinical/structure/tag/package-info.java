/** Findings as tags within a text, and the text without them, exactly. */
package dev.galen.examples.clinical.structure.tag;
