package dev.galen.examples.search.store;

import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Shows that a trial's process lives, from a thread of its own, until it is closed. */
public final class Heartbeat implements AutoCloseable {
  private final CountDownLatch over = new CountDownLatch(1);

  /** Begins to beat. */
  public Heartbeat(StudyStore store, StudyStore.Claim claim) {
    Thread.ofPlatform().daemon().name("heartbeat").start(() -> beat(store, claim));
  }

  private void beat(StudyStore store, StudyStore.Claim claim) {
    try {
      while (!over.await(Heartbeats.EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          store.beat(claim);
        } catch (UncheckedIOException e) {
          // The database is away; the trial itself will say so if it stays away.
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
  }
}
