package dev.galen.examples.serve.store;

/** The store could not do something: in one line, and nothing of it was done. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
