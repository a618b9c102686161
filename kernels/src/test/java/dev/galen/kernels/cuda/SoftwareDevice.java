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
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.softgpu.SoftwareGpu;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A context of its own on the software GPU, with one image of test kernels. */
final class SoftwareDevice implements AutoCloseable {
  final SoftwareGpu gpu;
  private final CUcontext context = new CUcontext();
  private final CUmodule module = new CUmodule();

  /** Opens a context on this thread and loads a {@code .cu} file that lies beside the driver's. */
  SoftwareDevice(String source) {
    gpu = SoftwareGpu.start();
    gpu.seed(1);
    JCudaNatives.loadDriver();
    cuInit(0);
    CUdevice device = new CUdevice();
    cuDeviceGet(device, 0);
    cuCtxCreate(context, 0, device);
    cuModuleLoad(module, gpu.image(gpu.testSource(source)).toString());
  }

  @Override
  public void close() {
    cuCtxDestroy(context);
  }

  CUdeviceptr allocate(int floats) {
    CUdeviceptr pointer = new CUdeviceptr();
    cuMemAlloc(pointer, (long) floats * Float.BYTES);
    return pointer;
  }

  CUdeviceptr upload(float... values) {
    CUdeviceptr pointer = allocate(values.length);
    cuMemcpyHtoD(pointer, Pointer.to(values), (long) values.length * Float.BYTES);
    return pointer;
  }

  float[] download(CUdeviceptr from, int floats) {
    float[] values = new float[floats];
    cuMemcpyDtoH(Pointer.to(values), from, (long) floats * Float.BYTES);
    return values;
  }

  /** Arguments are {@link CUdeviceptr}, int, long or float. */
  void launch(String name, int grid, int block, Object... arguments) {
    launch(null, 0, name, grid, block, arguments);
  }

  void launch(CUstream stream, int shared, String name, int grid, int block, Object... arguments) {
    CUfunction function = new CUfunction();
    cuModuleGetFunction(function, module, name);
    Pointer[] pointers = new Pointer[arguments.length];
    for (int i = 0; i < pointers.length; i++) {
      pointers[i] =
          switch (arguments[i]) {
            case CUdeviceptr pointer -> Pointer.to(pointer);
            case Integer x -> Pointer.to(new int[] {x});
            case Long x -> Pointer.to(new long[] {x});
            case Float x -> Pointer.to(new float[] {x});
            default -> throw new IllegalArgumentException("argument " + arguments[i]);
          };
    }
    cuLaunchKernel(function, grid, 1, 1, block, 1, 1, shared, stream, Pointer.to(pointers), null);
  }

  /** Waiting for the work that was launched fails with this error and a report of these words. */
  void assertFails(String error, String... words) {
    CudaException thrown = assertThrows(CudaException.class, JCudaDriver::cuCtxSynchronize);
    assertEquals(error, thrown.getMessage());
    assertReports(words);
  }

  void assertReports(String... words) {
    String report = gpu.lastReport();
    for (String word : words) {
      assertTrue(report.contains(word), () -> "\"" + word + "\" is not in: " + report);
    }
  }

  void synchronize() {
    cuCtxSynchronize();
  }

  static float[] counting(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) values[i] = i;
    return values;
  }

  static boolean hasNaN(float[] values) {
    for (float value : values) if (Float.isNaN(value)) return true;
    return false;
  }
}
