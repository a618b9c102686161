package dev.galen.model.nn;

import dev.galen.tensor.PackedWeight;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.AttentionOp;
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
  /** PEFT's names of an update's matrices. */
  private static final String DOWN = "lora_A.weight";

  private static final String UP = "lora_B.weight";

  private final SequencedMap<String, Layer> children = new LinkedHashMap<>();
  private final SequencedMap<String, Tensor> own = new LinkedHashMap<>();
  private final SequencedMap<String, PackedWeight> packed = new LinkedHashMap<>();
  private boolean training;
  private BiConsumer<Layer, Tensor> observer;
  private Insight insight;

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

  /**
   * Takes a matrix from {@code weights} in the form that they chose, and registers what it has of
   * parameters.
   *
   * @param shape {@code [out, in]} if {@code outputFirst}, else {@code [in, out]}
   */
  protected final Weight weight(
      String name, Shape shape, boolean outputFirst, Initializer initializer, Weights weights) {
    Weight weight = weights.weight(name, shape, outputFirst, initializer);
    register(name, weight);
    return weight;
  }

  private void register(String name, Weight weight) {
    switch (weight) {
      case Weight.Dense dense -> parameter(name, dense.tensor());
      case Weight.Packed rounded -> packed.put(name, rounded.weight());
      case Weight.Shared shared -> {} // the embedding has it
      case Weight.LowRank update -> {
        register(name, update.base());
        parameter(DOWN, update.update().down());
        parameter(UP, update.update().up());
      }
    }
  }

  /** Has {@code parameters} as its own from now on, in this order. */
  final void reregister(SequencedMap<String, Tensor> parameters) {
    own.clear();
    own.putAll(parameters);
  }

  /** Children whose names begin with {@code prefix} go. */
  final void dropChildren(String prefix) {
    children.keySet().removeIf(name -> name.startsWith(prefix));
  }

  /** Has dropout on or off as the layer that it becomes a child of. */
  final void follow(boolean training) {
    setTraining(training);
  }

  /** Freezes this layer's own parameters but those of an update of low rank. */
  final void freezeBase() {
    own.forEach(
        (name, tensor) -> {
          if (!name.equals(DOWN) && !name.equals(UP)) {
            tensor.freeze();
          }
        });
  }

  /** The layers right below, by name. */
  public final SequencedMap<String, Layer> children() {
    return Collections.unmodifiableSequencedMap(children);
  }

  /** The parameters of this very layer, by name. */
  public final SequencedMap<String, Tensor> ownParameters() {
    return Collections.unmodifiableSequencedMap(own);
  }

  /**
   * All parameters below, by dotted path; a shared one once, under its first path. What is packed
   * is no parameter any more and not among them.
   */
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

  /** The first of {@link #parameters}, or null where there is none. */
  protected final Tensor firstParameter() {
    if (!own.isEmpty()) {
      return own.firstEntry().getValue();
    }
    for (Layer child : children.values()) {
      Tensor first = child.firstParameter();
      if (first != null) {
        return first;
      }
    }
    return null;
  }

  /** All weights below that are packed for inference, by dotted path. */
  public final SequencedMap<String, PackedWeight> packedWeights() {
    var all = new LinkedHashMap<String, PackedWeight>();
    visit(
        "",
        (path, layer) -> layer.packed.forEach((name, weight) -> all.put(join(path, name), weight)));
    return all;
  }

  /** Throws if weights below are packed and pass no gradient on, see {@link PackedWeight}. */
  public final void requireTrainable() {
    for (PackedWeight each : packedWeights().values()) {
      if (!each.passesGradients()) {
        requireUnpacked("trained");
      }
    }
  }

  /**
   * Throws if weights below are packed.
   *
   * @param purpose what cannot be done then: {@code trained}
   */
  public final void requireUnpacked(String purpose) {
    if (hasPackedWeights()) {
      var all = packedWeights();
      Map.Entry<String, PackedWeight> first = all.firstEntry();
      throw new IllegalStateException(
          "%s and %d more matrices are packed as %s for inference and cannot be %s; load the model"
                  .formatted(first.getKey(), all.size() - 1, first.getValue().format(), purpose)
              + " with F32 weights for that");
    }
  }

  /**
   * Throws if a layer below computes with an adapter beside its matrix, which a model's file has no
   * place for.
   */
  public final void requireNoAdapters() {
    if (hasAdapters()) {
      throw new IllegalStateException(
          "the model computes with an adapter: merge it to save the model, or save it alone");
    }
  }

  /** Whether a layer below computes with an adapter beside its matrix. */
  public final boolean hasAdapters() {
    for (String path : parameters().keySet()) {
      if (path.contains(".lora_") || path.contains(".modules_to_save.")) {
        return true;
      }
    }
    return false;
  }

  private boolean hasPackedWeights() {
    if (!packed.isEmpty()) {
      return true;
    }
    for (Layer child : children.values()) {
      if (child.hasPackedWeights()) {
        return true;
      }
    }
    return false;
  }

  /** The number of weights, shared ones counted once, packed ones too. */
  public final long parameterCount() {
    return parameters().values().stream().mapToLong(p -> p.shape().size()).sum()
        + packedWeights().values().stream().mapToLong(PackedWeight::size).sum();
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

  /** Tells {@code insight} what this layer and those below compute inside; null ends it. */
  public final void lookInside(Insight insight) {
    if (!children.isEmpty()) { // a leaf has no inside
      this.insight = insight;
      children.values().forEach(layer -> layer.lookInside(insight));
    }
  }

  /** What a stack of blocks calls each of its states: {@code x}, after an insight has seen it. */
  protected final Tensor hidden(Tensor x_BTC) {
    if (insight != null) {
      insight.hidden(this, x_BTC);
    }
    return x_BTC;
  }

  /**
   * What a layer says before it attends: {@link AttentionOp#apply}. The weights, which no kernel
   * stores, are computed for somebody who looks inside, and for nobody else.
   *
   * @param query {@code [B, Tq, H D]}
   * @param key {@code [B, Tk, keyHeads D]}
   */
  protected final void attends(Tensor query, Tensor key, int heads, AttentionOp.Options options) {
    if (insight != null && insight.wantsAttentions()) {
      insight.attention(this, AttentionWeights.of(query, key, heads, options));
    }
  }

  /**
   * The same of {@link AttentionOp#packed}.
   *
   * @param input {@code [B, T, (H + 2 keyHeads) D]}
   */
  protected final void attendsPacked(Tensor input, int heads, AttentionOp.Options options) {
    if (insight != null && insight.wantsAttentions()) {
      int keyHeads = options.keyHeads() == 0 ? heads : options.keyHeads();
      int size = input.dim(2) / (heads + 2 * keyHeads);
      Tensor query = input.slice(2, 0, heads * size);
      Tensor key = input.slice(2, heads * size, (heads + keyHeads) * size);
      insight.attention(this, AttentionWeights.of(query, key, heads, options));
    }
  }

  /** Whether this layer or one below it has an observer, or is looked into. */
  public final boolean isObserved() {
    return observer != null
        || insight != null
        || children.values().stream().anyMatch(Layer::isObserved);
  }

  /** What a leaf's forward returns: {@code y}, after the observer has seen it. */
  protected final Tensor output(Tensor y) {
    if (observer != null) {
      observer.accept(this, y);
    }
    return y;
  }

  /**
   * Switches dropout on, here and below. Layers start with it off.
   *
   * @throws IllegalStateException if weights are packed
   */
  public final void train() {
    requireTrainable();
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
