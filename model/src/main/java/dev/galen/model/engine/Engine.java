package dev.galen.model.engine;

import dev.galen.model.CausalLm;
import dev.galen.model.Generative;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.TokenRule;
import dev.galen.model.inside.Pooling;
import dev.galen.model.lora.Adapters;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Makes texts for many at once, side by side, with one model. What a request gets does not depend
 * on who else is there: its ids and log-probabilities have the bits that it would have alone, and
 * its draws a stream of their own.
 *
 * <pre>{@code
 * try (var engine = Engine.of(model, EngineConfig.DEFAULT)) {
 *   var request = GenerationRequest.of(prompt, GenerationConfig.greedy(64));
 *   Generation generation = engine.submit(request, token -> queue.add(token.id()));
 *   generation.await(Duration.ofMinutes(1));
 * }
 * }</pre>
 *
 * <p>Every method is safe for any thread. The model belongs to the engine's thread until {@link
 * #close}, which leaves it in evaluation mode; so do the adapters.
 *
 * <p>Requests begin in the order that they came in, where a level of priority counts as ten seconds
 * of waiting. A text of a model with an encoder runs in steps of its own.
 */
public final class Engine implements AutoCloseable {
  private final ModelSteps steps;
  private final SequenceMemory memory;
  private final EngineConfig config;
  private final Counts counts;
  private final Thread thread;
  private final Object lock = new Object();
  private final Queue<Job> inbox = new ArrayDeque<>();
  private final Queue<Embedding> embeddings = new ArrayDeque<>();
  private final long origin = System.nanoTime();
  private final int decoderStart;
  private long jobs;
  private boolean woken;
  private boolean draining;
  private boolean closed;

  private Engine(ModelSteps steps, SequenceMemory memory, EngineConfig config, int decoderStart) {
    this.steps = steps;
    this.memory = memory;
    this.config = config;
    this.decoderStart = decoderStart;
    counts = new Counts(config.kvBytes());
    thread = Thread.ofPlatform().name("galen-engine").daemon().unstarted(this::run);
    thread.start();
  }

  /** An engine of a language model. */
  public static Engine of(CausalLm model, EngineConfig config) {
    return of(model, null, config);
  }

  /**
   * An engine of a language model and its adapters, of which each request names one or none.
   *
   * @param adapters of {@code model}; not merged
   */
  public static Engine of(CausalLm model, Adapters adapters, EngineConfig config) {
    return new Engine(new ModelSteps(model, adapters), new OwnCaches(model, config), config, -1);
  }

  /** An engine of a model that writes one text for another: prompts are its encoder's. */
  public static Engine of(Seq2SeqLm model, EngineConfig config) {
    return new Engine(
        new ModelSteps(model, null),
        new EncodedCaches(model, config),
        config,
        model.decoderStartId());
  }

  /**
   * Takes a request.
   *
   * @param listener is told of its tokens; see there for how
   * @throws OverloadedException if too many wait, or the engine is draining
   * @throws IllegalArgumentException if the model cannot take the prompt, or there is no such
   *     adapter
   */
  public Generation submit(GenerationRequest request, TokenListener listener) {
    int[] prompt = request.prompt();
    requireIds("token %d of the prompt", prompt);
    requireAdapter(request.adapter());
    int[] beginning = decoderStart < 0 ? prompt : new int[] {decoderStart};
    int limit = limit(beginning.length, request.config());
    Set<Integer> ends = request.config().endOfTextIds().orElse(steps.model().endOfTextIds());
    Job job;
    synchronized (lock) {
      requireOpen();
      job = new Job(request, listener, ends, origin, jobs++, this::wake);
      for (int number = 0; number < request.bestOf(); number++) {
        var text = new TokenRule.Text(beginning.clone(), limit, ends, prompt);
        var picker = new TokenPicker(request, number, text);
        job.texts().add(new Text(job, number, beginning, limit, picker));
      }
      if (!counts.take(job, config.mostWaiting())) {
        throw new OverloadedException(
            "%d requests wait already, the most there may be".formatted(config.mostWaiting()),
            retryAfter());
      }
      inbox.add(job);
    }
    wake();
    return job;
  }

