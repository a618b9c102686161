package dev.galen.examples.clinical.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.ingest.Pdfs.Canvas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the PDFs is read with at most half a per cent of wrong characters. */
class PdfTest {
  private static final double ERRORS = 0.005;

  @TempDir private Path folder;

  private static Canvas column(Canvas canvas, List<String> lines, double x, double y) {
    for (int i = 0; i < lines.size(); i++) {
      canvas.text(lines.get(i), x, y - i * Pdfs.LEADING);
    }
    return canvas;
  }

  private Document read(PDDocument document) throws IOException {
    return Collected.of(Pdfs.save(document, folder.resolve("note.pdf"))).only();
  }

  private static void assertReads(String truth, Document read) {
    double errors = Pdfs.errors(truth, read.text());
    assertTrue(errors <= ERRORS, () -> errors + " of the characters are wrong:\n" + read.text());
  }

  @Test
  void pagesAreReadInOrderAndTold() throws IOException {
    var document = new PDDocument();
    var notes = new ArrayList<String>();
    for (int page = 0; page < 3; page++) {
      String note = Pdfs.note(250, page);
      notes.add(note);
      Pdfs.page(document, column(new Canvas(), Pdfs.lines(note, 450), 72, 770));
    }
    Document read = read(document);
    assertReads(String.join(" ", notes), read);
    assertEquals("3", read.field("pages"));
    assertEquals("0", read.field("pages_empty"));
    List<Annotation> pages =
        read.annotations().stream().filter(one -> one.category().equals("page")).toList();
    assertEquals(3, pages.size());
    for (int i = 0; i < 3; i++) {
      assertEquals(Integer.toString(i + 1), pages.get(i).attributes().get("number"));
      String text = pages.get(i).in(read.text()).replaceAll("\\s+", " ");
      assertTrue(Pdfs.errors(notes.get(i), text) <= ERRORS, text);
    }
  }

