package dev.galen.examples.clinical.pubmedqa;

import dev.galen.train.data.QuestionExample;

/** What is shown to a model beside the question. */
public enum Setting {
  /** The abstract without its conclusion: the answer has to be concluded. */
  REASONING_REQUIRED("reasoning-required", "question and contexts"),
  /** The abstract's conclusion: the answer has to be read. */
  REASONING_FREE("reasoning-free", "question and long answer");

  private final String title;
  private final String shown;

  Setting(String title, String shown) {
    this.title = title;
    this.shown = shown;
  }

  /** As commands and reports call it. */
  public String title() {
    return title;
  }

  /** What a model sees, in words. */
  public String shown() {
    return shown;
  }

  /** The text that stands beside a question. */
  public String text(QuestionExample example) {
    return this == REASONING_FREE ? example.answer() : example.context();
  }

  /**
   * The setting of a name.
   *
   * @throws IllegalArgumentException naming both
   */
  public static Setting named(String name) {
    for (Setting setting : values()) {
      if (setting.title.equals(name)) {
        return setting;
      }
    }
    throw new IllegalArgumentException(
        "setting is \"%s\", must be %s or %s"
            .formatted(name, REASONING_FREE.title, REASONING_REQUIRED.title));
  }
}
