package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.RejectedException;
import java.util.Locale;

/** What cleaning does to a text. */
public enum Cleaning {
  /** Mends what exports and encodings broke, and nothing else: {@link SafeCleaner}. */
  SAFE,
  /**
   * What notebooks do most often: {@code re.sub(r'[^a-zA-Z0-9\s]', '', text.lower())}. It turns
   * 140/90 into 14090 and 38.2 into 382: for comparison with such notebooks alone.
   */
  ALPHANUMERIC,
  /**
   * The other that notebooks do: {@code text.lower()}, {@code string.punctuation} taken out, nltk's
   * English stop words taken out, the rest joined by one space. It turns 140/90 into 14090 and
   * takes "no" and "not" away: for comparison with such notebooks alone.
   */
  STOPWORDS;

  /** Its name in options. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The text, cleaned.
   *
   * @throws RejectedException if markup is nested without end
   */
  public Cleaned clean(String text) throws RejectedException {
    return switch (this) {
      case SAFE -> SafeCleaner.clean(text);
      case ALPHANUMERIC -> NotebookCleaners.alphanumeric(text);
      case STOPWORDS -> NotebookCleaners.withoutStopWords(text);
    };
  }

  /** What a user has to know before using it; null if nothing. */
  public String warning() {
    return this == SAFE
        ? null
        : "--mode "
            + word()
            + " turns 140/90 into 14090 and 38.2 into 382"
            + (this == STOPWORDS ? ", and takes no and not away" : "")
            + "; it is there to repeat what notebooks do, not for clinical use";
  }
}
