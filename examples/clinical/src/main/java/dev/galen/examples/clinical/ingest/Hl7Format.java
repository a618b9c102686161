package dev.galen.examples.clinical.ingest;

import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HL7 v2 messages, {@code ORU} and {@code MDM}, one after another, in batches or framed for a
 * connection. Each {@code OBR} with its {@code OBX} is a document ({@link Hl7Report}). Segments end
 * in CR, or in LF where a file was saved so. Other messages are left out.
 */
final class Hl7Format implements SourceFormat {
  private static final Pattern BEGIN = Pattern.compile("\\A[\\x0B\\s]*(MSH|FHS|BHS)[^\\w\\s]");
  private static final Pattern SEGMENT = Pattern.compile("[A-Z][A-Z0-9]{2}\\W.*", Pattern.DOTALL);

  /** Where a message's header names its charset, and that charset in Java. */
  private static final int CHARSET_FIELD = 18;

  private static final Map<String, Charset> CHARSETS =
      Map.of(
          "8859/1", StandardCharsets.ISO_8859_1,
          "8859/2", Charset.forName("ISO-8859-2"),
          "8859/5", Charset.forName("ISO-8859-5"),
          "8859/7", Charset.forName("ISO-8859-7"),
          "8859/9", Charset.forName("ISO-8859-9"),
          "8859/15", Charset.forName("ISO-8859-15"),
          "UNICODE UTF-8", StandardCharsets.UTF_8,
          "ASCII", StandardCharsets.UTF_8);

  private final Tesseract tesseract;

  Hl7Format(Tesseract tesseract) {
    this.tesseract = tesseract;
  }

  @Override
  public String name() {
    return "hl7";
  }

  @Override
  public String reads() {
    return "HL7 v2 messages (ORU, MDM)";
  }

  @Override
  public boolean recognises(SourceFile file) {
    return BEGIN.matcher(file.headText()).find();
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    Charset charset = charset(file, options.charset());
    var attachments = new Attachment(options, tesseract);
    List<String> segments = new ArrayList<>();
    Origin begin = file.origin(1);
    try (var lines = new Segments(file.text(charset), endsInCarriageReturn(file.headText()))) {
      while (lines.next()) {
        String segment = lines.text();
        if (segment.startsWith("MSH")) {
          message(segments, begin, charset, attachments, sink);
          segments.clear();
          begin = file.origin(lines.number());
        }
        add(segment, segments);
      }
    }
    message(segments, begin, charset, attachments, sink);
  }

  /** A line that is no segment goes on with the one before; so does ADD. */
  private static void add(String segment, List<String> segments) {
    if (segment.isBlank() || segment.matches("(FHS|BHS|FTS|BTS)\\W.*")) {
      return;
    }
    if (segment.startsWith("ADD") && segment.length() > 4 && !segments.isEmpty()) {
      segments.add(segments.removeLast() + segment.substring(4));
    } else if (SEGMENT.matcher(segment).matches() || segments.isEmpty()) {
      segments.add(segment);
    } else {
      segments.add(segments.removeLast() + "\n" + segment);
    }
  }

  private static void message(
      List<String> segments, Origin begin, Charset charset, Attachment attachments, RecordSink sink)
      throws IOException {
    if (segments.isEmpty()) {
      return;
    }
    String header = segments.getFirst();
    if (!header.startsWith("MSH") || header.length() < 8) {
      sink.reject(begin, "no message: it does not begin with MSH and its delimiters");
      return;
    }
    char separator = header.charAt(3);
    int end = header.indexOf(separator, 4);
    String others = header.substring(4, end < 0 ? header.length() : end);
    var escapes = new Hl7Escapes(separator, others, charset);
    new Hl7Report(segments, separator, escapes, begin, attachments, sink).read();
  }

  private static boolean endsInCarriageReturn(String head) {
    int cr = head.indexOf('\r');
    return cr >= 0 && !head.startsWith("\n", cr + 1);
  }

  private static Charset charset(SourceFile file, Charset otherwise) {
    Matcher header = Pattern.compile("MSH[^\\r\\n]*").matcher(file.headText());
    if (!header.find() || header.group().length() < 5) {
      return otherwise;
    }
    String[] fields = header.group().split(Pattern.quote(header.group().substring(3, 4)), -1);
    if (fields.length < CHARSET_FIELD) {
      return otherwise;
    }
    String named = fields[CHARSET_FIELD - 1].split("[~^]", 2)[0].strip();
    return CHARSETS.getOrDefault(named, otherwise);
  }

  /** Segments of a file, with the lines that they begin on; framing bytes are left out. */
  private static final class Segments implements AutoCloseable {
    private static final int LONGEST = 1 << 26;
    private final java.io.Reader in;
    private final boolean returns;
    private final StringBuilder text = new StringBuilder();
    private int ahead = -2;
    private long number = 1;
    private long next = 1;

    /** Segments that end in CR alone, or else in LF or CR LF. */
    Segments(java.io.Reader in, boolean returns) {
      this.in = new java.io.BufferedReader(in, 1 << 16);
      this.returns = returns;
    }

    boolean next() throws IOException {
      text.setLength(0);
      number = next;
      int c = ahead == -2 ? in.read() : ahead;
      ahead = -2;
      if (c < 0) {
        return false;
      }
      for (; c >= 0; c = in.read()) {
        if (c == '\r' || c == '\n' && !returns) {
          break;
        }
        if (c == '\n') {
          next++;
        }
        boolean framing = c == 0x0B || c == 0x1C;
        if (!framing && text.length() < LONGEST && !(c == '\n' && text.isEmpty())) {
          text.append((char) c);
        }
      }
      next += c < 0 ? 0 : 1;
      if (c == '\r' && !returns) {
        ahead = in.read();
        if (ahead == '\n') {
          ahead = -2;
        }
      }
      return c >= 0 || !text.isEmpty();
    }

    String text() {
      return text.toString();
    }

    long number() {
      return number;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
