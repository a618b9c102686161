package dev.galen.examples.serve.access;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a caller may do; each role may do all that those before it may. */
public enum Role {
  /** Ask the model, and give feedback. */
  READER,
  /** Read and judge what is held for review, and export it. */
  REVIEWER,
  /** Erase, and see the server's own state. */
  ADMIN;

  /** Whether who has this role may do what {@code needed} is asked for. */
  public boolean includes(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** The name in files and options: {@code reader}, {@code reviewer} or {@code admin}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The role of a {@link #label()}.
   *
   * @throws IllegalArgumentException naming the roles there are
   */
  public static Role of(String label) {
    return Stream.of(values())
        .filter(role -> role.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the role is \"%s\", must be one of %s"
                        .formatted(
                            label,
                            Stream.of(values())
                                .map(Role::label)
                                .collect(Collectors.joining(", ")))));
  }
}
