package dev.galen.examples.clinical.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.galen.train.data.Origin;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * RFC 4180 with a header: quoted fields with doubled quotes and line breaks inside, between commas,
 * tabs, semicolons or bars. A comma is expected unless the header has another of them and no comma.
 */
final class CsvFormat implements SourceFormat {
  /** A field longer than this many characters means a quote left open. */
  private static final int MAX_FIELD = 1 << 24;

  private static final char[] SEPARATORS = {',', '\t', ';', '|'};

  @Override
  public String name() {
    return "csv";
  }

  @Override
  public String reads() {
    return ".csv, .tsv, .tab with a header (comma, tab, semicolon or bar)";
  }

  @Override
  public boolean recognises(SourceFile file) {
    return file.endsIn("csv", "tsv", "tab");
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    var documents = new RowDocuments(options, sink);
    Origin last = file.origin(1);
    try (var quotes = new QuoteCounter(file.text(options.charset()));
        var records =
            CsvReader.builder()
                .fieldSeparator(separator(file))
                .allowExtraFields(true)
                .allowMissingFields(true)
                .maxBufferSize(MAX_FIELD)
                .ofCsvRecord(quotes)) {
      List<String> header = null;
      for (CsvRecord record : records) {
        last = file.origin(record.getStartingLineNumber());
        if (header == null) {
          header = header(record, last);
          documents.header(header, last);
        } else if (record.getFieldCount() != header.size()) {
          documents.malformed(last, width(record, header, quotes));
        } else if (quotes.ended && quotes.odd && record.getFields().getLast().length() > 0) {
          documents.malformed(last, "a quoted field is not closed in or after this record");
        } else {
          documents.take("", row(header, record), last);
        }
      }
    } catch (CsvParseException e) {
      if (root(e) instanceof IOException fault) {
        throw fault;
      }
      // What follows cannot be told apart any more: a quote was left open for too long.
      sink.reject(
          file.origin(last.line() + 1),
          "a quoted field of over %d characters behind this line is not closed; the rest is not read"
              .formatted(MAX_FIELD));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static char separator(SourceFile file) {
    if (file.endsIn("tsv", "tab")) {
      return '\t';
    }
    String header = file.headText().lines().findFirst().orElse("");
    for (char separator : SEPARATORS) {
      if (header.indexOf(separator) >= 0) {
        return separator;
      }
    }
    return ',';
  }

  private static List<String> header(CsvRecord record, Origin origin) throws IOException {
    var header = record.getFields().stream().map(String::strip).toList();
    var seen = new HashSet<String>();
    for (String name : header) {
      if (!name.isEmpty() && !seen.add(name.toLowerCase(Locale.ROOT))) {
        throw origin.error("the header names a column twice; expected each once");
      }
    }
    return header;
  }

  private static String width(CsvRecord record, List<String> header, QuoteCounter quotes) {
    if (quotes.ended && quotes.odd) {
      return "a quoted field is not closed in or after this record";
    }
    return "the record has %d fields and the header has %d"
        .formatted(record.getFieldCount(), header.size());
  }

  private static ObjectNode row(List<String> header, CsvRecord record) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < header.size(); i++) {
      String value = record.getField(i);
      if (!header.get(i).isEmpty() && !value.isEmpty()) {
        row.put(header.get(i), value);
      } else if (!header.get(i).isEmpty()) {
        row.putNull(header.get(i)); // the column is there, the value is not
      }
    }
    return row;
  }

  private static Throwable root(Throwable e) {
    while (e.getCause() != null) {
      e = e.getCause();
    }
    return e;
  }

  /** Knows whether all quotes so far pair up: the CSV reader takes an open one for closed. */
  private static final class QuoteCounter extends FilterReader {
    private boolean odd;
    private boolean ended;

    QuoteCounter(Reader in) {
      super(in);
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      for (int i = offset; i < offset + count; i++) {
        odd ^= target[i] == '"';
      }
      ended |= count < 0;
      return count;
    }
  }
}
