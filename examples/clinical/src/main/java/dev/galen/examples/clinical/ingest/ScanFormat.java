package dev.galen.examples.clinical.ingest;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Images of pages, read by Tesseract; a TIFF may have several. */
final class ScanFormat implements SourceFormat {
  private final Tesseract tesseract;

  ScanFormat(Tesseract tesseract) {
    this.tesseract = tesseract;
  }

  @Override
  public String name() {
    return "scan";
  }

  @Override
  public String reads() {
    return ".png, .tif, .tiff, .jpg, .jpeg, .bmp: scans (by Tesseract)";
  }

  @Override
  public boolean recognises(SourceFile file) {
    return file.endsIn("png", "tif", "tiff", "jpg", "jpeg", "bmp");
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    PdfLog.quiet();
    ImageIO.setUseCache(false); // else images lie in temporary files
    var text = new PageText();
    var confidence = new Confidence();
    var fields = new LinkedHashMap<String, String>();
    int pages = 0;
    int empty = 0;
    try (InputStream in = file.open();
        ImageInputStream stream = ImageIO.createImageInputStream(in)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        sink.reject(file.origin(0), "is no image that can be read");
        return;
      }
      ImageReader reader = readers.next();
      reader.setInput(stream);
      int count = reader.getNumImages(true);
      for (; pages < count; pages++) {
        BufferedImage image = reader.read(pages);
        int start = text.beginPage();
        tesseract.read(image, options.ocrLanguage(), text, confidence);
        empty += text.endPage(start) ? 0 : 1;
      }
      reader.dispose();
    } catch (Tesseract.MissingException e) {
      throw file.origin(0).error(e.getMessage());
    } catch (IOException | RuntimeException e) {
      sink.reject(file.origin(0), "is no whole image (page %d)".formatted(pages + 1));
      return;
    }
    fields.put("pages", Integer.toString(pages));
    fields.put("pages_empty", Integer.toString(empty));
    confidence.tell(fields);
    sink.accept(text.document(file.stem(), fields, file.origin(1)));
  }
}
