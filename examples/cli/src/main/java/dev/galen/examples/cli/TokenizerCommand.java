package dev.galen.examples.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code galen tokenizer}: what is done to tokenizers rather than with them. */
@Command(
    name = "tokenizer",
    description = "Make tokenizers.",
    subcommands = TokenizerTrainCommand.class)
final class TokenizerCommand implements Runnable {
  @Mixin private CommonOptions common;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "tokenizer needs a command: train");
  }
}
