package dev.galen.kernels.cuda;

import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuMemsetD32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.testing.Tolerance;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations of warps, tensor cores, atomics and asynchronous copies of the software GPU. */
@Tag("software-gpu")
class SoftwareWarpTest {
  private static final int WARP = 32;

  private SoftwareDevice device;

  @BeforeEach
  void open() {
    device = new SoftwareDevice("warp_operations.cu");
  }

  @AfterEach
  void close() {
    if (device != null) device.close();
  }

  private static CUdeviceptr allocateBytes(long bytes) {
    CUdeviceptr pointer = new CUdeviceptr();
    cuMemAlloc(pointer, bytes);
    return pointer;
  }

  private static int[] downloadInts(CUdeviceptr from, int length) {
    int[] values = new int[length];
    cuMemcpyDtoH(Pointer.to(values), from, 4L * length);
    return values;
  }

  private void checkRows(String kernel, IntUnaryOperator... wanted) {
    CUdeviceptr y = allocateBytes(4L * WARP * wanted.length);
    device.launch(kernel, 1, WARP, y);
    int[] found = downloadInts(y, WARP * wanted.length);
    for (int i = 0; i < found.length; i++) {
      int row = i / WARP;
      int lane = i % WARP;
      assertEquals(
          wanted[row].applyAsInt(lane), found[i], () -> kernel + " " + row + ", lane " + lane);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2})
  void shuffles(long seed) {
    device.gpu.seed(seed);
    checkRows(
        "shuffles",
        lane -> 10 * (lane * 7 % WARP),
        lane -> 10 * (lane / 8 * 8 + 3),
        lane -> 10 * (lane ^ 5),
        lane -> 10 * (lane ^ 4),
        lane -> 10 * (lane + 3 < WARP ? lane + 3 : lane),
        lane -> 10 * (lane % 16 + 3 < 16 ? lane + 3 : lane),
        lane -> 10 * (lane >= 2 ? lane - 2 : lane),
        lane -> 10 * (lane % 8 >= 2 ? lane - 2 : lane));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2})
  void votes(long seed) {
    device.gpu.seed(seed);
    int thirds = 0;
    for (int lane = 0; lane < WARP; lane += 3) thirds |= 1 << lane;
    int wanted = thirds;
    checkRows(
        "votes",
        lane -> wanted,
        lane -> 1,
        lane -> 0,
        lane -> 1,
        lane -> 0,
        lane -> 0xf << lane / 4 * 4,
        lane -> WARP * (WARP - 1) / 2,
        lane -> 31,
        lane -> 5,
        lane -> lane ^ 2,
        lane -> lane % 2 == 0 ? -1 : 0xaaaa0000);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "BF16"})
  void tensorCoresMultiplySixteenBits(DType dtype) {
    Random random = new Random(3);
    short[] a = sixteenBits(random, 256, dtype);
    short[] b = sixteenBits(random, 128, dtype);
    CUdeviceptr deviceA = allocateBytes(512);
    CUdeviceptr deviceB = allocateBytes(256);
    cuMemcpyHtoD(deviceA, Pointer.to(a), 512);
    cuMemcpyHtoD(deviceB, Pointer.to(b), 256);
    CUdeviceptr c = device.allocate(128);
    device.launch(
        "tile_" + dtype.name().toLowerCase(java.util.Locale.ROOT), 1, WARP, deviceA, deviceB, c);
    checkTile(device.download(c, 128), 16, i -> decode(a[i], dtype), i -> decode(b[i], dtype));
  }

  private interface Elements {
    double at(int index);
  }

  private static void checkTile(float[] found, int k, Elements a, Elements b) {
    Tolerance tolerance = Tolerance.of(DType.F32, k);
    for (int row = 0; row < 16; row++) {
      for (int column = 0; column < 8; column++) {
        double sum = 0;
        for (int l = 0; l < k; l++) sum += a.at(row * k + l) * b.at(l * 8 + column);
        String what = "(%d, %d): %s, not %s".formatted(row, column, found[row * 8 + column], sum);
        assertTrue(tolerance.accepts(sum, found[row * 8 + column]), what);
      }
    }
  }

  @Test
  void tensorCoresRoundToTf32() {
    Random random = new Random(4);
    float[] a = new float[128];
    float[] b = new float[64];
    for (int i = 0; i < a.length; i++) a[i] = (float) random.nextGaussian();
    for (int i = 0; i < b.length; i++) b[i] = (float) random.nextGaussian();
    CUdeviceptr c = device.allocate(128);
    device.launch("tile_tf32", 1, WARP, device.upload(a), device.upload(b), c);
    checkTile(device.download(c, 128), 8, i -> tf32(a[i]), i -> tf32(b[i]));
  }

  /** 10 bits of mantissa, to nearest, ties away from zero. */
  private static double tf32(float x) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(x) + 0x1000) & ~0x1fff);
  }

  private static short[] sixteenBits(Random random, int length, DType dtype) {
    short[] values = new short[length];
    for (int i = 0; i < length; i++) {
      float x = (float) random.nextGaussian();
      values[i] = dtype == DType.F16 ? Float.floatToFloat16(x) : DType.toBFloat16(x);
    }
    return values;
  }

  private static double decode(short bits, DType dtype) {
    return dtype == DType.F16 ? Float.float16ToFloat(bits) : DType.fromBFloat16(bits);
  }

  @Test
  void atomicsCount() {
    int length = 10_000;
    Random random = new Random(5);
    int[] x = new int[length];
    int[] wanted = new int[10];
    for (int i = 0; i < length; i++) {
      x[i] = random.nextInt(10);
      wanted[x[i]]++;
    }
    CUdeviceptr deviceX = allocateBytes(4L * length);
    cuMemcpyHtoD(deviceX, Pointer.to(x), 4L * length);
    CUdeviceptr counts = allocateBytes(40);
    CUdeviceptr largest = allocateBytes(4);
    cuMemsetD32(counts, 0, 10);
    cuMemsetD32(largest, 0, 1);
    device.launch("histogram", 7, 96, deviceX, counts, largest, length);
    assertArrayEquals(wanted, downloadInts(counts, 10));
    assertArrayEquals(new int[] {9}, downloadInts(largest, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void asynchronousCopiesArriveGroupByGroup(int stages) {
    float[] x = SoftwareDevice.counting(stages * WARP * 4);
    CUdeviceptr y = device.allocate(WARP);
    device.launch("pipeline", 1, WARP, device.upload(x), y, stages);
    float[] wanted = new float[WARP];
    for (int lane = 0; lane < WARP; lane++) {
      for (int stage = 0; stage < stages; stage++) {
        int from = (stage * WARP + (lane + 1) % WARP) * 4;
        for (int i = 0; i < 4; i++) wanted[lane] += x[from + i];
      }
    }
    assertArrayEquals(wanted, device.download(y, WARP));
  }
}
