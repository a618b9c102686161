package dev.galen.tensor.backend;

import java.util.List;

/** Found by {@link java.util.ServiceLoader}: one way to compute, and whether it is there. */
public interface BackendProvider {
  /** Short name, unique among providers. */
  String name();

  /** The place it would serve: {@code cpu} or {@code cuda:0}. */
  String place();

  /** The larger one is chosen where several serve one place. The reference has 0. */
  int priority();

  /** Whether the backend can be opened here; must not fail. */
  Availability availability();

  /** What was looked for beside the backend itself, for {@code galen doctor}; must not fail. */
  default List<Diagnostic> diagnostics() {
    return List.of();
  }

  /** Opens the backend; called once, only where {@link #availability} says it is available. */
  Backend open();
}
