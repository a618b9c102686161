/** Backends for the contract in {@code dev.galen.tensor.backend}, found by ServiceLoader. */
module dev.galen.kernels {
  requires transitive dev.galen.tensor;
  // Present only where the JVM was started with --add-modules jdk.incubator.vector; the provider
  // looks before anything touches it.
  requires static jdk.incubator.vector;
  // Automatic modules of JCuda. Where they are missing only the CUDA backend is, and says so.
  requires static jcublas;
  requires static jcuda;

  exports dev.galen.kernels.cpu;
  exports dev.galen.kernels.cuda;

  provides dev.galen.tensor.backend.BackendProvider with
      dev.galen.kernels.cpu.VectorBackendProvider,
      dev.galen.kernels.cuda.CudaBackendProvider;
}
