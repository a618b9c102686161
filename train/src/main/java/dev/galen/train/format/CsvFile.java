package dev.galen.train.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.galen.train.data.Example;
import dev.galen.train.data.Origin;
import dev.galen.train.text.PythonText;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Reads CSV as RFC 4180 has it: commas, quoted fields with doubled quotes and line breaks inside, a
 * header; and the same with tabs for commas. Column names are compared in lower case.
 */
final class CsvFile {

  /** A field, say a dialogue, longer than this many characters means a quote left open. */
  private static final int MAX_FIELD = 1 << 27;

  private CsvFile() {}

  static void read(Path file, char separator, RowSchemas schemas, Consumer<Example> sink)
      throws IOException {
    Origin last = new Origin(file.toString(), 1);
    try (var quotes = new QuoteCounter(Utf8Reader.open(file));
        var records =
            CsvReader.builder()
                .fieldSeparator(separator)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .maxBufferSize(MAX_FIELD)
                .ofCsvRecord(quotes)) {
      List<String> header = null;
      for (CsvRecord record : records) {
        last = new Origin(file.toString(), record.getStartingLineNumber());
        if (header == null) {
          header = header(record, last);
        } else {
          requireWidth(record, header, separator, quotes, last);
          Example example = schemas.read(new RowFields(row(header, record), "", last));
          if (example != null) {
            sink.accept(example);
          }
        }
      }
      if (quotes.odd) {
        throw openQuote(last);
      }
    } catch (CsvParseException e) {
      if (root(e) instanceof OutOfMemoryError full) {
        throw full; // nothing is wrong with the file but its size
      }
      throw last.error("malformed CSV in or after this record: " + rootMessage(e));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static List<String> header(CsvRecord record, Origin origin) throws IOException {
    var header =
        record.getFields().stream()
            .map(name -> PythonText.strip(name).toLowerCase(Locale.ROOT))
            .toList();
    var seen = new HashSet<String>();
    for (String name : header) {
      if (!seen.add(name)) {
        throw origin.error("the header names the column \"" + name + "\" twice");
      }
    }
    return header;
  }

  private static void requireWidth(
      CsvRecord record, List<String> header, char separator, QuoteCounter quotes, Origin origin)
      throws IOException {
    if (record.getFieldCount() != header.size()) {
      if (quotes.ended && quotes.odd) {
        throw openQuote(origin);
      }
      throw origin.error(
          "the record has "
              + record.getFieldCount()
              + " fields and the header has "
              + header.size()
              + "; expected as many (quote a field that holds a "
              + (separator == ',' ? "comma" : "tab")
              + " or a line break)");
    }
  }

  private static IOException openQuote(Origin origin) {
    return origin.error(
        "a quoted field is not closed in or after this record; expected an even number of quotes"
            + " (a quote inside a quoted field is doubled)");
  }

  private static ObjectNode row(List<String> header, CsvRecord record) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < header.size(); i++) {
      row.put(header.get(i), record.getField(i));
    }
    return row;
  }

  private static Throwable root(Throwable e) {
    while (e.getCause() != null) {
      e = e.getCause();
    }
    return e;
  }

  private static String rootMessage(Throwable e) {
    return String.valueOf(root(e).getMessage()).lines().findFirst().orElse("");
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