  @ParameterizedTest
  @CsvSource({"false, 0", "true, 0", "false, 5", "true, 5"})
  void columnsAreReadOneAfterTheOther(boolean drawnByRows, double shift) throws IOException {
    String left = Pdfs.note(130, 11);
    String right = Pdfs.note(125, 12);
    String wide = Pdfs.note(60, 13);
    var canvas = new Canvas();
    canvas.text("Discharge summary of the cardiology ward, page 1 of 1", 150, 800);
    List<String> leftLines = Pdfs.lines(left, 215);
    List<String> rightLines = Pdfs.lines(right, 215);
    if (drawnByRows) {
      for (int i = 0; i < Math.max(leftLines.size(), rightLines.size()); i++) {
        if (i < leftLines.size()) {
          canvas.text(leftLines.get(i), 72, 770 - i * Pdfs.LEADING);
        }
        if (i < rightLines.size()) {
          canvas.text(rightLines.get(i), 310, 770 - shift - i * Pdfs.LEADING);
        }
      }
    } else {
      column(canvas, leftLines, 72, 770);
      column(canvas, rightLines, 310, 770 - shift);
    }
    column(canvas, Pdfs.lines(wide, 450), 72, 300);
    var document = new PDDocument();
    Pdfs.page(document, canvas);
    assertReads(
        "Discharge summary of the cardiology ward, page 1 of 1 " + left + " " + right + " " + wide,
        read(document));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 90, 180, 270})
  void rotatedPagesAreReadAlongTheirLines(int rotation) throws IOException {
    String note = Pdfs.note(120, 21);
    List<String> lines = Pdfs.lines(note, 400);
    String matrix =
        switch (rotation) {
          case 90 -> "0 1 -1 0";
          case 180 -> "-1 0 0 -1";
          case 270 -> "0 -1 1 0";
          default -> "1 0 0 1";
        };
    for (boolean upright : new boolean[] {true, false}) {
      var canvas = new Canvas();
      for (int i = 0; i < lines.size(); i++) {
        double down = i * Pdfs.LEADING;
        switch (upright ? rotation : 0) {
          case 90 -> canvas.text(lines.get(i), 72 + down, 72, Pdfs.SIZE, matrix);
          case 180 -> canvas.text(lines.get(i), 520, 72 + down, Pdfs.SIZE, matrix);
          case 270 -> canvas.text(lines.get(i), 500 - down, 770, Pdfs.SIZE, matrix);
          default -> canvas.text(lines.get(i), 72, 770 - down);
        }
      }
      var document = new PDDocument();
      Pdfs.page(document, canvas).setRotation(rotation);
      assertReads(note, read(document));
    }
  }

  @Test
  void aStampAcrossThePageDoesNotMixWithItsLines() throws IOException {
    String note = Pdfs.note(120, 22);
    var canvas = column(new Canvas(), Pdfs.lines(note, 400), 72, 770);
    canvas.text("CONFIDENTIAL", 150, 600, 40, "0.7071 0.7071 -0.7071 0.7071");
    var document = new PDDocument();
    Pdfs.page(document, canvas);
    assertReads(note + " CONFIDENTIAL", read(document));
  }

  @Test
  void typesettingIsUndone() throws IOException {
    var canvas = new Canvas();
    column(
        canvas,
        List.of(
            "The of\u0001ce con\u0001rmed in\u0002ammation, soft\u0003hyphen.",
            "Marked inflam-",
            "mation of the appen\u0003",
            "dix; a non-",
            "smoker, COVID-",
            "19 negative. Anti-",
            "biotics were given. Seen for long-term use: long-",
            "term steroids, 5-",
            "10 mg daily -",
            "stable."),
        72,
        770);
    var document = new PDDocument();
    Pdfs.page(document, canvas);
    assertEquals(
        "The office confirmed inflammation, softhyphen.\nMarked inflammation of the appendix; a"
            + " non-smoker, COVID-19 negative. Antibiotics were given. Seen for long-term use:"
            + " long-term steroids, 5-\n10 mg daily -\nstable.",
        read(document).text());
  }

  @Test
  void tablesStayInTheirRows() throws IOException {
    var canvas = new Canvas();
    String[][] rows = {
      {"Test", "Result", "Unit", "Range"},
      {"Hemoglobin", "13.2", "g/dL", "12.0-16.0"},
      {"Potassium", "4.1", "mmol/L", "3.5-5.1"},
      {"Creatinine", "0.9", "mg/dL", "0.6-1.2"},
      {"Glucose", "98", "mg/dL", "70-99"}
    };
    for (int row = 0; row < rows.length; row++) {
      for (int cell = 0; cell < 4; cell++) {
        canvas.text(rows[row][cell], 72 + 110 * cell, 700 - row * Pdfs.LEADING);
      }
    }
    var document = new PDDocument();
    Pdfs.page(document, canvas);
    assertEquals(
        "Test Result Unit Range\nHemoglobin 13.2 g/dL 12.0-16.0\nPotassium 4.1 mmol/L 3.5-5.1\n"
            + "Creatinine 0.9 mg/dL 0.6-1.2\nGlucose 98 mg/dL 70-99",
        read(document).text());
  }

  @Test
  void whatIsSmallOrDrawnTwiceStandsInItsLineOnce() throws IOException {
    var canvas = new Canvas();
    canvas.text("eGFR 60 mL/min/1.73 m", 72, 700);
    canvas.text("2", 187, 704, 6, "1 0 0 1");
    canvas.text("IMPRESSION", 72, 670).text("IMPRESSION", 72.3, 670);
    canvas.text("fi\u00e8vre \u00b5g \u00b10.2 \u00b0C", 72, 650);
    var document = new PDDocument();
    Pdfs.page(document, canvas);
    assertEquals("eGFR 60 mL/min/1.73 m2\nIMPRESSION\nfièvre µg ±0.2 °C", read(document).text());
  }

  @Test
  void protectedFilesAreRefusedClearly() throws IOException {
    for (String[] one :
        new String[][] {
          {"user", "false", "0: is encrypted; save it without a password first"},
          {
            "",
            "false",
            "0: is encrypted and forbids to extract its text; save it without protection first"
          },
          {"", "true", null}
        }) {
      var document = new PDDocument();
      Pdfs.page(document, new Canvas().text("Secret note.", 72, 700));
      var permission = new AccessPermission();
      permission.setCanExtractContent(Boolean.parseBoolean(one[1]));
      var policy = new StandardProtectionPolicy("owner", one[0], permission);
      policy.setEncryptionKeyLength(128);
      document.protect(policy);
      Collected all = Collected.of(Pdfs.save(document, folder.resolve("p.pdf")));
      assertEquals(one[2] == null ? List.of() : List.of(one[2]), all.rejects);
      assertEquals(one[2] == null ? List.of("Secret note.") : List.of(), all.texts());
    }
  }

  @Test
  void damagedFilesAreToldAndNothingElse() throws IOException {
    Path junk = Files.writeString(folder.resolve("junk.pdf"), "%PDF-1.4\nno objects at all");
    assertEquals(List.of("0: is damaged, or is no PDF"), Collected.of(junk).rejects);
    var document = new PDDocument();
    Pdfs.page(document, new Canvas().text("Whole.", 72, 700));
    byte[] bytes = Files.readAllBytes(Pdfs.save(document, folder.resolve("w.pdf")));
    for (int length : new int[] {bytes.length - 20, bytes.length / 2, 30}) {
      Path cut = Files.write(folder.resolve("cut.pdf"), Arrays.copyOf(bytes, length));
      Collected all = Collected.of(cut);
      assertEquals(1, all.rejects.size() + all.documents.size());
    }
  }
}
