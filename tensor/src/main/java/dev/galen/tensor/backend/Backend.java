package dev.galen.tensor.backend;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.host.FreeMemory;
import java.lang.foreign.MemorySegment;

/**
 * The contract between tensors and the machine: memory and the kernel families. A backend sees
 * spans and layouts, never tensors. Unless a kernel says otherwise its spans are contiguous and row
 * major, its outputs are overwritten, and outputs do not overlap inputs. Where a backend lacks a
 * kernel for a type it throws {@link UnsupportedKernelException}; it never computes elsewhere.
 *
 * <p>Kernels run in call order. Results are deterministic: the same inputs give the same bits, on
 * any number of threads.
 */
public interface Backend {
  /** Short name, as {@code galen doctor} prints it: {@code reference}, {@code vector}. */
  String name();

  /** The kind of place it computes: {@code cpu}, {@code cuda:0}. */
  String place();

  /** At least {@code byteSize} bytes, aligned to 64, contents undefined. */
  Buffer allocate(long byteSize);

  /**
   * A buffer over host memory that something else owns, such as a mapped file, or null where
   * kernels cannot read it in place: on a GPU, or where it is not aligned to {@code dtype}.
   */
  Buffer wrap(MemorySegment hostMemory, DType dtype);

  /** Bytes live, cached and at peak. */
  MemoryStats memory();

  /**
   * Bytes that can still be allocated: what is free for this process where this backend computes,
   * less what the JVM's heap has reserved and not used yet, and what is cached. An estimate, since
   * other programs go on; {@link Long#MAX_VALUE} where the system does not tell.
   */
  default long available() {
    long free = FreeMemory.bytes();
    long heap = Runtime.getRuntime().freeMemory();
    return free == Long.MAX_VALUE ? free : Math.max(0, free - heap) + memory().cached();
  }

  /** Gives cached memory back to the system. */
  void trim();

  /** Copies host bytes into a span of the same byte size. */
  void upload(MemorySegment source, Span target);

  /** Copies a span into host memory of the same byte size, after all kernels before it. */
  void download(Span source, MemorySegment target);

  /**
   * Whether {@link #capture} works here, which memory of its own costs: what a capture allocates it
   * keeps.
   */
  default boolean captures() {
    return false;
  }

  /**
   * Captures what {@code work} launches on this thread, without running it, to be run as one piece
   * later: a step of some thousand kernels then costs the host one call. {@link CapturedStep} says
   * when. Memory that the work allocates belongs to its capture until that is closed, whether it
   * was freed meanwhile or not; what it reads or writes beyond that must live as long. Other
   * threads wait with their own calls until it is captured.
   *
   * @param work neither uploads nor downloads: that throws, and ends the capture
   * @throws UnsupportedOperationException where this backend {@link #captures} nothing
   */
  default Capture capture(Runnable work) {
    throw new UnsupportedOperationException("the " + name() + " backend captures no work");
  }

  /**
   * The most positions of a sequence that are added up in another order than more of them are, as
   * the kernels of few rows may; 0 where all sums have one order. Sequences on one side of it have
   * the same bits in any batch.
   */
  default int fewPositions() {
    return 0;
  }

  /** The kernel families; the same object at each call. */
  Kernels kernels();

  /** Strided copies, casts and fills. */
  default CopyKernels copy() {
    return kernels().copy();
  }

  /** Element by element. */
  default PointwiseKernels pointwise() {
    return kernels().pointwise();
  }

  /** Sums, maxima, softmax. */
  default ReduceKernels reduce() {
    return kernels().reduce();
  }

  /** Matrix products. */
  default MatmulKernels matmul() {
    return kernels().matmul();
  }

  /** Normalisations. */
  default NormKernels norm() {
    return kernels().norm();
  }

  /** Scaled dot-product attention. */
  default AttentionKernels attention() {
    return kernels().attention();
  }

  /** Rows by index. */
  default EmbeddingKernels embedding() {
    return kernels().embedding();
  }

  /** Cross-entropy. */
  default LossKernels loss() {
    return kernels().loss();
  }

  /** Parameter updates. */
  default OptimizerKernels optimizer() {
    return kernels().optimizer();
  }

  /** Products with weights packed for inference. */
  default WeightKernels weights() {
    return kernels().weights();
  }

  /** Random numbers and dropout. */
  default RandomKernels random() {
    return kernels().random();
  }
}
