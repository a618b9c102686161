package dev.galen.examples.clinical.ingest;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.io.RandomAccessRead;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.io.RandomAccessReadBufferedFile;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.pdmodel.graphics.PDXObject;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;

/**
 * A PDF is one document. Its text is that of its pages in reading order; a page without text but
 * with an image is a scan, which Tesseract reads. Fields are {@code pages} and {@code pages_empty},
 * and what the file says of title and date. Nothing is written to temporary files.
 */
final class PdfFormat implements SourceFormat {
  private static final int DPI = 300;

  /** A smaller image than this many pixels is a logo, not a page. */
  private static final int SCAN_PIXELS = 400 * 400;

  private static final int DEPTH = 4;

  private final Tesseract tesseract;

  PdfFormat(Tesseract tesseract) {
    this.tesseract = tesseract;
  }

  @Override
  public String name() {
    return "pdf";
  }

  @Override
  public String reads() {
    return ".pdf, also scanned ones (by Tesseract)";
  }

  @Override
  public boolean recognises(SourceFile file) {
    return isPdf(file.head());
  }

  /** Whether these bytes begin a PDF; some have rubbish in front. */
  static boolean isPdf(byte[] head) {
    int until = Math.min(head.length - 4, 1024);
    for (int i = 0; i < until; i++) {
      if (head[i] == '%' && head[i + 1] == 'P' && head[i + 2] == 'D' && head[i + 3] == 'F') {
        return true;
      }
    }
    return false;
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    var text = new PageText();
    var fields = new LinkedHashMap<String, String>();
    try (RandomAccessRead bytes = bytes(file)) {
      fill(bytes, text, fields, options, tesseract);
    } catch (UnreadableException e) {
      sink.reject(file.origin(0), e.getMessage());
      return;
    }
    sink.accept(text.document(file.stem(), fields, file.origin(1)));
  }

  private static RandomAccessRead bytes(SourceFile file) throws IOException {
    if (!file.isCompressed()) {
      return new RandomAccessReadBufferedFile(file.path());
    }
    try (InputStream in = file.open()) {
      return new RandomAccessReadBuffer(in);
    }
  }

  /** Why a PDF cannot be read, in words without its text. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String problem) {
      super(problem);
    }
  }

  /**
   * Adds the pages of a PDF to a text, and what is known of them to the fields.
   *
   * @throws IOException if Tesseract is needed and cannot be started
   */
  static void fill(
      RandomAccessRead pdf,
      PageText text,
      Map<String, String> fields,
      IngestOptions options,
      Tesseract tesseract)
      throws IOException, UnreadableException {
    PdfLog.quiet();
    try (PDDocument document =
        Loader.loadPDF(pdf, "", null, null, IOUtils.createMemoryOnlyStreamCache())) {
      if (document.isEncrypted() && !document.getCurrentAccessPermission().canExtractContent()) {
        throw new UnreadableException(
            "is encrypted and forbids to extract its text; save it without protection first");
      }
      pages(document, text, fields, options, tesseract);
    } catch (InvalidPasswordException e) {
      throw new UnreadableException("is encrypted; save it without a password first");
    } catch (Tesseract.MissingException e) {
      throw e;
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new UnreadableException(
          isAboutProtection(e)
              ? "is encrypted in a way that is not read; save it without protection first"
              : "is damaged, or is no PDF");
    }
  }

  private static boolean isAboutProtection(Throwable e) {
    String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return said.contains("crypt") || said.contains("security") || said.contains("bouncycastle");
  }

  private static void pages(
      PDDocument document,
      PageText text,
      Map<String, String> fields,
      IngestOptions options,
      Tesseract tesseract)
      throws IOException {
    var glyphs = new PageGlyphs();
    var confidence = new Confidence();
    int count = document.getNumberOfPages();
    int empty = 0;
    for (int i = 0; i < count; i++) {
      PDPage page = document.getPage(i);
      int start = text.beginPage();
      String between = "";
      for (List<Glyph> angle : glyphs.of(document, i)) {
        for (String line : PageLayout.lines(angle)) {
          text.add(between);
          text.add(line);
          between = "\n";
        }
      }
      if (between.isEmpty() && isScan(page.getResources(), 0)) {
        BufferedImage image = new PDFRenderer(document).renderImageWithDPI(i, DPI, ImageType.GRAY);
        tesseract.read(image, options.ocrLanguage(), text, confidence);
      }
      empty += text.endPage(start) ? 0 : 1;
    }
    fields.put("pages", Integer.toString(count));
    fields.put("pages_empty", Integer.toString(empty));
    confidence.tell(fields);
    String title = document.getDocumentInformation().getTitle();
    if (title != null && !title.isBlank()) {
      fields.put("title", title.strip());
    }
    var created = document.getDocumentInformation().getCreationDate();
    if (created != null) {
      fields.put("date", String.format(Locale.ROOT, "%tF", created));
    }
  }

  /** Whether a page has an image that is large enough to be a page. */
  private static boolean isScan(PDResources resources, int depth) throws IOException {
    if (resources == null || depth > DEPTH) {
      return false;
    }
    for (COSName name : resources.getXObjectNames()) {
      PDXObject object = resources.getXObject(name);
      boolean scan =
          switch (object) {
            case PDImageXObject image -> image.getWidth() * image.getHeight() >= SCAN_PIXELS;
            case PDFormXObject form -> isScan(form.getResources(), depth + 1);
            case null, default -> false;
          };
      if (scan) {
        return true;
      }
    }
    return false;
  }
}
