package dev.galen.examples.serve.store;

import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * One connection and one thread of its own for it: SQLite has one writer at a time, its native code
 * would hold up virtual threads, and an interrupt of a request must not reach it. All work is in
 * transactions, which are written wholly or not at all whatever kills the process.
 */
final class Database implements AutoCloseable {
  private static final String SQLITE = "jdbc:sqlite:";
  private static final String POSTGRES = "jdbc:postgresql:";
  private static final int SQLITE_FULL = 13;
  private static final int LOGIN_SECONDS = 10;

  private final ExecutorService thread;
  private final String where;
  private final boolean sqlite;
  private Connection connection;

  private Database(String where, boolean sqlite) {
    this.where = where;
    this.sqlite = sqlite;
    this.thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("galen-store").factory());
  }

  /** What is done in one transaction. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /**
   * Connects.
   *
   * @param where a file of SQLite, made if there is none, or {@code jdbc:postgresql://HOST/NAME}
   * @throws StoreException in one line
   */
  static Database open(String where) {
    boolean postgres = where.startsWith(POSTGRES);
    if (where.startsWith("jdbc:") && !postgres && !where.startsWith(SQLITE)) {
      throw new IllegalArgumentException(
          "the store is \"%s\", must be a file for SQLite or jdbc:postgresql://HOST/NAME"
              .formatted(withoutQuery(where)));
    }
    String file = where.startsWith(SQLITE) ? where.substring(SQLITE.length()) : where;
    var database = new Database(postgres ? where : file, !postgres);
    try {
      database.submit(
          () -> {
            database.connect();
            return null;
          });
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
    return database;
  }

  /** A URL may have a password behind its question mark. */
  private static String withoutQuery(String url) {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }

  private void connect() throws SQLException, IOException {
    var properties = new Properties();
    if (!sqlite) {
      properties.setProperty("loginTimeout", Integer.toString(LOGIN_SECONDS));
      connection = DriverManager.getConnection(where, properties);
      return;
    }
    createPrivate(Path.of(where));
    properties.setProperty("busy_timeout", "10000");
    connection = DriverManager.getConnection(SQLITE + where, properties);
    execute("PRAGMA journal_mode = WAL");
    execute("PRAGMA synchronous = FULL");
    execute("PRAGMA secure_delete = ON");
    execute("PRAGMA temp_store = MEMORY");
  }

  // The write-ahead log beside it takes its permissions over.
  private static void createPrivate(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try {
      if (!Files.exists(file)) {
        Files.createFile(file, posix ? new FileAttribute<?>[] {mode} : new FileAttribute<?>[0]);
      }
    } catch (FileAlreadyExistsException e) {
      // Another process was faster.
    }
  }

  /** Runs {@code work} in a transaction: all of it is kept, or nothing. */
  <T> T run(Work<T> work) {
    return submit(
        () -> {
          if (connection.isClosed()) { // as after a server's restart
            connect();
          }
          // By statements: of a full disk SQLite rolls back itself, and its driver's own commit and
          // rollback fail from then on. One that reads first and then writes would fail at once
          // where another process has written in between, so it begins as a writer.
          execute(sqlite ? "BEGIN IMMEDIATE" : "BEGIN");
          try {
            T result = work.run(connection);
            execute("COMMIT");
            return result;
          } catch (SQLException | RuntimeException e) {
            rollback(e);
            throw e;
          }
        });
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void rollback(Exception e) {
    try {
      execute("ROLLBACK");
    } catch (SQLException none) {
      e.addSuppressed(none);
    }
  }

  /** Takes what was erased out of SQLite's write-ahead log. */
  void forget() {
    if (!sqlite) {
      return;
    }
    submit(
        () -> {
          execute("PRAGMA wal_checkpoint(TRUNCATE)");
          return null;
        });
  }

  /** Anything on the thread of the connection. */
  @FunctionalInterface
  private interface Task<T> {
    T call() throws SQLException, IOException;
  }

  private <T> T submit(Task<T> task) {
    boolean interrupted = false;
    try {
      var future = thread.submit(task::call);
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true; // the work is done all the same
        }
      }
    } catch (ExecutionException e) {
      throw failed(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private RuntimeException failed(Throwable cause) {
    return switch (cause) {
      case SQLException e ->
          new StoreException("the store %s: %s".formatted(withoutQuery(where), reason(e)), e);
      case IOException e ->
          new StoreException(
              "the store %s: %s".formatted(withoutQuery(where), ErrorText.reason(e)), e);
      case RuntimeException e -> e;
      default -> throw new IllegalStateException(cause);
    };
  }

  // Of PostgreSQL's messages the first line alone: the others quote values of the row.
  private static String reason(SQLException e) {
    boolean full = e.getErrorCode() == SQLITE_FULL || "53100".equals(e.getSQLState());
    return full
        ? "the disk is full; nothing was written; make room"
        : ErrorText.line(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
  }

  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    try {
      submit(
          () -> {
            if (connection != null) {
              connection.close();
            }
            return null;
          });
    } finally {
      thread.shutdown();
      try {
        thread.awaitTermination(LOGIN_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
