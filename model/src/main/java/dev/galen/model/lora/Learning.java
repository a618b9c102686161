package dev.galen.model.lora;

import dev.galen.model.Model;
import dev.galen.model.nn.MatrixLayer;
import dev.galen.tensor.Tensor;
import java.util.Collection;
import java.util.List;

/**
 * Which parameters learn: those of the active adapters, and the biases that these ask for.
 *
 * @param model whose they are
 * @param adapters all of them
 * @param active the names of those in use
 */
record Learning(Model model, Collection<Adapter> adapters, List<String> active) {

  void apply() {
    model.parameters().values().forEach(Tensor::freeze);
    for (Adapter adapter : adapters) {
      if (active.contains(adapter.name())) {
        adapter
            .updates()
            .values()
            .forEach(placed -> AdapterNames.of(placed, "").values().forEach(Tensor::requireGrad));
        adapter
            .saved()
            .values()
            .forEach(saved -> saved.values().values().forEach(Tensor::requireGrad));
        biases(adapter);
      }
    }
  }

  /** PEFT has these learn where they lie. */
  private void biases(Adapter adapter) {
    switch (adapter.config().bias()) {
      case NONE -> {}
      case LORA_ONLY ->
          adapter.updates().values().stream()
              .map(placed -> placed.layer().ownBias())
              .filter(bias -> bias != null)
              .forEach(Tensor::requireGrad);
      case ALL ->
          model.visit(
              "",
              (path, layer) -> {
                var own =
                    layer instanceof MatrixLayer matrix ? matrix.madeWith() : layer.ownParameters();
                own.forEach(
                    (name, tensor) -> {
                      if (name.equals("bias") || name.endsWith(".bias")) {
                        tensor.requireGrad();
                      }
                    });
              });
    }
  }
}
