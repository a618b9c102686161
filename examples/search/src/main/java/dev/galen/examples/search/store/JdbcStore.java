package dev.galen.examples.search.store;

import static dev.galen.examples.search.store.Statements.prepare;
import static dev.galen.examples.search.store.Statements.update;

import dev.galen.examples.search.space.RangeText;
import dev.galen.examples.search.space.Suggestion;
import dev.galen.examples.search.trial.TrialRecord;
import dev.galen.examples.search.trial.TrialState;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A study in a database: a SQLite file for the processes of one machine, PostgreSQL for several.
 * Other databases are refused only where they do not understand {@code ON CONFLICT}.
 */
public final class JdbcStore implements StudyStore {
  private final Database database;
  private final String study;
  private final Owner owner = Owner.here();
  private final Heartbeats heartbeats;

  /** Finished trials, by number; all below {@link #settled} are there and change no more. */
  private final List<TrialRecord> known = new ArrayList<>();

  /**
   * A study of a database; nothing is opened yet.
   *
   * @param url of JDBC: {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://HOST/NAME}
   * @param study its name there
   */
  public JdbcStore(String url, String study) {
    this(url, study, Heartbeats.SILENCE);
  }

  JdbcStore(String url, String study, Duration silence) {
    if (study.isBlank() || study.length() > 200) {
      throw new IllegalArgumentException(
          "the study's name is '" + study + "', must have 1 to 200 characters");
    }
    this.database = new Database(url);
    this.study = study;
    this.heartbeats = new Heartbeats(silence);
  }

  @Override
  public String place() {
    return database.place();
  }

  @Override
  public boolean open(SequencedMap<String, String> settings) {
    makeTables();
    return database.run(
        connection -> {
          boolean begun =
              update(connection, Statements.BEGIN_STUDY, study, JsonText.of(settings)) == 1;
          try (var statement = prepare(connection, Statements.SETTINGS, study);
              ResultSet row = statement.executeQuery()) {
            row.next();
            StudySettings.requireSame(
                place() + ": the study " + study, JsonText.words(row.getString(1)), settings);
          }
          return !begun;
        });
  }

  /** Twice: two processes that make one table in PostgreSQL at once can be in each other's way. */
  private void makeTables() {
    try {
      tables();
    } catch (UncheckedIOException e) {
      tables();
    }
  }

