package dev.galen.tensor.backend;

import dev.galen.tensor.DType;

/** A backend has no such kernel for a type. The message names kernel, type and backend. */
public final class UnsupportedKernelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For {@code kernel} on {@code dtype}. */
  public UnsupportedKernelException(Backend backend, String kernel, DType dtype) {
    super(
        "backend %s has no kernel %s for %s; cast the operands or use another backend"
            .formatted(backend.name(), kernel, dtype));
  }
}
