package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.model.nn.Layer;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.ReduceOp;
import dev.galen.train.data.Batch;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Stands before each update: what is no number never reaches the parameters. */
final class FiniteCheck {
  private static final String ADVICE =
      "nothing was updated; lower the learning rate, or clip harder";

  private FiniteCheck() {}

  static void requireLosses(Model model, List<Batch> batches, double[] losses, long step) {
    for (int i = 0; i < losses.length; i++) {
      if (!Double.isFinite(losses[i])) {
        throw new NonFiniteException(
            "step %d: the loss is %s; %s; %s"
                .formatted(step, losses[i], origin(model, batches.get(i)), ADVICE));
      }
    }
  }

  static void requireMeasured(Model model, Batch batch, double loss) {
    if (!Double.isFinite(loss)) {
      throw new NonFiniteException(
          "evaluation: the loss is %s; %s".formatted(loss, origin(model, batch)));
    }
  }

  static void requireGradients(Model model, double norm, long step) {
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
          "step %d: the gradient norm is %s; %s; %s".formatted(step, norm, where, ADVICE));
    }
  }

  private static String origin(Model model, Batch batch) {
    for (Map.Entry<String, Tensor> entry : model.parameters().entrySet()) {
      if (!ReduceOp.allFinite(entry.getValue())) {
        return "parameter " + entry.getKey() + " is not finite";
      }
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
