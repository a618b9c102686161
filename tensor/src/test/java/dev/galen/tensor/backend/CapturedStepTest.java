package dev.galen.tensor.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.random.Philox;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * When steps are run, captured, replayed and forgotten, told by a backend that only writes down.
 */
class CapturedStepTest {
  private static final int DRAWS = 3;

  private final List<String> told = new ArrayList<>();
  private final Philox random = new Philox(1, 100);
  private final CapturedStep<Counted> step = new CapturedStep<>(backend(true), random);
  private RuntimeException planted;

  private final class Counted implements CapturedStep.Work {
    Counted() {
      told.add("new");
    }

    @Override
    public void run() {
      told.add("capture");
      random.reserve(4 * DRAWS); // a counter has four words
      if (planted != null) {
        throw planted;
      }
    }

    @Override
    public void close() {
      told.add("free");
    }
  }

  private Backend backend(boolean captures) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "captures" -> captures;
                  case "capture" -> capture((Runnable) arguments[0]);
                  default -> throw new AssertionError(method);
                });
  }

  private Capture capture(Runnable work) {
    work.run();
    return new Capture() {
      @Override
      public void replay(long counters) {
        told.add("replay " + counters);
      }

      @Override
      public void close() {
        told.add("close");
      }
    };
  }

  private void next(Object key) {
    step.ready(() -> key, Counted::new).ifPresentOrElse(w -> step.replay(), () -> told.add("run"));
  }

  private void assertTold(String... wanted) {
    assertEquals(List.of(wanted), told);
    told.clear();
  }

  @Test
  void theFirstStepRunsTheSecondIsCapturedTheOthersAreReplays() {
    next("a");
    assertTold("run");
    assertEquals(100, random.offset());
    next("a");
    assertTold("new", "capture", "replay 0");
    assertEquals(100 + DRAWS, random.offset());
    next("a");
    random.seek(5);
    next("a");
    assertTold("replay " + DRAWS, "replay -95");
    assertEquals(5 + DRAWS, random.offset());
  }

  @Test
  void anotherKeyBeginsAnew() {
    next("a");
    next("a");
    next(List.of(1, 2));
    next(List.of(1, 2));
    next("a");
    assertTold(
        "run",
        "new",
        "capture",
        "replay 0",
        "close",
        "free",
        "run",
        "new",
        "capture",
        "replay 0",
        "close",
        "free",
        "run");
  }

  @Test
  void whatIsClosedIsCapturedAgain() {
    next("a");
    next("a");
    step.close();
    step.close();
    next("a");
    assertTold("run", "new", "capture", "replay 0", "close", "free", "new", "capture", "replay 0");
  }

  @Test
  void workThatFailsLeavesNothingBehind() {
    next("a");
    planted = new IllegalStateException("planted");
    assertSame(planted, assertThrows(IllegalStateException.class, () -> next("a")));
    assertTold("run", "new", "capture", "free");
    assertEquals(100, random.offset());
    planted = null;
    next("a");
    assertTold("new", "capture", "replay 0");
  }

  @Test
  void whereNothingIsCapturedEachStepRuns() {
    var plain = new CapturedStep<Counted>(backend(false), random);
    for (int i = 0; i < 3; i++) {
      assertTrue(
          plain
              .ready(
                  () -> {
                    throw new AssertionError("a key that is not needed");
                  },
                  Counted::new)
              .isEmpty());
    }
    assertTold();
    var nothing = assertThrows(IllegalStateException.class, plain::replay);
    assertEquals("nothing is captured; ask ready() before each step", nothing.getMessage());
    Backend reference = Backends.of("reference");
    assertEquals(
        "the reference backend captures no work",
        assertThrows(UnsupportedOperationException.class, () -> reference.capture(() -> {}))
            .getMessage());
  }
}
