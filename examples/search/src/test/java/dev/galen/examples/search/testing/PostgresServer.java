package dev.galen.examples.search.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server on a port of this machine's own network, with its data in a temporary folder. */
public final class PostgresServer implements AutoCloseable {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final int PATIENCE_SECONDS = 60;
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private final Path programs;
  private final int port;
  private final Process process;

  /** Starts it in {@code folder}. */
  public PostgresServer(Path programs, Path folder) throws IOException, InterruptedException {
    this.programs = programs;
    Path data = Files.createDirectory(folder.resolve("data"));
    if (ROOT) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.setOwner(data, postgres().orElseThrow());
    }
    List<String> init =
        command("initdb", "-D", data.toString(), "-U", "galen", "-A", "trust", "-N", "-E", "UTF8");
    Process made = start(init, folder.resolve("initdb.log"));
    if (!made.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || made.exitValue() != 0) {
      throw new IOException(Files.readString(folder.resolve("initdb.log")));
    }
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    process =
        start(
            command(
                "postgres",
                "-D",
                data.toString(),
                "-p",
                Integer.toString(port),
                "-h",
                "127.0.0.1",
                "-k",
                "",
                "-F"),
            folder.resolve("postgres.log"));
    await(folder.resolve("postgres.log"));
  }

  private void await(Path log) throws IOException, InterruptedException {
    for (int i = 0; i < PATIENCE_SECONDS * 10; i++) {
      try (var connection = DriverManager.getConnection(url("postgres"))) {
        return;
      } catch (SQLException e) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    throw new IOException("the server did not start: " + Files.readString(log));
  }

  private List<String> command(String program, String... arguments) {
    var words = new ArrayList<String>();
    if (ROOT) { // which the programs refuse
      words.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    words.add(programs.resolve(program).toString());
    words.addAll(List.of(arguments));
    return words;
  }

  private static Process start(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .directory(Path.of("/").toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** Where initdb and postgres lie, if they do. */
  public static Optional<Path> programs() throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }

  /** Whether it would start here: it refuses root, unless there is a user postgres to be. */
  public static boolean canStart() {
    return !ROOT || postgres().isPresent();
  }

  private static Optional<UserPrincipal> postgres() {
    try {
      return Optional.of(
          FileSystems.getDefault()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName("postgres"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The JDBC address of a database. */
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=galen";
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
