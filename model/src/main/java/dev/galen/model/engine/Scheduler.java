package dev.galen.model.engine;

import dev.galen.model.engine.SequenceMemory.Kept;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Autograd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Decides what a step of the model computes. In each step the text whose turn it is reads a chunk
 * of its prompt, and every other one that runs gets a token. Texts begin in the order of their
 * turns; where memory runs out, the one whose turn came last is put off, and reads again later what
 * it has written.
 *
 * <p>A prompt is cut at the same places whoever else is there, and what a text's token is made of
 * never depends on another row.
 */
final class Scheduler {
  private final ModelSteps steps;
  private final SequenceMemory memory;
  private final EngineConfig config;
  private final Comparator<Text> order =
      Comparator.comparing(Text::job, Job.byTurn()).thenComparingInt(Text::number);
  private final TreeSet<Text> waiting = new TreeSet<>(order);
  private final TreeSet<Text> running = new TreeSet<>(order);
  private final Counts counts;
  private boolean full; // somebody was put off, and nobody has ended since

  Scheduler(ModelSteps steps, SequenceMemory memory, EngineConfig config, Counts counts) {
    this.steps = steps;
    this.memory = memory;
    this.config = config;
    this.counts = counts;
  }

  /** Lets a request's texts wait for their turns. */
  void add(Job job) {
    waiting.addAll(job.texts());
  }

  boolean isIdle() {
    return waiting.isEmpty() && running.isEmpty();
  }

  /** Ends what was cancelled or is late, then computes one step. */
  void step() {
    interrupt();
    try (var off = Autograd.noGrad()) {
      read();
      interrupt(); // reading takes longest
      write();
    }
    counts.step();
    counts.hold(running.size(), memory.used());
  }

  /**
   * Ends everything.
   *
   * @param error what went wrong, or null
   */
  void endAll(String error) {
    for (Text text : all()) {
      if (error == null) {
        text.end(EndReason.CANCELLED);
      } else {
        text.fail(error);
      }
      finish(text);
    }
  }

  private List<Text> all() {
    List<Text> all = new ArrayList<>(running);
    all.addAll(waiting);
    return all;
  }

  private void interrupt() {
    long now = System.nanoTime();
    for (Text text : all()) {
      EndReason reason = text.job().interruption(now);
      if (reason != null) {
        text.end(reason);
        finish(text);
      }
    }
  }

  /** Reads prompts, at least a chunk's worth unless there is less. */
  private void read() {
    int budget = config.prefillChunk();
    while (budget > 0) {
      Text text = reading();
      if (text == null) {
        text = admitted();
      }
      if (text == null) {
        return;
      }
      int count = text.ready(config.prefillChunk());
      if (count == 1) {
        continue; // it goes with the others
      }
      budget -= count;
      counts.prompt(count);
      compute(List.of(text), count);
    }
  }

  /** The text that has begun to read and has more than a token left. */
  private Text reading() {
    for (Text text : running) {
      if (text.ready(config.prefillChunk()) > 1) {
        return text;
      }
    }
    return null;
  }

  /** The next text, if there is room for all that it has to read. */
  private Text admitted() {
    while (!waiting.isEmpty()
        && running.size() < config.mostRunning()
        && (!full || running.isEmpty())) {
      Text text = waiting.first();
      try {
        Kept kept = memory.begin(text);
        if (kept == null || !memory.reserve(kept, text.length())) {
          if (kept != null) {
            memory.release(kept);
          }
          if (!running.isEmpty()) {
            return null;
          }
          text.fail("the text needs more memory than there is for keys and values");
        } else {
          counts.cached(kept.length());
          text.job().countCached(Math.min(kept.length(), text.start()));
          text.keep(kept);
          waiting.remove(text);
          running.add(text);
          counts.begun(text.job());
          return text;
        }
      } catch (RuntimeException | OutOfMemoryError refused) {
        text.fail(message(refused));
      }
      finish(text);
    }
    return null;
  }

  /** Gives each text that has read its prompt a token. */
  private void write() {
    Map<String, List<Text>> byAdapter = new LinkedHashMap<>();
    for (Text text : List.copyOf(running)) {
      if (running.contains(text) && text.ready(config.prefillChunk()) == 1 && hasRoom(text)) {
        byAdapter.computeIfAbsent(text.job().adapter(), name -> new ArrayList<>()).add(text);
      }
    }
    for (List<Text> texts : byAdapter.values()) {
      // Somebody may have been put off for one that came after him in this list.
      List<Text> left = texts.stream().filter(running::contains).toList();
      if (memory.joins() && !left.isEmpty()) {
        compute(left, 1);
      } else {
        left.forEach(text -> compute(List.of(text), 1));
      }
    }
  }

  /** Makes room for a text's next position, by putting off others whose turn came later. */
  private boolean hasRoom(Text text) {
    while (!memory.reserve(text.kept(), text.length())) {
      Text last = running.last();
      if (last == text && running.size() == 1) {
        text.fail("the text needs more memory than there is for keys and values");
        finish(text);
        return false;
      }
      running.remove(last);
      waiting.add(last);
      memory.release(last.kept());
      last.keep(null);
      counts.preempted();
      full = true;
      if (last == text) {
        return false;
      }
    }
    return true;
  }

  /** Computes {@code count} positions of each text, and the next token of each that is there. */
  private void compute(List<Text> texts, int count) {
    var ids = new int[texts.size() * count];
    List<Kept> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Text text = texts.get(i);
      rows.add(text.kept());
      System.arraycopy(text.ids(text.kept().length(), count), 0, ids, i * count, count);
    }
    KvCache cache = memory.cache(rows);
    try {
      String adapter = texts.getFirst().job().adapter();
      steps.next(adapter, ids, cache, (row, logits) -> pick(texts.get(row), logits));
    } catch (RuntimeException | OutOfMemoryError broken) {
      texts.forEach(text -> text.fail(message(broken)));
      texts.forEach(text -> memory.forget(text.kept()));
    } finally {
      if (rows.size() > 1) {
        cache.close();
      }
    }
    texts.stream().filter(Text::isDone).forEach(this::finish);
  }

  private void pick(Text text, float[] logits) {
    memory.share(text.kept(), text);
    if (text.missing() == 0) {
      int before = text.length();
      text.next(logits);
      counts.written(text.length() - before);
    }
  }

  private void finish(Text text) {
    full = false;
    waiting.remove(text);
    running.remove(text);
    if (text.kept() != null) {
      memory.release(text.kept());
      text.keep(null);
    }
    counts.hold(running.size(), memory.used());
    text.job().ended(text);
    counts.ended(text);
  }

  static String message(Throwable broken) {
    return broken.getMessage() == null ? broken.toString() : broken.getMessage();
  }

  /** A text's vector, between two steps. */
  void embed(Embedding wanted) {
    CompletableFuture<float[]> vector = wanted.vector();
    if (vector.isDone()) {
      return; // cancelled
    }
    try {
      vector.complete(steps.embed(wanted.adapter(), wanted.ids(), wanted.pooling()));
    } catch (RuntimeException | OutOfMemoryError broken) {
      vector.completeExceptionally(broken);
    }
  }
}
