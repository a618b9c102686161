package dev.galen.examples.clinical.ingest;

import java.util.logging.Level;
import java.util.logging.Logger;

/** PDFBox logs fonts and damage of files, at times with their text. */
final class PdfLog {
  /** Kept, since loggers that nobody holds are forgotten with their level. */
  private static final Logger[] LOGGERS = {
    Logger.getLogger("org.apache.pdfbox"), Logger.getLogger("org.apache.fontbox")
  };

  private PdfLog() {}

  static void quiet() {
    for (Logger logger : LOGGERS) {
      logger.setLevel(Level.OFF);
    }
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
  }
}
