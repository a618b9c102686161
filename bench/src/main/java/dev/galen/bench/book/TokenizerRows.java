package dev.galen.bench.book;

import dev.galen.bench.peer.JvmTokenizers;
import dev.galen.bench.peer.PythonPeer;
import dev.galen.bench.peer.Work;
import dev.galen.tokenizer.BpeTokenizer;
import dev.galen.train.data.ClinicalCorpus;
import dev.galen.train.data.QuestionExample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Encoding English line by line with GPT-2's vocabulary: {@code tokenizer/encode-1-thread}. Galen's
 * word cache is empty at the start of each run, so that a text seen before is no advantage.
 */
final class TokenizerRows {
  private final Gpt2Files files;
  private final Path textFile;

  private TokenizerRows(Gpt2Files files, Path textFile) {
    this.files = files;
    this.textFile = textFile;
  }

  /**
   * @param textFile of the user, or null for the corpus that ships with Galen
   */
  static List<Row> of(Peers peers, Gpt2Files files, Path textFile) throws IOException {
    return new TokenizerRows(files, textFile).rows(peers);
  }

  private List<Row> rows(Peers peers) throws IOException {
    List<String> lines = lines();
    long bytes = 0;
    for (String line : lines) {
      bytes += line.getBytes(StandardCharsets.UTF_8).length;
    }
    var single = new Contender("Galen", () -> ours(lines, 1));
    var one = new ArrayList<Contender>();
    if (peers.wanted()) {
      one.add(new Contender("jtokkit", () -> JvmTokenizers.jtokkit(lines, ids(lines))));
      one.add(
          new Contender(
              "DJL tokenizers", () -> JvmTokenizers.djl(files.tokenizer(), lines, ids(lines))));
    }
    peers
        .python()
        .filter(python -> python.version("tiktoken").isPresent())
        .ifPresent(python -> one.add(new Contender("tiktoken", () -> tiktoken(python, lines))));
    return List.of(
        new TimedRow(
            "tokenizer/encode-1-thread", Unit.MB_PER_SECOND, bytes, Cost.NONE, single, one),
        new TimedRow(
            "tokenizer/encode-2-threads",
            Unit.MB_PER_SECOND,
            bytes,
            Cost.NONE,
            new Contender("Galen", () -> ours(lines, 2)),
            List.of(new Contender("Galen, 1 thread", single.source()))));
  }

  private List<String> lines() throws IOException {
    if (textFile != null) {
      return Files.readAllLines(textFile);
    }
    var lines = new ArrayList<String>();
    var corpus = ClinicalCorpus.load();
    Stream.of(corpus.train(), corpus.validation(), corpus.test())
        .flatMap(List::stream)
        .flatMap(TokenizerRows::sentences)
        .forEach(lines::add);
    return lines;
  }

  private static Stream<String> sentences(QuestionExample example) {
    return Stream.of(example.question(), example.context(), example.answer())
        .flatMap(String::lines);
  }

  private int ids(List<String> lines) throws IOException {
    var tokenizer = BpeTokenizer.load(files.tokenizer());
    return lines.stream().mapToInt(line -> tokenizer.encode(line).length).sum();
  }

  private Work ours(List<String> lines, int threads) throws IOException {
    Path folder = files.tokenizer();
    return times -> {
      double seconds = 0;
      for (int i = 0; i < times; i++) {
        seconds += encode(BpeTokenizer.load(folder), lines, threads);
      }
      return seconds;
    };
  }

  /** Encodes each line once; every thread takes the next stretch. Returns seconds. */
  private static double encode(BpeTokenizer tokenizer, List<String> lines, int threads) {
    if (threads == 1) {
      long start = System.nanoTime();
      lines.forEach(tokenizer::encode);
      return (System.nanoTime() - start) * 1e-9;
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      var done = new CountDownLatch(threads);
      long start = System.nanoTime();
      for (int i = 0; i < threads; i++) {
        List<String> part =
            lines.subList(i * lines.size() / threads, (i + 1) * lines.size() / threads);
        pool.execute(
            () -> {
              part.forEach(tokenizer::encode);
              done.countDown();
            });
      }
      done.await();
      return (System.nanoTime() - start) * 1e-9;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Work tiktoken(PythonPeer python, List<String> lines) throws IOException {
    Path copy = Files.createTempFile("galen-bench", ".txt");
    try {
      Files.writeString(copy, String.join("\n", lines));
      return python.prepare(
          PythonPeer.request("tiktoken_encode")
              .put("ranks", Gpt2Files.ranks(files.tokenizer()).toString())
              .put("text", copy.toString())
              .put("ids", ids(lines)));
    } finally {
      Files.delete(copy);
    }
  }
}
