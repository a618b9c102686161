package dev.galen.examples.cli;

import dev.galen.tensor.io.ErrorText;
import dev.galen.train.NonFiniteException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Turns whatever a command throws into one line on standard error, and into an exit code. */
final class Failures {
  /** What the user gave cannot be used; nothing was lost. */
  static final int BAD_INPUT = 2;

  /** A fault of Galen's own. */
  static final int FAULT = 1;

  /** The worst code of the threads that ended by an error that was not caught. */
  private static volatile int elsewhere;

  private Failures() {}

  /** Explains {@code thrown}, with its stack trace for {@code debug}, and returns the code. */
  static int report(Throwable thrown, boolean debug) {
    boolean wrapped = thrown instanceof CommandLine.ExecutionException && thrown.getCause() != null;
    Throwable fault = ErrorText.cause(wrapped ? thrown.getCause() : thrown);
    if (fault instanceof ClosedPipeException) {
      return 0; // the reader of the output has seen enough
    }
    if (debug) {
      fault.printStackTrace();
    }
    if (fault instanceof ParameterException parameter) {
      System.err.println("galen: " + ErrorText.line(Hints.explain(parameter)));
      return BAD_INPUT;
    }
    if (ErrorText.isInput(fault) || fault instanceof NonFiniteException) {
      System.err.println("galen: " + ErrorText.of(fault));
      return BAD_INPUT;
    }
    System.err.println(
        "galen: internal error: " + ErrorText.line(fault.toString()) + "; --debug prints where");
    return FAULT;
  }

  /** Explains what ends a thread from now on, in shutdown hooks as well. */
  static void watchThreads(boolean debug) {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, fault) -> elsewhere = Math.max(elsewhere, report(fault, debug)));
  }

  /** {@code code}, or where that is success the code of a thread that failed. */
  static int andOfThreads(int code) {
    return code == 0 ? elsewhere : code;
  }
}
