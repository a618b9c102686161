package dev.galen.model;

/** What a classifier of texts predicts: HuggingFace's {@code problem_type}. */
public enum ProblemType {
  /** One class a text. Labels are I32 {@code [B]}. */
  SINGLE_LABEL("single_label_classification"),
  /** Each class applies or not. Labels are F32 {@code [B, classes]} in 0..1. */
  MULTI_LABEL("multi_label_classification"),
  /** Numbers. Labels are F32 {@code [B, classes]}, or {@code [B]} of one number. */
  REGRESSION("regression");

  private final String configName;

  ProblemType(String configName) {
    this.configName = configName;
  }

  /** As {@code config.json} has it. */
  public String configName() {
    return configName;
  }

  /**
   * By its name in {@code config.json}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ProblemType named(String configName) {
    for (ProblemType type : values()) {
      if (type.configName.equals(configName)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "problem_type is %s, must be %s, %s or %s"
            .formatted(
                configName,
                SINGLE_LABEL.configName,
                MULTI_LABEL.configName,
                REGRESSION.configName));
  }
}
