package dev.galen.train.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads data files into {@link Example}s.
 *
 * <table>
 *   <caption>What is read</caption>
 *   <tr><th>file</th><th>record</th></tr>
 *   <tr><td>{@code .json}</td><td>PubMedQA's {@code {id: {QUESTION, CONTEXTS, LONG_ANSWER,
 *       final_decision}}}, an array of rows, or rows one after another</td></tr>
 *   <tr><td>{@code .jsonl .ndjson}</td><td>one row, an object, on each line</td></tr>
 *   <tr><td>{@code .csv}</td><td>RFC 4180 with a header; each record a row</td></tr>
 *   <tr><td>{@code .tsv .tab}</td><td>the same with tabs for commas</td></tr>
 *   <tr><td>{@code .txt .text .md}</td><td>one document</td></tr>
 *   <tr><td>what a {@link DataFormat} reads</td><td>such as {@code .parquet}, {@code .arrow} and the
 *       folders of HuggingFace's {@code datasets} with {@code galen-formats} on the path; each row a
 *       row</td></tr>
 *   <tr><td>any other name</td><td>JSON when it begins like JSON, else one document</td></tr>
 * </table>
 *
 * <p>A row is told by its fields, in this order ({@link RowSchemas#standard}):
 *
 * <table>
 *   <caption>What rows are</caption>
 *   <tr><th>fields</th><th>becomes</th></tr>
 *   <tr><td>{@code input_ids}, and {@code labels}; {@code position_ids} that restart, or {@code
 *       seq_lengths}, where several texts are packed into the row</td><td>{@link
 *       dev.galen.train.data.TokenExample}</td></tr>
 *   <tr><td>{@code question}, and {@code answer} or {@code long_answer}, or the choice that {@code
 *       answer_idx}, {@code answerKey} or {@code cop} names; {@code context} or {@code passage};
 *       {@code options} or {@code choices} in any of the forms that data sets have, which stand
 *       behind the context; {@code final_decision} or {@code decision}</td><td>{@link
 *       dev.galen.train.data.QuestionExample}</td></tr>
 *   <tr><td>{@code messages}, or {@code prompt} and {@code completion} as lists of messages; {@code
 *       tools} and {@code chat_template_kwargs}</td><td>{@link
 *       dev.galen.train.data.ChatExample}</td></tr>
 *   <tr><td>{@code prompt} and {@code completion}</td><td>{@link
 *       dev.galen.train.data.PromptExample}</td></tr>
 *   <tr><td>{@code dialogue}, and {@code section_text} or {@code note}</td><td>{@link
 *       dev.galen.train.data.QuestionExample}</td></tr>
 *   <tr><td>{@code text}</td><td>{@link dev.galen.train.data.TextExample}</td></tr>
 *   <tr><td>{@code instruction}, {@code output}, and {@code input}, in Alpaca's
 *       prompt</td><td>{@link dev.galen.train.data.PromptExample}</td></tr>
 * </table>
 *
 * <p>A row that gives one of these fields beside a shape that does not read it is refused, as are
 * fields that contradict each other. Fields of other names are ignored, whatever they hold, and
 * rows of blank {@code text} are passed over, as data sets of running text hold many. JSON is what
 * Python's {@code json} module reads: {@code NaN} in a field that is not read is taken.
 *
 * <p>Files are UTF-8, with or without a byte order mark, and are read as a stream. Whatever is
 * wrong ends in an {@link IOException} whose message is one line: file, line, what was expected.
 */
public final class DataFiles {

  private static final Set<String> TEXT_SUFFIXES = Set.of("txt", "text", "md");

  /** What names of files end in that are read here, without the help of a service. */
  static final Set<String> ENDINGS =
      Set.of("json", "jsonl", "ndjson", "csv", "tsv", "tab", "txt", "text", "md");

  /** Files of up to this part of the heap are held; as objects they may take several times more. */
  private static final int HELD_PART = 16;

  private DataFiles() {}

  /**
   * Reads files, one after another.
   *
   * @param files the files, in the order in which their records shall stand
   * @return at least one record
   * @throws IOException if a file cannot be read, or holds nothing, or is malformed
   */
  public static List<Example> read(Path... files) throws IOException {
    if (files.length == 0) {
      throw new IllegalArgumentException("no data file given; expected at least one");
    }
    var examples = new ArrayList<Example>();
    for (Path file : files) {
      read(file, examples::add);
    }
    return examples;
  }

  /**
   * Reads files, one after another, to their end, so that whatever is wrong in them is found now.
   * The examples of files that are small beside the heap are held; others are read again each time.
   *
   * @param files the files, in the order in which their records shall stand
   * @throws IOException if a file cannot be read, or holds nothing, or is malformed
   */
  public static Examples examples(List<Path> files) throws IOException {
    return examples(files, RowSchemas.standard());
  }

  /** The same with other schemas for rows. */
  public static Examples examples(List<Path> files, RowSchemas schemas) throws IOException {
    return examples(files, schemas, Runtime.getRuntime().maxMemory() / HELD_PART);
  }

  /**
   * The same, with the bound given.
   *
   * @param heldBytes how many bytes all files may have together for their examples to be held
   */
  public static Examples examples(List<Path> files, RowSchemas schemas, long heldBytes)
      throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no data file given; expected at least one");
    }
    for (Path file : files) {
      requireReadable(file);
    }
    StampedFiles stamped = StampedFiles.of(files, schemas);
    if (stamped.bytes() > heldBytes || DataFormats.bytes(files) > heldBytes) {
      return Examples.of(stamped);
    }
    var examples = new ArrayList<Example>();
    for (Path file : files) {
      read(file, schemas, examples::add);
    }
    return Examples.of(examples);
  }

  /**
   * What hands out the examples of files each time it is asked. Nothing is read now, but that the
   * files are there.
   *
   * @throws IOException if there is no such file, or it is none of data
   */
  public static Examples.Source source(List<Path> files, RowSchemas schemas) throws IOException {
    for (Path file : files) {
      requireReadable(file);
    }
    return StampedFiles.of(files, schemas);
  }

  /** The files that the rows of a file or a folder come from. */
  public static List<Path> files(Path path) throws IOException {
    return DataFormats.files(path);
  }

  /**
   * Reads one file record by record, for what is too large to be held as a list.
   *
   * @param file the file
   * @param sink gets each record as soon as it is read
   * @throws IOException if the file cannot be read, or holds nothing, or is malformed
   */
  public static void read(Path file, Consumer<Example> sink) throws IOException {
    read(file, RowSchemas.standard(), sink);
  }

  /**
   * The same with other schemas for rows. A text file is one row with the field {@code text}.
   *
   * @param schemas what becomes of a row
   */
  public static void read(Path file, RowSchemas schemas, Consumer<Example> sink)
      throws IOException {
    requireReadable(file);
    var counted = new CountingSink(sink);
    Optional<DataFormat> format = DataFormats.of(file);
    try {
      if (format.isPresent()) {
        format.get().read(file, new SchemaSink(schemas, counted));
      } else {
        read(file, Layout.of(file, schemas), schemas, counted);
      }
    } catch (OutOfMemoryError e) {
      throw HeapFull.of(file, e);
    }
    if (counted.count == 0) {
      throw new Origin(file.toString(), 0).error("holds no records; expected at least one");
    }
  }

  private static void read(Path file, Layout layout, RowSchemas schemas, Consumer<Example> sink)
      throws IOException {
    switch (layout) {
      case JSON -> new JsonFile(file, schemas).readDocument(sink);
      case JSON_LINES -> new JsonFile(file, schemas).readLines(sink);
      case CSV -> CsvFile.read(file, ',', schemas, sink);
      case TSV -> CsvFile.read(file, '\t', schemas, sink);
      case TEXT -> readText(file, schemas, sink);
    }
  }

  /**
   * The data sets of a folder that holds several, by name, such as what {@code DatasetDict}'s
   * {@code save_to_disk} writes; none for what is read as one.
   *
   * @throws IOException if the folder cannot be read
   */
  public static Map<String, Path> splits(Path path) throws IOException {
    return DataFormats.splits(path);
  }

  /**
   * Reads the rows of a file or folder whose format a {@link DataFormat} brings, as they are.
   *
   * @return whether there is such a format; if not, nothing was read
   * @throws IOException if it cannot be read, or holds nothing, or is malformed
   */
  public static boolean readRows(Path file, RowSink rows) throws IOException {
    Optional<DataFormat> format = DataFormats.of(file);
    if (format.isEmpty() && !Files.isDirectory(file)) {
      return false;
    }
    requireReadable(file);
    format.orElseThrow().read(file, rows);
    return true;
  }

  private static void requireReadable(Path file) throws IOException {
    var origin = new Origin(file.toString(), 0);
    try {
      if (!Files.isDirectory(file) && Files.size(file) == 0) {
        throw origin.error("is empty; expected at least one record");
      }
    } catch (NoSuchFileException e) {
      if (DataFormats.files(file).equals(List.of(file))) { // and no pattern of several
        throw origin.error("no such file");
      }
    }
    DataFormats.requireReadable(file, origin);
  }

  private static void readText(Path file, RowSchemas schemas, Consumer<Example> sink)
      throws IOException {
    if (Files.size(file) >= Integer.MAX_VALUE) {
      throw new Origin(file.toString(), 0)
          .error("larger than 2 GiB; cut it into several documents, or JSON lines with text");
    }
    var text = new StringBuilder();
    try (Reader reader = Utf8Reader.open(file)) {
      var buffer = new char[1 << 16];
      for (int count; (count = reader.read(buffer)) >= 0; ) {
        text.append(buffer, 0, count);
      }
    }
    ObjectNode row = JsonNodeFactory.instance.objectNode().put("text", text.toString());
    Example example = schemas.read(new RowFields(row, "", new Origin(file.toString(), 1)));
    if (example != null) {
      sink.accept(example);
    }
  }

  /** The part of the name after the last dot, in lower case; empty when there is none. */
  static String suffix(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1);
  }

  /** How a file is laid out: by its name, and by its beginning where the name does not say. */
  private enum Layout {
    JSON,
    JSON_LINES,
    CSV,
    TSV,
    TEXT;

    static Layout of(Path file, RowSchemas schemas) throws IOException {
      String suffix = suffix(file);
      if (suffix.equals("csv")) {
        return CSV;
      }
      if (suffix.equals("tsv") || suffix.equals("tab")) {
        return TSV;
      }
      if (TEXT_SUFFIXES.contains(suffix)) {
        return TEXT;
      }
      boolean namedLines = suffix.equals("jsonl") || suffix.equals("ndjson");
      boolean named = namedLines || suffix.equals("json");
      return switch (beginning(file)) {
        case "{" -> namedLines || new JsonFile(file, schemas).looksLikeLines() ? JSON_LINES : JSON;
        case "[{" -> JSON;
        default -> named ? JSON : TEXT;
      };
    }

    /** The first two characters that are not white space, or only the first if it is a brace. */
    private static String beginning(Path file) throws IOException {
      var found = new StringBuilder();
      try (Reader reader = Utf8Reader.open(file)) {
        for (int c; found.length() < 2 && (c = reader.read()) >= 0; ) {
          if (!Character.isWhitespace(c)) {
            found.append((char) c);
            if (c == '{') {
              break;
            }
          }
        }
      }
      return found.toString();
    }
  }

  private static final class CountingSink implements Consumer<Example> {
    private final Consumer<Example> sink;
    private long count;

    CountingSink(Consumer<Example> sink) {
      this.sink = sink;
    }

    @Override
    public void accept(Example example) {
      count++;
      sink.accept(example);
    }
  }
}
