package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where the image in the jar does not fit, as none fits the software GPU. */
@Tag("software-gpu")
class KernelLibraryTest {
  private CudaBackend backend;
  private String image;

  @BeforeEach
  void forgetImage() {
    backend = (CudaBackend) CudaParity.gpu();
    backend.context().synchronize();
    image = System.clearProperty(KernelLibrary.IMAGE_PROPERTY);
  }

  @AfterEach
  void restoreImage() {
    if (image != null) {
      System.setProperty(KernelLibrary.IMAGE_PROPERTY, image);
    }
  }

  @Test
  void compilerIsAskedForTheGpuAndItsImageLoaded() throws IOException {
    byte[] compiled = Files.readAllBytes(Path.of(image));
    List<String> asked = new ArrayList<>();
    KernelLibrary kernels =
        KernelLibrary.load(
            backend,
            (major, minor) -> {
              asked.add(major + "." + minor);
              return Optional.of(compiled);
            },
            8,
            9);
    assertEquals(List.of("8.9"), asked);
    assertNotNull(kernels.kernel("unary", DType.BF16));
  }

  @Test
  void withoutACompilerTheErrorSaysWhatToDo() {
    var error =
        assertThrows(
            IllegalStateException.class,
            () -> KernelLibrary.load(backend, (major, minor) -> Optional.empty(), 8, 9));
    assertTrue(
        error.getMessage().startsWith("no CUDA kernels for compute capability 8.9: "),
        error.getMessage());
    assertTrue(error.getMessage().endsWith("or install NVRTC"), error.getMessage());
  }
}
