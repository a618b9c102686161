package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The documents of files and folders of any kind that Galen reads, one after the other.
 *
 * <p>A file that was named has to be readable; one that a folder holds and nothing reads is
 * rejected, and the others are gone on with. Ids are unique: where a source gives one again, the
 * later documents are called {@code ID#2}, {@code ID#3}, ...
 */
public final class IngestSource implements DocumentSource {
  /** What lies beside data and is none: licences and the like, and what Galen itself leaves. */
  private static final Pattern NO_DATA =
      Pattern.compile(
          "(licen[cs]e|readme|source|citation|changelog|copying|notice|sha256sums)"
              + "([-_.].*)?|.*\\.(manifest\\.json|rejects\\.jsonl|quarantine\\.jsonl|state|part|ann"
              + "|conf|md5|sha256|css|dtd|xsd)");

  private final List<Path> paths;
  private final IngestOptions options;
  private final Map<String, PublishedSet> published = new ConcurrentHashMap<>();
  private final Set<String> others = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> ids = new ConcurrentHashMap<>();
  private final Map<String, Long> leftOut = new TreeMap<>();
  private final Set<String> kinds = new java.util.TreeSet<>();
  private IdSet seen = new IdSet();
  private long repeated;

  /**
   * A source.
   *
   * @param paths files and folders; of a folder all files below it are read, in the order of their
   *     names
   * @throws IllegalArgumentException if the options name a format that there is not
   */
  public IngestSource(List<Path> paths, IngestOptions options) {
    if (options.format() != null && !SourceFormats.names().contains(options.format())) {
      throw new IllegalArgumentException(
          "format is %s; expected one of %s"
              .formatted(options.format(), String.join(", ", SourceFormats.names())));
    }
    this.paths = List.copyOf(paths);
    this.options = options;
  }

  /** A line for each kind of file and of rows that is read: its name and what it is. */
  public static List<String> formats() {
    return SourceFormats.lines();
  }

  /** A file, and the folder below which it was found, or null. */
  private record Found(Path file, Path root) {}

  private List<Found> found() throws IOException {
    List<Found> found = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.isDirectory(path)) {
        found.add(new Found(path, null));
        continue;
      }
      try (Stream<Path> files = Files.walk(path)) {
        files
            .filter(Files::isRegularFile)
            .filter(file -> path.relativize(file).toString().indexOf("/.") < 0)
            .filter(file -> !file.getFileName().toString().startsWith("."))
            .sorted()
            .forEach(file -> found.add(new Found(file, path)));
      } catch (java.io.UncheckedIOException e) {
        throw ErrorText.named(path, e.getCause());
      }
    }
    return found;
  }

  /** All files that are read. */
  public List<Path> files() throws IOException {
    return found().stream().filter(one -> !isNoData(one)).map(Found::file).toList();
  }

  private static boolean isNoData(Found found) {
    String name = found.file().getFileName().toString().toLowerCase(Locale.ROOT);
    return found.root() != null && NO_DATA.matcher(name).matches();
  }

  @Override
  public void read(Sink sink) throws IOException {
    synchronized (this) {
      published.clear();
      others.clear();
      leftOut.clear();
      kinds.clear();
      ids.clear();
      seen = new IdSet();
      repeated = 0;
    }
    for (Found found : found()) {
      if (isNoData(found)) {
        continue;
      }
      read(found, sink);
    }
    sink.end();
  }

  private void read(Found found, Sink sink) throws IOException {
    var origin = new Origin(found.file().toString(), 0);
    FileSink taken = null;
    try {
      if (Files.size(found.file()) == 0) {
        throw origin.error("is empty");
      }
      SourceFile file = SourceFile.of(found.file(), found.root(), options.charset());
      SourceFormat format = SourceFormats.of(file, options);
      taken = new FileSink(format.name(), sink);
      format.read(file, options, taken);
    } catch (NoSuchFileException e) {
      throw origin.error("no such file");
    } catch (SinkException e) {
      throw (IOException) e.getCause(); // of whoever takes the documents
    } catch (IOException e) {
      IOException named = ErrorText.named(found.file(), e);
      boolean begun = taken != null && taken.count > 0;
      if (found.root() == null && paths.size() == 1 && !begun) {
        throw named;
      }
      String problem = named.getMessage();
      String prefix = found.file() + ": ";
      sink.reject(
          origin, problem.startsWith(prefix) ? problem.substring(prefix.length()) : problem);
    }
  }

  /** Whether a document is of a set that was published; known once the source has given it. */
  public boolean isPublished(Document document) {
    return published.containsKey(document.origin().file());
  }

  /** The sets that were read so far, by file; a file that is not there is of none. */
  public synchronized Map<String, PublishedSet> published() {
    return Map.copyOf(published);
  }

  /** Whether a document came so far that is of no published set. */
  public boolean hasOthers() {
    return !others.isEmpty();
  }

  /** The kinds of files that were read so far. */
  public synchronized Set<String> kinds() {
    return Set.copyOf(kinds);
  }

  /** How many records were left out so far as their source asks for, by reason. */
  public synchronized Map<String, Long> leftOut() {
    return new TreeMap<>(leftOut);
  }

  /** How many documents got another id so far, because theirs was given before. */
  public synchronized long repeated() {
    return repeated;
  }

  @Override
  public String stamp() throws IOException {
    var stamp = new StringBuilder(options.toString()).append('\n');
    for (Path file : files()) {
      try {
        stamp.append(file).append(' ').append(Files.size(file)).append(' ');
        stamp.append(Files.getLastModifiedTime(file)).append('\n');
      } catch (NoSuchFileException e) {
        throw new Origin(file.toString(), 0).error("no such file");
      }
    }
    return stamp.toString();
  }

  /** Carries an exception of the documents' taker past those who read. */
  private static final class SinkException extends IOException {
    private static final long serialVersionUID = 1;

    SinkException(IOException cause) {
      super(cause);
    }
  }

  /** Takes what a format reads of one file. */
  private final class FileSink implements RecordSink {
    private final Sink sink;
    private PublishedSet set;
    private long count;

    FileSink(String kind, Sink sink) {
      this.sink = sink;
      synchronized (IngestSource.this) {
        kinds.add(kind);
      }
    }

    @Override
    public void accept(Document document) throws IOException {
      count++;
      if (set != null) {
        published.put(document.origin().file(), set);
      } else {
        others.add(document.origin().file());
      }
      try {
        sink.accept(unique(document));
      } catch (IOException e) {
        throw new SinkException(e);
      }
    }

    @Override
    public void reject(Origin origin, String problem) throws IOException {
      try {
        sink.reject(origin, problem);
      } catch (IOException e) {
        throw new SinkException(e);
      }
    }

    @Override
    public void leaveOut(String why) {
      synchronized (IngestSource.this) {
        leftOut.merge(why, 1L, Long::sum);
      }
    }

    @Override
    public void published(PublishedSet set) {
      this.set = set;
    }

    private Document unique(Document document) {
      if (seen.add(document.id())) {
        return document;
      }
      synchronized (IngestSource.this) {
        repeated++;
      }
      String id;
      do {
        id = document.id() + "#" + ids.merge(document.id(), 2, (before, two) -> before + 1);
      } while (!seen.add(id));
      return new Document(
          id, document.text(), document.fields(), document.annotations(), document.origin());
    }
  }
}
