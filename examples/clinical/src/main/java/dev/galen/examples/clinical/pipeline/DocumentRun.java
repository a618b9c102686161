package dev.galen.examples.clinical.pipeline;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.train.data.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs the documents of a source through a step into a file of JSON lines. Memory is bounded by
 * some chunks of documents; the output is in the source's order whatever the threads do.
 *
 * <p>The output grows in {@code OUT.part} and is renamed at the end. Every two seconds {@code
 * OUT.state} says how far it is, and the same run started again after a kill goes on from there, so
 * that the file it ends with is the same to the byte. Documents that cannot be used are told in
 * {@code OUT.rejects.jsonl} with file, line and problem, never with their text; those that a step
 * refuses by a {@link QuarantinedException} in {@code OUT.quarantine.jsonl} with id and reason.
 * There is no such file where there are none.
 */
public final class DocumentRun {
  /** Documents that one thread works on at a time. */
  private static final int CHUNK = 128;

  /** Characters of documents, after which a chunk takes no more of them. */
  private static final int CHUNK_CHARACTERS = 1 << 20;

  private static final long NANOS_BETWEEN_STATES = 2_000_000_000L;

  private final DocumentSource source;
  private final DocumentStep step;
  private final String settings;
  private final int threads;
  private final RunProgress progress;
  private final Check check;

  private final DocumentLines lines;

  /** Looks at a run before its output is called finished. */
  public interface Check {
    /** Finds nothing wrong. */
    Check NONE = (counts, problems) -> {};

    /**
     * Is told what became of the records, those of a run that was killed included.
     *
     * @param problems how often each was the problem of a reject
     * @throws IOException if the output is not to be used: then only the rejects stay
     */
    void finished(RunCounts counts, Map<String, Long> problems) throws IOException;
  }

  /**
   * @param settings all that the output depends on besides the source; a run with others does not
   *     go on from this one's state
   * @param threads that apply the step, at least 1
   */
  public DocumentRun(
      DocumentSource source,
      DocumentStep step,
      String settings,
      int threads,
      RunProgress progress) {
    this(source, step, settings, threads, progress, Check.NONE, DocumentLines.JSON);
  }

  /** The same with a check of the whole before it is finished. */
  public DocumentRun(
      DocumentSource source,
      DocumentStep step,
      String settings,
      int threads,
      RunProgress progress,
      Check check) {
    this(source, step, settings, threads, progress, check, DocumentLines.JSON);
  }

