package dev.galen.examples.clinical.ingest;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;

/**
 * The {@code tesseract} that is installed, version 4 or newer. Images go to its standard input and
 * words come from its standard output, so that no text lies in a file.
 */
final class Tesseract {
  private static final int WORD_LEVEL = 5;
  private static final int COLUMNS = 12;

  private final String command;

  /** What is called. */
  Tesseract(String command) {
    this.command = command;
  }

  /** It is not installed, or cannot read this. The message is one line. */
  static final class MissingException extends IOException {
    private static final long serialVersionUID = 1;

    MissingException(String problem) {
      super(problem);
    }
  }

  /**
   * Adds the words of an image to a text, each marked {@code word} with its confidence of 100.
   *
   * @param language such as {@code eng} or {@code deu+eng}
   * @throws MissingException if Tesseract is not there, or has no data of the language
   */
  void read(BufferedImage image, String language, PageText text, Confidence confidence)
      throws IOException {
    Process process;
    try {
      process =
          new ProcessBuilder(List.of(command, "stdin", "stdout", "-l", language, "tsv")).start();
    } catch (IOException e) {
      throw new MissingException(
          "it is a scan, and `tesseract`, which reads scans, cannot be started; install it (on"
              + " Debian: apt install tesseract-ocr), or leave scans out");
    }
    try {
      // A thread each: all three streams have to move at once, or the process waits for ever.
      var errors = new CompletableFuture<String>();
      Thread.ofPlatform().daemon().start(() -> errors.complete(lastLine(process)));
      Thread.ofPlatform().daemon().start(() -> write(image, process));
      try (BufferedReader words =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        new TesseractWords(text, confidence).read(words);
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new MissingException(
            "tesseract -l %s ended with %d: %s".formatted(language, code, errors.join()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** It talks of images and data files there, never of what it read. */
  private static String lastLine(Process process) {
    try (BufferedReader errors =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      String last = "";
      for (String line; (line = errors.readLine()) != null; ) {
        last = line.isBlank() ? last : line.strip();
      }
      return last;
    } catch (IOException e) {
      return "";
    }
  }

  private static void write(BufferedImage image, Process process) {
    ImageIO.setUseCache(false); // else it keeps images in temporary files
    try (OutputStream out = process.getOutputStream()) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      // It ended before it had all; its exit code says why.
    }
  }

  /** Makes text of the rows of its TSV. */
  private static final class TesseractWords {
    private final PageText text;
    private final Confidence confidence;
    private String line = "";
    private String paragraph = "";

    TesseractWords(PageText text, Confidence confidence) {
      this.text = text;
      this.confidence = confidence;
    }

    void read(BufferedReader rows) throws IOException {
      for (String row; (row = rows.readLine()) != null; ) {
        String[] cells = row.split("\t", COLUMNS);
        if (cells.length == COLUMNS && cells[0].equals(Integer.toString(WORD_LEVEL))) {
          take(cells);
        }
      }
    }

    /** Level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
    private void take(String[] cells) {
      String word = cells[COLUMNS - 1].strip();
      double sure = Double.parseDouble(cells[COLUMNS - 2]);
      if (word.isEmpty() || sure < 0) {
        return;
      }
      String here = String.join(" ", List.of(cells).subList(1, 5));
      String block = String.join(" ", List.of(cells).subList(1, 4));
      if (!line.isEmpty()) {
        text.add(here.equals(line) ? " " : block.equals(paragraph) ? "\n" : "\n\n");
      }
      line = here;
      paragraph = block;
      int start = text.add(word);
      text.mark(start, "word", Map.of("confidence", cells[COLUMNS - 2]));
      confidence.add(sure);
    }
  }
}
