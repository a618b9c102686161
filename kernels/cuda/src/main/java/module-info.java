/** JCuda for the CUDA backend of {@code dev.galen.kernels}: resolve this module to have a GPU. */
module dev.galen.cuda {
  requires jcublas;
  requires jcuda;
}
