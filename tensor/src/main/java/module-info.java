/** Values, operations, autograd, the backend contract and its reference implementation. */
module dev.galen.tensor {
  requires com.fasterxml.jackson.core;

  exports dev.galen.tensor;
  exports dev.galen.tensor.backend;
  exports dev.galen.tensor.backend.host;
  exports dev.galen.tensor.backend.reference;
  exports dev.galen.tensor.ops;
  exports dev.galen.tensor.io;
  exports dev.galen.tensor.memory;
  exports dev.galen.tensor.random;

  uses dev.galen.tensor.backend.BackendProvider;
}
