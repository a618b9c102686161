package dev.galen.tensor.backend.reference;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.backend.CopyKernels;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;

/** Copies one element at a time: bits within a type, longs between integer types, else doubles. */
final class ReferenceCopy implements CopyKernels {
  @Override
  public void copy(Span source, Layout sourceLayout, Span target, Layout targetLayout) {
    if (!sourceLayout.shape().equals(targetLayout.shape())) {
      throw new IllegalArgumentException(
          "cannot copy shape " + sourceLayout.shape() + " to shape " + targetLayout.shape());
    }
    Require.length("source", source, sourceLayout.extent());
    Require.length("target", target, targetLayout.extent());
    try {
      copyElements(source, sourceLayout, target, targetLayout);
    } finally {
      Reference.reachabilityFence(source.buffer());
      Reference.reachabilityFence(target.buffer());
    }
  }

  private static void copyElements(
      Span source, Layout sourceLayout, Span target, Layout targetLayout) {
    MemorySegment from = HostBuffer.segment(source);
    MemorySegment to = HostBuffer.segment(target);
    DType fromType = source.dtype();
    DType toType = target.dtype();
    var sourceWalk = new StridedWalk(sourceLayout);
    var targetWalk = new StridedWalk(targetLayout);
    long size = sourceLayout.shape().size();
    for (long i = 0; i < size; i++) {
      long s = sourceWalk.next();
      long t = targetWalk.next();
      if (fromType == toType) {
        int bytes = fromType.byteSize();
        MemorySegment.copy(from, s * bytes, to, t * bytes, bytes);
      } else if (fromType.isFloating() || toType.isFloating()) {
        Values.set(to, toType, t, Values.get(from, fromType, s));
      } else {
        Values.setLong(to, toType, t, Values.getLong(from, fromType, s));
      }
    }
  }

  @Override
  public void fill(Span target, double value) {
    Pieces.each(
        target.length(),
        (from, count) -> {
          var values = new double[count];
          Arrays.fill(values, value);
          Values.write(values, target, from);
        });
  }
}
