package dev.galen.kernels.cuda;

import dev.galen.tensor.backend.Capture;
import jcuda.CudaException;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/** Launches of one thread, captured from the stream as a CUDA graph that one call starts. */
final class CudaGraph implements Capture {
  private final CudaContext cuda;
  private final DeviceAllocator.CapturedBlocks memory;
  private final CUgraphExec executable = new CUgraphExec();
  private boolean closed;

  private CudaGraph(CudaContext cuda, DeviceAllocator.CapturedBlocks memory) {
    this.cuda = cuda;
    this.memory = memory;
  }

  /** Captures what {@code work} launches. */
  static CudaGraph of(CudaContext cuda, Runnable work) {
    DeviceStream stream = cuda.stream();
    stream.requireRunning("a capture inside of a capture");
    stream.lock();
    try (var range = Nvtx.range("capture")) {
      var captured = new CudaGraph(cuda, cuda.allocator().beginCapture());
      try {
        captured.capture(stream, work);
      } catch (Throwable failure) {
        cuda.allocator().releaseCapture(captured.memory);
        throw failure;
      } finally {
        cuda.allocator().endCapture();
      }
      return captured;
    } finally {
      stream.unlock();
    }
  }

  private void capture(DeviceStream stream, Runnable work) {
    var graph = new CUgraph();
    // Relaxed: other threads may allocate meanwhile, and so may the work.
    JCudaDriver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED);
    stream.setCapturing(true);
    try {
      work.run();
    } catch (Throwable failure) {
      abandon(stream, graph, failure);
      throw failure;
    } finally {
      stream.setCapturing(false);
    }
    JCudaDriver.cuStreamEndCapture(stream, graph);
    try {
      JCudaDriver.cuGraphInstantiate(executable, graph, 0);
    } finally {
      JCudaDriver.cuGraphDestroy(graph);
    }
  }

  /** Ends a capture whose work has failed, perhaps because the driver has ended it already. */
  private static void abandon(DeviceStream stream, CUgraph graph, Throwable failure) {
    try {
      JCudaDriver.cuStreamEndCapture(stream, graph);
      JCudaDriver.cuGraphDestroy(graph);
    } catch (CudaException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void replay(long counters) {
    DeviceStream stream = cuda.stream();
    stream.requireRunning("a replay");
    stream.lock();
    try {
      if (closed) {
        throw new IllegalStateException("this capture is closed");
      }
      cuda.shiftCounters(counters);
      JCudaDriver.cuGraphLaunch(executable, stream);
      cuda.shiftCounters(0);
    } finally {
      stream.unlock();
    }
  }

  /** A graph that still runs is freed by the driver when it is done. */
  @Override
  public void close() {
    cuda.stream().lock();
    try {
      if (!closed) {
        closed = true;
        JCudaDriver.cuGraphExecDestroy(executable);
        cuda.allocator().releaseCapture(memory);
      }
    } finally {
      cuda.stream().unlock();
    }
  }
}
