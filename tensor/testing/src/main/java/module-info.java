/** What tests of operations and backends stand on: gradient checks, tolerances, the catalogue. */
module dev.galen.tensor.testing {
  requires transitive dev.galen.tensor;

  exports dev.galen.tensor.testing;
}
