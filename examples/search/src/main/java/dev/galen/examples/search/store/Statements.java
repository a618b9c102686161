package dev.galen.examples.search.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;

/** SQL that SQLite and PostgreSQL understand alike. */
final class Statements {
  /** What is made where it does not stand. */
  static final String[] TABLES = {
    """
    CREATE TABLE IF NOT EXISTS galen_studies (
      name VARCHAR(200) PRIMARY KEY, settings TEXT NOT NULL, claims BIGINT NOT NULL)
    """,
    """
    CREATE TABLE IF NOT EXISTS galen_trials (
      study VARCHAR(200) NOT NULL, number INTEGER NOT NULL, attempt INTEGER NOT NULL,
      state VARCHAR(20) NOT NULL, owner VARCHAR(400) NOT NULL, beat BIGINT NOT NULL,
      started BIGINT NOT NULL, ended BIGINT NOT NULL, objective DOUBLE PRECISION,
      figures TEXT NOT NULL, error TEXT, PRIMARY KEY (study, number))
    """,
    """
    CREATE TABLE IF NOT EXISTS galen_parameters (
      study VARCHAR(200) NOT NULL, number INTEGER NOT NULL, place INTEGER NOT NULL,
      name VARCHAR(200) NOT NULL, range TEXT NOT NULL, chosen DOUBLE PRECISION NOT NULL,
      PRIMARY KEY (study, number, name))
    """,
    """
    CREATE TABLE IF NOT EXISTS galen_reports (
      study VARCHAR(200) NOT NULL, number INTEGER NOT NULL, attempt INTEGER NOT NULL,
      step BIGINT NOT NULL, measured DOUBLE PRECISION, PRIMARY KEY (study, number, attempt, step))
    """
  };

  static final String BEGIN_STUDY =
      "INSERT INTO galen_studies (name, settings, claims) VALUES (?, ?, 0) ON CONFLICT DO NOTHING";
  static final String SETTINGS = "SELECT settings FROM galen_studies WHERE name = ?";

  /** Holds all other claims of the study until the transaction ends. */
  static final String LOCK = "UPDATE galen_studies SET claims = claims + 1 WHERE name = ?";

  static final String UNDER_WAY =
      "SELECT number, attempt, state, owner, beat FROM galen_trials"
          + " WHERE study = ? AND state IN ('WAITING', 'RUNNING') ORDER BY number";
  static final String TAKE =
      "UPDATE galen_trials SET attempt = attempt + 1, state = 'RUNNING', owner = ?, beat = 0,"
          + " started = ?, ended = 0 WHERE study = ? AND number = ?";
  static final String COUNT = "SELECT COUNT(*) FROM galen_trials WHERE study = ?";
  static final String BEGIN_TRIAL =
      "INSERT INTO galen_trials (study, number, attempt, state, owner, beat, started, ended,"
          + " figures) VALUES (?, ?, 1, 'RUNNING', ?, 0, ?, 0, '{}')";
  static final String SUGGEST =
      "INSERT INTO galen_parameters (study, number, place, name, range, chosen)"
          + " SELECT ?, ?, COUNT(*), ?, ?, ? FROM galen_parameters WHERE study = ? AND number = ?"
          + " ON CONFLICT DO NOTHING";
  static final String SUGGESTED =
      "SELECT range, chosen FROM galen_parameters WHERE study = ? AND number = ? AND name = ?";
  static final String REPORT =
      "INSERT INTO galen_reports (study, number, attempt, step, measured) VALUES (?, ?, ?, ?, ?)"
          + " ON CONFLICT (study, number, attempt, step) DO UPDATE SET measured = excluded.measured";
  static final String FINISH =
      "UPDATE galen_trials SET state = ?, ended = ?, objective = ?, figures = ?, error = ?"
          + " WHERE study = ? AND number = ? AND attempt = ? AND state = 'RUNNING'";
  static final String GIVE_BACK =
      "UPDATE galen_trials SET state = 'WAITING'"
          + " WHERE study = ? AND number = ? AND attempt = ? AND state = 'RUNNING'";
  static final String BEAT =
      "UPDATE galen_trials SET beat = beat + 1"
          + " WHERE study = ? AND number = ? AND attempt = ? AND state = 'RUNNING'";
  static final String TRIALS =
      "SELECT number, attempt, state, owner, objective, figures, error, started, ended"
          + " FROM galen_trials WHERE study = ? AND number >= ? ORDER BY number";
  static final String PARAMETERS =
      "SELECT number, name, range, chosen FROM galen_parameters"
          + " WHERE study = ? AND number >= ? ORDER BY number, place";
  static final String REPORTS =
      "SELECT number, attempt, step, measured FROM galen_reports WHERE study = ? AND number >= ?";

  private Statements() {}

  /** A statement with its values; NaN, which SQLite has no place for, is null. */
  static PreparedStatement prepare(Connection connection, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case Double number when number.isNaN() -> statement.setNull(i + 1, Types.DOUBLE);
        case Double number -> statement.setDouble(i + 1, number);
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setInt(i + 1, number);
        case null -> statement.setNull(i + 1, Types.VARCHAR);
        default -> statement.setString(i + 1, values[i].toString());
      }
    }
    return statement;
  }

  /** Executes one that changes rows, and returns how many. */
  static int update(Connection connection, String sql, Object... values) throws SQLException {
    try (var statement = prepare(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }
}
