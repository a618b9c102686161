package dev.galen.examples.search.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A connection that is made again if the server was gone for a moment. Errors are one line that
 * names the place. SQLite takes the lock for writing when a transaction begins: one that reads
 * first and then writes would fail as soon as another process wrote in between.
 */
final class Database implements AutoCloseable {
  private static final String SQLITE = "jdbc:sqlite:";
  private static final int ATTEMPTS = 5;
  private static final long PAUSE_MILLISECONDS = 1000;
  private static final int PATIENCE_SECONDS = 60;

  private final String url;
  private Connection connection;

  /** A function of a connection. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  Database(String url) {
    if (!url.startsWith("jdbc:")) {
      throw new IllegalArgumentException(
          "the storage is '%s', must be a JDBC URL: jdbc:sqlite:FILE or jdbc:postgresql://HOST/NAME"
              .formatted(withoutPassword(url)));
    }
    this.url = url;
    makeFolder();
  }

  private void makeFolder() {
    if (!url.startsWith(SQLITE) || url.startsWith(SQLITE + ":")) {
      return;
    }
    Path file = Path.of(url.substring(SQLITE.length()).replaceFirst("\\?.*", "")).toAbsolutePath();
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(
          file.getParent() + ": no folder can be made there for the study", e);
    }
  }

  /** The URL, or of a file its name, without what may be a secret. */
  String place() {
    String place = withoutPassword(url);
    return place.startsWith(SQLITE) ? place.substring(SQLITE.length()) : place;
  }

  private static String withoutPassword(String url) {
    return url.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
  }

  private Connection connect() throws SQLException {
    var settings = new Properties();
    if (url.startsWith(SQLITE)) {
      settings.setProperty("transaction_mode", "IMMEDIATE");
      settings.setProperty("journal_mode", "WAL");
      settings.setProperty("busy_timeout", Integer.toString(PATIENCE_SECONDS * 1000));
    }
    return DriverManager.getConnection(url, settings);
  }

  /** Runs one statement or several that need not be one. */
  synchronized <T> T run(Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        if (connection == null) {
          connection = connect();
        }
        return work.on(connection);
      } catch (SQLException e) {
        boolean lost = connection != null && isLost();
        if (!lost || attempt == ATTEMPTS) {
          throw failure(e);
        }
        pause();
      }
    }
  }

  /** Runs statements as one. */
  <T> T transaction(Work<T> work) {
    return run(
        open -> {
          open.setAutoCommit(false);
          try {
            T result = work.on(open);
            open.commit();
            return result;
          } catch (SQLException | RuntimeException e) {
            rollBack(open, e);
            throw e;
          } finally {
            open.setAutoCommit(true);
          }
        });
  }

  private static void rollBack(Connection open, Exception cause) {
    try {
      open.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private boolean isLost() {
    try {
      if (connection.isValid(PATIENCE_SECONDS)) {
        return false;
      }
      connection.close();
    } catch (SQLException e) {
      // It is of no use any more, which is all that is to be known.
    }
    connection = null;
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private UncheckedIOException failure(SQLException e) {
    String reason = e.getMessage();
    if (reason != null && reason.startsWith("No suitable driver")) {
      reason = "no JDBC driver for it is on the class path; SQLite's and PostgreSQL's come with it";
    }
    return new UncheckedIOException(new IOException(place() + ": " + reason, e));
  }

  @Override
  public synchronized void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        throw failure(e);
      } finally {
        connection = null;
      }
    }
  }
}
