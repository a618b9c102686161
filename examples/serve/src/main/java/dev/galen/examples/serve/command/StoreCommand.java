package dev.galen.examples.serve.command;

import dev.galen.examples.serve.store.Records;
import dev.galen.examples.serve.store.TrainingRows;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code galen serve store}. */
@Command(
    name = "store",
    description = "Export, erase and re-encrypt feedback and reviewed answers.",
    mixinStandardHelpOptions = true)
final class StoreCommand implements Runnable {
  private static final int LONGEST_DAYS = 100_000;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  @Command(
      name = "export",
      description =
          "Write accepted records as JSON lines for `galen train`, each with where it came from."
              + " They have texts in plain.",
      mixinStandardHelpOptions = true)
  int export(
      @Mixin StoreOptions options,
      @Option(
              names = "--out",
              required = true,
              paramLabel = "FILE",
              description = "Replaced as a whole.")
          Path out)
      throws IOException {
    try (Records records = options.open()) {
      TrainingRows.Written written = TrainingRows.write(records, out);
      System.out.printf(
          "%d rows; %d accepted records say what is wrong and not what is right%n",
          written.rows(), written.leftOut());
    }
    return 0;
  }

  @Command(
      name = "erase",
      description =
          "Erase all that is kept of a patient, whose reference is read from standard input: other"
              + " users of the machine can see a command's options.",
      mixinStandardHelpOptions = true)
  int erase(@Mixin StoreOptions options) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String patient = in.readLine();
    try (Records records = options.open()) {
      System.out.printf("%d records erased%n", records.erase(patient));
    }
    return 0;
  }

  @Command(
      name = "expire",
      description = "Erase records older than some days.",
      mixinStandardHelpOptions = true)
  int expire(
      @Mixin StoreOptions options,
      @Option(names = "--days", required = true, description = "1 to 100000.") int days)
      throws IOException {
    if (days < 1 || days > LONGEST_DAYS) {
      throw new IllegalArgumentException(
          "--days is %d, must be 1 to %d".formatted(days, LONGEST_DAYS));
    }
    try (Records records = options.open()) {
      System.out.printf("%d records erased%n", records.expire(Duration.ofDays(days)));
    }
    return 0;
  }

  @Command(
      name = "rotate",
      description =
          "Make a new key, encrypt every text anew, drop the old keys. Stop the server first.",
      mixinStandardHelpOptions = true)
  int rotate(@Mixin StoreOptions options) throws IOException {
    try (Records records = options.open()) {
      System.out.printf("%d records encrypted under a new key%n", records.rotate());
    }
    return 0;
  }
}
