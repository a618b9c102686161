package dev.galen.examples.search.prune;

import dev.galen.examples.search.trial.History;

/** Says which trials are not worth their time. */
public interface Pruner {
  /** None is ended. */
  Pruner NONE =
      new Pruner() {
        @Override
        public boolean isHopeless(History history, int number) {
          return false;
        }

        @Override
        public String text() {
          return "none";
        }
      };

  /**
   * Whether a trial is to end, asked once after each report.
   *
   * @param history with that report
   * @param number of the trial
   */
  boolean isHopeless(History history, int number);

  /** Its name and numbers, which a study keeps and compares. */
  String text();
}
