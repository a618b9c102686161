package dev.galen.model.engine;

import java.util.concurrent.CountDownLatch;

/** Holds the engine at a token until it is opened. */
final class Gate implements TokenListener {
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  @Override
  public void onToken(GeneratedToken token) {
    entered.countDown();
    await(opened);
  }

  void awaitEntered() {
    await(entered);
  }

  void open() {
    opened.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException never) {
      throw new AssertionError(never);
    }
  }
}
