package dev.galen.model.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A request with its texts, from when it is taken until its listener knows the end. */
final class Job implements Generation {
  /** A level of priority counts as much as having come so much earlier: nobody waits for ever. */
  private static final double NANOS_PER_PRIORITY = 10e9;

  private final GenerationRequest request;
  private final TokenListener listener;
  private final Set<Integer> ends;
  private final Runnable wake;
  private final long arrival = System.nanoTime();
  private final double turn;
  private final long number;
  private final CountDownLatch done = new CountDownLatch(1);
  private final List<Text> texts = new ArrayList<>();
  private volatile boolean cancelled;
  private int told;
  private int cachedTokens;

  /**
   * Taken now.
   *
   * @param origin when the engine began, by {@link System#nanoTime}
   * @param number counts jobs
   * @param ends the ids that end a text
   * @param wake has the engine look at it
   */
  Job(
      GenerationRequest request,
      TokenListener listener,
      Set<Integer> ends,
      long origin,
      long number,
      Runnable wake) {
    this.request = request;
    this.listener = listener;
    this.ends = ends;
    this.wake = wake;
    this.number = number;
    turn = (arrival - origin) - request.priority() * NANOS_PER_PRIORITY;
  }

  /** Whose turn comes first; of one time the one that was taken first. */
  static Comparator<Job> byTurn() {
    return Comparator.<Job>comparingDouble(job -> job.turn).thenComparingLong(job -> job.number);
  }

  GenerationRequest request() {
    return request;
  }

  String adapter() {
    return request.adapter().orElse("");
  }

  Set<Integer> ends() {
    return ends;
  }

  List<Text> texts() {
    return texts;
  }

  /** Whether the best of its texts are wanted, which are known when all are made. */
  boolean isRanked() {
    return request.bestOf() > request.sequences();
  }

  /** Why it has to end now, or null. */
  EndReason interruption(long now) {
    if (cancelled) {
      return EndReason.CANCELLED;
    }
    boolean late =
        request.deadline().isPresent() && now - arrival >= nanos(request.deadline().get());
    return late ? EndReason.DEADLINE : null;
  }

  private static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException centuries) {
      return Long.MAX_VALUE;
    }
  }

  void tell(GeneratedToken token) {
    tell(() -> listener.onToken(shown(token, token.sequence())));
  }

  private GeneratedToken shown(GeneratedToken token, int sequence) {
    double logProbability = request.hasLogProbabilities() ? token.logProbability() : Double.NaN;
    return new GeneratedToken(sequence, token.id(), logProbability, token.top());
  }

  /** A text came to its end. */
  void ended(Text text) {
    told++;
    if (!isRanked()) {
      tell(() -> listener.onEnd(text.end()));
    }
    if (told == request.bestOf()) {
      if (isRanked()) {
        tellBest();
      }
      finish();
    }
  }

  private void tellBest() {
    List<Text> best = new ArrayList<>(texts);
    best.sort(Comparator.comparingDouble(Text::rank).reversed());
    for (int i = 0; i < request.sequences(); i++) {
      int sequence = i;
      Text text = best.get(i);
      for (GeneratedToken token : text.tokens()) {
        tell(() -> listener.onToken(shown(token, sequence)));
      }
      SequenceEnd end = text.end();
      tell(() -> listener.onEnd(new SequenceEnd(sequence, end.reason(), end.stop(), end.error())));
    }
  }

  private void finish() {
    int newTokens = 0;
    for (Text text : texts) {
      newTokens += text.newTokens();
    }
    var usage = new GenerationUsage(request.prompt().length, cachedTokens, newTokens);
    tell(() -> listener.onDone(usage));
    done.countDown();
  }

  void countCached(int tokens) {
    cachedTokens = Math.max(cachedTokens, tokens);
  }

  private void tell(Runnable message) {
    try {
      message.run();
    } catch (RuntimeException | Error nobodyListens) {
      cancelled = true;
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    wake.run();
  }

  @Override
  public boolean isDone() {
    return done.getCount() == 0;
  }

  @Override
  public boolean await(Duration atMost) throws InterruptedException {
    return done.await(nanos(atMost), TimeUnit.NANOSECONDS);
  }
}
