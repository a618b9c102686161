package dev.galen.kernels.cuda;

import java.util.Optional;

/** Compiles the kernels' sources for a GPU whose driver refuses the image in the jar. */
interface KernelCompiler {
  /**
   * An image for a GPU of compute capability {@code major.minor}, or none where no compiler is
   * found.
   */
  Optional<byte[]> compile(int major, int minor);
}
