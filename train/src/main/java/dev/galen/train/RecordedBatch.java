package dev.galen.train;

import dev.galen.model.LanguageModel;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.Recording;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import dev.galen.train.data.Batch;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The kernels of one micro-batch, recorded by a backend that can, so that the next ones of the same
 * shape cost the host one call. The first batch of a shape is left to run as it is, because it may
 * be the only one, and because it makes the backend ready.
 *
 * <p>What differs from batch to batch is in memory that the kernels read: ids, labels, and how far
 * the random numbers have gone.
 */
final class RecordedBatch implements AutoCloseable {
  private final LanguageModel model;
  private final List<Tensor> parameters;
  private final BiConsumer<Tensor, Tensor> work;
  private boolean possible = true;
  private Key latest;
  private Recorded recorded;

  /** Nothing recorded yet; {@code work} is what to record of ids and labels, {@code [B, T]}. */
  RecordedBatch(LanguageModel model, BiConsumer<Tensor, Tensor> work) {
    this.model = model;
    this.parameters = List.copyOf(model.parameters().values());
    this.work = work;
  }

  /**
   * What a recording holds for.
   *
   * @param rows B
   * @param cols T
   * @param seed of the random numbers
   * @param weights the block of the parameters
   * @param trained which of them want a gradient
   */
  private record Key(int rows, int cols, long seed, Buffer weights, BitSet trained) {}

  /**
   * A recording and what it reads.
   *
   * @param reached the parameters that get a gradient
   * @param drawnFrom the Philox counter when it was recorded
   * @param draws counters that it uses
   */
  private record Recorded(
      Recording recording,
      Tensor ids,
      Tensor labels,
      List<Tensor> reached,
      long drawnFrom,
      long draws) {
    void free() {
      recording.close();
      ids.free();
      labels.free();
    }
  }

  /** Does the work for {@code batch}, or says that it is to be done without a recording. */
  boolean run(Batch batch) {
    if (!possible || model.isObserved()) {
      return false;
    }
    Key key = key(batch);
    boolean again = key.equals(latest);
    latest = key;
    if (!again) {
      close();
      return false;
    }
    if (recorded == null) {
      recorded = record(batch);
      possible = recorded != null;
    }
    if (possible) {
      replay(batch);
    }
    return possible;
  }

  private Key key(Batch batch) {
    var trained = new BitSet();
    for (int i = 0; i < parameters.size(); i++) {
      trained.set(i, parameters.get(i).requiresGrad());
    }
    Buffer weights = parameters.getFirst().span().buffer();
    return new Key(batch.rows(), batch.cols(), model.random().seed(), weights, trained);
  }

  private Recorded record(Batch batch) {
    Tensor ids = empty(batch);
    Tensor labels = empty(batch);
    Philox random = model.random();
    long from = random.offset();
    Optional<Recording> recording = Optional.empty();
    try {
      recording = model.backend().record(() -> work.accept(ids, labels));
    } finally {
      if (recording.isEmpty()) {
        ids.free();
        labels.free();
      }
    }
    long draws = random.offset() - from;
    random.seek(from);
    List<Tensor> reached = parameters.stream().filter(p -> p.grad() != null).toList();
    return recording
        .map(made -> new Recorded(made, ids, labels, reached, from, draws))
        .orElse(null);
  }

  private Tensor empty(Batch batch) {
    Shape shape = Shape.of(batch.rows(), batch.cols());
    return MemoryScope.outside(() -> Tensors.empty(model.backend(), DType.I32, shape));
  }

  private void replay(Batch batch) {
    Backend backend = model.backend();
    backend.upload(MemorySegment.ofArray(batch.inputIds()), recorded.ids().span());
    backend.upload(MemorySegment.ofArray(batch.labels()), recorded.labels().span());
    Philox random = model.random();
    recorded.recording().replay(random.offset() - recorded.drawnFrom());
    random.seek(random.offset() + recorded.draws());
    recorded.reached().forEach(Tensor::markGradDefined);
  }

  /** Gives the recording's memory back; the next batch of this shape is recorded again. */
  @Override
  public void close() {
    if (recorded != null) {
      recorded.free();
      recorded = null;
    }
  }
}
