package dev.galen.examples.cli;

import dev.galen.train.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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

  private final Runnable onExit;
  private final List<Taken> taken = new ArrayList<>();
  private Supplier<String> kept;
  private Runnable stop;
  private volatile int code;

  /**
   * Takes the signals; until {@link #stopBy} they end the process.
   *
   * @param kept the line to tell then
   * @param onExit to be done then
   */
  Interruption(Supplier<String> kept, Runnable onExit) {
    this.kept = kept;
    this.onExit = onExit;
    for (String name : List.of("INT", "TERM")) {
      var signal = new Signal(name);
      try {
        taken.add(new Taken(signal, Signal.handle(signal, this::received)));
      } catch (IllegalArgumentException e) {
        // Another owner, or a JVM that was told to leave signals alone: these end the process.
      }
    }
  }

  /** From now on a signal asks {@code stop} first. */
  synchronized void stopBy(Runnable stop) {
    this.stop = stop;
  }

  /** From now on a signal ends the process, and this is what is kept. */
  synchronized void keeps(Supplier<String> kept) {
    this.kept = kept;
    this.stop = null;
  }

  /** What the process is to exit with; 0 where no signal came. */
  int code() {
    return code;
  }

  private synchronized void received(Signal signal) {
    boolean first = code == 0;
    code = SIGNALLED + signal.getNumber();
    String start = Progress.isTerminal() ? System.lineSeparator() : "";
    if (stop == null) {
      System.err.println(start + kept.get());
      onExit.run();
      Runtime.getRuntime().halt(code);
    } else if (first) {
      System.err.println(start + "stopping   after this update; once more ends at once");
      stop.run();
    } else {
      Runtime.getRuntime().halt(code);
    }
  }

  @Override
  public void close() {
    taken.forEach(one -> Signal.handle(one.signal(), one.before()));
  }
}
