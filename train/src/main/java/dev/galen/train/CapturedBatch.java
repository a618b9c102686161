package dev.galen.train;

import dev.galen.model.LanguageModel;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.CapturedStep;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.Batch;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The kernels of one micro-batch as a {@link CapturedStep}, for batches of one shape. What differs
 * from batch to batch is uploaded: ids and labels.
 */
final class CapturedBatch implements AutoCloseable {
  private final LanguageModel model;
  private final List<Tensor> parameters;
  private final BiConsumer<Tensor, Tensor> work;
  private final CapturedStep<Inputs> step;

  /** Nothing captured yet; {@code work} is what to capture of ids and labels, {@code [B, T]}. */
  CapturedBatch(LanguageModel model, BiConsumer<Tensor, Tensor> work) {
    this.model = model;
    this.parameters = List.copyOf(model.parameters().values());
    this.work = work;
    this.step = new CapturedStep<>(model.backend(), model.random());
  }

  /**
   * What a capture holds for.
   *
   * @param rows B
   * @param cols T
   * @param seed of the random numbers
   * @param weights the block of the parameters
   * @param trained which of them want a gradient
   */
  private record Key(int rows, int cols, long seed, Buffer weights, BitSet trained) {}

  /** The work over inputs of one shape, I32 {@code [B, T]} each. */
  private final class Inputs implements CapturedStep.Work {
    private final Tensor ids;
    private final Tensor labels;
    private List<Tensor> reached; // the parameters that get a gradient

    Inputs(Batch batch) {
      ids = empty(batch);
      labels = empty(batch);
    }

    private Tensor empty(Batch batch) {
      Shape shape = Shape.of(batch.rows(), batch.cols());
      return MemoryScope.outside(() -> Tensors.empty(model.backend(), DType.I32, shape));
    }

    @Override
    public void run() {
      work.accept(ids, labels);
      reached = parameters.stream().filter(p -> p.grad() != null).toList();
    }

    @Override
    public void close() {
      ids.free();
      labels.free();
    }
  }

  /** Does the work for {@code batch}, or says that it is to be done without a capture. */
  boolean run(Batch batch) {
    if (model.isObserved()) {
      return false;
    }
    Optional<Inputs> captured = step.ready(() -> key(batch), () -> new Inputs(batch));
    captured.ifPresent(inputs -> replay(inputs, batch));
    return captured.isPresent();
  }

  private Key key(Batch batch) {
    var trained = new BitSet();
    for (int i = 0; i < parameters.size(); i++) {
      trained.set(i, parameters.get(i).requiresGrad());
    }
    Buffer weights = parameters.getFirst().span().buffer();
    return new Key(batch.rows(), batch.cols(), model.random().seed(), weights, trained);
  }

  private void replay(Inputs inputs, Batch batch) {
    Backend backend = model.backend();
    backend.upload(MemorySegment.ofArray(batch.inputIds()), inputs.ids.span());
    backend.upload(MemorySegment.ofArray(batch.labels()), inputs.labels.span());
    step.replay();
    inputs.reached.forEach(Tensor::markGradDefined);
  }

  /** Gives the capture's memory back; the next batch of this shape is captured again. */
  @Override
  public void close() {
    step.close();
  }
}
