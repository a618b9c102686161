package dev.galen.examples.serve.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code galen serve}. */
@Command(
    name = "serve",
    description = "What a server of clinical text keeps: keys, the audit log, feedback, a profile.",
    mixinStandardHelpOptions = true,
    subcommands = {AuditCommand.class, KeysCommand.class, ProfileCommand.class, StoreCommand.class})
public final class ServeCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by picocli. */
  public ServeCommand() {}

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
