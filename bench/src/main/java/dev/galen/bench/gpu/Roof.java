package dev.galen.bench.gpu;

/** What a row is held against. All are measured in the same run, none is from a data sheet. */
enum Roof {
  /** A copy from the GPU's memory to itself, bytes read and written. */
  COPY,
  /** The large product in BF16. */
  BF16,
  /** The large product in TF32. */
  TF32,
  /** Nothing. */
  NONE
}
