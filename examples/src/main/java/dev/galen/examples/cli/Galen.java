package dev.galen.examples.cli;

import dev.galen.train.NonFiniteException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code galen} command. */
@Command(
    name = "galen",
    description = "Transformers in Java: fine-tune, evaluate, generate.",
    mixinStandardHelpOptions = true,
    version = "galen 0.1.0")
public final class Galen implements Runnable {
  /** What the user gave cannot be used; nothing was lost. */
  static final int BAD_INPUT = 2;

  /** A fault of Galen's own. */
  static final int FAULT = 1;

  /** In the order of the help. */
  private static final Map<String, Class<?>> COMMANDS = commands();

  @Spec private CommandSpec spec;

  private Galen() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs one command: 0 for success, 2 for bad input, 1 for a fault of Galen's own. */
  static int run(String... args) {
    try {
      return commandLine(args.length == 0 ? null : args[0]).execute(args);
    } catch (OutOfMemoryError e) {
      return report(e, Arrays.asList(args).contains("--debug"));
    }
  }

  private static Map<String, Class<?>> commands() {
    var commands = new LinkedHashMap<String, Class<?>>();
    commands.put("finetune", FinetuneCommand.class);
    commands.put("train", TrainCommand.class);
    commands.put("evaluate", EvaluateCommand.class);
    commands.put("generate", GenerateCommand.class);
    commands.put("tokenize", TokenizeCommand.class);
    commands.put("tokenizer", TokenizerCommand.class);
    commands.put("inspect", InspectCommand.class);
    commands.put("doctor", DoctorCommand.class);
    commands.put("download", DownloadCommand.class);
    return commands;
  }

  /** The command with all that belongs to it, ready to be executed once. */
  static CommandLine commandLine() {
    return commandLine(null);
  }

  /**
   * The same with the subcommand {@code name} alone, or with all where it names none: reading the
   * annotations of all is a tenth of a second, and who generates text waits for it.
   */
  private static CommandLine commandLine(String name) {
    var commandLine = new CommandLine(new Galen());
    if (COMMANDS.containsKey(name)) {
      commandLine.addSubcommand(name, COMMANDS.get(name));
    } else {
      COMMANDS.forEach(commandLine::addSubcommand);
    }
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setParameterExceptionHandler(Galen::explain);
    commandLine.setExecutionExceptionHandler(
        (fault, command, result) -> report(fault, CommonOptions.isDebug(result)));
    return commandLine;
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  private static int explain(ParameterException fault, String[] args) {
    if (Arrays.asList(args).contains("--debug")) {
      fault.printStackTrace();
    }
    String message = fault.getMessage().lines().collect(Collectors.joining("; "));
    System.err.println(
        "galen: %s; see `%s --help`"
            .formatted(
                message.replaceFirst("^Error: ", ""),
                fault.getCommandLine().getCommandSpec().qualifiedName()));
    return BAD_INPUT;
  }

  private static int report(Throwable fault, boolean debug) {
    Throwable cause = fault instanceof UncheckedIOException io ? io.getCause() : fault;
    if (cause instanceof ClosedPipeException) {
      return 0; // whoever read our output has seen enough
    }
    if (debug) {
      fault.printStackTrace();
    }
    boolean expected =
        cause instanceof IOException
            || cause instanceof IllegalArgumentException
            || cause instanceof NonFiniteException
            || cause instanceof OutOfMemoryError;
    if (expected) {
      System.err.println("galen: " + describe(cause).lines().collect(Collectors.joining("; ")));
      return BAD_INPUT;
    }
    System.err.println("galen: internal error: " + cause + "; --debug prints where");
    return FAULT;
  }

  /** One line; the JDK's own file exceptions carry little more than the file's name. */
  private static String describe(Throwable cause) {
    return switch (cause) {
      case NoSuchFileException e -> e.getFile() + ": no such file";
      case AccessDeniedException e -> e.getFile() + ": access denied";
      case FileAlreadyExistsException e -> e.getFile() + ": is a file, a directory is needed there";
      case FileSystemException e when e.getReason() == null ->
          e.getFile() + ": " + e.getClass().getSimpleName();
      case OutOfMemoryError e -> "not enough memory: " + e.getMessage();
      default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
    };
  }
}
