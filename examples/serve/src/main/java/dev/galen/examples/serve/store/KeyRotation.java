package dev.galen.examples.serve.store;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Encrypts all texts anew: a new key beside the old, the texts in pages, the old key away. */
final class KeyRotation {
  private static final int PAGE = 100;
  private static final List<String> TEXTS = List.of("input", "answer", "correction", "note");

  private final Database database;
  private final KeysetFile file;

  KeyRotation(Database database, KeysetFile file) {
    this.database = database;
    this.file = file;
  }

  /** Rotates, and returns how many records there are. */
  int run() throws IOException {
    KeysetFile.Content old = file.open();
    try {
      KeysetHandle both =
          KeysetHandle.newBuilder(old.keys())
              .addEntry(
                  KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                      .withRandomId()
                      .makePrimary())
              .build();
      file.write(new KeysetFile.Content(both, old.references()));
      int records = reseal(new TextCipher(both, old.references()));
      file.write(new KeysetFile.Content(newest(both), old.references()));
      database.forget();
      return records;
    } catch (GeneralSecurityException e) {
      throw new IOException(file.path() + ": cannot be rotated: " + e.getMessage(), e);
    }
  }

  private static KeysetHandle newest(KeysetHandle keys) throws GeneralSecurityException {
    KeysetHandle.Builder alone = KeysetHandle.newBuilder(keys);
    for (int i = alone.size() - 1; i >= 0; i--) {
      if (!alone.getAt(i).isPrimary()) {
        alone.deleteAt(i);
      }
    }
    return alone.build();
  }

  private int reseal(TextCipher cipher) {
    String last = "";
    int records = 0;
    while (true) {
      String from = last;
      List<String> done = database.run(connection -> reseal(connection, cipher, from));
      if (done.isEmpty()) {
        break;
      }
      records += done.size();
      last = done.getLast();
    }
    database.run(
        connection -> {
          try (var update =
              connection.prepareStatement("UPDATE galen_store SET value = ? WHERE name = ?")) {
            update.setBytes(1, cipher.seal(Records.CHECK, "check", ""));
            update.setString(2, "check");
            return update.executeUpdate();
          }
        });
    return records;
  }

  private static List<String> reseal(Connection connection, TextCipher cipher, String after)
      throws SQLException {
    var ids = new ArrayList<String>();
    try (var select =
            connection.prepareStatement(
                "SELECT * FROM galen_record WHERE id > ? ORDER BY id LIMIT " + PAGE);
        var update =
            connection.prepareStatement(
                "UPDATE galen_record SET input = ?, answer = ?, correction = ?, note = ?"
                    + " WHERE id = ?")) {
      select.setString(1, after);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          String id = rows.getString("id");
          ids.add(id);
          for (int i = 0; i < TEXTS.size(); i++) {
            String column = TEXTS.get(i);
            String text = cipher.open(rows.getBytes(column), column, id);
            update.setBytes(i + 1, cipher.seal(text, column, id));
          }
          update.setString(TEXTS.size() + 1, id);
          update.addBatch();
        }
      }
      update.executeBatch();
    }
    return ids;
  }
}
