package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.backend.Finding;
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
    List<Finding> findings = CudaLibrary.findings();
    assertEquals(
        List.of("libcuda.so.1", "cuBLAS", "cuBLASLt", "NVRTC", "NVTX"),
        findings.stream().map(Finding::name).toList());
    assertTrue(findings.get(0).found(), findings.toString());
    requireFile("12.6.0", "target/softgpu/libcublas.so.12", findings.get(1));
    requireFile("12.6.0", "target/softgpu/libcublasLt.so.12", findings.get(2));
  }

  private static void requireFile(String version, String file, Finding finding) {
    assertTrue(finding.found(), finding.toString());
    assertTrue(finding.detail().startsWith(version + " in /"), finding.detail());
    assertTrue(finding.detail().endsWith(file), finding.detail());
  }

  @Test
  void whatIsMissingHasARemedy() {
    for (Finding finding : CudaLibrary.findings()) {
      assertFalse(finding.detail().isBlank(), finding.toString());
      assertEquals(finding.found(), finding.remedy().isBlank(), finding.toString());
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
