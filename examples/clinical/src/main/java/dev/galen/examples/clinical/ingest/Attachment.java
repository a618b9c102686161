package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.RejectedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/** What messages carry as bytes: text, HTML or a PDF. Anything else is refused by its name. */
final class Attachment {
  private static final Set<String> TEXT = Set.of("text/plain", "text/markdown", "text/x-markdown");
  private static final Set<String> HTML = Set.of("text/html", "application/xhtml+xml");
  private static final Pattern CHARSET = Pattern.compile("(?i)charset\\s*=\\s*\"?([\\w.:-]+)");

  private final IngestOptions options;
  private final Tesseract tesseract;

  Attachment(IngestOptions options, Tesseract tesseract) {
    this.options = options;
    this.tesseract = tesseract;
  }

  /** Whether bytes of this type are read. */
  static boolean reads(String contentType) {
    String type = type(contentType);
    return TEXT.contains(type) || HTML.contains(type) || type.equals("application/pdf");
  }

  private static String type(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /**
   * The bytes that Base64 spells, white space in it left out.
   *
   * @throws RejectedException if it is none
   */
  static byte[] decode(String base64) throws RejectedException {
    try {
      return Base64.getDecoder().decode(base64.replaceAll("\\s+", ""));
    } catch (IllegalArgumentException e) {
      throw new RejectedException("the data of an attachment are no Base64");
    }
  }

  /**
   * The text of some bytes.
   *
   * @throws RejectedException if their type is not read, or they are not of it
   */
  String text(String contentType, byte[] bytes) throws RejectedException, IOException {
    String type = type(contentType);
    if (type.equals("application/pdf")) {
      return pdf(bytes);
    }
    if (!TEXT.contains(type) && !HTML.contains(type)) {
      boolean rtf = type.endsWith("rtf");
      throw new RejectedException(
          "an attachment of type %s is not read%s; expected text/plain, text/html, application/pdf"
              .formatted(printable(type), rtf ? " (rich text)" : ""));
    }
    var text = new StringBuilder();
    try (var reader = TextReader.of(new ByteArrayInputStream(bytes), charset(contentType))) {
      var buffer = new char[1 << 13];
      for (int count; (count = reader.read(buffer, 0, buffer.length)) >= 0; ) {
        text.append(buffer, 0, count);
      }
    }
    return HTML.contains(type) ? HtmlText.of(text.toString()) : text.toString();
  }

  /** A type comes from the message and may be anything. */
  private static String printable(String type) {
    return type.matches("[\\w.+-]{1,40}/[\\w.+-]{1,60}") ? type : "unknown";
  }

  private static Charset charset(String contentType) throws RejectedException {
    Matcher named = CHARSET.matcher(contentType);
    if (!named.find()) {
      return StandardCharsets.UTF_8;
    }
    try {
      return Charset.forName(named.group(1));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new RejectedException("an attachment in the charset " + named.group(1) + ", not known");
    }
  }

  private String pdf(byte[] bytes) throws RejectedException, IOException {
    var text = new PageText();
    try {
      PdfFormat.fill(new RandomAccessReadBuffer(bytes), text, new HashMap<>(), options, tesseract);
    } catch (PdfFormat.UnreadableException e) {
      throw new RejectedException("an attached PDF " + e.getMessage());
    }
    return text.document("", java.util.Map.of(), dev.galen.train.data.Origin.MEMORY).text();
  }
}
