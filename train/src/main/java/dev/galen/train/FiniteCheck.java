package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.model.nn.Layer;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.ReduceOp;
import dev.galen.train.data.Batch;
import dev.galen.train.data.TokenSequence;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/** Stands before each update: what is no number never reaches the parameters. */
final class FiniteCheck {
  private static final String ADVICE =
      "nothing was updated; lower the learning rate, or clip harder";

  private FiniteCheck() {}

  static void requireLosses(Model model, List<Batch> batches, double[] losses, long step) {
    for (int i = 0; i < losses.length; i++) {
      if (!Double.isFinite(losses[i])) {
        String place = origin(model, batches.get(i));
        throw new NonFiniteException(
            "step %d: the loss is %s; %s; %s".formatted(step, losses[i], place, ADVICE), i, place);
      }
    }
  }

  static void requireMeasured(
      Model model, Batch batch, List<TokenSequence> sequences, double loss) {
    if (!Double.isFinite(loss)) {
      String place = origin(model, batch);
      throw new NonFiniteException(
          "evaluation: the loss is %s; %s".formatted(loss, place),
          new NonFiniteException.MeasuredBatch(sequences, batch.form()),
          place);
    }
  }

  /**
   * Refuses gradients that are no numbers.
   *
   * @param guilty finds the batch that they come from, if asked; it may change gradients
   */
  static void requireGradients(Model model, double norm, long step, IntSupplier guilty) {
    if (!Double.isFinite(norm)) {
      String where =
          model.parameters().entrySet().stream()
              .filter(
                  entry ->
                      entry.getValue().requiresGrad()
                          && entry.getValue().grad() != null
                          && !ReduceOp.allFinite(entry.getValue().grad()))
              .map(entry -> "the gradient of " + entry.getKey() + " is not finite")
              .findFirst()
              .orElse("every gradient is finite, but their squares overflow");
      throw new NonFiniteException(
          "step %d: the gradient norm is %s; %s; %s".formatted(step, norm, where, ADVICE),
          guilty.getAsInt(),
          where);
    }
  }

  /** The first parameter that is not finite, in words. */
  static Optional<String> damaged(Model model) {
    for (Map.Entry<String, Tensor> entry : model.parameters().entrySet()) {
      if (!ReduceOp.allFinite(entry.getValue())) {
        return Optional.of("parameter " + entry.getKey() + " is not finite");
      }
    }
    return Optional.empty();
  }

  private static String origin(Model model, Batch batch) {
    Optional<String> damaged = damaged(model);
    if (damaged.isPresent()) {
      return damaged.get();
    }
    var paths = new IdentityHashMap<Layer, String>();
    model.visit("", (path, layer) -> paths.put(layer, path));
    var first = new String[1];
    model.observe(
        (layer, y) -> {
          if (first[0] == null && !ReduceOp.allFinite(y)) {
            first[0] = paths.get(layer);
          }
        });
    try (var scope = MemoryScope.open("search for NaN");
        var off = Autograd.noGrad()) {
      model.loss(batch.inputs(model.backend()), 1);
    } finally {
      model.observe(null);
    }
    return first[0] == null
        ? "every layer's output is finite, so the loss itself overflows"
        : "the first output that is not finite is that of " + first[0];
  }
}
