package dev.galen.kernels.cuda;

import static jcuda.driver.JCudaDriver.cuCtxCreate;
import static jcuda.driver.JCudaDriver.cuCtxDestroy;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.jcublas.JCublas2.cublasCreate;
import static jcuda.jcublas.JCublas2.cublasDestroy;
import static jcuda.jcublas.JCublas2.cublasGemmStridedBatchedEx_new;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.DType;
import dev.galen.tensor.testing.Tolerance;
import java.util.Random;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The software GPU's cuBLAS multiplies right, in every form that the backend calls. */
@Tag("software-gpu")
class SoftwareCublasTest {
  private CUcontext context;
  private cublasHandle handle;

  @BeforeEach
  void open() {
    SoftwareGpu.start();
    JCudaNatives.loadDriver();
    cuInit(0);
    CUdevice device = new CUdevice();
    cuDeviceGet(device, 0);
    context = new CUcontext();
    cuCtxCreate(context, 0, device);
    JCudaNatives.loadCublas();
    handle = new cublasHandle();
    cublasCreate(handle);
  }

  @AfterEach
  void close() {
    if (handle != null) cublasDestroy(handle);
    if (context != null) cuCtxDestroy(context);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, F32, F32", "13, 7, 207, F32, F32", "33, 13, 1, F32, F32", "207, 64, 13, F32, F32",
    "129, 200, 96, F16, F16", "40, 31, 70, BF16, BF16", "40, 31, 70, BF16, F32", "7, 5, 3, F16, F32"
  })
  void multiplies(int m, int n, int k, DType in, DType out) {
    for (boolean transposeA : new boolean[] {false, true}) {
      for (boolean transposeB : new boolean[] {false, true}) {
        multiplies(m, n, k, in, out, transposeA, transposeB);
      }
    }
  }

  private void multiplies(
      int m, int n, int k, DType in, DType out, boolean transposeA, boolean transposeB) {
    int batch = 2;
    int leadingA = (transposeA ? k : m) + 3;
    int leadingB = (transposeB ? n : k) + 2;
    int leadingC = m + 1;
    int strideA = leadingA * (transposeA ? m : k) + 1;
    int strideB = leadingB * (transposeB ? k : n) + 2;
    int strideC = leadingC * n + 3;
    Random random = new Random(m * 31 + n);
    double[] a = values(random, strideA * batch, in);
    double[] b = values(random, strideB * batch, in);
    double[] c = values(random, strideC * batch, out);
    float alpha = 0.75f;
    float beta = -0.5f;
    CUdeviceptr deviceA = upload(a, in);
    CUdeviceptr deviceB = upload(b, in);
    CUdeviceptr deviceC = upload(c, out);
    cublasGemmStridedBatchedEx_new(
        handle,
        transposeA ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
        transposeB ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
        m,
        n,
        k,
        Pointer.to(new float[] {alpha}),
        deviceA,
        type(in),
        leadingA,
        strideA,
        deviceB,
        type(in),
        leadingB,
        strideB,
        Pointer.to(new float[] {beta}),
        deviceC,
        type(out),
        leadingC,
        strideC,
        batch,
        cublasComputeType.CUBLAS_COMPUTE_32F,
        cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
    double[] found = download(deviceC, c.length, out);
    Tolerance sum = Tolerance.of(DType.F32, k);
    Tolerance rounding = Tolerance.of(out, 1);
    Tolerance tolerance =
        new Tolerance(sum.absolute() + rounding.absolute(), sum.relative() + rounding.relative());
    double[] wanted = c.clone();
    for (int p = 0; p < batch; p++) {
      for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) {
          double product = 0;
          for (int l = 0; l < k; l++) {
            double x = a[p * strideA + (transposeA ? i * leadingA + l : l * leadingA + i)];
            double y = b[p * strideB + (transposeB ? l * leadingB + j : j * leadingB + l)];
            product += x * y;
          }
          int at = p * strideC + j * leadingC + i;
          wanted[at] = alpha * product + beta * c[at];
        }
      }
    }
    for (int i = 0; i < wanted.length; i++) {
      int at = i;
      assertTrue(
          tolerance.accepts(wanted[i], found[i]),
          () -> "element " + at + " is " + found[at] + ", not " + wanted[at]);
    }
  }

  /** Numbers that the type holds exactly. */
  private static double[] values(Random random, int length, DType dtype) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      float x = (float) random.nextGaussian();
      values[i] = dtype == DType.F32 ? x : decode(encode(x, dtype), dtype);
    }
    return values;
  }

  private static short encode(float x, DType dtype) {
    return dtype == DType.F16 ? Float.floatToFloat16(x) : DType.toBFloat16(x);
  }

  private static float decode(short bits, DType dtype) {
    return dtype == DType.F16 ? Float.float16ToFloat(bits) : DType.fromBFloat16(bits);
  }

  private static int type(DType dtype) {
    return switch (dtype) {
      case F32 -> cudaDataType.CUDA_R_32F;
      case F16 -> cudaDataType.CUDA_R_16F;
      default -> cudaDataType.CUDA_R_16BF;
    };
  }

  private static CUdeviceptr upload(double[] values, DType dtype) {
    long bytes = (long) values.length * dtype.byteSize();
    CUdeviceptr pointer = new CUdeviceptr();
    cuMemAlloc(pointer, bytes);
    if (dtype == DType.F32) {
      float[] host = new float[values.length];
      for (int i = 0; i < host.length; i++) host[i] = (float) values[i];
      cuMemcpyHtoD(pointer, Pointer.to(host), bytes);
    } else {
      short[] host = new short[values.length];
      for (int i = 0; i < host.length; i++) host[i] = encode((float) values[i], dtype);
      cuMemcpyHtoD(pointer, Pointer.to(host), bytes);
    }
    return pointer;
  }

  private static double[] download(CUdeviceptr from, int length, DType dtype) {
    double[] values = new double[length];
    long bytes = (long) length * dtype.byteSize();
    if (dtype == DType.F32) {
      float[] host = new float[length];
      cuMemcpyDtoH(Pointer.to(host), from, bytes);
      for (int i = 0; i < length; i++) values[i] = host[i];
    } else {
      short[] host = new short[length];
      cuMemcpyDtoH(Pointer.to(host), from, bytes);
      for (int i = 0; i < length; i++) values[i] = decode(host[i], dtype);
    }
    return values;
  }
}
