package dev.galen.examples.serve.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Feedback and held answers in a database, their texts encrypted. Thread-safe; several processes
 * may have one database open. Every method throws {@link StoreException} in one line if the
 * database fails, and then nothing of what it was to do is done.
 */
public final class Records implements AutoCloseable {
  static final String CHECK = "galen store";

  private final Database database;
  private final KeysetFile file;
  private volatile TextCipher cipher;

  private Records(Database database, KeysetFile file, TextCipher cipher) {
    this.database = database;
    this.file = file;
    this.cipher = cipher;
  }

  /**
   * Opens a store, and makes what is not there yet: tables, and keys for an empty database.
   *
   * @param where a file of SQLite, or {@code jdbc:postgresql://HOST/NAME}
   * @throws IOException if the keys cannot be read, or are not those of the database
   */
  public static Records open(String where, KeysetFile file) throws IOException {
    Database database = Database.open(where);
    try {
      database.run(Records::createTables);
      KeysetFile.Content keys = file.open();
      var cipher = new TextCipher(keys.keys(), keys.references());
      database.run(connection -> checkKeys(connection, cipher, file));
      return new Records(database, file, cipher);
    } catch (IOException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Void createTables(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS galen_store (name TEXT PRIMARY KEY, value BYTEA NOT NULL)");
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS galen_record (
            id TEXT PRIMARY KEY, created BIGINT NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL,
            model TEXT NOT NULL, task TEXT NOT NULL, verdict TEXT NOT NULL, patient TEXT,
            input BYTEA NOT NULL, answer BYTEA NOT NULL, correction BYTEA, note BYTEA,
            state TEXT NOT NULL, reviewer TEXT, reviewed BIGINT)\
          """);
      statement.execute(
          "CREATE INDEX IF NOT EXISTS galen_record_state ON galen_record (state, created)");
      statement.execute(
          "CREATE INDEX IF NOT EXISTS galen_record_patient ON galen_record (patient)");
    }
    return null;
  }

  private static Void checkKeys(Connection connection, TextCipher cipher, KeysetFile file)
      throws SQLException {
    try (var select = connection.prepareStatement("SELECT value FROM galen_store WHERE name = ?")) {
      select.setString(1, "check");
      try (var rows = select.executeQuery()) {
        if (rows.next()) {
          requireOpens(cipher, rows.getBytes(1), file);
          return null;
        }
      }
    }
    try (var insert = connection.prepareStatement("INSERT INTO galen_store VALUES (?, ?)")) {
      insert.setString(1, "check");
      insert.setBytes(2, cipher.seal(CHECK, "check", ""));
      insert.executeUpdate();
    }
    return null;
  }

  private static void requireOpens(TextCipher cipher, byte[] sealed, KeysetFile file) {
    try {
      cipher.open(sealed, "check", "");
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException(
          file.path() + ": has not the keys that this store was written with", e);
    }
  }

  /** Adds a record and returns its id, 32 hexadecimal digits. It is on the disk then. */
  public String add(StoredRecord.Content what) {
    String id = UUID.randomUUID().toString().replace("-", "");
    return database.run(connection -> insert(connection, id, what));
  }

  private String insert(Connection connection, String id, StoredRecord.Content what)
      throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO galen_record (id, created, kind, author, model, task, verdict, patient,"
                + " input, answer, correction, note, state)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'WAITING')")) {
      insert.setString(1, id);
      insert.setLong(2, System.currentTimeMillis());
      insert.setString(3, what.kind().name());
      insert.setString(4, what.author());
      insert.setString(5, what.model());
      insert.setString(6, what.task());
      insert.setString(7, what.verdict().name());
      insert.setString(8, cipher.reference(what.patient()));
      insert.setBytes(9, cipher.seal(what.input(), "input", id));
      insert.setBytes(10, cipher.seal(what.answer(), "answer", id));
      insert.setBytes(11, cipher.seal(what.correction(), "correction", id));
      insert.setBytes(12, cipher.seal(what.note(), "note", id));
      insert.executeUpdate();
    }
    return id;
  }

  /** The record {@code id}, if there is one. */
  public Optional<StoredRecord> find(String id) {
    return database.run(
        connection -> {
          try (var select =
              connection.prepareStatement("SELECT * FROM galen_record WHERE id = ?")) {
            select.setString(1, id);
            List<StoredRecord> found = read(select);
            return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
          }
        });
  }

  /**
   * A page of records, the eldest first.
   *
   * @param state which
   * @param after id of the last record of the page before, or null for the first page
   * @param most at most so many, 1 to 1,000
   */
  public List<StoredRecord> list(StoredRecord.State state, String after, int most) {
    if (most < 1 || most > 1000) {
      throw new IllegalArgumentException(
          "the page has %d records, must be 1 to 1000".formatted(most));
    }
    return database.run(connection -> page(connection, state, after, most));
  }

  private List<StoredRecord> page(
      Connection connection, StoredRecord.State state, String after, int most) throws SQLException {
    String from =
        after == null
            ? ""
            : " AND (created > (SELECT created FROM galen_record WHERE id = ?) OR (created = (SELECT"
                + " created FROM galen_record WHERE id = ?) AND id > ?))";
    try (var select =
        connection.prepareStatement(
            "SELECT * FROM galen_record WHERE state = ?"
                + from
                + " ORDER BY created, id LIMIT ?")) {
      int at = 1;
      select.setString(at++, state.name());
      for (int i = 0; after != null && i < 3; i++) {
        select.setString(at++, after);
      }
      select.setInt(at, most);
      return read(select);
    }
  }

  private List<StoredRecord> read(PreparedStatement select) throws SQLException {
    var found = new ArrayList<StoredRecord>();
    try (var rows = select.executeQuery()) {
      while (rows.next()) {
        found.add(record(rows));
      }
    }
    return found;
  }

  private StoredRecord record(ResultSet row) throws SQLException {
    String id = row.getString("id");
    var what =
        new StoredRecord.Content(
            StoredRecord.Kind.valueOf(row.getString("kind")),
            row.getString("author"),
            row.getString("model"),
            row.getString("task"),
            StoredRecord.Verdict.valueOf(row.getString("verdict")),
            null,
            cipher.open(row.getBytes("input"), "input", id),
            cipher.open(row.getBytes("answer"), "answer", id),
            cipher.open(row.getBytes("correction"), "correction", id),
            cipher.open(row.getBytes("note"), "note", id));
    long reviewed = row.getLong("reviewed");
    return new StoredRecord(
        id,
        Instant.ofEpochMilli(row.getLong("created")),
        what,
        StoredRecord.State.valueOf(row.getString("state")),
        row.getString("reviewer"),
        reviewed == 0 ? null : Instant.ofEpochMilli(reviewed));
  }

  /**
   * Sets what a reviewer found. Of two at once the first wins.
   *
   * @param id which record
   * @param verdict the reviewer's own, which replaces the author's
   * @param correction where that is {@code CORRECTED}, else null
   * @param state {@code ACCEPTED} or {@code REJECTED}
   * @return false if there is no such record that waits
   */
  public boolean review(
      String id,
      String reviewer,
      StoredRecord.Verdict verdict,
      String correction,
      StoredRecord.State state) {
    if (state == StoredRecord.State.WAITING) {
      throw new IllegalArgumentException("a review must accept or reject");
    }
    if ((verdict == StoredRecord.Verdict.CORRECTED) != (correction != null)) {
      throw new IllegalArgumentException(
          "a correction must be there if the verdict is \"corrected\", and only then");
    }
    return database.run(
        connection -> {
          try (var update =
              connection.prepareStatement(
                  "UPDATE galen_record SET verdict = ?, correction = ?, state = ?, reviewer = ?,"
                      + " reviewed = ? WHERE id = ? AND state = 'WAITING'")) {
            update.setString(1, verdict.name());
            update.setBytes(2, cipher.seal(correction, "correction", id));
            update.setString(3, state.name());
            update.setString(4, reviewer);
            update.setLong(5, System.currentTimeMillis());
            update.setString(6, id);
            return update.executeUpdate() == 1;
          }
        });
  }

  /** Erases all that is kept of a patient, and returns how many records that were. */
  public int erase(String patient) {
    String reference = cipher.reference(patient);
    if (reference == null) {
      throw new IllegalArgumentException("the patient's reference is empty");
    }
    return delete("patient = ?", (statement) -> statement.setString(1, reference));
  }

  /** Erases records older than {@code age}, and returns how many those were. */
  public int expire(Duration age) {
    long before = Instant.now().minus(age).toEpochMilli();
    return delete("created < ?", (statement) -> statement.setLong(1, before));
  }

  @FunctionalInterface
  private interface Setter {
    void set(PreparedStatement statement) throws SQLException;
  }

  private int delete(String which, Setter setter) {
    int erased =
        database.run(
            connection -> {
              try (var delete =
                  connection.prepareStatement("DELETE FROM galen_record WHERE " + which)) {
                setter.set(delete);
                return delete.executeUpdate();
              }
            });
    if (erased > 0) {
      database.forget();
    }
    return erased;
  }

  /** How many records are in {@code state}. */
  public long count(StoredRecord.State state) {
    return database.run(
        connection -> {
          try (var select =
              connection.prepareStatement("SELECT COUNT(*) FROM galen_record WHERE state = ?")) {
            select.setString(1, state.name());
            try (var rows = select.executeQuery()) {
              rows.next();
              return rows.getLong(1);
            }
          }
        });
  }

  /**
   * Makes a new key, encrypts every text anew under it, and drops the old keys. A kill on the way
   * leaves both, and every text readable; the next rotation goes on.
   *
   * <p>No server may have the store open: it would not know the new key.
   *
   * @return how many records there are
   */
  public int rotate() throws IOException {
    int records = new KeyRotation(database, file).run();
    KeysetFile.Content newest = file.open();
    cipher = new TextCipher(newest.keys(), newest.references());
    return records;
  }

  /** Lets SQLite's file have no more than {@code pages} of 4 KiB, as a full disk does. */
  void limitPages(int pages) {
    database.run(
        connection -> {
          try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA max_page_count = " + pages);
          }
          return null;
        });
  }

  /** Closes the connection; a second time does nothing. */
  @Override
  public void close() {
    database.close();
  }
}
