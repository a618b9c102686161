package dev.galen.examples.clinical.ingest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSInteger;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDFontFactory;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;

/** PDFs of the tests' own making: operators written by hand, text in Helvetica. */
final class Pdfs {
  static final float SIZE = 11;
  static final float LEADING = 13;
  private static final PDFont FONT = new PDType1Font(FontName.HELVETICA);

  private static final String[] WORDS =
      ("patient was seen in the clinic for follow up of chest pain and shortness breath with no fever"
              + " or chills denies nausea vomiting blood pressure 140/90 heart rate 72 started on aspirin"
              + " 81 mg daily lungs clear to auscultation abdomen soft non-tender echocardiogram showed"
              + " ejection fraction of 55% (normal) plan: continue metoprolol, repeat labs in 2 weeks")
          .split(" ");

  private Pdfs() {}

  /** Operators that draw on a page. */
  static final class Canvas {
    private final StringBuilder operators = new StringBuilder();

    /** Text at a place, by the matrix's first four numbers. */
    Canvas text(String text, double x, double y, double size, String matrix) {
      operators
          .append("BT /F1 ")
          .append(size)
          .append(" Tf ")
          .append(matrix)
          .append(' ')
          .append(x)
          .append(' ')
          .append(y)
          .append(" Tm (");
      for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
        operators.append("\\%03o".formatted(b & 0xFF));
      }
      operators.append(") Tj ET\n");
      return this;
    }

    Canvas text(String text, double x, double y) {
      return text(text, x, y, SIZE, "1 0 0 1");
    }

    Canvas raw(String more) {
      operators.append(more).append('\n');
      return this;
    }
  }

  /** The font: WinAnsi, with fi, fl and a soft hyphen at 1, 2 and 3. */
  private static PDFont font() throws IOException {
    var font = new COSDictionary();
    font.setItem(COSName.TYPE, COSName.FONT);
    font.setItem(COSName.SUBTYPE, COSName.TYPE1);
    font.setName(COSName.BASE_FONT, "Helvetica");
    var encoding = new COSDictionary();
    encoding.setItem(COSName.TYPE, COSName.ENCODING);
    encoding.setItem(COSName.BASE_ENCODING, COSName.WIN_ANSI_ENCODING);
    var differences = new COSArray();
    differences.add(COSInteger.ONE);
    for (String name : List.of("fi", "fl", "softhyphen")) {
      differences.add(COSName.getPDFName(name));
    }
    encoding.setItem(COSName.DIFFERENCES, differences);
    font.setItem(COSName.ENCODING, encoding);
    return PDFontFactory.createFont(font);
  }

  static PDPage page(PDDocument document, Canvas canvas) throws IOException {
    var page = new PDPage(PDRectangle.A4);
    var resources = new PDResources();
    resources.put(COSName.getPDFName("F1"), font());
    page.setResources(resources);
    var stream = new PDStream(document);
    try (OutputStream out = stream.createOutputStream()) {
      out.write(canvas.operators.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
    page.setContents(stream);
    document.addPage(page);
    return page;
  }

  static Path save(PDDocument document, Path file) throws IOException {
    document.save(file.toFile());
    document.close();
    return file;
  }

  /** Words of a note. */
  static String note(int words, long seed) {
    var random = new SplittableRandom(seed);
    var note = new StringBuilder();
    for (int i = 0; i < words; i++) {
      note.append(i > 0 ? " " : "").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return note.toString();
  }

  /** Lines of a text that are no wider than {@code width}. */
  static List<String> lines(String text, double width) throws IOException {
    List<String> lines = new ArrayList<>();
    var line = new StringBuilder();
    for (String word : text.split(" ")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (FONT.getStringWidth(longer) / 1000 * SIZE > width && !line.isEmpty()) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** Character errors per character of the truth, white space taken as one space. */
  static double errors(String truth, String read) {
    String a = truth.strip().replaceAll("\\s+", " ");
    String b = read.strip().replaceAll("\\s+", " ");
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int corner = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = corner + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        corner = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return (double) row[b.length()] / a.length();
  }
}
