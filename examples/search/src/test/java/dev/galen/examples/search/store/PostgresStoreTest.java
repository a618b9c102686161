package dev.galen.examples.search.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.galen.examples.search.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A study in a PostgreSQL server of this test's own, where its programs are installed. */
class PostgresStoreTest extends StoreCases {
  @TempDir static Path folder;

  private static PostgresServer server;
  private static int databases;
  private String url;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> programs = PostgresServer.programs();
    assumeTrue(programs.isPresent(), "skipped: no PostgreSQL server (initdb) is installed here");
    assumeTrue(PostgresServer.canStart(), "skipped: PostgreSQL refuses root, and no user postgres");
    server = new PostgresServer(programs.get(), folder);
  }

  @AfterAll
  static void stop() throws IOException, InterruptedException {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void makeDatabase() throws Exception {
    String name = "galen" + databases++;
    try (var connection = DriverManager.getConnection(server.url("postgres"));
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    url = server.url(name);
  }

  @Override
  String url() {
    return url;
  }
}
