/** Backends for the contract in {@code dev.galen.tensor.backend}, found by ServiceLoader. */
module dev.galen.kernels {
  requires dev.galen.tensor;
}