  /** The most tokens of a text, those that it begins with counted. */
  private int limit(int beginning, GenerationConfig wanted) {
    int most = Math.min(steps.model().maxLength(), memory.mostPositions());
    if (beginning >= most) {
      throw new IllegalArgumentException(
          "the prompt has %d tokens, at most %d leave room for an answer; shorten the prompt"
              .formatted(beginning, most - 1));
    }
    if (beginning >= wanted.maxLength()) {
      throw new IllegalArgumentException(
          "the prompt has %d tokens, max_length allows %d in all; ask for new tokens by their number"
              .formatted(beginning, wanted.maxLength()));
    }
    long limit = Math.min(wanted.maxLength(), (long) beginning + wanted.maxNewTokens());
    return (int) Math.min(limit, most);
  }

  private void requireIds(String name, int[] ids) {
    Generative model = steps.model();
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= model.vocabularySize()) {
        throw new IllegalArgumentException(
            (name + " has id %d, the model knows 0 to %d")
                .formatted(i, ids[i], model.vocabularySize() - 1));
      }
    }
  }

  private void requireAdapter(Optional<String> adapter) {
    if (adapter.isPresent() && (adapter.get().isEmpty() || !steps.knows(adapter.get()))) {
      throw new IllegalArgumentException("there is no adapter '" + adapter.get() + "'");
    }
  }

  private void requireOpen() {
    if (closed || draining) {
      throw new OverloadedException("the engine is shutting down", retryAfter());
    }
  }

  private Duration retryAfter() {
    return Duration.ofSeconds(counts.secondsToWait());
  }

  /**
   * The vector of a text, as {@link dev.galen.model.inside.Embedder} makes it of the last hidden
   * state; computed between two steps.
   *
   * @param ids at least one, special ones included
   * @param adapter the name of the adapter to use; empty for the base model
   * @return C numbers; exceptionally what the embedder says
   * @throws OverloadedException if too many wait, or the engine is draining
   * @throws IllegalArgumentException if an id is unknown, or there is no such adapter
   */
  public CompletableFuture<float[]> embed(int[] ids, Pooling pooling, Optional<String> adapter) {
    requireIds("token %d of the text", ids);
    requireAdapter(adapter);
    var wanted = new Embedding(ids.clone(), pooling, adapter.orElse(""), new CompletableFuture<>());
    synchronized (lock) {
      requireOpen();
      if (embeddings.size() >= config.mostWaiting()) {
        throw new OverloadedException(
            "%d texts wait to be embedded, the most there may be".formatted(config.mostWaiting()),
            retryAfter());
      }
      embeddings.add(wanted);
    }
    wake();
    return wanted.vector();
  }

  /** What it does and has done. */
  public EngineFigures figures() {
    return counts.figures();
  }

  /**
   * Refuses what comes from now on, and waits for the rest.
   *
   * @return whether all is done, within {@code atMost}
   */
  public boolean drain(Duration atMost) throws InterruptedException {
    synchronized (lock) {
      draining = true;
    }
    return counts.awaitNone(atMost.toNanos());
  }

  private void wake() {
    synchronized (lock) {
      woken = true;
      lock.notifyAll();
    }
  }

  private void run() {
    var scheduler = new Scheduler(steps, memory, config, counts);
    String error = null;
    try {
      loop(scheduler);
    } catch (RuntimeException | Error unexpected) {
      error = "the engine has failed: " + unexpected;
    }
    end(scheduler, error);
  }

  private void loop(Scheduler scheduler) {
    while (true) {
      List<Job> arrived;
      Embedding embedding;
      synchronized (lock) {
        while (!closed && !woken && embeddings.isEmpty() && scheduler.isIdle()) {
          try {
            lock.wait();
          } catch (InterruptedException nobodyMay) {
            closed = true;
          }
        }
        if (closed) {
          return;
        }
        woken = false;
        arrived = new ArrayList<>(inbox);
        inbox.clear();
        embedding = embeddings.poll();
      }
      arrived.forEach(scheduler::add);
      if (embedding != null) {
        scheduler.embed(embedding);
      }
      if (!scheduler.isIdle()) {
        scheduler.step();
      }
    }
  }

  private void end(Scheduler scheduler, String error) {
    List<Embedding> unmade;
    synchronized (lock) {
      closed = true;
      inbox.forEach(scheduler::add);
      inbox.clear();
      unmade = new ArrayList<>(embeddings);
      embeddings.clear();
    }
    unmade.forEach(embedding -> embedding.vector().cancel(false));
    scheduler.endAll(error);
    memory.close();
  }

  /** Cancels everything, tells the listeners, and gives the memory back. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
    wake();
    boolean interrupted = false;
    while (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
