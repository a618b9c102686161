package dev.galen.kernels.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/**
 * Moves bytes between any host memory and a GPU, through a few pieces of page-locked memory that
 * take turns: while the GPU reads one the next is being filled. Page-locked memory is what the GPU
 * can read by itself, and a piece is small, so that no length is too large for one copy.
 */
final class HostStaging {
  /** Bytes of a piece: long enough that starting a copy costs little beside it. */
  private static final int PIECE = 4 << 20;

  private static final int PIECES = 3;

  private final DeviceStream stream;
  private final DevicePointer.Host[] pointers = new DevicePointer.Host[PIECES];
  private final MemorySegment[] memory = new MemorySegment[PIECES];
  private final CUevent[] done = new CUevent[PIECES];
  private int turn;

  HostStaging(DeviceStream stream) {
    this.stream = stream;
    for (int i = 0; i < PIECES; i++) {
      pointers[i] = new DevicePointer.Host();
      JCudaDriver.cuMemHostAlloc(pointers[i], PIECE, 0);
      memory[i] = MemorySegment.ofAddress(pointers[i].address()).reinterpret(PIECE);
      done[i] = new CUevent();
      JCudaDriver.cuEventCreate(done[i], CUevent_flags.CU_EVENT_DISABLE_TIMING);
    }
  }

  /** Copies {@code source} to the GPU, behind all work before; returns when it has been read. */
  synchronized void upload(MemorySegment source, long target) {
    for (long at = 0; at < source.byteSize(); at += PIECE) {
      long count = Math.min(PIECE, source.byteSize() - at);
      turn = (turn + 1) % PIECES;
      JCudaDriver.cuEventSynchronize(done[turn]);
      MemorySegment.copy(source, at, memory[turn], 0, count);
      stream.lock();
      try {
        JCudaDriver.cuMemcpyHtoDAsync(
            new DevicePointer(target + at), pointers[turn], count, stream);
        JCudaDriver.cuEventRecord(done[turn], stream);
      } finally {
        stream.unlock();
      }
    }
  }

  /** Copies from the GPU, after all work before; returns when the bytes are there. */
  synchronized void download(long source, MemorySegment target) {
    long pieces = Math.ceilDiv(target.byteSize(), PIECE);
    // One step beyond the last piece: each step starts a copy and then empties the one before it.
    for (long i = 0; i <= pieces; i++) {
      int before = turn;
      turn = (turn + 1) % PIECES;
      if (i < pieces) {
        JCudaDriver.cuEventSynchronize(done[turn]);
        stream.lock();
        try {
          JCudaDriver.cuMemcpyDtoHAsync(
              pointers[turn], new DevicePointer(source + i * PIECE), count(target, i), stream);
          JCudaDriver.cuEventRecord(done[turn], stream);
        } finally {
          stream.unlock();
        }
      }
      if (i > 0) {
        JCudaDriver.cuEventSynchronize(done[before]);
        MemorySegment.copy(memory[before], 0, target, (i - 1) * PIECE, count(target, i - 1));
      }
    }
  }

  private static long count(MemorySegment target, long piece) {
    return Math.min(PIECE, target.byteSize() - piece * PIECE);
  }
}
