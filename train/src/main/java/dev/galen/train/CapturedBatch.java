package dev.galen.train;

import dev.galen.model.Inputs;
import dev.galen.model.Inputs.Padding;
import dev.galen.model.Model;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.CapturedStep;
import dev.galen.train.data.Batch;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The kernels of one micro-batch as a {@link CapturedStep}, for batches of one shape. What differs
 * from batch to batch is uploaded: the model's inputs.
 */
final class CapturedBatch implements AutoCloseable {
  private final Model model;
  private final List<Tensor> parameters;
  private final Consumer<Inputs> work;
  private final CapturedStep<InputsWork> step;

  /** Nothing captured yet; {@code work} is what to capture of a batch. */
  CapturedBatch(Model model, Consumer<Inputs> work) {
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
   * @param padding where rows are padded, which says whether there is a mask and who looks at it
   * @param typed whether there are token types
   * @param labels their form
   * @param seed of the random numbers
   * @param weights the block of the parameters
   * @param trained which of them want a gradient
   */
  private record Key(
      int rows,
      int cols,
      Padding padding,
      boolean typed,
      Batch.Labels labels,
      long seed,
      Buffer weights,
      BitSet trained) {}

  /** The work over inputs of one shape. */
  private final class InputsWork implements CapturedStep.Work {
    private final Inputs inputs;
    private List<Tensor> reached; // the parameters that get a gradient

    InputsWork(Batch batch) {
      inputs = BatchTensors.emptyLike(model, batch);
    }

    @Override
    public void run() {
      work.accept(inputs);
      reached = parameters.stream().filter(p -> p.grad() != null).toList();
    }

    @Override
    public void close() {
      BatchTensors.free(inputs);
    }
  }

  /** Does the work for {@code batch}, or says that it is to be done without a capture. */
  boolean run(Batch batch) {
    // Where documents end differs from batch to batch, and the kernels with it.
    if (model.isObserved() || !model.isCapturable() || batch.documents() != null) {
      return false;
    }
    Optional<InputsWork> captured = step.ready(() -> key(batch), () -> new InputsWork(batch));
    captured.ifPresent(ready -> replay(ready, batch));
    return captured.isPresent();
  }

  private Key key(Batch batch) {
    var trained = new BitSet();
    for (int i = 0; i < parameters.size(); i++) {
      trained.set(i, parameters.get(i).requiresGrad());
    }
    Buffer weights = parameters.getFirst().span().buffer();
    return new Key(
        batch.rows(),
        batch.cols(),
        batch.padding(),
        batch.tokenTypes() != null,
        batch.form(),
        model.random().seed(),
        weights,
        trained);
  }

  private void replay(InputsWork ready, Batch batch) {
    BatchTensors.fill(ready.inputs, batch);
    step.replay();
    ready.reached.forEach(Tensor::markGradDefined);
  }

  /** Gives the capture's memory back; the next batch of this shape is captured again. */
  @Override
  public void close() {
    step.close();
  }
}
