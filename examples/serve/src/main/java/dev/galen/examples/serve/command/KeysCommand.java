package dev.galen.examples.serve.command;

import dev.galen.examples.serve.access.ApiKey;
import dev.galen.examples.serve.access.KeyFile;
import dev.galen.examples.serve.access.Role;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code galen serve keys}. */
@Command(
    name = "keys",
    description = "Make, list and revoke the API keys of a server, kept as hashes.",
    mixinStandardHelpOptions = true)
final class KeysCommand implements Runnable {
  private static final String FILE = "The file of keys; only its owner can read it.";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  @Command(
      name = "add",
      description = "Make a key and show it, this once.",
      mixinStandardHelpOptions = true)
  int add(
      @Option(names = "--name", required = true, description = "Whose key it is.") String name,
      @Option(
              names = "--role",
              required = true,
              description =
                  "reader (asks, gives feedback), reviewer (also reads and judges what is held),"
                      + " admin (also erases).")
          String role,
      @Option(names = "--file", required = true, paramLabel = "FILE", description = FILE) Path file)
      throws IOException {
    KeyFile.Added added = new KeyFile(file).add(name, Role.of(role));
    System.err.printf(
        "Key %s of %s, %s. It is shown this once; send it as Authorization: Bearer KEY%n",
        added.key().id(), name, role);
    System.out.println(added.secret());
    return 0;
  }

  @Command(
      name = "list",
      description = "List the keys: id, role, when made, when revoked, name.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--file", required = true, paramLabel = "FILE", description = FILE) Path file)
      throws IOException {
    for (ApiKey key : new KeyFile(file).read()) {
      System.out.printf(
          "%s  %-8s  %s  %-20s  %s%n",
          key.id(),
          key.role().label(),
          key.created(),
          key.active() ? "-" : key.revoked(),
          key.name());
    }
    return 0;
  }

  @Command(
      name = "revoke",
      description = "Take a key's rights away, also on servers that run.",
      mixinStandardHelpOptions = true)
  int revoke(
      @Parameters(paramLabel = "ID", description = "The key's id, as list shows it.") String id,
      @Option(names = "--file", required = true, paramLabel = "FILE", description = FILE) Path file)
      throws IOException {
    ApiKey key = new KeyFile(file).revoke(id);
    System.out.printf("Key %s of %s is revoked.%n", key.id(), key.name());
    return 0;
  }
}
