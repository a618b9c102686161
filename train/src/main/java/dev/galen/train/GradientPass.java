package dev.galen.train;

import dev.galen.model.Inputs;
import dev.galen.model.Model;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.Batch;
import dev.galen.train.optim.MixedPrecision;
import java.util.Arrays;

/**
 * Forward and backward of the micro-batches of an update. Nothing waits for the GPU in between:
 * losses stay there until all are asked for. Run or replayed from a capture, a batch has the same
 * bits.
 */
final class GradientPass implements AutoCloseable {
  private final Model model;
  private final MixedPrecision precision;
  private final Tensor factor;
  private final Tensor loss;
  private final Tensor losses;
  private final CapturedBatch first;
  private final CapturedBatch further;
  private long step;
  private int count;
  private boolean reached;

  /** For updates of at most {@code mostBatches} micro-batches. */
  GradientPass(Model model, MixedPrecision precision, int mostBatches) {
    this.model = model;
    this.precision = precision;
    factor = zeros(Shape.of());
    loss = zeros(Shape.of());
    losses = zeros(Shape.of(mostBatches));
    // The first batch writes gradients, the others add to them: two different captures.
    first = new CapturedBatch(model, this::capture);
    further = new CapturedBatch(model, this::capture);
  }

  private Tensor zeros(Shape shape) {
    return MemoryScope.outside(() -> Tensors.full(model.backend(), DType.F32, shape, 0));
  }

  /**
   * Starts an update.
   *
   * @param step its number
   * @param scale gradients are those of {@code scale} times the summed losses
   */
  void begin(long step, double scale) {
    this.step = step;
    Tensors.fill(factor, scale);
    Tensors.fill(losses, 0);
    count = 0;
    reached = false;
  }

  /** Adds one micro-batch's gradients; one without labels has none. */
  void add(Batch batch) {
    if (batch.tokens() > 0) {
      CapturedBatch captured = reached ? further : first;
      PhaseEvent phase = Phase.begin();
      if (captured.run(batch)) {
        Phase.REPLAY.end(phase, step);
      } else {
        run(batch);
      }
      reached = true;
      Tensors.put(loss, losses, count);
    }
    count++;
  }

  private void run(Batch batch) {
    try (var scope = MemoryScope.open("training step " + step)) {
      compute(batch.inputs(model.backend()));
    }
  }

  /** Rounds weights for itself, since a replay comes after they have changed. */
  private void capture(Inputs inputs) {
    try (var scope = MemoryScope.open("captured training step " + step);
        var cast = precision.open()) {
      compute(inputs);
    }
  }

  private void compute(Inputs inputs) {
    PhaseEvent forward = Phase.begin();
    Tensor sum = model.loss(inputs, 1);
    Tensors.copy(sum, loss);
    Phase.FORWARD.end(forward, step);
    PhaseEvent backward = Phase.begin();
    Autograd.backward(sum, factor);
    Phase.BACKWARD.end(backward, step);
  }

  /** The summed loss of each micro-batch of this update; waits for them. */
  double[] losses() {
    return Arrays.copyOf(losses.toDoubles(), count);
  }

  /** Gives the memory of captures back, for something else that needs much. */
  void release() {
    first.close();
    further.close();
  }

  @Override
  public void close() {
    release();
    factor.free();
    loss.free();
    losses.free();
  }
}
