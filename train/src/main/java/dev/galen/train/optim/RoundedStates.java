package dev.galen.train.optim;

import dev.galen.tensor.DType;
import dev.galen.tensor.ParameterBlock;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.RoundedState;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.memory.MemoryScope;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The states of elements in BF16 or 8 bits. An update has a part of them in F32 at a time, and
 * rounds them again behind it. The blocks of 8 bits begin with each parameter, so that none has two
 * parameters in it, whose gradients may be of quite another size.
 *
 * <p>The bits that round follow from the seed, the update's number and the element's place, so that
 * a run that goes on from a checkpoint has the bits of one that was never interrupted.
 */
final class RoundedStates {
  /** Elements of a part, whole blocks. */
  private static final long MOST = Elements.MOST;

  /** Makes the random bits others than those of dropout. */
  private static final long KEY = 0x6f7074696d697a65L;

  private static final String SCALES = ".scales";

  private final ParameterBlock block;
  private final List<Kept> kept = new ArrayList<>();
  private final int[] firstScales;
  private final long seed;

  /**
   * One state.
   *
   * @param codes BF16 or U8 {@code [n]}, as the block of parameters
   * @param scales F32, of each parameter's blocks in turn; null for BF16
   * @param levels F32 {@code [256]}; null for BF16
   */
  private record Kept(String name, Tensor codes, Tensor scales, Tensor levels) {}

  /**
   * All zero.
   *
   * @param names of the states
   * @param neverNegative those of them that need no sign
   */
  RoundedStates(
      ParameterBlock block, StateStorage storage, List<String> names, Set<String> neverNegative) {
    this.block = block;
    this.seed = storage.seed() ^ KEY;
    this.firstScales = new int[block.parameters().size() + 1];
    for (int i = 0; i + 1 < firstScales.length; i++) {
      long size = block.parameters().get(i).shape().size();
      firstScales[i + 1] = firstScales[i] + (int) Math.ceilDiv(size, RoundedState.BLOCK);
    }
    for (String name : names) {
      kept.add(
          storage.format() == StateFormat.BF16
              ? new Kept(name, zeros(DType.BF16, block.values().shape()), null, null)
              : bytes(name, !neverNegative.contains(name)));
    }
  }

  private Kept bytes(String name, boolean signed) {
    Backend backend = block.values().backend();
    float[] levels = DynamicMap.levels(signed);
    return new Kept(
        name,
        zeros(DType.U8, block.values().shape()),
        zeros(DType.F32, Shape.of(firstScales[firstScales.length - 1])),
        MemoryScope.outside(
            () ->
                Tensors.upload(backend, DType.F32, MemorySegment.ofArray(levels), levels.length)));
  }

  private Tensor zeros(DType type, Shape shape) {
    Backend backend = block.values().backend();
    return MemoryScope.outside(() -> Tensors.full(backend, type, shape, 0));
  }

  /** The number of states. */
  int count() {
    return kept.size();
  }

  /** What a checkpoint keeps, by name. */
  Map<String, Tensor> tensors() {
    var tensors = new LinkedHashMap<String, Tensor>();
    for (Kept each : kept) {
      tensors.put(each.name(), each.codes());
      if (each.scales() != null) {
        tensors.put(each.name() + SCALES, each.scales());
      }
    }
    return tensors;
  }

  /**
   * Calls {@code update} with parts of each parameter of {@code piece}, whose states are F32, and
   * keeps what it made of these.
   *
   * @param step the number of the update, which no other one has
   */
  void each(BlockOptimizer.Piece piece, long step, Consumer<BlockOptimizer.Piece> update) {
    Backend backend = block.values().backend();
    long start = block.start(piece.first());
    for (int i = piece.first(); i < piece.end(); i++) {
      long size = block.parameters().get(i).shape().size();
      long at = block.start(i);
      for (long from = 0; from < size; from += MOST) {
        long count = Math.min(MOST, size - from);
        try (var scope = MemoryScope.open("states of an update")) {
          var states = new ArrayList<RoundedState>(kept.size());
          var values = new ArrayList<Span>(kept.size());
          for (Kept each : kept) {
            RoundedState state = part(each, i, at, from, count);
            Tensor value = Tensors.empty(backend, DType.F32, Shape.of((int) count));
            state.read(backend, value.span());
            states.add(state);
            values.add(value.span());
          }
          long inside = at - start + from;
          update.accept(
              new BlockOptimizer.Piece(
                  piece.values().slice(inside, count),
                  piece.gradients().slice(inside, count),
                  values,
                  piece.matrices(),
                  piece.step(),
                  piece.group(),
                  i,
                  i + 1));
          for (int k = 0; k < states.size(); k++) {
            states.get(k).write(backend, values.get(k), seed, counter(step, k, at + from));
          }
        }
      }
    }
  }

  private RoundedState part(Kept of, int parameter, long at, long from, long count) {
    Span codes = of.codes().span().slice(at + from, count);
    if (of.scales() == null) {
      return new RoundedState(codes, null, null);
    }
    long first = firstScales[parameter] + from / RoundedState.BLOCK;
    Span scales = of.scales().span().slice(first, Math.ceilDiv(count, RoundedState.BLOCK));
    return new RoundedState(codes, scales, of.levels().span());
  }

  /** Eight elements have one; a block has fewer than 2^31 elements, an optimizer few states. */
  private static long counter(long step, int state, long place) {
    return step << 32 | (long) state << 28 | place / 8;
  }

  void free() {
    for (Kept each : kept) {
      each.codes().free();
      if (each.scales() != null) {
        each.scales().free();
        each.levels().free();
      }
    }
  }
}
