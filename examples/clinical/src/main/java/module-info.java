/** From raw clinical reports to a measured, documented model; a command for each step. */
module dev.galen.examples.clinical {
  requires transitive dev.galen.train;
  requires com.fasterxml.jackson.databind;
  requires de.siegmar.fastcsv;
  requires java.desktop;
  requires java.logging;
  requires java.xml;
  requires org.apache.pdfbox;
  requires org.apache.pdfbox.io;
  requires org.jsoup;
  requires transitive info.picocli;

  exports dev.galen.examples.clinical.augment;
  exports dev.galen.examples.clinical.baseline;
  exports dev.galen.examples.clinical.clean;
  exports dev.galen.examples.clinical.command;
  exports dev.galen.examples.clinical.corpus;
  exports dev.galen.examples.clinical.deid;
  exports dev.galen.examples.clinical.document;
  exports dev.galen.examples.clinical.duplicate;
  exports dev.galen.examples.clinical.ingest;
  exports dev.galen.examples.clinical.language;
  exports dev.galen.examples.clinical.learning;
  exports dev.galen.examples.clinical.manifest;
  exports dev.galen.examples.clinical.pairs;
  exports dev.galen.examples.clinical.pipeline;
  exports dev.galen.examples.clinical.pubmedqa;
  exports dev.galen.examples.clinical.report;
  exports dev.galen.examples.clinical.structure.assertion;
  exports dev.galen.examples.clinical.structure.compare;
  exports dev.galen.examples.clinical.structure.section;
  exports dev.galen.examples.clinical.structure.tag;
  exports dev.galen.examples.clinical.structure.term;
  exports dev.galen.examples.clinical.structure.unit;
  exports dev.galen.examples.clinical.structure.value;
  exports dev.galen.examples.clinical.structure;
  exports dev.galen.examples.clinical.task;
  exports dev.galen.examples.clinical.text;
  exports dev.galen.examples.clinical.trust;

  // picocli fills options in by reflection.
  opens dev.galen.examples.clinical.command to
      info.picocli;
}