  private void tables() {
    database.run(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            for (String table : Statements.TABLES) {
              statement.execute(table);
            }
          }
          return null;
        });
  }

  @Override
  public Optional<Claim> claim(int limit) {
    return database.transaction(
        connection -> {
          update(connection, Statements.LOCK, study);
          Optional<Claim> again = abandoned(connection);
          return again.isPresent() ? again : begin(connection, limit);
        });
  }

  /** A trial that was given back, or whose process is gone or silent. */
  private Optional<Claim> abandoned(Connection connection) throws SQLException {
    Claim found = null;
    try (var statement = prepare(connection, Statements.UNDER_WAY, study);
        ResultSet row = statement.executeQuery()) {
      while (found == null && row.next()) {
        int number = row.getInt(1);
        int attempt = row.getInt(2);
        boolean free =
            row.getString(3).equals(TrialState.WAITING.name())
                || Owner.parse(row.getString(4)).isGone()
                || heartbeats.isSilent(number, attempt, row.getLong(5), System.nanoTime());
        found = free ? new Claim(number, attempt + 1) : null;
      }
    }
    if (found != null) {
      long now = System.currentTimeMillis();
      update(connection, Statements.TAKE, owner.text(), now, study, found.number());
    }
    return Optional.ofNullable(found);
  }

  private Optional<Claim> begin(Connection connection, int limit) throws SQLException {
    int count;
    try (var statement = prepare(connection, Statements.COUNT, study);
        ResultSet row = statement.executeQuery()) {
      row.next();
      count = row.getInt(1);
    }
    if (count >= limit) {
      return Optional.empty();
    }
    long now = System.currentTimeMillis();
    update(connection, Statements.BEGIN_TRIAL, study, count, owner.text(), now);
    return Optional.of(new Claim(count, 1));
  }

  @Override
  public Suggestion suggest(Claim claim, String name, Suggestion suggestion) {
    return database.run(
        connection -> {
          update(
              connection,
              Statements.SUGGEST,
              study,
              claim.number(),
              name,
              suggestion.range().text(),
              suggestion.number(),
              study,
              claim.number());
          try (var statement =
                  prepare(connection, Statements.SUGGESTED, study, claim.number(), name);
              ResultSet row = statement.executeQuery()) {
            row.next();
            return new Suggestion(RangeText.parse(row.getString(1)), row.getDouble(2));
          }
        });
  }

  @Override
  public void report(Claim claim, long step, double value) {
    database.run(
        connection ->
            update(
                connection,
                Statements.REPORT,
                study,
                claim.number(),
                claim.attempt(),
                step,
                value));
  }

  @Override
  public boolean finish(
      Claim claim, TrialState state, double value, Map<String, Double> figures, String error) {
    return database.run(
        connection ->
            update(
                    connection,
                    Statements.FINISH,
                    state,
                    System.currentTimeMillis(),
                    value,
                    JsonText.of(figures),
                    error,
                    study,
                    claim.number(),
                    claim.attempt())
                == 1);
  }

  @Override
  public void giveBack(Claim claim) {
    change(Statements.GIVE_BACK, claim);
  }

  @Override
  public void beat(Claim claim) {
    change(Statements.BEAT, claim);
  }

  private void change(String sql, Claim claim) {
    database.run(connection -> update(connection, sql, study, claim.number(), claim.attempt()));
  }

  @Override
  public synchronized List<TrialRecord> trials() {
    int from = known.size();
    List<TrialRecord> rest = database.run(connection -> read(connection, from));
    var all = new ArrayList<>(known);
    all.addAll(rest);
    while (known.size() < all.size() && all.get(known.size()).state().isFinished()) {
      known.add(all.get(known.size()));
    }
    return all;
  }

  /** The trials first: what a finished one has was written before it was finished. */
  private List<TrialRecord> read(Connection connection, int from) throws SQLException {
    var trials = new ArrayList<TrialRecord>();
    try (var statement = prepare(connection, Statements.TRIALS, study, from);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        double value = row.getDouble(5);
        boolean isMissing = row.wasNull();
        trials.add(
            new TrialRecord(
                row.getInt(1),
                row.getInt(2),
                TrialState.valueOf(row.getString(3)),
                row.getString(4),
                new LinkedHashMap<>(),
                new TreeMap<>(),
                JsonText.numbers(row.getString(6)),
                isMissing ? Double.NaN : value,
                row.getString(7),
                row.getLong(8),
                row.getLong(9)));
      }
    }
    Map<Integer, SequencedMap<String, Suggestion>> parameters = parameters(connection, from);
    Map<String, TreeMap<Long, Double>> reports = reports(connection, from);
    trials.replaceAll(
        trial ->
            new TrialRecord(
                trial.number(),
                trial.attempt(),
                trial.state(),
                trial.owner(),
                parameters.getOrDefault(trial.number(), new LinkedHashMap<>()),
                reports.getOrDefault(trial.number() + " " + trial.attempt(), new TreeMap<>()),
                trial.figures(),
                trial.value(),
                trial.error(),
                trial.started(),
                trial.ended()));
    return trials;
  }

  private Map<Integer, SequencedMap<String, Suggestion>> parameters(Connection connection, int from)
      throws SQLException {
    var parameters = new HashMap<Integer, SequencedMap<String, Suggestion>>();
    try (var statement = prepare(connection, Statements.PARAMETERS, study, from);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        var suggestion = new Suggestion(RangeText.parse(row.getString(3)), row.getDouble(4));
        parameters
            .computeIfAbsent(row.getInt(1), number -> new LinkedHashMap<>())
            .put(row.getString(2), suggestion);
      }
    }
    return parameters;
  }

  /** By number and attempt. */
  private Map<String, TreeMap<Long, Double>> reports(Connection connection, int from)
      throws SQLException {
    var reports = new HashMap<String, TreeMap<Long, Double>>();
    try (var statement = prepare(connection, Statements.REPORTS, study, from);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        double value = row.getDouble(4);
        boolean isMissing = row.wasNull();
        reports
            .computeIfAbsent(row.getInt(1) + " " + row.getInt(2), attempt -> new TreeMap<>())
            .put(row.getLong(3), isMissing ? Double.NaN : value);
      }
    }
    return reports;
  }

  @Override
  public void close() {
    database.close();
  }
}
