package dev.galen.examples.serve.command;

import dev.galen.examples.serve.audit.AuditCheck;
import dev.galen.examples.serve.audit.Head;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code galen serve audit}. */
@Command(
    name = "audit",
    description = "Check a server's audit log.",
    mixinStandardHelpOptions = true)
final class AuditCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  @Command(
      name = "verify",
      description = {
        "Check the chain of FILE: a line that was changed, removed, added or moved is found. Exit"
            + " code 1 if there is one.",
        "Whoever can write the file can cut its end off or make a new chain. Only --head shows"
            + " that: keep the head that this prints elsewhere, from time to time."
      },
      mixinStandardHelpOptions = true)
  int verify(
      @Parameters(paramLabel = "FILE", description = "The log.") Path file,
      @Option(
              names = "--head",
              paramLabel = "N:HASH",
              description = "A head that was kept elsewhere, which the log must contain.")
          String head)
      throws IOException {
    Optional<Head> kept = Optional.ofNullable(head).map(Head::of);
    AuditCheck.Result checked = AuditCheck.check(file, kept);
    if (!checked.ok()) {
      System.err.println("galen: " + checked.problem());
      return 1;
    }
    System.out.printf("%d entries, unbroken%n", checked.head().entries());
    System.out.println("head " + checked.head());
    if (checked.tornBytes() > 0) {
      System.out.printf(
          "then %d bytes of an entry whose writing was interrupted, or is going on%n",
          checked.tornBytes());
    }
    if (kept.isEmpty()) {
      System.out.println(
          "Whether its end was cut off, only --head with a head kept elsewhere tells.");
    }
    return 0;
  }
}
