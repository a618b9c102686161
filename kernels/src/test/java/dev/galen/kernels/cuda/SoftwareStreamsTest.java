package dev.galen.kernels.cuda;

import static dev.galen.kernels.cuda.SoftwareDevice.counting;
import static dev.galen.kernels.cuda.SoftwareDevice.hasNaN;
import static jcuda.driver.CUevent_flags.CU_EVENT_DEFAULT;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL;
import static jcuda.driver.CUstream_flags.CU_STREAM_DEFAULT;
import static jcuda.driver.CUstream_flags.CU_STREAM_NON_BLOCKING;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventElapsedTime;
import static jcuda.driver.JCudaDriver.cuEventQuery;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemAllocAsync;
import static jcuda.driver.JCudaDriver.cuMemAllocHost;
import static jcuda.driver.JCudaDriver.cuMemFreeAsync;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD32Async;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamQuery;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.IntSupplier;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of the software GPU put work off, so that a forgotten order shows. */
@Tag("software-gpu")
class SoftwareStreamsTest {
  private static final int LENGTH = 1000;
  private static final int BLOCK = 128;
  private static final int GRID = 8;

  private SoftwareDevice device;
  private CUdeviceptr x;
  private CUdeviceptr y;

  @BeforeEach
  void open() {
    device = new SoftwareDevice("planted_faults.cu");
    x = device.upload(counting(LENGTH));
    y = device.allocate(LENGTH);
  }

  @AfterEach
  void close() {
    if (device != null) device.close();
  }

  private static CUstream stream(int flags) {
    CUstream stream = new CUstream();
    cuStreamCreate(stream, flags);
    return stream;
  }

  private static CUevent event() {
    CUevent event = new CUevent();
    cuEventCreate(event, CU_EVENT_DEFAULT);
    return event;
  }

  private void fill(CUstream stream, float value) {
    device.launch(stream, 0, "fill_right", GRID, BLOCK, y, value, LENGTH);
  }

  private void addXtoY(CUstream stream) {
    device.launch(stream, 0, "add_right", GRID, BLOCK, y, x, LENGTH);
  }

  private static float[] countingFrom(float start) {
    float[] values = counting(LENGTH);
    for (int i = 0; i < LENGTH; i++) values[i] += start;
    return values;
  }

  /**
   * What y holds when that stream's work is done; other streams' only where they were waited for.
   */
  private float[] yAfter(CUstream stream) {
    ByteBuffer host = pinned(LENGTH);
    cuMemcpyDtoHAsync(Pointer.toBuffer(host), y, 4L * LENGTH, stream);
    cuStreamSynchronize(stream);
    float[] values = new float[LENGTH];
    host.asFloatBuffer().get(values);
    cuMemFreeHost(Pointer.toBuffer(host));
    return values;
  }

