package dev.galen.kernels.cuda;

import dev.galen.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Compiles kernels by {@link Nvrtc} and keeps what it made in the user's cache, under the sources'
 * hash, the compiler's version and the target, so that a machine compiles a version of Galen once.
 */
final class NvrtcCompiler implements KernelCompiler {
  private static final int HASH_DIGITS = 32;

  private final KernelSources sources;
  private final Path cache;
  private final Consumer<String> warning;

  /**
   * Compiles {@code sources} and keeps images in {@code cache}; {@code warning} hears where that
   * cannot be written.
   */
  NvrtcCompiler(KernelSources sources, Path cache, Consumer<String> warning) {
    this.sources = sources;
    this.cache = cache;
    this.warning = warning;
  }

  /** For the kernels in the jar and this user; warnings go to standard error. */
  static NvrtcCompiler ofJar() {
    return new NvrtcCompiler(
        KernelSources.ofJar(),
        userCache(System.getenv(), Path.of(System.getProperty("user.home"))),
        System.err::println);
  }

  /** The folder for compiled kernels: {@code XDG_CACHE_HOME} or {@code ~/.cache}. */
  static Path userCache(Map<String, String> environment, Path home) {
    String named = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path root = named.isBlank() ? home.resolve(".cache") : Path.of(named);
    return root.resolve("galen").resolve("cuda");
  }

  @Override
  public Optional<byte[]> compile(int major, int minor) {
    return Nvrtc.find().map(nvrtc -> image(nvrtc, 10 * major + minor));
  }

  private byte[] image(Nvrtc nvrtc, int capability) {
    Nvrtc.Target target = target(capability, nvrtc.architectures());
    Path file =
        cache.resolve(
            "%s-%s-%s.%s"
                .formatted(
                    sources.fingerprint().substring(0, HASH_DIGITS),
                    nvrtc.version(),
                    target.option(),
                    target.machineCode() ? "cubin" : "ptx"));
    try {
      if (Files.exists(file)) {
        return Files.readAllBytes(file);
      }
    } catch (IOException e) {
      warning.accept("galen: cannot read %s (%s); compiling again".formatted(file, e.getMessage()));
    }
    byte[] image = nvrtc.compile(sources, target);
    try {
      Files.createDirectories(cache);
      AtomicFile.write(file, image);
    } catch (IOException e) {
      warning.accept(
          "galen: cannot keep compiled kernels in %s (%s); every start will compile them again"
              .formatted(cache, e));
    }
    return image;
  }

  /** Machine code where the compiler knows the GPU, else PTX of the latest one before it. */
  static Nvrtc.Target target(int capability, int[] architectures) {
    int latest =
        Arrays.stream(architectures)
            .filter(architecture -> architecture <= capability)
            .max()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        ("NVRTC makes code for the architectures %s, and this GPU's is %d: install"
                                + " the NVRTC of an earlier CUDA")
                            .formatted(Arrays.toString(architectures), capability)));
    return new Nvrtc.Target(latest, latest == capability);
  }
}
