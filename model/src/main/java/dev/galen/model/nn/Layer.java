package dev.galen.model.nn;

import dev.galen.tensor.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A node of a network: a named tree of children and parameters. Dotted paths are HuggingFace's own,
 * such as {@code h.0.mlp.c_fc.weight}.
 */
public abstract class Layer {
  private final SequencedMap<String, Layer> children = new LinkedHashMap<>();
  private final SequencedMap<String, Tensor> own = new LinkedHashMap<>();
  private boolean training;
  private BiConsumer<Layer, Tensor> observer;

  /** Registers {@code layer} under {@code name}; returns it. */
  protected final <L extends Layer> L child(String name, L layer) {
    children.put(name, layer);
    return layer;
  }

  /** Registers {@code tensor} as a parameter, which collects gradients; returns it. */
  protected final Tensor parameter(String name, Tensor tensor) {
    own.put(name, tensor.requireGrad());
    return tensor;
  }

  /** The layers right below, by name. */
  public final SequencedMap<String, Layer> children() {
    return Collections.unmodifiableSequencedMap(children);
  }

  /** The parameters of this very layer, by name. */
  public final SequencedMap<String, Tensor> ownParameters() {
    return Collections.unmodifiableSequencedMap(own);
  }

  /** All parameters below, by dotted path; a shared one once, under its first path. */
  public final SequencedMap<String, Tensor> parameters() {
    var all = new LinkedHashMap<String, Tensor>();
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    visit(
        "",
        (path, layer) -> {
          for (Map.Entry<String, Tensor> entry : layer.own.entrySet()) {
            if (seen.add(entry.getValue())) {
              all.put(join(path, entry.getKey()), entry.getValue());
            }
          }
        });
    return all;
  }

  /** The number of parameter elements, shared ones counted once. */
  public final long parameterCount() {
    return parameters().values().stream().mapToLong(p -> p.shape().size()).sum();
  }

  /** Calls {@code visitor} with this layer and every one below, parents first, with their paths. */
  public final void visit(String path, BiConsumer<String, Layer> visitor) {
    visitor.accept(path, this);
    children.forEach((name, layer) -> layer.visit(join(path, name), visitor));
  }

  /** Calls {@code observer} with each output of the leaves below, as it is made; null ends it. */
  public final void observe(BiConsumer<Layer, Tensor> observer) {
    this.observer = observer;
    children.values().forEach(layer -> layer.observe(observer));
  }

  /** What a leaf's forward returns: {@code y}, after whoever observes has seen it. */
  protected final Tensor output(Tensor y) {
    if (observer != null) {
      observer.accept(this, y);
    }
    return y;
  }

  /** Switches dropout on, here and below. Layers start with it off. */
  public final void train() {
    setTraining(true);
  }

  /** Switches dropout off, here and below. */
  public final void eval() {
    setTraining(false);
  }

  /** Whether dropout is on. */
  public final boolean isTraining() {
    return training;
  }

  private void setTraining(boolean training) {
    this.training = training;
    children.values().forEach(layer -> layer.setTraining(training));
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
