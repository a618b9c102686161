package dev.galen.examples.clinical.deid;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What words are known as. Keys are lower case; a word can be several things at once, and a place
 * can have several words.
 */
final class Lexicon {
  static final int FEMALE = 1;
  static final int MALE = 1 << 1;
  static final int SURNAME = 1 << 2;

  /** A name that is an English or clinical word, too. */
  static final int AMBIGUOUS = 1 << 3;

  static final int CITY = 1 << 4;
  static final int STATE = 1 << 5;
  static final int COUNTRY = 1 << 6;

  /** An English or clinical word. */
  static final int WORD = 1 << 7;

  /** A name in clinical terms. */
  static final int EPONYM = 1 << 8;

  static final int DRUG = 1 << 9;

  /** The first word of a place of several. */
  static final int PLACE_HEAD = 1 << 10;

  static final int COMPANY = 1 << 11;

  static final int GIVEN = FEMALE | MALE;
  static final int NAME = GIVEN | SURNAME;
  static final int PLACE = CITY | STATE | COUNTRY;

  private static final Lexicon INSTANCE = new Lexicon();

  private final Map<String, Integer> words = new HashMap<>(1 << 15);

  /** Places of several words, joined by single blanks. */
  private final Map<String, Integer> places = new HashMap<>();

  private Lexicon() {
    words("given-female.txt", FEMALE);
    words("given-male.txt", MALE);
    words("surnames.txt", SURNAME);
    words("ambiguous.txt", AMBIGUOUS);
    words("words.txt", WORD);
    words("eponyms.txt", EPONYM);
    words("drugs.txt", DRUG);
    words("companies.txt", COMPANY);
    var kind = new int[] {CITY};
    lines(
        "places.txt",
        line -> {
          switch (line) {
            case "[state]" -> kind[0] = STATE;
            case "[country]" -> kind[0] = COUNTRY;
            case "[city]" -> kind[0] = CITY;
            default -> {
              for (String entry : line.split(",")) {
                if (!entry.isBlank()) {
                  place(entry.strip().toLowerCase(Locale.ROOT), kind[0]);
                }
              }
            }
          }
        });
  }

  /** The one of the program. */
  static Lexicon get() {
    return INSTANCE;
  }

  private void place(String entry, int kind) {
    List<String> parts = List.of(entry.split("[ .-]+"));
    if (parts.size() == 1) {
      words.merge(entry, kind, (a, b) -> a | b);
    } else {
      places.put(String.join(" ", parts), kind);
      words.merge(parts.getFirst(), PLACE_HEAD, (a, b) -> a | b);
    }
  }

  private void words(String name, int flag) {
    lines(
        name,
        line -> {
          for (String word : line.split("\\s+")) {
            if (!word.isEmpty()) {
              words.merge(word.toLowerCase(Locale.ROOT), flag, (a, b) -> a | b);
            }
          }
        });
  }

  static void lines(String name, Consumer<String> sink) {
    try (InputStream in = Lexicon.class.getResourceAsStream(name);
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          sink.accept(line.strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the resource " + name + " cannot be read", e);
    }
  }

  /** The words of a to z that are of one kind of name and nothing else, in order. */
  List<String> names(int flag) {
    return switch (flag) {
      case FEMALE -> Lists.FEMALE;
      case MALE -> Lists.MALE;
      case SURNAME -> Lists.SURNAME;
      default -> Lists.CITY;
    };
  }

  private List<String> only(int flag) {
    List<String> list = new ArrayList<>();
    for (Map.Entry<String, Integer> entry : words.entrySet()) {
      if (entry.getValue() == flag && entry.getKey().matches("[a-z]{3,}")) {
        list.add(entry.getKey());
      }
    }
    list.sort(null);
    return List.copyOf(list);
  }

  /** Made when surrogates are first asked for. */
  private static final class Lists {
    static final List<String> FEMALE = INSTANCE.only(Lexicon.FEMALE);
    static final List<String> MALE = INSTANCE.only(Lexicon.MALE);
    static final List<String> SURNAME = INSTANCE.only(Lexicon.SURNAME);
    static final List<String> CITY = INSTANCE.only(Lexicon.CITY);
  }

  /** What a word in lower case is known as, as flags. */
  int of(String lower) {
    return words.getOrDefault(lower, 0);
  }

  /** What several words in lower case, joined by blanks, are as a place; 0 if none. */
  int place(String lower) {
    return places.getOrDefault(lower, 0);
  }
}
