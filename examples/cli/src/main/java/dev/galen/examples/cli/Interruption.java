package dev.galen.examples.cli;

import dev.galen.train.Progress;
import dev.galen.train.run.FineTuning;
import java.util.ArrayList;
import java.util.List;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C, and the request to terminate, during a training run: the first asks the run to stop and
 * keep what it has, the second ends the process at once. Where there is nothing to wait for, the
 * first one tells what is kept and ends it. Closing gives both signals back.
 */
final class Interruption implements AutoCloseable {
  private static final int SIGNALLED = 128;

  private record Taken(Signal signal, SignalHandler before) {}

  private final FineTuning run;
  private final List<Taken> taken = new ArrayList<>();
  private volatile int code;

  /** Takes the signals for a run that is about to begin. */
  Interruption(FineTuning run) {
    this.run = run;
    for (String name : List.of("INT", "TERM")) {
      var signal = new Signal(name);
      try {
        taken.add(new Taken(signal, Signal.handle(signal, this::received)));
      } catch (IllegalArgumentException e) {
        // Another owner, or a JVM that was told to leave signals alone: these end the process.
      }
    }
  }

  /** What the process is to exit with; 0 where no signal came. */
  int code() {
    return code;
  }

  private synchronized void received(Signal signal) {
    boolean first = code == 0;
    code = SIGNALLED + signal.getNumber();
    String start = Progress.isTerminal() ? System.lineSeparator() : "";
    if (!first) {
      Runtime.getRuntime().halt(code);
    }
    if (run.stop()) {
      System.err.println(start + "stopping   after this update; once more ends at once");
    } else {
      System.err.println(start + "stopped    " + run.kept());
      run.release();
      Runtime.getRuntime().halt(code);
    }
  }

  @Override
  public void close() {
    taken.forEach(one -> Signal.handle(one.signal(), one.before()));
  }
}
