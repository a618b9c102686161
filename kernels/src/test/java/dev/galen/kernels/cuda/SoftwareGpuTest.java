package dev.galen.kernels.cuda;

import static dev.galen.kernels.cuda.SoftwareDevice.counting;
import static dev.galen.kernels.cuda.SoftwareDevice.hasNaN;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuGetErrorString;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The software GPU finds planted faults of kernels, names them, and finds none in right kernels.
 */
@Tag("software-gpu")
class SoftwareGpuTest {
  private static final int BLOCK = 128;
  private static final int WARP = 32;

  private SoftwareDevice device;

  @BeforeEach
  void open() {
    device = new SoftwareDevice("planted_faults.cu");
  }

  @AfterEach
  void close() {
    if (device != null) device.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3})
  void aRightKernelIsRightInEveryOrder(long seed) {
    device.gpu.seed(seed);
    int blocks = 3;
    CUdeviceptr y = device.allocate(blocks * BLOCK);
    device.launch("reverse_right", blocks, BLOCK, device.upload(counting(blocks * BLOCK)), y);
    float[] wanted = new float[blocks * BLOCK];
    for (int i = 0; i < wanted.length; i++) wanted[i] = i / BLOCK * BLOCK + BLOCK - 1 - i % BLOCK;
    assertArrayEquals(wanted, device.download(y, wanted.length));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3})
  void aMissingBarrierReadsPoison(long seed) {
    device.gpu.seed(seed);
    CUdeviceptr y = device.allocate(BLOCK);
    device.launch("reverse_missingBarrier", 1, BLOCK, device.upload(counting(BLOCK)), y);
    float[] found = device.download(y, BLOCK);
    assertTrue(hasNaN(found), () -> "all elements were there: " + Arrays.toString(found));
  }

  /** Lanes of one warp go on independently too. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3})
  void aMissingSyncWarpReadsPoison(long seed) {
    device.gpu.seed(seed);
    CUdeviceptr x = device.upload(counting(BLOCK));
    CUdeviceptr y = device.allocate(BLOCK);
    device.launch("rotate_right", 1, BLOCK, x, y);
    float[] wanted = new float[BLOCK];
    for (int i = 0; i < BLOCK; i++) wanted[i] = i / WARP * WARP + (i + 1) % WARP;
    assertArrayEquals(wanted, device.download(y, BLOCK));
    device.launch("rotate_missingSyncWarp", 1, BLOCK, x, y);
    assertTrue(hasNaN(device.download(y, BLOCK)));
  }

  @Test
  void aMissingWaitForAnAsynchronousCopyReadsPoison() {
    CUdeviceptr x = device.upload(counting(BLOCK));
    CUdeviceptr y = device.allocate(BLOCK);
    device.launch("copyAsync_right", 1, WARP, x, y);
    float[] wanted = new float[BLOCK];
    for (int i = 0; i < BLOCK; i++) wanted[i] = (i + 4) % BLOCK;
    assertArrayEquals(wanted, device.download(y, BLOCK));
    device.launch("copyAsync_missingWait", 1, WARP, x, y);
    assertTrue(hasNaN(device.download(y, BLOCK)));
  }

  @Test
  void freshMemoryIsNaN() {
    for (float value : device.download(device.allocate(13), 13)) assertTrue(Float.isNaN(value));
  }

  /** Lengths at, near and far from the end of a page; the first two leave no byte to a canary. */
  @ParameterizedTest
  @ValueSource(ints = {1024, 64, 1000, 1, 13})
  void aWriteOutOfBoundsNamesKernelAndAllocation(int length) {
    CUdeviceptr y = device.allocate(length);
    device.launch("fill_right", 9, BLOCK, y, 1f, length);
    device.synchronize();
    device.launch("fill_outOfBounds", 9, BLOCK, y, 1f, length);
    device.assertFails(
        "CUDA_ERROR_ILLEGAL_ADDRESS",
        "fill_outOfBounds",
        "byte " + 4 * length + ", past the end, of the allocation of " + 4 * length + " bytes");
  }

  @Test
  void accessesFarOutsideNameThread() {
    CUdeviceptr y = device.allocate(1000);
    device.launch("fill_at", 1, 1, y, 1f, 100_000L);
    device.assertFails(
        "CUDA_ERROR_ILLEGAL_ADDRESS",
        "fill_at, block (0,0,0), thread (0,0,0): writes 0x",
        "byte 400000, past the end, of the allocation of 4000 bytes");
  }

  @Test
  void readsOutOfBoundsAreFoundToo() {
    device.launch("read_at", 1, 1, device.allocate(1024), device.allocate(1), 1024L);
    device.assertFails("CUDA_ERROR_ILLEGAL_ADDRESS", "read_at", "reads 0x", "byte 4096, past");
  }

  @Test
  void aWriteBeforeTheBeginningIsFound() {
    CUdeviceptr y = device.allocate(1000);
    device.launch("fill_at", 1, 1, y, 1f, -1L);
    device.assertFails("CUDA_ERROR_ILLEGAL_ADDRESS", "fill_at", "4 bytes before the allocation");
  }

  @Test
  void freedMemoryCannotBeTouched() {
    CUdeviceptr x = device.upload(1, 2, 3);
    CUdeviceptr y = device.allocate(1);
    cuMemFree(x);
    device.launch("read_at", 1, 1, x, y, 1L);
    device.assertFails("CUDA_ERROR_ILLEGAL_ADDRESS", "read_at", "byte 4 of", "which was freed");
  }

  @Test
  void aNullPointerIsNamed() {
    device.launch("read_at", 1, 1, new CUdeviceptr(), device.allocate(1), 1L);
    device.assertFails("CUDA_ERROR_ILLEGAL_ADDRESS", "read_at", "follows a null pointer");
  }

  @Test
  void aHostPointerIsNoDeviceMemory() {
    device.launch("read_at", 1, 1, 0x7000_0000_0000L, device.allocate(1), 1L);
    device.assertFails("CUDA_ERROR_ILLEGAL_ADDRESS", "read_at: parameter 0", "no device memory");
  }

  @Test
  void aBarrierDeadlockSaysWhichThreadsWaitWhere() {
    device.launch("barrier_divergent", 1, BLOCK, device.allocate(BLOCK));
    device.assertFails(
        "CUDA_ERROR_LAUNCH_TIMEOUT",
        "barrier_divergent",
        "threads 0-15 wait in __shfl_xor_sync (planted_faults.cu:",
        "threads 16-127 wait in __syncthreads (planted_faults.cu:");
  }

  @Test
  void barriersOfTwoPlacesMustNotMeet() {
    device.launch("barrier_twoPlaces", 1, BLOCK, device.allocate(BLOCK));
    device.assertFails("CUDA_ERROR_LAUNCH_FAILED", "different barriers meet", "__syncthreads (");
  }

  @Test
  void aMisalignedVectorIsNamedWithItsLine() {
    CUdeviceptr x = device.upload(counting(8));
    device.launch("vector_misaligned", 1, 1, x, device.allocate(4));
    device.assertFails("CUDA_ERROR_MISALIGNED_ADDRESS", "planted_faults.cu:", "no multiple of 16");
  }

  @Test
  void anIndexOutsideOfSharedMemoryIsNamed() {
    CUdeviceptr y = device.allocate(1);
    device.launch("shared_outOfBounds", 1, 1, y, BLOCK - 1);
    device.synchronize();
    device.launch("shared_outOfBounds", 1, 1, y, BLOCK);
    device.assertFails("CUDA_ERROR_ILLEGAL_ADDRESS", "planted_faults.cu:", "index 128", "128]");
  }

  @ParameterizedTest
  @ValueSource(ints = {BLOCK, BLOCK + 2, 4 * BLOCK})
  void anIndexOutsideOfDynamicSharedMemoryIsNamed(int index) {
    int length = BLOCK;
    device.launch(
        null, 4 * length, "dynamic_outOfBounds", 1, BLOCK, device.allocate(BLOCK), length, 5);
    device.synchronize();
    device.launch(
        null, 4 * length, "dynamic_outOfBounds", 1, BLOCK, device.allocate(BLOCK), length, index);
    device.assertFails(
        "CUDA_ERROR_ILLEGAL_ADDRESS", "dynamic_outOfBounds", "past the end, of its 512 bytes");
  }

  @Test
  void aFailedAssertionIsNamed() {
    device.launch("assert_positive", 1, WARP, 1);
    device.synchronize();
    device.launch("assert_positive", 1, WARP, -1);
    device.assertFails("CUDA_ERROR_ASSERT", "\"x > 0\" failed at", "planted_faults.cu:");
  }

  @Test
  void aStackThatOverflowsIsAFault() {
    device.launch("stack_deep", 1, 1, device.allocate(1), 1 << 20);
    device.assertFails("CUDA_ERROR_ILLEGAL_ADDRESS", "stack_deep", "overflows its stack");
  }

  @Test
  void tooManyThreadsAreRefusedByLaunchBounds() {
    CUdeviceptr y = device.allocate(2 * BLOCK);
    assertThrows(CudaException.class, () -> device.launch("reverse_right", 1, 2 * BLOCK, y, y));
    device.assertReports("reverse_right", "at most 128 threads");
  }

  @Test
  void anErrorStaysUntilTheContextEnds() {
    device.launch("fill_at", 1, 1, device.allocate(1), 1f, 100_000L);
    assertThrows(CudaException.class, () -> cuCtxSynchronize());
    CudaException again = assertThrows(CudaException.class, () -> device.allocate(1));
    assertEquals("CUDA_ERROR_ILLEGAL_ADDRESS", again.getMessage());
    device.close();
    device = new SoftwareDevice("planted_faults.cu");
    assertFalse(hasNaN(device.download(device.upload(1, 2), 2)));
  }

  @Test
  void theErrorTextCarriesTheReport() {
    device.launch("fill_at", 1, 1, device.allocate(1), 1f, 100_000L);
    assertThrows(CudaException.class, () -> cuCtxSynchronize());
    String[] text = new String[1];
    cuGetErrorString(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, text);
    assertTrue(text[0].contains("fill_at, block (0,0,0)"), text[0]);
  }

  @Test
  void copiesPastTheEndAreRefused() {
    CUdeviceptr x = device.upload(1, 2, 3);
    assertThrows(
        CudaException.class, () -> cuMemcpyDtoH(Pointer.to(new float[4]), x, 4 * Float.BYTES));
    device.assertReports("copies from 16 bytes");
  }

  @Test
  void aFullDeviceSaysSo() {
    long[] free = new long[1];
    long[] total = new long[1];
    cuMemGetInfo(free, total);
    device.gpu.capacity(total[0] - free[0] + (1 << 20));
    try {
      CUdeviceptr half = new CUdeviceptr();
      cuMemAlloc(half, 600_000);
      CudaException thrown =
          assertThrows(CudaException.class, () -> cuMemAlloc(new CUdeviceptr(), 600_000));
      assertEquals("CUDA_ERROR_OUT_OF_MEMORY", thrown.getMessage());
      cuMemFree(half);
      cuMemAlloc(half, 600_000);
    } finally {
      device.gpu.capacity(0);
    }
  }

  /** The JVM's own use of SIGSEGV is left alone: compiled code finds null pointers by it. */
  @Test
  void javaStillThrowsNullPointerExceptions() {
    int[] array = new int[1];
    long sum = 0;
    for (int i = 0; i < 200_000; i++) sum += first(array);
    assertEquals(0, sum);
    assertThrows(NullPointerException.class, () -> first(null));
  }

  private static int first(int[] array) {
    return array[0];
  }
}
