package dev.galen.model.generate;

import dev.galen.model.CausalLm;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.CapturedStep;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Steps of a model through a {@link KvCache}: tokens in, something about the next ones out. Steps
 * of one token for each sequence are a {@link CapturedStep}; prompts always run as they are.
 *
 * <p>What differs from step to step is in memory that the kernels read: the ids, the lengths of the
 * cache, and how far the random numbers have gone. What else a step reads, such as weights that an
 * {@code Autocast} has rounded, must live as long as this. Close it before the cache.
 *
 * @param <R> what a step gives
 */
public final class DecodeStep<R> implements AutoCloseable {
  private final TextModel model;
  private final KvCache cache;
  private final UnaryOperator<Tensor> end;
  private final Function<Tensor, R> read;
  private final CapturedStep<OneToken> step;

  /**
   * Nothing captured yet.
   *
   * @param random what {@code end} draws from
   * @param end what is made of the logits {@code [B, V]} on the device
   * @param read brings it to the host, before the next step overwrites it
   */
  DecodeStep(
      TextModel model,
      KvCache cache,
      Philox random,
      UnaryOperator<Tensor> end,
      Function<Tensor, R> read) {
    this.model = model;
    this.cache = cache;
    this.end = end;
    this.read = read;
    this.step = new CapturedStep<>(model.network().backend(), random);
  }

  /**
   * Steps that give the likeliest token of each sequence, the first of equals.
   *
   * @param cache of {@code model}, which the steps extend
   */
  public static DecodeStep<int[]> greedy(CausalLm model, KvCache cache) {
    return greedy(TextModel.of(model), cache);
  }

  static DecodeStep<int[]> greedy(TextModel model, KvCache cache) {
    return new DecodeStep<>(model, cache, new Philox(0), NextTokens::likeliest, NextTokens::ids);
  }

  /**
   * Steps that draw a token of each sequence by temperature, top-k, top-p and seed of {@code
   * config}; nothing else of it counts.
   */
  static DecodeStep<int[]> sampling(TextModel model, KvCache cache, GenerationConfig config) {
    var random = new Philox(config.seed());
    return new DecodeStep<>(
        model,
        cache,
        random,
        logits -> NextTokens.sampled(logits, config, random),
        NextTokens::ids);
  }

  /**
   * Steps that give the logits of all tokens, {@code [B, V]} in row-major order, each time in the
   * same array while the cache has as many sequences.
   */
  static DecodeStep<float[]> logits(TextModel model, KvCache cache) {
    return new DecodeStep<>(
        model, cache, new Philox(0), UnaryOperator.identity(), new LogitsReader());
  }

  /** Brings logits to the host without garbage. */
  private static final class LogitsReader implements Function<Tensor, float[]> {
    private float[] logits = {};

    @Override
    public float[] apply(Tensor logits_BV) {
      int size = Math.toIntExact(logits_BV.shape().size());
      if (logits.length != size) {
        logits = new float[size];
      }
      logits_BV.copyTo(logits);
      return logits;
    }
  }

  /** A step of one token, in memory of its own. */
  private final class OneToken implements CapturedStep.Work {
    /** I32 {@code [B, 1]}. */
    private final Tensor ids =
        MemoryScope.outside(
            () -> Tensors.empty(model.network().backend(), DType.I32, Shape.of(cache.batch(), 1)));

    private Tensor result;

    @Override
    public void run() {
      int[] lengths = cache.places(1);
      try {
        result = MemoryScope.outside(this::computed);
      } finally {
        cache.crop(lengths); // nothing has run yet
      }
    }

    /** Outside of every scope, everything on the way to it freed. */
    private Tensor computed() {
      try (var scope = MemoryScope.open("captured token")) {
        return end.apply(model.next(ids, cache)).keep();
      }
    }

    @Override
    public void close() {
      if (result != null) {
        result.free();
      }
      ids.free();
    }
  }

  /**
   * The next step.
   *
   * @param ids what follows the cached positions, {@code [B, T]} in row-major order
   * @throws IllegalArgumentException if T is 0 or no whole number, or a logit is not a number or
   *     infinite
   */
  public R next(int[] ids) {
    return next(ids, null);
  }

  /**
   * The same of sequences that are padded on the right.
   *
   * @param lengths how many of its T tokens each sequence has; null for all
   */
  R next(int[] ids, int[] lengths) {
    if (ids.length == 0 || ids.length % cache.batch() != 0) {
      throw new IllegalArgumentException(
          "%d ids are no [B, T] of the cache's %d sequences, T at least 1"
              .formatted(ids.length, cache.batch()));
    }
    try (var off = Autograd.noGrad()) {
      if (ids.length == cache.batch()
          && !model.network().isObserved()
          && model.network().isCapturable()) {
        Optional<OneToken> captured = step.ready(cache::place, this::newStep);
        if (captured.isPresent()) {
          return replay(captured.get(), ids);
        }
      }
      try (var scope = MemoryScope.open("token")) {
        Backend backend = model.network().backend();
        Tensor ids_BT = Tensors.of(backend, ids, cache.batch(), ids.length / cache.batch());
        return read.apply(
            end.apply(
                lengths == null ? model.next(ids_BT, cache) : model.next(ids_BT, lengths, cache)));
      }
    }
  }

  private OneToken newStep() {
    cache.lengths(); // uploaded now, since a capture may not
    return new OneToken();
  }

  private R replay(OneToken captured, int[] ids) {
    cache.requireRoom(cache.batch(), 1);
    model.network().backend().upload(MemorySegment.ofArray(ids), captured.ids.span());
    cache.lengths();
    step.replay();
    cache.advance(1);
    return read.apply(captured.result);
  }

  /** Gives the capture's memory back; the next steps begin anew. */
  @Override
  public void close() {
    step.close();
  }
}
