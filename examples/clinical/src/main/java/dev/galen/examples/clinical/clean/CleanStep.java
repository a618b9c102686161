package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.examples.clinical.pipeline.DocumentRun;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import dev.galen.examples.clinical.pipeline.RunCounts;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Cleans the text of documents, and fields that hold text. What is left empty by it is rejected; a
 * run of which it emptied more than 1% of the records fails, since then something is wrong with the
 * cleaning or with the data.
 */
public final class CleanStep implements DocumentStep, DocumentRun.Check {
  private static final String TEXT = "text";

  /** One of so many records may be emptied. */
  private static final int EMPTIED_PART = 100;

  private static final String EMPTIED = "the field %s is empty after cleaning";

  private final Cleaning cleaning;
  private final List<String> fields;
  private final SpellingCorrector spelling;
  private final LongAdder seen = new LongAdder();
  private final Map<String, LongAdder> emptied = new LinkedHashMap<>();
  private final Map<String, LongAdder> present = new LinkedHashMap<>();

  /**
   * @param fields of the document to clean besides its text
   * @param spelling what corrects the cleaned text; null for nothing
   */
  public CleanStep(Cleaning cleaning, List<String> fields, SpellingCorrector spelling) {
    this.cleaning = cleaning;
    this.fields = List.copyOf(fields);
    this.spelling = spelling;
    emptied.put(TEXT, new LongAdder());
    for (String field : fields) {
      emptied.put(field, new LongAdder());
      present.put(field, new LongAdder());
    }
  }

  @Override
  public void apply(Document document, Consumer<Document> out) throws RejectedException {
    seen.increment();
    Cleaned cleaned = cleaning.clean(document.text());
    requireRest(TEXT, document.text(), cleaned.text());
    Document result = cleaned.applyTo(document);
    if (spelling != null) {
      result = spelling.apply(result);
    }
    for (String field : fields) {
      String value = document.field(field);
      if (value != null) {
        present.get(field).increment();
        String clean = cleaning.clean(value).text();
        requireRest(field, value, clean);
        result = clean.equals(value) ? result : result.with(field, clean);
      }
    }
    out.accept(result);
  }

  private void requireRest(String field, String before, String after) throws RejectedException {
    if (after.isBlank() && !before.isBlank()) {
      emptied.get(field).increment();
      throw new RejectedException(EMPTIED.formatted(field));
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException if more than 1% of the records were emptied, or no record has a field
   */
  @Override
  public void finished(RunCounts counts, Map<String, Long> problems) throws IOException {
    for (Map.Entry<String, LongAdder> field : emptied.entrySet()) {
      String problem = EMPTIED.formatted(field.getKey());
      long count = Math.max(field.getValue().sum(), problems.getOrDefault(problem, 0L));
      if (count * EMPTIED_PART > counts.read()) {
        throw new IOException(
            ("the field %s is empty after cleaning in %,d of %,d records, more than 1%%; nothing was"
                    + " written; see what is wrong with the data, or leave the field out")
                .formatted(field.getKey(), count, counts.read()));
      }
    }
    boolean whole = seen.sum() > 0 && seen.sum() + counts.rejected() >= counts.read();
    for (Map.Entry<String, LongAdder> field : present.entrySet()) {
      if (whole && field.getValue().sum() == 0) {
        throw new IOException(
            "--field is " + field.getKey() + "; none of the records has such a field");
      }
    }
  }
}
