package dev.galen.examples.clinical.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.train.data.Origin;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanTest {
  private static final String HEADER =
      "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext";

  @TempDir private Path folder;

  @BeforeEach
  void headless() {
    System.setProperty("java.awt.headless", "true");
  }

  /** What stands in for Tesseract: it swallows the image and says what it is told to. */
  private Tesseract fake(String words, int code) throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh here");
    Path answer = Files.writeString(folder.resolve("answer.tsv"), words);
    Path script =
        Files.writeString(
            folder.resolve("tesseract"),
            "#!/bin/sh\ncat > /dev/null\necho \"Error opening data file $4\" >&2\ncat '"
                + answer
                + "'\nexit "
                + code
                + "\n");
    assertTrue(script.toFile().setExecutable(true));
    return new Tesseract(script.toString());
  }

  private static String word(int block, int line, String confidence, String word) {
    return "5\t1\t%d\t1\t%d\t1\t0\t0\t9\t9\t%s\t%s\n".formatted(block, line, confidence, word);
  }

  private Path image(String name) throws IOException {
    Path file = folder.resolve(name);
    ImageIO.setUseCache(false);
    ImageIO.write(
        new BufferedImage(600, 500, BufferedImage.TYPE_BYTE_GRAY),
        name.substring(name.indexOf('.') + 1),
        file.toFile());
    return file;
  }

  private static final class Taken implements RecordSink {
    private final List<Document> documents = new ArrayList<>();
    private final List<String> rejects = new ArrayList<>();

    @Override
    public void accept(Document document) {
      documents.add(document);
    }

    @Override
    public void reject(Origin origin, String problem) {
      rejects.add(problem);
    }

    @Override
    public void leaveOut(String why) {}

    @Override
    public void published(PublishedSet set) {}
  }

  private static Taken read(SourceFormat format, Path file) throws IOException {
    var taken = new Taken();
    SourceFile source = SourceFile.of(file, null, StandardCharsets.UTF_8);
    assertTrue(format.recognises(source));
    format.read(source, IngestOptions.DEFAULT, taken);
    return taken;
  }

  @Test
  void wordsHaveTheirConfidence() throws IOException {
    Tesseract tesseract =
        fake(
            HEADER
                + "\n1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t\n"
                + word(1, 1, "96.5", "Marked")
                + word(1, 1, "91.5", "inflam-")
                + word(1, 2, "88", "mation.")
                + word(1, 2, "95", " ")
                + word(2, 1, "40", "Plan"),
            0);
    for (String name : List.of("s.png", "s.jpg", "s.tif", "s.bmp")) {
      Document document = read(new ScanFormat(tesseract), image(name)).documents.getFirst();
      assertEquals("Marked inflammation.\n\nPlan", document.text());
      assertEquals("79.0", document.field("ocr_confidence"));
      assertEquals("1", document.field("pages"));
      List<Annotation> words =
          document.annotations().stream().filter(one -> one.category().equals("word")).toList();
      assertEquals(4, words.size());
      assertEquals("Marked", words.getFirst().in(document.text()));
      assertEquals(Map.of("confidence", "96.5"), words.getFirst().attributes());
      assertEquals("Plan", words.getLast().in(document.text()));
    }
  }

  @Test
  void aPageOfAPdfThatIsAnImageIsAScan() throws IOException {
    Path file = folder.resolve("scan.pdf");
    try (var document = new PDDocument()) {
      Pdfs.page(document, new Pdfs.Canvas().text("Typed page.", 72, 700));
      var page = new PDPage(PDRectangle.A4);
      document.addPage(page);
      var image =
          LosslessFactory.createFromImage(
              document, new BufferedImage(600, 800, BufferedImage.TYPE_BYTE_GRAY));
      try (var content = new PDPageContentStream(document, page)) {
        content.drawImage(image, 0, 0, 595, 842);
      }
      document.addPage(new PDPage(PDRectangle.A4));
      document.save(file.toFile());
    }
    Document document =
        read(new PdfFormat(fake(HEADER + "\n" + word(1, 1, "90", "Scanned"), 0)), file)
            .documents
            .getFirst();
    assertEquals("Typed page.\n\nScanned", document.text().strip());
    assertEquals("3", document.field("pages"));
    assertEquals("1", document.field("pages_empty"));
    assertEquals("90.0", document.field("ocr_confidence"));
    var missing = new Tesseract(folder.resolve("none").toString());
    assertTrue(
        assertThrows(IOException.class, () -> read(new PdfFormat(missing), file))
            .getMessage()
            .contains("`tesseract`, which reads scans, cannot be started; install it"));
  }

  @Test
  void whatTesseractSaysIsTold() throws IOException {
    Path file = image("s.png");
    var failing = new ScanFormat(fake("", 3));
    assertEquals(
        file + ": tesseract -l eng ended with 3: Error opening data file eng",
        assertThrows(IOException.class, () -> read(failing, file)).getMessage());
    Path junk = Files.writeString(folder.resolve("junk.png"), "no image");
    assertEquals(List.of("is no image that can be read"), read(failing, junk).rejects);
    byte[] whole = Files.readAllBytes(file);
    Path cut = Files.write(folder.resolve("cut.png"), java.util.Arrays.copyOf(whole, 60));
    assertEquals(List.of("is no whole image (page 1)"), read(failing, cut).rejects);
  }

  /** What is not sure is read upside down as well, and what is surer stays. */
  @Test
  void doubtfulPagesAreTurned() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh here");
    Path calls = folder.resolve("calls");
    Path script = folder.resolve("turning");
    for (var surer : Map.of("95", "second", "12", "first").entrySet()) {
      Files.deleteIfExists(calls);
      Files.writeString(
          script,
          "#!/bin/sh\ncat > /dev/null\nif [ -e '%s' ]; then printf '%s'; else : > '%s'; printf '%s'; fi\n"
              .formatted(
                  calls,
                  word(1, 1, surer.getKey(), "second").replace("\n", "\\n"),
                  calls,
                  word(1, 1, "40", "first").replace("\n", "\\n")));
      assertTrue(script.toFile().setExecutable(true));
      Document document =
          read(new ScanFormat(new Tesseract(script.toString())), image("s.png"))
              .documents
              .getFirst();
      assertEquals(surer.getValue(), document.text());
    }
  }

  /** Clean scans: at most three per cent of the characters are wrong. */
  @Test
  void cleanScansAreRead() throws IOException {
    assumeTrue(isInstalled(), "no tesseract is installed here");
    String note = Pdfs.note(150, 31);
    List<String> lines = Pdfs.lines(note, 450);
    var canvas = new Pdfs.Canvas();
    for (int i = 0; i < lines.size(); i++) {
      canvas.text(lines.get(i), 72, 770 - i * 16);
    }
    for (int dpi : new int[] {150, 300}) {
      requireRead("%d dpi".formatted(dpi), note, scan(canvas, dpi, 0));
    }
  }

  /** Pages that lay in the scanner at any quarter turn. */
  @Test
  void turnedScansAreRead() throws IOException {
    assumeTrue(isInstalled(), "no tesseract is installed here");
    String note = Pdfs.note(60, 7);
    List<String> lines = Pdfs.lines(note, 450);
    var canvas = new Pdfs.Canvas();
    for (int i = 0; i < lines.size(); i++) {
      canvas.text(lines.get(i), 72, 770 - i * 16);
    }
    for (int degrees : new int[] {90, 180, 270}) {
      requireRead("%d degrees".formatted(degrees), note, scan(canvas, 200, degrees));
    }
  }

  /** One column is read after the other. */
  @Test
  void columnsOfScansAreReadInTheirOrder() throws IOException {
    assumeTrue(isInstalled(), "no tesseract is installed here");
    var canvas = new Pdfs.Canvas();
    var note = new StringBuilder();
    for (int column = 0; column < 2; column++) {
      String half = Pdfs.note(80, 11 + column);
      note.append(half).append(' ');
      List<String> lines = Pdfs.lines(half, 200);
      for (int i = 0; i < lines.size(); i++) {
        canvas.text(lines.get(i), 72 + column * 240, 770 - i * 16);
      }
    }
    requireRead("two columns", note.toString(), scan(canvas, 300, 0));
  }

  private static void requireRead(String what, String note, Path scan) throws IOException {
    Document read = Collected.of(scan).only();
    double errors = Pdfs.errors(note, read.text());
    System.out.printf("scan, %s: %.2f%% wrong characters%n", what, 100 * errors);
    assertTrue(errors <= 0.03, what + ": " + read.text());
    assertTrue(Double.parseDouble(read.field("ocr_confidence")) > 80, what);
  }

  private Path scan(Pdfs.Canvas canvas, int dpi, int degrees) throws IOException {
    Path pdf = folder.resolve("note.pdf");
    var document = new PDDocument();
    Pdfs.page(document, canvas).setRotation(degrees);
    Pdfs.save(document, pdf);
    Path scan = folder.resolve("scan.png");
    try (PDDocument rendered = Loader.loadPDF(pdf.toFile())) {
      ImageIO.write(new PDFRenderer(rendered).renderImageWithDPI(0, dpi), "png", scan.toFile());
    }
    return scan;
  }

  private static boolean isInstalled() {
    for (String place :
        System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
      if (Files.isExecutable(Path.of(place, "tesseract"))) {
        return true;
      }
    }
    return false;
  }
}
