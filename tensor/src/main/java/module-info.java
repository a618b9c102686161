/** Values, operations, autograd, the backend contract and its reference implementation. */
module dev.galen.tensor {
  requires com.fasterxml.jackson.core;
}
