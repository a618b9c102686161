package dev.galen.model.generate;

import dev.galen.model.LanguageModel;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.Recording;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Steps of a model through a {@link KvCache}: tokens in, something about the next ones out. Where
 * the backend records, the first step of one token for each sequence runs as it is and makes the
 * backend ready, the second is recorded, and from then on a step costs the host one call. Prompts
 * always run as they are.
 *
 * <p>What differs from step to step is in memory that the kernels read: the ids, the lengths of the
 * cache, and how far the random numbers have gone. What else a step reads, such as weights that an
 * {@code Autocast} has rounded, must live as long as this. Close it before the cache.
 *
 * @param <R> what a step gives
 */
public final class DecodeStep<R> implements AutoCloseable {
  private final LanguageModel model;
  private final KvCache cache;
  private final Philox random;
  private final UnaryOperator<Tensor> end;
  private final Function<Tensor, R> read;
  private boolean possible = true;
  private Buffer latest;
  private Recorded recorded;

  /**
   * Nothing recorded yet.
   *
   * @param random what {@code end} draws from
   * @param end what is made of the scores {@code [B, V]} on the device
   * @param read brings it to the host, before the next step overwrites it
   */
  DecodeStep(
      LanguageModel model,
      KvCache cache,
      Philox random,
      UnaryOperator<Tensor> end,
      Function<Tensor, R> read) {
    this.model = model;
    this.cache = cache;
    this.random = random;
    this.end = end;
    this.read = read;
  }

  /**
   * Steps that give the likeliest token of each sequence, the first of equals.
   *
   * @param cache of {@code model}, which the steps extend
   */
  public static DecodeStep<int[]> greedy(LanguageModel model, KvCache cache) {
    return new DecodeStep<>(
        model, cache, new Philox(0), PickedTokens::likeliest, PickedTokens::ids);
  }

  /**
   * Steps that draw a token of each sequence by temperature, top-k, top-p and seed of {@code
   * config}; nothing else of it counts.
   */
  static DecodeStep<int[]> sampling(LanguageModel model, KvCache cache, GenerationConfig config) {
    var random = new Philox(config.seed());
    return new DecodeStep<>(
        model,
        cache,
        random,
        scores -> PickedTokens.drawn(scores, config, random),
        PickedTokens::ids);
  }

  /** Steps of one sequence that give the scores of all tokens, each time in the same array. */
  static DecodeStep<float[]> scores(LanguageModel model, KvCache cache) {
    var scores = new float[model.vocabularySize()];
    return new DecodeStep<>(
        model,
        cache,
        new Philox(0),
        UnaryOperator.identity(),
        tensor -> {
          tensor.copyTo(scores);
          return scores;
        });
  }

  /**
   * A recording and what it reads and writes.
   *
   * @param ids I32 {@code [B, 1]}
   * @param result in the recording's own memory
   * @param drawnFrom the Philox counter when it was recorded
   * @param draws counters that it uses
   */
  private record Recorded(
      Recording recording, Tensor ids, Tensor result, long drawnFrom, long draws) {
    void free() {
      result.free();
      recording.close();
      ids.free();
    }
  }

  /**
   * The next step.
   *
   * @param ids what follows the cached positions, {@code [B, T]} in row-major order
   * @throws IllegalArgumentException if T is 0 or no whole number, or a score is not a number or
   *     infinite
   */
  public R next(int[] ids) {
    if (ids.length == 0 || ids.length % cache.batch() != 0) {
      throw new IllegalArgumentException(
          "%d ids are no [B, T] of the cache's %d sequences, T at least 1"
              .formatted(ids.length, cache.batch()));
    }
    try (var off = Autograd.noGrad()) {
      if (ids.length == cache.batch() && isRecorded()) {
        return replay(ids);
      }
      try (var scope = MemoryScope.open("token")) {
        Tensor ids_BT = Tensors.of(model.backend(), ids, cache.batch(), ids.length / cache.batch());
        return read.apply(end.apply(model.next(ids_BT, cache)));
      }
    }
  }

  /** Whether there is a recording for a step of one token now; makes it at the second one. */
  private boolean isRecorded() {
    if (!possible || model.isObserved()) {
      return false;
    }
    boolean again = cache.place() == latest;
    latest = cache.place();
    if (!again) {
      close();
      return false;
    }
    if (recorded == null) {
      recorded = record();
      possible = recorded != null;
    }
    return possible;
  }

  private Recorded record() {
    Tensor ids =
        MemoryScope.outside(
            () -> Tensors.empty(model.backend(), DType.I32, Shape.of(cache.batch(), 1)));
    var result = new Tensor[1];
    int length = cache.length();
    long from = random.offset();
    cache.lengths(); // uploaded now, since a recording may not
    Optional<Recording> recording = Optional.empty();
    try {
      recording = model.backend().record(() -> result[0] = resultOf(ids));
    } finally {
      cache.crop(length); // nothing has run yet
      if (recording.isEmpty()) {
        ids.free();
      }
    }
    long draws = random.offset() - from;
    random.seek(from);
    return recording.map(made -> new Recorded(made, ids, result[0], from, draws)).orElse(null);
  }

  /** What a step makes, outside of every scope, everything on the way to it freed. */
  private Tensor resultOf(Tensor ids) {
    return MemoryScope.outside(
        () -> {
          try (var scope = MemoryScope.open("recorded token")) {
            return end.apply(model.next(ids, cache)).keep();
          }
        });
  }

  private R replay(int[] ids) {
    Backend backend = model.backend();
    cache.requireRoom(cache.batch(), 1);
    backend.upload(MemorySegment.ofArray(ids), recorded.ids().span());
    cache.lengths();
    recorded.recording().replay(random.offset() - recorded.drawnFrom());
    random.seek(random.offset() + recorded.draws());
    cache.advance(1);
    return read.apply(recorded.result());
  }

  /** Gives the recording's memory back; the next steps begin anew. */
  @Override
  public void close() {
    if (recorded != null) {
      recorded.free();
      recorded = null;
    }
  }
}
