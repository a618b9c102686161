package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.LongAdder;
import jcuda.CudaException;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * The one owner of a GPU: its primary context, which other libraries of this process share, the
 * stream that all work goes through in call order, its memory and the kernels.
 */
final class CudaContext {
  /** Blocks per processor that keep it busy in a loop over elements. */
  private static final int BLOCKS_PER_PROCESSOR = 16;

  private final CUdevice device = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final DeviceStream stream = new DeviceStream();
  private final ThreadLocal<Launch> launches;
  private final int major;
  private final int processors;
  private final DeviceAllocator allocator;
  private final HostStaging staging;
  private final IndexErrors indexErrors;
  private final KernelLibrary kernels;
  private final LongAdder waitedNanos = new LongAdder();

  /** Opens GPU number {@code ordinal}; {@code backend} is named in errors. */
  CudaContext(Backend backend, int ordinal, KernelCompiler compiler) {
    JCudaNatives.loadDriver();
    JCudaDriver.cuInit(0);
    JCudaDriver.cuDeviceGet(device, ordinal);
    major = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
    processors = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    JCudaDriver.cuDevicePrimaryCtxRetain(context, device);
    JCudaDriver.cuCtxSetCurrent(context);
    JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
    launches =
        ThreadLocal.withInitial(
            () -> {
              JCudaDriver.cuCtxSetCurrent(context);
              return new Launch(stream);
            });
    allocator = new DeviceAllocator(backend, new Memory());
    staging = new HostStaging(stream);
    indexErrors = new IndexErrors();
    int minor = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    kernels = KernelLibrary.load(backend, compiler, major, minor);
  }

  /** The stream of all work. */
  DeviceStream stream() {
    return stream;
  }

  /** The GPU's generation: 8 for Ampere and Ada, 9 for Hopper, 10 and 12 for Blackwell. */
  int major() {
    return major;
  }

  /** Streaming multiprocessors. */
  int processors() {
    return processors;
  }

  /** What the GPU's allocator has. */
  DeviceAllocator allocator() {
    return allocator;
  }

  /** The ids and labels without a row, which throw when the host next waits. */
  IndexErrors indexErrors() {
    return indexErrors;
  }

  /**
   * New memory of the GPU. For scratch that only this call's kernels use: free it right behind the
   * last launch, since the next owner's work comes behind them in the stream.
   */
  DeviceBuffer allocate(long byteSize) {
    enter();
    return allocator.allocate(byteSize);
  }

  /** Begins a launch of kernel {@code name_suffix} for {@code dtype} on this thread. */
  Launch launch(String name, DType dtype) {
    return launches.get().of(kernels.kernel(name, dtype));
  }

  /** Begins a launch of the kernel of exactly this name, which {@code dtype} is computed by. */
  Launch launchExactly(String name, DType dtype) {
    return launches.get().of(kernels.exactly(name, dtype));
  }

  /**
   * Blocks of {@link Launch#BLOCK} threads for a loop over {@code length} elements with a stride.
   */
  int grid(long length) {
    return (int)
        Math.min(Math.ceilDiv(length, Launch.BLOCK), (long) processors * BLOCKS_PER_PROCESSOR);
  }

  /** Blocks for a loop over contiguous elements by packs of 16 bytes. */
  int packGrid(Span span) {
    return grid(Math.ceilDiv(span.byteSize(), 16));
  }

  /** Adds {@code counters} to the Philox counters of all kernels that come next. */
  void shiftCounters(long counters) {
    launchExactly("setCounterShift", DType.I64).i64(counters).run(1, 1);
  }

  /** Captures what {@code work} launches on this thread. */
  CudaGraph capture(Runnable work) {
    enter();
    return CudaGraph.of(this, work);
  }

  /** Copies host bytes to the GPU. */
  void upload(MemorySegment source, Span target) {
    stream.requireRunning("an upload");
    enter();
    try (var copying = Nvtx.range("upload")) {
      staging.upload(source, DeviceBuffer.address(target));
    }
  }

  /** Copies from the GPU into host memory, after all work before. */
  void download(Span source, MemorySegment target) {
    stream.requireRunning("a download");
    enter();
    long start = System.nanoTime();
    try (var waiting = Nvtx.range("download")) {
      staging.download(DeviceBuffer.address(source), target);
    }
    waitedNanos.add(System.nanoTime() - start);
    indexErrors.throwIfAny();
  }

  /** Waits for all work. */
  void synchronize() {
    stream.requireRunning("waiting for the GPU");
    enter();
    long start = System.nanoTime();
    JCudaDriver.cuStreamSynchronize(stream);
    waitedNanos.add(System.nanoTime() - start);
    indexErrors.throwIfAny();
  }

  /** Nanoseconds that the host has spent in {@link #download} and {@link #synchronize}. */
  long waitedNanos() {
    return waitedNanos.sum();
  }

  /** Makes the context current on this thread, which it needs once. */
  private void enter() {
    launches.get();
  }

  private int attribute(int attribute) {
    var value = new int[1];
    JCudaDriver.cuDeviceGetAttribute(value, attribute, device);
    return value[0];
  }

  /** The driver's own memory calls. */
  private final class Memory implements DeviceAllocator.Driver {
    private static final String FULL = CUresult.stringFor(CUresult.CUDA_ERROR_OUT_OF_MEMORY);

    @Override
    public long allocate(long byteSize) {
      enter();
      var pointer = new DevicePointer();
      try {
        JCudaDriver.cuMemAlloc(pointer, byteSize);
      } catch (CudaException e) {
        if (FULL.equals(e.getMessage())) {
          return 0;
        }
        throw e;
      }
      return pointer.address();
    }

    /** The driver itself waits here until no kernel uses the memory. */
    @Override
    public void free(long address) {
      enter();
      JCudaDriver.cuMemFree(new DevicePointer(address));
    }

    @Override
    public long available() {
      enter();
      var free = new long[1];
      JCudaDriver.cuMemGetInfo(free, new long[1]);
      return free[0];
    }
  }
}
