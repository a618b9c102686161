package dev.galen.examples.clinical.report;

/** A part of a section, as a value: it knows nothing of how it is written. */
public sealed interface Block
    permits Paragraph, Bullets, Table, Figure, Code, MarkedText, Examples {}
