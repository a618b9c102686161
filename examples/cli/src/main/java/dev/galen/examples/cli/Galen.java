package dev.galen.examples.cli;

import dev.galen.examples.clinical.command.ClinicalCommand;
import dev.galen.examples.serve.command.ServeCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The {@code galen} command. */
@Command(
    name = "galen",
    description = "Transformers in Java: fine-tune, evaluate, generate.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {"", "`galen COMMAND --help` explains a command and each of its options."})
public final class Galen implements Runnable {
  /** In the order of the help. */
  private static final Map<String, Class<?>> COMMANDS = commands();

  @Spec private CommandSpec spec;

  private Galen() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    Failures.watchThreads(isDebug(args));
    int code = run(new FileOutputStream(FileDescriptor.out), args);
    System.exit(Failures.andOfThreads(code));
  }

  /** Runs one command: 0 for success, 2 for bad input, 1 for a fault of Galen's own. */
  static int run(String... args) {
    return run(System.out, args);
  }

  /** The same with standard output on {@code target}, which stays open. */
  static int run(OutputStream target, String... args) {
    PrintStream before = System.out;
    System.setOut(new StandardOutput(target));
    try {
      var line = commandLine(args.length == 0 ? null : args[0]);
      int code = new RunLast().execute(line.parseArgs(Words.checked(line, args)));
      StandardOutput.requireWritten();
      return code;
    } catch (Throwable fault) {
      return Failures.report(fault, isDebug(args));
    } finally {
      System.setOut(before);
    }
  }

  private static boolean isDebug(String[] args) {
    return Arrays.asList(args).contains("--debug");
  }

  private static Map<String, Class<?>> commands() {
    var commands = new LinkedHashMap<String, Class<?>>();
    commands.put("finetune", FinetuneCommand.class);
    commands.put("train", TrainCommand.class);
    commands.put("search", SearchCommand.class);
    commands.put("plan", PlanCommand.class);
    commands.put("evaluate", EvaluateCommand.class);
    commands.put("score", ScoreCommand.class);
    commands.put("generate", GenerateCommand.class);
    commands.put("merge", MergeCommand.class);
    commands.put("embed", EmbedCommand.class);
    commands.put("tokenize", TokenizeCommand.class);
    commands.put("tokenizer", TokenizerCommand.class);
    commands.put("clinical", ClinicalCommand.class);
    commands.put("serve", ServeCommand.class);
    commands.put("inspect", InspectCommand.class);
    commands.put("doctor", DoctorCommand.class);
    commands.put("download", DownloadCommand.class);
    commands.put("bench", BenchCommand.class);
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
    CommandLine score = commandLine.getSubcommands().get("score");
    if (score != null) {
      ScoreOptions.addTo(score.getCommandSpec());
    }
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setPosixClusteredShortOptionsAllowed(false);
    commandLine.setExpandAtFiles(false); // a prompt may begin with an @
    commandLine.registerConverter(Path.class, Galen::path);
    return commandLine;
  }

  /** An empty path would mean the folder that the command was started in. */
  private static Path path(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException("is empty");
    }
    return Path.of(text);
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
