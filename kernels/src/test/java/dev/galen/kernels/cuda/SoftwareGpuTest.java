package dev.galen.kernels.cuda;

import static jcuda.driver.JCudaDriver.cuCtxCreate;
import static jcuda.driver.JCudaDriver.cuCtxDestroy;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The software GPU finds the planted faults, names them, and finds nothing in right kernels. */
@Tag("software-gpu")
class SoftwareGpuTest {
  private static final int BLOCK = 128;

  private SoftwareGpu gpu;
  private CUcontext context;
  private CUmodule module;

  @BeforeEach
  void open() {
    gpu = SoftwareGpu.start();
    gpu.seed(7);
    JCudaNatives.loadDriver();
    cuInit(0);
    CUdevice device = new CUdevice();
    cuDeviceGet(device, 0);
    context = new CUcontext();
    cuCtxCreate(context, 0, device);
    module = new CUmodule();
    cuModuleLoad(module, gpu.image(gpu.testSource("planted_faults.cu")).toString());
  }

  @AfterEach
  void close() {
    if (context != null) cuCtxDestroy(context);
  }

  private CUfunction kernel(String name) {
    CUfunction function = new CUfunction();
    cuModuleGetFunction(function, module, name);
    return function;
  }

  private static CUdeviceptr allocate(int floats) {
    CUdeviceptr pointer = new CUdeviceptr();
    cuMemAlloc(pointer, (long) floats * Float.BYTES);
    return pointer;
  }

  private static CUdeviceptr upload(float... values) {
    CUdeviceptr pointer = allocate(values.length);
    cuMemcpyHtoD(pointer, Pointer.to(values), (long) values.length * Float.BYTES);
    return pointer;
  }

  private static float[] download(CUdeviceptr from, int floats) {
    float[] values = new float[floats];
    cuMemcpyDtoH(Pointer.to(values), from, (long) floats * Float.BYTES);
    return values;
  }

  private void launch(String name, int grid, int block, Pointer... arguments) {
    launch(name, grid, block, 0, null, arguments);
  }

  private void launch(
      String name, int grid, int block, int shared, CUstream stream, Pointer... arguments) {
    cuLaunchKernel(
        kernel(name), grid, 1, 1, block, 1, 1, shared, stream, Pointer.to(arguments), null);
  }

  private static Pointer address(CUdeviceptr pointer) {
    return Pointer.to(pointer);
  }

  private static Pointer value(int x) {
    return Pointer.to(new int[] {x});
  }

  private static Pointer value(long x) {
    return Pointer.to(new long[] {x});
  }

  private static Pointer value(float x) {
    return Pointer.to(new float[] {x});
  }

  private static float[] counting(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) values[i] = i;
    return values;
  }

  @Test
  void runsARightKernel() {
    int blocks = 3;
    CUdeviceptr x = upload(counting(blocks * BLOCK));
    CUdeviceptr y = allocate(blocks * BLOCK);
    launch("reverse_right", blocks, BLOCK, address(x), address(y));
    float[] found = download(y, blocks * BLOCK);
    float[] wanted = new float[blocks * BLOCK];
    for (int i = 0; i < wanted.length; i++) wanted[i] = i / BLOCK * BLOCK + BLOCK - 1 - i % BLOCK;
    assertArrayEquals(wanted, found);
  }

  @Test
  void freshMemoryIsNaN() {
    for (float value : download(allocate(13), 13)) assertTrue(Float.isNaN(value));
  }

  @Test
  void aMissingBarrierReadsPoison() {
    CUdeviceptr x = upload(counting(BLOCK));
    CUdeviceptr y = allocate(BLOCK);
    launch("reverse_missingBarrier", 1, BLOCK, address(x), address(y));
    float[] found = download(y, BLOCK);
    assertTrue(hasNaN(found), () -> "all elements were there: " + Arrays.toString(found));
  }

  private static boolean hasNaN(float[] values) {
    for (float value : values) if (Float.isNaN(value)) return true;
    return false;
  }

  @Test
  void aWriteOutOfBoundsNamesKernelAddressAndAllocation() {
    int length = 1000;
    CUdeviceptr y = allocate(length);
    launch("fill_right", 8, BLOCK, address(y), value(1f), value(length));
    cuCtxSynchronize();
    launch("fill_outOfBounds", 8, BLOCK, address(y), value(1f), value(length));
    assertFails("CUDA_ERROR_ILLEGAL_ADDRESS", "fill_outOfBounds", "past the end", "4000 bytes");
  }

  private void assertFails(String error, String... words) {
    CudaException thrown = assertThrows(CudaException.class, JCudaDriver::cuCtxSynchronize);
    assertEquals(error, thrown.getMessage());
    for (String word : words) {
      assertTrue(gpu.lastReport().contains(word), () -> word + " is not in: " + gpu.lastReport());
    }
  }

  @Test
  void aBarrierDeadlockSaysWhichThreadsWaitWhere() {
    CUdeviceptr y = allocate(BLOCK);
    launch("barrier_divergent", 1, BLOCK, address(y));
    assertFails(
        "CUDA_ERROR_LAUNCH_TIMEOUT",
        "barrier_divergent",
        "threads 0-15 wait in __shfl_xor_sync (planted_faults.cu:",
        "threads 16-127 wait in __syncthreads (planted_faults.cu:");
  }
}
