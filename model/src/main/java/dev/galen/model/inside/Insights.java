package dev.galen.model.inside;

import dev.galen.model.Model;
import dev.galen.model.nn.Insight;
import dev.galen.model.nn.Layer;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps copies of a model's hidden states, and of its attention weights where they are wanted,
 * until closed: HuggingFace's {@code output_hidden_states} and {@code output_attentions}. A model
 * that nobody looks into computes nothing for this.
 *
 * <pre>{@code
 * try (var inside = Insights.withAttentions(model)) {
 *   model.logits(inputs);
 *   List<Tensor> states = inside.hiddenStates();
 *   List<Tensor> weights = inside.attentions();
 * }
 * }</pre>
 *
 * <p>One at a time looks into a model, and while it does, steps are run and not replayed. A pass
 * through a {@link dev.galen.model.nn.KvCache} has hidden states, and no attention weights.
 */
public final class Insights implements AutoCloseable {
  private final Model model;
  private final Map<Layer, String> paths = new IdentityHashMap<>();
  private final List<Seen> states = new ArrayList<>();
  private final List<Seen> weights = new ArrayList<>();

  /** A copy of what the layer at {@code path} computed. */
  private record Seen(String path, Tensor tensor) {
    static Seen of(String path, Tensor tensor) {
      try (var off = Autograd.noGrad()) {
        Tensor copy =
            MemoryScope.outside(
                () -> Tensors.empty(tensor.backend(), tensor.dtype(), tensor.shape()));
        Tensors.copy(tensor.detach(), copy);
        return new Seen(path, copy);
      }
    }
  }

  private Insights(Model model, boolean attentions) {
    this.model = model;
    model.visit("", (path, layer) -> paths.put(layer, path));
    model.lookInside(
        new Insight() {
          @Override
          public void hidden(Layer layer, Tensor x_BTC) {
            states.add(Seen.of(paths.get(layer), x_BTC));
          }

          @Override
          public boolean wantsAttentions() {
            return attentions;
          }

          @Override
          public void attention(Layer layer, Tensor all) {
            weights.add(Seen.of(paths.get(layer), all));
          }
        });
  }

  /** Looks at hidden states. */
  public static Insights of(Model model) {
    return new Insights(model, false);
  }

  /** Looks at hidden states and at attention weights, which cost a second pass over each layer. */
  public static Insights withAttentions(Model model) {
    return new Insights(model, true);
  }

  /**
   * The hidden states so far, {@code [B, T, C]} each: of every pass one more than there are blocks,
   * the embeddings first, and the last one behind the final normalisation.
   */
  public List<Tensor> hiddenStates() {
    return hiddenStates("");
  }

  /**
   * Those of one of several stacks.
   *
   * @param part of the stack's path, such as {@code encoder}
   */
  public List<Tensor> hiddenStates(String part) {
    return within(states, part);
  }

  /** The attention weights so far, F32 {@code [B, H, Tq, Tk]} each, in the order of the layers. */
  public List<Tensor> attentions() {
    return attentions("");
  }

  /**
   * Those of some layers.
   *
   * @param part of the attending layer's path, such as {@code EncDecAttention}
   */
  public List<Tensor> attentions(String part) {
    return within(weights, part);
  }

  private static List<Tensor> within(List<Seen> all, String part) {
    return all.stream().filter(seen -> seen.path().contains(part)).map(Seen::tensor).toList();
  }

  /** Forgets what was seen so far. */
  public void clear() {
    states.forEach(seen -> seen.tensor().free());
    weights.forEach(seen -> seen.tensor().free());
    states.clear();
    weights.clear();
  }

  /** Looks no more, and frees what was seen. */
  @Override
  public void close() {
    model.lookInside(null);
    clear();
  }
}
