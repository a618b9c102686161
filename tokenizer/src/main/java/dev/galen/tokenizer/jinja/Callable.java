package dev.galen.tokenizer.jinja;

/** What a template can call. */
interface Callable {
  /** Calls it. */
  Object call(Arguments arguments, Budget budget);
}
