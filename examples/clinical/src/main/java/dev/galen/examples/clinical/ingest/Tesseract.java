package dev.galen.examples.clinical.ingest;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

  /**
   * Mean confidence, of 100, below which a page may stand on its head. On clean pages Tesseract
   * 5.3.0 says 96 of upright ones and at most 43 of those that are upside down.
   */
  private static final double DOUBTFUL = 70;

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

  /** A word with the block and the line that it stands in, and its confidence of 100. */
  private record ScannedWord(String text, String block, String line, String confidence) {
    double sure() {
      return Double.parseDouble(confidence);
    }
  }

  /**
   * Adds the words of an image to a text, each marked {@code word} with its confidence of 100. The
   * page may stand at any quarter turn: Tesseract sees lines that run up or down by itself, and
   * what it doubts is read upside down as well.
   *
   * @param language such as {@code eng} or {@code deu+eng}
   * @throws MissingException if Tesseract is not there, or has no data of the language
   */
  void read(BufferedImage image, String language, PageText text, Confidence confidence)
      throws IOException {
    List<ScannedWord> words = words(image, language);
    if (!words.isEmpty() && sure(words) < DOUBTFUL) {
      List<ScannedWord> turned = words(upsideDown(image), language);
      words = sure(turned) > sure(words) ? turned : words;
    }
    add(words, text, confidence);
  }

  private static double sure(List<ScannedWord> words) {
    return words.stream().mapToDouble(ScannedWord::sure).average().orElse(0);
  }

  /** In grey on white, as transparent images are seen. */
  private static BufferedImage upsideDown(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    var turned = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = turned.createGraphics();
    graphics.drawImage(image, width, height, -width, -height, Color.WHITE, null);
    graphics.dispose();
    return turned;
  }

  private List<ScannedWord> words(BufferedImage image, String language) throws IOException {
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
      List<ScannedWord> words;
      try (BufferedReader rows =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        words = words(rows);
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new MissingException(
            "tesseract -l %s ended with %d: %s".formatted(language, code, errors.join()));
      }
      return words;
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

  /** The words among the rows of its TSV. */
  private static List<ScannedWord> words(BufferedReader rows) throws IOException {
    var words = new ArrayList<ScannedWord>();
    for (String row; (row = rows.readLine()) != null; ) {
      // Level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
      String[] cells = row.split("\t", COLUMNS);
      if (cells.length < COLUMNS || !cells[0].equals(Integer.toString(WORD_LEVEL))) {
        continue;
      }
      var word =
          new ScannedWord(
              cells[COLUMNS - 1].strip(),
              String.join(" ", List.of(cells).subList(1, 4)),
              String.join(" ", List.of(cells).subList(1, 5)),
              cells[COLUMNS - 2]);
      if (!word.text().isEmpty() && word.sure() >= 0) {
        words.add(word);
      }
    }
    return words;
  }

  /** Lines end where they do on the page, and a block or paragraph leaves an empty line. */
  private static void add(List<ScannedWord> words, PageText text, Confidence confidence) {
    ScannedWord last = null;
    for (ScannedWord word : words) {
      if (last != null) {
        boolean sameBlock = word.block().equals(last.block());
        text.add(word.line().equals(last.line()) ? " " : sameBlock ? "\n" : "\n\n");
      }
      int start = text.add(word.text());
      text.mark(start, "word", Map.of("confidence", word.confidence()));
      confidence.add(word.sure());
      last = word;
    }
  }
}
