package dev.galen.model.generate;

/** Looks on while several texts are made. */
@FunctionalInterface
public interface TextListener {
  /**
   * A token is certain. Those of one text come in order; texts that are made side by side take
   * turns. May throw to stop all of them.
   *
   * @param text which text, as the list of results will have them, from 0
   */
  void onToken(int text, int id);
}