  private static ByteBuffer pinned(int floats) {
    Pointer pointer = new Pointer();
    cuMemAllocHost(pointer, 4L * floats);
    return pointer.getByteBuffer(0, 4L * floats).order(ByteOrder.nativeOrder());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
  void aReaderThatDoesNotWaitForItsWriterReadsPoison(long seed) {
    CUstream writer = stream(CU_STREAM_NON_BLOCKING);
    CUstream reader = stream(CU_STREAM_NON_BLOCKING);
    device.synchronize();
    device.gpu.seed(seed);
    fill(writer, 5);
    addXtoY(reader);
    float[] planted = yAfter(reader);
    assertTrue(hasNaN(planted), () -> "the bug was not seen: " + Arrays.toString(planted));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
  void aReaderThatWaitsForTheEventOfItsWriterIsRight(long seed) {
    CUstream writer = stream(CU_STREAM_NON_BLOCKING);
    CUstream reader = stream(CU_STREAM_NON_BLOCKING);
    device.synchronize();
    device.gpu.seed(seed);
    fill(writer, 5);
    CUevent written = event();
    cuEventRecord(written, writer);
    cuStreamWaitEvent(reader, written, 0);
    addXtoY(reader);
    assertArrayEquals(countingFrom(5), yAfter(reader));
  }

  /** A buffer that is overwritten while another stream has still to read it. */
  @Test
  void aWriterThatDoesNotWaitForReadersIsSeen() {
    CUstream reader = stream(CU_STREAM_NON_BLOCKING);
    CUstream writer = stream(CU_STREAM_NON_BLOCKING);
    fill(reader, 5);
    device.synchronize();
    CUdeviceptr copy = device.allocate(LENGTH);
    cuMemcpyDtoDAsync(copy, y, 4L * LENGTH, reader);
    fill(writer, 6);
    cuStreamSynchronize(writer);
    device.synchronize();
    assertEquals(6, device.download(copy, LENGTH)[0]);
  }

  @Test
  void theLegacyStreamAndBlockingStreamsWaitForEachOther() {
    CUstream blocking = stream(CU_STREAM_DEFAULT);
    fill(blocking, 5);
    addXtoY(null);
    addXtoY(blocking);
    float[] wanted = countingFrom(5);
    for (int i = 0; i < LENGTH; i++) wanted[i] += i;
    assertArrayEquals(wanted, yAfter(blocking));
  }

  /** As CUDA's documentation says of pageable memory: the call is back, the bytes are not there. */
  @Test
  void anUploadOnTheLegacyStreamIsNotOrderedBeforeANonBlockingStream() {
    CUstream other = stream(CU_STREAM_NON_BLOCKING);
    fill(other, 1);
    device.synchronize();
    x = device.upload(counting(LENGTH));
    addXtoY(other);
    assertTrue(hasNaN(yAfter(other)));
  }

  @Test
  void pinnedMemoryIsReadWhenTheStreamComesToIt() {
    CUstream stream = stream(CU_STREAM_NON_BLOCKING);
    ByteBuffer host = pinned(LENGTH);
    FloatBuffer floats = host.asFloatBuffer();
    for (int i = 0; i < LENGTH; i++) floats.put(i, 1);
    cuMemcpyHtoDAsync(y, Pointer.toBuffer(host), 4L * LENGTH, stream);
    for (int i = 0; i < LENGTH; i++) floats.put(i, 2);
    assertEquals(2, yAfter(stream)[0], "the copy did not see that its source was overwritten");
  }

  @Test
  void workIsPutOffUntilSomethingWaits() {
    CUstream stream = stream(CU_STREAM_NON_BLOCKING);
    device.synchronize();
    CUevent begin = event();
    CUevent end = event();
    cuEventRecord(begin, stream);
    fill(stream, 1);
    cuEventRecord(end, stream);
    assertEquals(CUresult.CUDA_ERROR_NOT_READY, resultOf(() -> cuEventQuery(end)));
    cuEventSynchronize(end);
    assertEquals(CUresult.CUDA_SUCCESS, resultOf(() -> cuEventQuery(end)));
    float[] milliseconds = new float[1];
    cuEventElapsedTime(milliseconds, begin, end);
    assertTrue(milliseconds[0] > 0);
  }

  @Test
  void pollingComesToAnEnd() {
    CUstream stream = stream(CU_STREAM_NON_BLOCKING);
    for (int i = 0; i < 20; i++) fill(stream, i);
    int polls = 0;
    while (resultOf(() -> cuStreamQuery(stream)) == CUresult.CUDA_ERROR_NOT_READY) polls++;
    assertTrue(polls <= 20, () -> "more polls than work");
    assertEquals(19, yAfter(stream)[0]);
  }

  /** JCuda throws for NOT_READY too. */
  private static int resultOf(IntSupplier call) {
    JCudaDriver.setExceptionsEnabled(false);
    try {
      return call.getAsInt();
    } finally {
      JCudaDriver.setExceptionsEnabled(true);
    }
  }

  @Test
  void streamOrderedMemoryIsThereOnlyInTheOrderOfItsStream() {
    CUstream mine = stream(CU_STREAM_NON_BLOCKING);
    CUstream other = stream(CU_STREAM_NON_BLOCKING);
    CUdeviceptr temporary = new CUdeviceptr();
    cuMemAllocAsync(temporary, 4L * LENGTH, mine);
    device.launch(mine, 0, "fill_right", GRID, BLOCK, temporary, 3f, LENGTH);
    cuMemcpyDtoDAsync(y, temporary, 4L * LENGTH, mine);
    cuMemFreeAsync(temporary, mine);
    assertEquals(3, yAfter(mine)[0]);

    device.gpu.seed(0);
    cuMemAllocAsync(temporary, 4L * LENGTH, mine);
    device.launch(other, 0, "fill_right", GRID, BLOCK, temporary, 3f, LENGTH);
    CudaException thrown = assertThrows(CudaException.class, () -> cuStreamSynchronize(other));
    assertEquals("CUDA_ERROR_ILLEGAL_ADDRESS", thrown.getMessage());
    device.assertReports("before its stream came to cuMemAllocAsync");
  }

  @Test
  void aCapturedForkAndJoinRunsAtEveryLaunch() {
    CUstream first = stream(CU_STREAM_NON_BLOCKING);
    CUstream second = stream(CU_STREAM_NON_BLOCKING);
    CUevent forked = event();
    CUevent joined = event();
    device.synchronize();
    CUdeviceptr z = device.allocate(LENGTH);
    cuStreamBeginCapture(first, CU_STREAM_CAPTURE_MODE_GLOBAL);
    cuMemsetD32Async(y, 0, LENGTH, first);
    cuEventRecord(forked, first);
    cuStreamWaitEvent(second, forked, 0);
    device.launch(second, 0, "fill_right", GRID, BLOCK, z, 2f, LENGTH);
    cuEventRecord(joined, second);
    addXtoY(first);
    cuStreamWaitEvent(first, joined, 0);
    device.launch(first, 0, "add_right", GRID, BLOCK, y, z, LENGTH);
    CUgraph graph = new CUgraph();
    cuStreamEndCapture(first, graph);
    assertTrue(hasNaN(yAfter(first)), "the capture ran");

    CUgraphExec exec = new CUgraphExec();
    cuGraphInstantiate(exec, graph, 0);
    for (int seed = 0; seed < 4; seed++) {
      device.gpu.seed(seed);
      cuGraphLaunch(exec, first);
      addXtoY(first);
      float[] wanted = countingFrom(2);
      for (int i = 0; i < LENGTH; i++) wanted[i] += i;
      assertArrayEquals(wanted, yAfter(first));
    }
  }

  @Test
  void aForkThatIsNotJoinedIsAnError() {
    CUstream first = stream(CU_STREAM_NON_BLOCKING);
    CUstream second = stream(CU_STREAM_NON_BLOCKING);
    CUevent forked = event();
    cuStreamBeginCapture(first, CU_STREAM_CAPTURE_MODE_GLOBAL);
    cuEventRecord(forked, first);
    cuStreamWaitEvent(second, forked, 0);
    fill(second, 1);
    CudaException thrown =
        assertThrows(CudaException.class, () -> cuStreamEndCapture(first, new CUgraph()));
    assertEquals("CUDA_ERROR_STREAM_CAPTURE_UNJOINED", thrown.getMessage());
  }

  @Test
  void anAllocationBreaksACapture() {
    CUstream stream = stream(CU_STREAM_NON_BLOCKING);
    cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_GLOBAL);
    fill(stream, 1);
    assertThrows(CudaException.class, () -> cuMemAlloc(new CUdeviceptr(), 16));
    CudaException thrown =
        assertThrows(CudaException.class, () -> cuStreamEndCapture(stream, new CUgraph()));
    assertEquals("CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", thrown.getMessage());
    fill(stream, 2);
    assertEquals(2, yAfter(stream)[0]);
  }
}
