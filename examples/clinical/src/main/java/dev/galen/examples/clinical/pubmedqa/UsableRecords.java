package dev.galen.examples.clinical.pubmedqa;

import dev.galen.examples.clinical.pipeline.Reject;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.train.data.Example;
import dev.galen.train.data.Origin;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowFields;
import dev.galen.train.format.RowSchema;
import dev.galen.train.format.RowSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The records of a file that can be learned and measured, and what is amiss with the others: a
 * record without id, decision or long answer, one of an id that stood before, one whose fields are
 * not as they should be. A file that cannot be read to its end is none.
 *
 * @param data what is left, at least one record
 * @param rejects the others
 */
public record UsableRecords(PubMedQa data, List<Rejected> rejects) {
  /** The file of rejects in a run's folder. */
  public static final String FILE = "rejects.jsonl";

  /** A record that is left out. */
  public record Rejected(Origin origin, String problem) {}

  /** Copies the list. */
  public UsableRecords {
    rejects = List.copyOf(rejects);
  }

  /**
   * Reads a file.
   *
   * @throws IOException in one line, if it cannot be read, or no record of it can be used
   */
  public static UsableRecords read(Path file) throws IOException {
    var rejects = new ArrayList<Rejected>();
    List<RowSchema> schemas = new ArrayList<>();
    RowSchemas.standard().list().forEach(schema -> schemas.add(new Lenient(schema, rejects)));
    var good = new ArrayList<QuestionExample>();
    var places = new HashMap<String, Origin>();
    var examples = new ArrayList<Example>();
    DataFiles.read(file, RowSchemas.of(schemas), examples::add);
    for (Example example : examples) {
      Optional<String> problem =
          example instanceof QuestionExample record
              ? problem(record, places)
              : Optional.of("the record is no question; expected PubMedQA's QUESTION or question");
      if (problem.isPresent()) {
        rejects.add(new Rejected(example.origin(), problem.get()));
      } else {
        good.add((QuestionExample) example);
      }
    }
    if (good.isEmpty()) {
      Rejected first = rejects.getFirst();
      throw first.origin().error(first.problem());
    }
    return new UsableRecords(new PubMedQa(good), rejects);
  }

  private static Optional<String> problem(QuestionExample record, Map<String, Origin> places) {
    if (record.id().isEmpty()) {
      return Optional.of("the record has no pubid");
    }
    if (record.decision() == null) {
      return Optional.of("the record has no final_decision; expected yes, no or maybe");
    }
    if (record.answer().isBlank()) {
      return Optional.of("the record has no LONG_ANSWER");
    }
    Origin other = places.putIfAbsent(record.id(), record.origin());
    return other == null
        ? Optional.empty()
        : Optional.of("the pubid %s stands at %s, too".formatted(record.id(), other));
  }

  /** Writes the rejects into a run's folder; no file where there are none. */
  public void writeRejects(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (rejects.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    var lines = new StringBuilder();
    for (Rejected reject : rejects) {
      lines.append(Reject.json(reject.origin(), reject.problem())).append('\n');
    }
    AtomicFile.writeString(file, lines.toString());
  }

  /** One line for people; empty where nothing is amiss. */
  public Optional<String> line(Path folder) {
    return rejects.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "rejects: %d of %d records; the first: %s: %s; see %s"
                .formatted(
                    rejects.size(),
                    rejects.size() + data.records().size(),
                    rejects.getFirst().origin(),
                    rejects.getFirst().problem(),
                    folder.resolve(FILE)));
  }

  /** Reads as another schema does, and passes over rows that it refuses. */
  private record Lenient(RowSchema schema, List<Rejected> rejects) implements RowSchema {
    @Override
    public String name() {
      return schema.name();
    }

    @Override
    public Set<String> fields() {
      return schema.fields();
    }

    @Override
    public Set<String> objectFields() {
      return schema.objectFields();
    }

    @Override
    public boolean matches(RowFields row) {
      return schema.matches(row);
    }

    @Override
    public boolean misses(String field, RowFields row) {
      return schema.misses(field, row);
    }

    @Override
    public boolean permits(String field, RowFields row) {
      return schema.permits(field, row);
    }

    @Override
    public Example read(RowFields row) {
      try {
        return schema.read(row);
      } catch (IOException | IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        String place = row.origin() + ": ";
        rejects.add(
            new Rejected(
                row.origin(),
                message.startsWith(place) ? message.substring(place.length()) : message));
        return null;
      }
    }
  }
}
