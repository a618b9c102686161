package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.backend.Diagnostic;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is found and said where the driver and cuBLAS are the software GPU's. */
@Tag("software-gpu")
class CudaLibraryTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.start();
  }

  @Test
  void findingsNameTheFileThatIsUsed() {
    List<Diagnostic> diagnostics = CudaLibrary.diagnostics();
    assertEquals(
        List.of("libcuda.so.1", "cuBLAS", "cuBLASLt", "NVRTC", "NVTX"),
        diagnostics.stream().map(Diagnostic::name).toList());
    assertTrue(diagnostics.get(0).found(), diagnostics.toString());
    requireFile("12.6.0", "target/softgpu/libcublas.so.12", diagnostics.get(1));
    requireFile("12.6.0", "target/softgpu/libcublasLt.so.12", diagnostics.get(2));
  }

  private static void requireFile(String version, String file, Diagnostic diagnostic) {
    assertTrue(diagnostic.found(), diagnostic.toString());
    assertTrue(diagnostic.detail().startsWith(version + " in /"), diagnostic.detail());
    assertTrue(diagnostic.detail().endsWith(file), diagnostic.detail());
  }

  @Test
  void whatIsMissingHasARemedy() {
    for (Diagnostic diagnostic : CudaLibrary.diagnostics()) {
      assertFalse(diagnostic.detail().isBlank(), diagnostic.toString());
      assertEquals(diagnostic.found(), diagnostic.remedy().isBlank(), diagnostic.toString());
    }
  }

  @Test
  void nothingNewerThanTheDriverIsTaken() {
    int major = CudaDriver.open().orElseThrow().version() / 1000;
    for (CudaLibrary library :
        List.of(CudaLibrary.CUBLAS, CudaLibrary.CUBLAS_LT, CudaLibrary.NVRTC)) {
      for (String name : library.names()) {
        int number = Integer.parseInt(name.substring(name.lastIndexOf('.') + 1));
        assertTrue(12 <= number && number <= major, name);
      }
    }
    assertEquals(List.of("libcublasLt.so.12"), CudaLibrary.CUBLAS_LT.names());
  }
}
