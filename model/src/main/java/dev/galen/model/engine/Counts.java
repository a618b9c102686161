package dev.galen.model.engine;

import java.util.HashSet;
import java.util.Set;

/** What an engine counts. Safe for any thread. */
final class Counts {
  private final long kvBytes;
  private final long[] ended = new long[EndReason.values().length];
  private final Set<Job> waitingJobs = new HashSet<>();
  private final Set<Job> jobs = new HashSet<>();
  private int running;
  private long used;
  private long promptTokens;
  private long cachedTokens;
  private long newTokens;
  private long preemptions;
  private long refused;
  private long steps;
  private long lastEnd = System.nanoTime();
  private double secondsBetweenEnds = 1;

  Counts(long kvBytes) {
    this.kvBytes = kvBytes;
  }

  /** Takes a request unless {@code most} wait. */
  synchronized boolean take(Job job, int most) {
    if (waitingJobs.size() >= most) {
      refused++;
      return false;
    }
    waitingJobs.add(job);
    jobs.add(job);
    return true;
  }

  /** When somebody who waits is likely to begin, in whole seconds. */
  synchronized long secondsToWait() {
    double seconds = secondsBetweenEnds * Math.max(1, waitingJobs.size() / 2.0);
    return Math.clamp(Math.round(seconds), 1, 60);
  }

  synchronized void begun(Job job) {
    waitingJobs.remove(job);
  }

  synchronized void ended(Text text) {
    ended[text.end().reason().ordinal()]++;
    if (text.job().isDone() && jobs.remove(text.job())) {
      waitingJobs.remove(text.job());
      long now = System.nanoTime();
      secondsBetweenEnds = 0.8 * secondsBetweenEnds + 0.2 * (now - lastEnd) * 1e-9;
      lastEnd = now;
      notifyAll();
    }
  }

  /** Waits until no request is there; whether none is, at most so long. */
  synchronized boolean awaitNone(long nanos) throws InterruptedException {
    long until = System.nanoTime() + nanos;
    while (!jobs.isEmpty()) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(Math.max(1, left / 1_000_000));
    }
    return true;
  }

  synchronized void step() {
    steps++;
  }

  synchronized void hold(int runningTexts, long usedBytes) {
    running = runningTexts;
    used = usedBytes;
  }

  synchronized void prompt(int tokens) {
    promptTokens += tokens;
  }

  synchronized void cached(int tokens) {
    cachedTokens += tokens;
  }

  synchronized void written(int tokens) {
    newTokens += tokens;
  }

  synchronized void preempted() {
    preemptions++;
  }

  synchronized EngineFigures figures() {
    return new EngineFigures(
        running,
        waitingJobs.size(),
        used,
        kvBytes,
        promptTokens,
        cachedTokens,
        newTokens,
        preemptions,
        refused,
        ended.clone(),
        steps);
  }
}
