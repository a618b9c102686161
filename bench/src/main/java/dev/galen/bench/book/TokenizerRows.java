package dev.galen.bench.book;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.bench.peer.JvmTokenizers;
import dev.galen.bench.peer.PythonPeer;
import dev.galen.bench.peer.Work;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Encoding English page by page with GPT-2's vocabulary: {@code tokenizer/encode-1-thread}. Galen's
 * word cache is empty at the start of each run, so that a text seen before is no advantage.
 */
final class TokenizerRows {
  private static final int PAGE = 4_000;

  private final Gpt2Files files;
  private final Path textFile;

  private TokenizerRows(Gpt2Files files, Path textFile) {
    this.files = files;
    this.textFile = textFile;
  }

  /**
   * @param textFile of the user, or null for {@link EnglishText}
   */
  static List<Row> of(Peers peers, Gpt2Files files, Path textFile) throws IOException {
    return new TokenizerRows(files, textFile).rows(peers);
  }

  private List<Row> rows(Peers peers) throws IOException {
    List<String> pages = pages();
    long bytes = 0;
    for (String page : pages) {
      bytes += page.getBytes(StandardCharsets.UTF_8).length;
    }
    var one = new ArrayList<Contender>();
    if (peers.wanted()) {
      one.add(new Contender("jtokkit", () -> JvmTokenizers.jtokkit(pages, ids(pages))));
      one.add(
          new Contender(
              "DJL tokenizers", () -> JvmTokenizers.djl(files.tokenizer(), pages, ids(pages))));
    }
    one.addAll(peers.python("tiktoken", "tiktoken", python -> tiktoken(python, pages)));
    return List.of(
        new TimedRow(
            "tokenizer/encode-1-thread",
            Unit.MB_PER_SECOND,
            bytes,
            Cost.NONE,
            new Contender("Galen", () -> ours(pages, 1, true)),
            one),
        new TimedRow(
            "tokenizer/encode-2-threads",
            Unit.MB_PER_SECOND,
            bytes,
            Cost.NONE,
            new Contender("Galen", () -> ours(pages, 2, false)),
            List.of(new Contender("Galen, 1 thread", () -> ours(pages, 1, false)))));
  }

  /** Text in pieces of a page, cut at the ends of lines. */
  private List<String> pages() throws IOException {
    var pages = new ArrayList<String>();
    var page = new StringBuilder();
    for (String line : textFile == null ? EnglishText.lines() : Files.readAllLines(textFile)) {
      page.append(line).append('\n');
      if (page.length() >= PAGE) {
        pages.add(page.toString());
        page.setLength(0);
      }
    }
    pages.add(page.toString());
    return pages;
  }

  private int ids(List<String> pages) throws IOException {
    var tokenizer = TokenizerFiles.load(files.tokenizer());
    return pages.stream().mapToInt(page -> tokenizer.encode(page).length).sum();
  }

  /**
   * Every thread takes the next page until none is left; loading the tokenizer does not count.
   *
   * @param cold whether each run starts with a new tokenizer, that has seen no word. Threads share
   *     what they have seen, so that only a tokenizer that knows the text says what a second thread
   *     is worth over a long one
   */
  private Work ours(List<String> pages, int threads, boolean cold) throws IOException {
    Path folder = files.tokenizer();
    var kept = cold ? null : TokenizerFiles.load(folder);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    return new Work() {
      @Override
      public double run(int times) throws IOException {
        double seconds = 0;
        for (int i = 0; i < times; i++) {
          seconds += encode(cold ? TokenizerFiles.load(folder) : kept, pages, threads, pool);
        }
        return seconds;
      }

      @Override
      public void close() {
        pool.close();
      }
    };
  }

  private static double encode(
      Tokenizer tokenizer, List<String> pages, int threads, ExecutorService pool) {
    var next = new AtomicInteger();
    Callable<Void> worker =
        () -> {
          for (int i = next.getAndIncrement(); i < pages.size(); i = next.getAndIncrement()) {
            tokenizer.encode(pages.get(i));
          }
          return null;
        };
    List<Callable<Void>> workers = Collections.nCopies(threads, worker);
    try {
      long start = System.nanoTime();
      for (Future<Void> end : pool.invokeAll(workers)) {
        end.get();
      }
      return (System.nanoTime() - start) * 1e-9;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Work tiktoken(PythonPeer python, List<String> pages) throws IOException {
    Path copy = Files.createTempFile("galen-bench", ".json");
    try {
      Files.writeString(copy, new ObjectMapper().writeValueAsString(pages));
      return python.prepare(
          PythonPeer.request("tiktoken_encode")
              .put("ranks", Gpt2Files.ranks(files.tokenizer()).toString())
              .put("text", copy.toString())
              .put("ids", ids(pages)));
    } finally {
      Files.delete(copy);
    }
  }
}
