package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.tensor.PackedWeight;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.host.HostAllocator;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.optim.Optimizer;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a run takes of memory, part by part, in bytes and before its first step. Weights that do not
 * learn are counted as well, though those of an F32 file stay where the file is mapped.
 *
 * @param weights of the model, packed ones as they lie
 * @param gradients of those that learn
 * @param optimizer its state
 * @param average the average of weights, if one is kept
 * @param activations of the largest batch: what a forward and a backward pass make
 * @param logits of these, logits and their gradients
 * @param update what an update makes; by then the activations are freed
 * @param rows sequences of the largest batch
 * @param cols tokens of its longest sequence
 * @param free bytes that can be had for activations, beside all that is held by then
 * @param remedy a setting that fits, where this does not; else empty
 */
public record RunMemory(
    long weights,
    long gradients,
    long optimizer,
    long average,
    long activations,
    long logits,
    long update,
    int rows,
    int cols,
    long free,
    String remedy) {
  /** Elements between the starts of parameters in a block, 64 bytes. */
  private static final long ALIGNMENT = 16;

  /**
   * Of a run that a {@link Trainer} would make of the same. The model's parameters move to memory
   * of their own, as a trainer moves them; nothing else that a run depends on is changed.
   *
   * @param data sequences to learn
   * @param validation sequences to measure, may be empty
   * @throws IllegalArgumentException where weights, gradients and the optimizer's state do not fit
   */
  public static RunMemory of(
      Model model,
      TrainingConfig config,
      List<TokenSequence> data,
      List<TokenSequence> validation,
      Collator collator) {
    model.requireTrainable();
    MemoryPlan.requireState(model, config.optimizer());
    TokenSequences learned = TokenSequences.of(data);
    var batches = new UpdateBatches(config, learned, collator);
    Validation measured =
        Validation.of(model, config, collator, batches, learned, TokenSequences.of(validation));
    Optimizer optimizer = config.optimizer().create(model, config.seed());
    try {
      LabelWeights.of(config.loss(), model, collator, learned);
      model.setLabelSmoothing(config.loss().labelSmoothing());
      model.setRecompute(config.precision().recompute());
      MemoryPlan plan = MemoryPlan.ofRun(config, batches, learned, batches.left(0), measured);
      return of(model, optimizer, config.optimizer().average().isKept(), plan);
    } finally {
      optimizer.free();
    }
  }

  private static RunMemory of(Model model, Optimizer optimizer, boolean averages, MemoryPlan plan) {
    Set<String> learning = new HashSet<>(optimizer.names());
    long learned = 0;
    long average = 0;
    long frozen = 0;
    for (var parameter : model.parameters().entrySet()) {
      Tensor tensor = parameter.getValue();
      long block = HostAllocator.blockSize(bytes(tensor));
      if (learning.contains(parameter.getKey())) {
        learned += Math.ceilDiv(tensor.shape().size(), ALIGNMENT) * ALIGNMENT * Float.BYTES;
        average += averages ? block : 0;
      } else {
        frozen += block;
      }
    }
    for (PackedWeight packed : model.packedWeights().values()) {
      frozen += HostAllocator.blockSize(packed.byteSize());
    }
    long block = HostAllocator.blockSize(learned);
    return new RunMemory(
        block + frozen,
        block,
        blocks(optimizer.state().values()),
        average,
        plan.needed(),
        plan.logits(),
        optimizer.updateBytes(),
        plan.rows(),
        plan.cols(),
        plan.free(),
        plan.remedy());
  }

  private static long blocks(Collection<Tensor> tensors) {
    long bytes = 0;
    for (Tensor tensor : tensors) {
      bytes += HostAllocator.blockSize(bytes(tensor));
    }
    return bytes;
  }

  private static long bytes(Tensor tensor) {
    return tensor.shape().size() * tensor.dtype().byteSize();
  }

  /** All of it at the fullest moment. */
  public long total() {
    return weights + gradients + optimizer + average + Math.max(activations, update);
  }

  /** Whether there is enough. */
  public boolean fits() {
    return Math.max(activations, update) <= free;
  }

  /** The name of the largest part. */
  public String largest() {
    long rest = Math.max(activations - logits, update);
    long most = Math.max(Math.max(weights, gradients), Math.max(optimizer, average));
    most = Math.max(most, Math.max(logits, rest));
    return most == weights
        ? "weights"
        : most == gradients
            ? "gradients"
            : most == optimizer
                ? "the optimizer's state"
                : most == average
                    ? "the average of weights"
                    : most == logits ? "logits" : "activations";
  }
}
