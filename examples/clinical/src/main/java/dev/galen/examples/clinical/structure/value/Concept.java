package dev.galen.examples.clinical.structure.value;

/**
 * What a phrase of {@code words.txt} stands for.
 *
 * @param type how it is used
 * @param name the kind of vital sign, the laboratory value, the sign of comparison, ...
 * @param least the least number that it takes
 * @param greatest the greatest
 */
record Concept(Type type, String name, double least, double greatest) {
  enum Type {
    VITAL,
    PART,
    WEAK,
    LETTER,
    LIST,
    LAB,
    PAIR,
    DRUG,
    BLOCK,
    THRESHOLD,
    FILLER,
    COMPARE,
    NUMBER,
    TIME,
    MONTH
  }

  /** Whether a number behind it can be its value. */
  boolean isKey() {
    return switch (type) {
      case VITAL, PART, WEAK, LETTER, LIST, LAB, PAIR -> true;
      default -> false;
    };
  }

  boolean takes(double number) {
    return number >= least && number <= greatest;
  }
}
