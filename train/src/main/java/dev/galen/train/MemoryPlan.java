package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.train.data.Batch;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.optim.OptimizerSpec;
import dev.galen.train.optim.StateFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * What a run takes of memory beside what is held already, against what is free: told before the
 * first step, because a system that has no memory left ends the process without a word.
 *
 * @param what the work, for the message: {@code training}
 * @param rows sequences of the largest batch
 * @param cols tokens of its longest sequence
 * @param needed bytes that it takes
 * @param logits of these, logits and their gradients
 * @param free bytes that can be had, see {@link Backend#available}
 * @param remedy a setting that fits, for the message
 */
public record MemoryPlan(
    String what, int rows, int cols, long needed, long logits, long free, String remedy) {

  /** Kept for what is no tensor: compiled code, the kernels' scratch, batches on the heap. */
  private static final long RESERVE = 64L << 20;

  /** F32 of a parameter and its gradient. */
  static final int PARAMETER_BYTES = 2 * Float.BYTES;

  /**
   * Refuses a model whose parameters, gradients and optimizer's state cannot be had.
   *
   * @param parameters their number
   * @param optimizer that trains them
   * @param free bytes that can be had
   * @throws IllegalArgumentException if there is too little
   */
  public static void requireState(double parameters, OptimizerSpec optimizer, long free) {
    requireState(parameters, optimizer, optimizer.stateBytes(), free);
  }

  /** The same with the average and the form of the state that a run has. */
  public static void requireState(double parameters, OptimizerConfig optimizer, long free) {
    requireState(parameters, optimizer.rule(), optimizer.stateBytes(), free);
  }

  private static void requireState(
      double parameters, OptimizerSpec optimizer, double stateBytes, long free) {
    double needed = parameters * (PARAMETER_BYTES + stateBytes);
    if (needed > free) {
      boolean mostlyState = stateBytes > PARAMETER_BYTES / 2.0;
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%,.0f parameters need %s to be trained, mostly %s, %s (weights, gradients and the"
                  + " state of %s), and %s are free; %s",
              parameters,
              bytes(needed),
              mostlyState ? "the state" : "weights and gradients",
              bytes(parameters * (mostlyState ? stateBytes : PARAMETER_BYTES)),
              optimizer.name(),
              bytes(free),
              smaller(parameters, optimizer, stateBytes, free)));
    }
  }

  /** A state that fits, or what to do without one. */
  private static String smaller(
      double parameters, OptimizerSpec optimizer, double stateBytes, long free) {
    for (StateFormat format : List.of(StateFormat.BF16, StateFormat.INT8)) {
      double less = stateBytes;
      try {
        less += optimizer.stateBytes(format) - optimizer.stateBytes(StateFormat.F32);
      } catch (IllegalArgumentException e) {
        break; // it has none but F32
      }
      if (less < stateBytes && parameters * (PARAMETER_BYTES + less) <= free) {
        return "%s %s fits".formatted(StateFormat.SETTING, format.word());
      }
    }
    return "choose a smaller model, or train an adapter (lora)";
  }

  /** The same for the parameters of {@code model} that are trained. */
  static void requireState(Model model, OptimizerConfig optimizer) {
    long trained = 0;
    for (Tensor parameter : model.parameters().values()) {
      trained += parameter.requiresGrad() ? parameter.shape().size() : 0;
    }
    requireState(trained, optimizer, model.backend().available());
  }

  /** The plan of a run's largest batch. */
  static MemoryPlan ofRun(
      TrainingConfig config,
      UpdateBatches batches,
      TokenSequences data,
      long updates,
      Validation validation) {
    Collator collator = validation.collator();
    long most = updates * config.data().accumulate();
    var largest = LargestBatch.of(batches.sampler(), data, most, collator);
    return ofTraining(validation.model(), config, collator, largest);
  }

  /** Refuses a run of which the largest training or validation batch does not fit. */
  static void requireRun(
      TrainingConfig config,
      UpdateBatches batches,
      TokenSequences data,
      long updates,
      Validation validation) {
    Model model = validation.model();
    Collator collator = validation.collator();
    ofRun(config, batches, data, updates, validation).require();
    if (!validation.sequences().isEmpty()) {
      ofEvaluation(
              model,
              config.precision().products(),
              collator,
              validation.sequences(),
              config.data().batchSize())
          .require();
    }
  }

  /** Whether there is enough. */
  public boolean fits() {
    return needed <= free;
  }

  /**
   * Refuses what does not fit.
   *
   * @throws IllegalArgumentException naming the largest part, both numbers and what would fit
   */
  public void require() {
    if (!fits()) {
      long rest = needed - logits;
      throw new IllegalArgumentException(
          "%s on %,d sequences of up to %,d tokens at a time needs %s of memory (%s), and %s are free; %s"
              .formatted(
                  what,
                  rows,
                  cols,
                  bytes(needed),
                  logits > rest
                      ? "mostly logits, " + bytes(logits)
                      : "mostly activations, " + bytes(rest),
                  bytes(free),
                  remedy));
    }
  }

  /**
   * The plan of evaluating {@code sequences}, which runs three batches of a few tokens.
   *
   * @param batchSize sequences at a time
   * @throws IllegalArgumentException if a batch has more positions than can be numbered
   */
  public static MemoryPlan ofEvaluation(
      Model model,
      MixedPrecision precision,
      Collator collator,
      TokenSequences sequences,
      int batchSize) {
    LargestBatch largest = LargestBatch.ofAll(batchSize, sequences, collator);
    int rows = largest.rows();
    int cols = largest.cols();
    Batch.requirePositions(rows, cols);
    var memory = BatchMemory.ofEvaluation(model, precision, collator);
    long free = free(model.backend());
    BatchMemory.Usage usage = memory.of(rows, cols, largest.labels());
    String remedy = "";
    if (usage.all() > free) {
      int fitting = largest(rows, n -> memory.of(n, cols, largest.labels()).all() <= free);
      remedy =
          fitting > 0
              ? "a batch size of " + fitting + " fits"
              : "no batch size fits: shorten the sequences";
    }
    return new MemoryPlan("evaluation", rows, cols, usage.all(), usage.logits(), free, remedy);
  }

  /**
   * The plan of training, whose parameters, gradients and optimizer are held already.
   *
   * @param batch the largest
   */
  static MemoryPlan ofTraining(
      Model model, TrainingConfig config, Collator collator, LargestBatch batch) {
    Batch.requirePositions(batch.rows(), batch.cols());
    var memory = BatchMemory.ofTraining(model, config.precision().products(), collator);
    // Captures keep their memory: one of an update's first batch, one of the others.
    int copies = model.backend().captures() && config.data().accumulate() > 1 ? 2 : 1;
    long free = free(model.backend());
    BatchMemory.Usage usage = memory.of(batch.rows(), batch.cols(), batch.labels());
    long needed = copies * usage.all();
    String remedy = needed <= free ? "" : remedy(model, config, collator, memory, batch, free);
    return new MemoryPlan(
        "training", batch.rows(), batch.cols(), needed, copies * usage.logits(), free, remedy);
  }

  private static String remedy(
      Model model,
      TrainingConfig config,
      Collator collator,
      BatchMemory memory,
      LargestBatch batch,
      long free) {
    // Smaller batches are accumulated, so captures are two of them.
    long room = model.backend().captures() ? free / 2 : free;
    int rows = batch.rows();
    int fitting = largest(rows, n -> memory.of(n, batch.cols(), batch.labels()).all() <= room);
    if (fitting > 0) {
      long all = config.data().perUpdate();
      int size = even(fitting, all);
      return "a batch size of %d with %d accumulated fits".formatted(size, Math.ceilDiv(all, size));
    }
    if (!config.precision().recompute()) {
      model.setRecompute(true);
      try {
        var less = BatchMemory.ofTraining(model, config.precision().products(), collator);
        int recomputed = largest(rows, n -> less.of(n, batch.cols(), batch.labels()).all() <= room);
        if (recomputed > 0) {
          return "a batch size of %d with recompute (gradient checkpointing) fits"
              .formatted(recomputed);
        }
      } finally {
        model.setRecompute(false);
      }
    }
    int length = largest(batch.cols(), n -> memory.of(1, n).all() <= room);
    return length > 1
        ? "a batch size of 1 and a length of " + length + " fit"
        : "no batch size fits: choose a smaller model";
  }

  /**
   * A batch size of at most {@code most} that parts {@code all} evenly, if there is a large one.
   */
  private static int even(int most, long all) {
    for (int batch = most; batch > most / 2; batch--) {
      if (all % batch == 0) {
        return batch;
      }
    }
    return most;
  }

  /** The largest number from 1 to {@code most} that fits; 0 where none does. */
  private static int largest(int most, IntPredicate fits) {
    int low = 0;
    int high = most;
    while (low < high) {
      int middle = high - (high - low) / 2;
      if (fits.test(middle)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private static long free(Backend backend) {
    return Math.max(0, backend.available() - RESERVE);
  }

  private static String bytes(double bytes) {
    return bytes < 1e9
        ? String.format(Locale.ROOT, "%,.0f MB", Math.ceil(bytes / 1e6))
        : String.format(Locale.ROOT, "%,.1f GB", bytes / 1e9);
  }
}