  /**
   * The same with a check, and other lines.
   *
   * @param check looks at the whole before it is finished
   * @param lines how documents are written
   */
  public DocumentRun(
      DocumentSource source,
      DocumentStep step,
      String settings,
      int threads,
      RunProgress progress,
      Check check,
      DocumentLines lines) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", must be at least 1");
    }
    this.source = source;
    this.step = step;
    this.settings = settings;
    this.threads = threads;
    this.progress = progress;
    this.check = check;
    this.lines = lines;
  }

  /** What is done with one document, or why there is none. */
  private record Item(Document document, Origin origin, String problem) {}

  /** What became of a chunk. */
  private record Done(byte[] lines, byte[] rejects, byte[] quarantine, RunCounts counts) {}

  /** Where the results of chunks go, in order. */
  private interface Target {
    void write(Done done) throws IOException;
  }

  /**
   * Writes to {@code out} as it goes; rejects go to {@code rejects}, and so does the quarantine.
   *
   * @throws IOException if the source or a stream fails
   */
  public RunCounts stream(OutputStream out, OutputStream rejects) throws IOException {
    var total = new RunCounts[] {RunCounts.NONE};
    out.write(header());
    pump(
        0,
        done -> {
          out.write(done.lines());
          rejects.write(done.rejects());
          rejects.write(done.quarantine());
          total[0] = total[0].plus(done.counts());
          progress.at(total[0]);
        });
    out.flush();
    rejects.flush();
    check.finished(total[0], Map.of());
    return total[0];
  }

  /**
   * Writes the file {@code out}, from where an earlier run of the same source and settings was
   * ended.
   *
   * @throws IOException if the source cannot be read or a file not written; what was done stays
   */
  public RunCounts run(Path out) throws IOException {
    if (Files.isDirectory(out)) {
      throw new IOException(out + ": is a folder; a file is needed there");
    }
    Path part = sibling(out, ".part");
    Path rejects = sibling(out, ".rejects.jsonl");
    Path rejectsPart = sibling(out, ".rejects.part");
    Path quarantine = sibling(out, ".quarantine.jsonl");
    Path quarantinePart = sibling(out, ".quarantine.part");
    Path stateFile = sibling(out, ".state");
    if (out.toAbsolutePath().getParent() != null) {
      Files.createDirectories(out.toAbsolutePath().getParent());
    }
    String stamp = source.stamp() + "\n" + settings;
    RunState state = RunState.of(stateFile, stamp, part, rejectsPart, quarantinePart);
    try (var output = new GrowingFile(part, state.bytes());
        var problems = new GrowingFile(rejectsPart, state.rejectBytes());
        var lost = new GrowingFile(quarantinePart, state.quarantineBytes())) {
      var total = new RunCounts[] {state.counts()};
      if (state.bytes() == 0) {
        output.write(header());
      }
      var written = new long[] {System.nanoTime()};
      pump(
          state.counts().read(),
          done -> {
            output.write(done.lines());
            problems.write(done.rejects());
            lost.write(done.quarantine());
            total[0] = total[0].plus(done.counts());
            progress.at(total[0]);
            if (System.nanoTime() - written[0] > NANOS_BETWEEN_STATES) {
              new RunState(stamp, output.flushed(), problems.flushed(), lost.flushed(), total[0])
                  .write(stateFile);
              written[0] = System.nanoTime();
            }
          });
      output.close();
      problems.close();
      lost.close();
      Map<String, Long> told = check == Check.NONE ? Map.of() : Reject.problems(rejectsPart);
      IOException wrong = checked(total[0], told);
      keep(rejectsPart, rejects);
      keep(quarantinePart, quarantine);
      if (wrong != null) {
        Files.delete(part);
        Files.deleteIfExists(stateFile);
        throw wrong;
      }
      Files.move(part, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Files.deleteIfExists(stateFile);
      return total[0];
    }
  }

  /** What the check finds wrong; null for nothing. */
  private IOException checked(RunCounts counts, Map<String, Long> problems) {
    try {
      check.finished(counts, problems);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  /** Gives a file its name, or takes it away where it is empty. */
  private static void keep(Path part, Path file) throws IOException {
    Files.deleteIfExists(file);
    if (Files.size(part) > 0) {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.delete(part);
    }
  }

  private static Path sibling(Path out, String ending) {
    return out.resolveSibling(out.getFileName() + ending);
  }

  /** Goes through the source behind its first {@code skip} records. */
  private void pump(long skip, Target target) throws IOException {
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      var pending = new ArrayDeque<Future<Done>>();
      try {
        source.read(
            new DocumentSource.Sink() {
              private long left = skip;
              private List<Item> chunk = new ArrayList<>(CHUNK);
              private long characters;

              @Override
              public void accept(Document document) throws IOException {
                take(new Item(document, document.origin(), null));
              }

              @Override
              public void reject(Origin origin, String problem) throws IOException {
                take(new Item(null, origin, problem));
              }

              private void take(Item item) throws IOException {
                if (left > 0) {
                  left--;
                  return;
                }
                chunk.add(item);
                characters += item.document() == null ? 0 : item.document().text().length();
                if (chunk.size() == CHUNK || characters > CHUNK_CHARACTERS) {
                  hand();
                }
              }

              private void hand() throws IOException {
                List<Item> full = chunk;
                chunk = new ArrayList<>(CHUNK);
                characters = 0;
                pending.add(workers.submit(() -> done(full)));
                while (pending.size() > 2 * threads) {
                  target.write(result(pending.remove()));
                }
              }

              @Override
              public void end() throws IOException {
                if (!chunk.isEmpty()) {
                  hand();
                }
              }
            });
        while (!pending.isEmpty()) {
          target.write(result(pending.remove()));
        }
      } catch (Throwable fault) {
        workers.shutdownNow();
        throw fault;
      }
    }
  }

  private static Done result(Future<Done> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException fault -> throw fault;
        case Error fault -> throw fault;
        default -> throw new IOException(e.getCause());
      }
    }
  }

  private Done done(List<Item> chunk) throws IOException {
    var lines = new ByteArrayOutputStream(1 << 16);
    var rejects = new ByteArrayOutputStream();
    var quarantine = new ByteArrayOutputStream();
    long written = 0;
    long rejected = 0;
    long quarantined = 0;
    List<Document> out = new ArrayList<>();
    for (Item item : chunk) {
      String problem = item.problem();
      out.clear();
      if (problem == null) {
        try {
          step.apply(item.document(), out::add);
        } catch (RejectedException e) {
          problem = e.getMessage();
        } catch (QuarantinedException e) {
          quarantined++;
          line(quarantine, Reject.quarantine(item.document().id(), e.getMessage()));
          continue;
        }
      }
      if (problem != null) {
        rejected++;
        line(rejects, Reject.json(item.origin(), problem));
        continue;
      }
      for (Document document : out) {
        line(lines, this.lines.line(document));
      }
      written += out.size();
    }
    return new Done(
        lines.toByteArray(),
        rejects.toByteArray(),
        quarantine.toByteArray(),
        new RunCounts(chunk.size(), written, rejected, quarantined));
  }

  private byte[] header() {
    String header = lines.header();
    return header == null ? new byte[0] : (header + '\n').getBytes(StandardCharsets.UTF_8);
  }

  private static void line(OutputStream out, String line) throws IOException {
    out.write(line.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }
}
