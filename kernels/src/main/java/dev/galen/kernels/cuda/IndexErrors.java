package dev.galen.kernels.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;
import jcuda.driver.JCudaDriver;

/**
 * Ids and labels that have no row. Looking at them on the host would make it wait for the GPU at
 * every step; so a kernel looks, leaves the first bad one in page-locked memory that both can see,
 * and the host throws when it next waits for the GPU anyway.
 */
final class IndexErrors {
  /** What is wrong; 0 is nothing. */
  enum Kind {
    NONE,
    ID,
    LABEL,
    LENGTH
  }

  private static final int RECORD_BYTES = 5 * Integer.BYTES;
  private static final int MAPPED = JCudaDriver.CU_MEMHOSTALLOC_DEVICEMAP;
  private static final int THREADS = 1024;

  private final MemorySegment record;
  private final long address;

  /** Needs a current context. */
  IndexErrors() {
    var host = new DevicePointer.Host();
    JCudaDriver.cuMemHostAlloc(host, RECORD_BYTES, MAPPED);
    record = MemorySegment.ofAddress(host.address()).reinterpret(RECORD_BYTES);
    record.fill((byte) 0);
    var device = new DevicePointer();
    JCudaDriver.cuMemHostGetDevicePointer(device, host, 0);
    address = device.address();
  }

  /** Has the GPU look whether ids are in {@code 0..tableRows-1}. */
  void checkIds(CudaContext cuda, Span ids, int rows, int tableRows) {
    Operands.require("ids", ids, DType.I32, rows);
    if (tableRows <= 0 && rows > 0) {
      throw new IndexOutOfBoundsException(rows + " ids for a table of " + tableRows + " rows");
    }
    check(cuda, ids, rows, tableRows, 0, Kind.ID);
  }

  /** Has the GPU look whether labels are in {@code 0..classes-1} or {@code ignored}. */
  void checkLabels(CudaContext cuda, Span labels, int rows, int classes, int ignored) {
    Operands.require("labels", labels, DType.I32, rows);
    check(cuda, labels, rows, classes, ignored, Kind.LABEL);
  }

  private void check(CudaContext cuda, Span indices, int rows, int limit, int ignored, Kind kind) {
    cuda.launch("checkIndices", DType.I32)
        .pointer(indices)
        .i32(rows)
        .i32(limit)
        .i32(ignored)
        .i32(kind.ordinal())
        .i64(address)
        .run(rows == 0 ? 0 : 1, THREADS);
  }

  /** Adds what a kernel that looks at lengths of sequences needs: the kind and the record. */
  Launch lengths(Launch launch) {
    return launch.i32(Kind.LENGTH.ordinal()).i64(address);
  }

  /** Throws what has been found so far, once; all work has been waited for. */
  void throwIfAny() {
    Kind kind = Kind.values()[record.getAtIndex(JAVA_INT, 0)];
    if (kind == Kind.NONE) {
      return;
    }
    record.setAtIndex(JAVA_INT, 0, 0);
    int position = record.getAtIndex(JAVA_INT, 1);
    int index = record.getAtIndex(JAVA_INT, 2);
    int limit = record.getAtIndex(JAVA_INT, 3);
    int last = record.getAtIndex(JAVA_INT, 4);
    throw new IndexOutOfBoundsException(
        switch (kind) {
          case ID ->
              "id %d at position %d is outside the table of %d rows"
                  .formatted(index, position, limit);
          case LABEL ->
              "label %d at position %d is none of the %d classes and not %d, which is ignored"
                  .formatted(index, position, limit, last);
          default -> AttentionShape.noRoom(position, index, limit, last);
        });
  }
}
