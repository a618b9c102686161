package dev.galen.model.lora;

import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.TokenClassifier;
import dev.galen.model.lora.Adapter.Placed;
import dev.galen.model.lora.Adapter.Saved;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.LowRankUpdate;
import dev.galen.model.nn.MatrixLayer;
import dev.galen.model.nn.Weight;
import dev.galen.tensor.PackedWeight;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The adapters of one model, by name. Whatever the model had of parameters is frozen and kept as it
 * is; what the active adapters have is computed with, and learns.
 *
 * <pre>{@code
 * var adapters = new Adapters(model);
 * adapters.add("clinic", LoraConfig.of(8, LoraTargets.linear()), new Philox(42));
 * // train the model
 * adapters.save("clinic", directory, "gpt2");
 * }</pre>
 */
public final class Adapters {
  private final Model model;
  private final SequencedMap<String, Adapter> all = new LinkedHashMap<>();
  private List<String> active = List.of();
  private Set<MatrixLayer> exchanged = Set.of();
  private boolean merged;

  /** None yet: the model is as it was. */
  public Adapters(Model model) {
    this.model = model;
  }

  /** Their names, in the order that they were added in. */
  public List<String> names() {
    return List.copyOf(all.keySet());
  }

  /** The names of those in use. */
  public List<String> active() {
    return active;
  }

  /** What an adapter is. */
  public LoraConfig config(String name) {
    return require(name).config();
  }

  /** The paths of the layers that an adapter has an update for. */
  public List<String> targets(String name) {
    return List.copyOf(require(name).updates().keySet());
  }

  /**
   * Adds an adapter that has learned nothing, and uses it alone. A classifier's head is among what
   * it learns.
   *
   * @param random what it is initialised from
   * @throws IllegalArgumentException if the model does not have what the config names
   */
  public void add(String name, LoraConfig config, Philox random) {
    requireNew(name);
    var search = new TargetSearch(model);
    search.requireEach(config.targets());
    search.requireEachSaved(config.modulesToSave());
    LoraConfig whole = withHeads(config);
    var targets = search.targets(whole.targets(), whole.modulesToSave());
    var maker = new NewAdapter(model.backend(), whole, random, model.random());
    var updates = new LinkedHashMap<String, Placed>();
    targets.forEach(
        (path, layer) -> {
          requireBias(whole, path, layer);
          updates.put(path, new Placed(layer, maker.update(path, layer)));
        });
    var saved = new LinkedHashMap<String, Saved>();
    search
        .saved(whole.modulesToSave())
        .forEach((path, layer) -> saved.put(path, maker.saved(layer)));
    put(new Adapter(name, whole, updates, saved));
  }

  private static void requireBias(LoraConfig config, String path, MatrixLayer layer) {
    if (config.updateBias() && layer instanceof Embedding) {
      throw new IllegalArgumentException(
          "a bias of B does not go with the embedding " + path + "; leave out one of both");
    }
  }

  /** What PEFT's classes for classifiers add. */
  private LoraConfig withHeads(LoraConfig config) {
    if (!(model instanceof SequenceClassifier || model instanceof TokenClassifier)) {
      return config;
    }
    Set<String> names = new LinkedHashSet<>(config.modulesToSave());
    names.add("classifier");
    names.add("score");
    return config.toBuilder().modulesToSave(List.copyOf(names)).build();
  }

  /**
   * Adds an adapter of a directory that Galen or PEFT wrote, and uses it alone.
   *
   * @throws IOException in one line that names the file and what does not fit the model
   */
  public void load(String name, Path directory) throws IOException {
    requireNew(name);
    var found = new AdapterDirectory(directory).read(model, name);
    found.biases().run();
    put(found.adapter());
  }

  private void requireNew(String name) {
    requireUnmerged("added to");
    if (name.isEmpty() || name.contains(".")) {
      throw new IllegalArgumentException(
          "an adapter's name is '%s', must be a word without dots".formatted(name));
    }
    if (all.containsKey(name)) {
      throw new IllegalArgumentException("there is an adapter " + name + " already");
    }
  }

  private void put(Adapter adapter) {
    if (all.isEmpty()) {
      model.parameters().values().forEach(Tensor::freeze);
      model.packedWeights().values().forEach(PackedWeight::passGradients);
    }
    all.put(adapter.name(), adapter);
    activate(adapter.name());
  }

  /** Writes an adapter as PEFT does; see {@link AdapterDirectory}. */
  public void save(String name, Path directory, String base) throws IOException {
    requireUnmerged("saved");
    new AdapterDirectory(directory).write(model, require(name), base);
  }

  /**
   * Uses these adapters and no others, their updates added to each other. None is the model as it
   * was, but for biases that learned.
   *
   * @throws IllegalArgumentException if two of them have a copy of the same layer
   */
  public void activate(String... names) {
    requireUnmerged("switched");
    var copied = new LinkedHashMap<Layer, String>();
    for (String name : names) {
      for (Saved saved : require(name).saved().values()) {
        String other = copied.put(saved.layer(), name);
        if (other != null) {
          throw new IllegalArgumentException(
              "the adapters %s and %s both have a layer of their own in place of the same one;"
                      .formatted(other, name)
                  + " use one of them at a time");
        }
      }
    }
    active = List.of(names);
    apply();
  }

  /** Forgets an adapter. */
  public void remove(String name) {
    requireUnmerged("removed");
    require(name);
    List<String> left = new ArrayList<>(active);
    left.remove(name);
    activate(left.toArray(String[]::new));
    Adapter adapter = all.remove(name);
    adapter.updates().values().forEach(placed -> placed.layer().restore());
    adapter.saved().values().forEach(Adapters::restore);
    apply();
  }

  private static void restore(Saved saved) {
    if (saved.layer() instanceof MatrixLayer matrix) {
      matrix.restore();
    }
  }

  /**
   * Computes with matrices that have the active updates in them, so that these cost nothing; the
   * model can be saved then. What was there before is kept for {@link #unmerge}.
   *
   * @throws IllegalStateException if a matrix is packed
   */
  public void merge() {
    requireUnmerged("merged again");
    var made = new LinkedHashMap<MatrixLayer, Merged>();
    for (MatrixLayer layer : layers()) {
      Merged whole = merged(layer, made);
      if (whole.isChanged() && layer.ownWeight() instanceof Weight.Shared tied) {
        // PEFT's way: one matrix has what both layers have learned.
        made.put(tied.table(), new Merged(whole.weight(), null, true, false));
        made.put(layer, new Merged(tied, layer.ownBias(), false, false));
      } else {
        made.put(layer, whole);
      }
    }
    made.forEach(
        (layer, whole) -> {
          if (whole.isChanged()) {
            layer.exchangeShared(whole.weight(), whole.bias(), whole.parameters());
          } else if (whole.isCopied()) {
            layer.exchange(whole.weight(), whole.bias(), whole.parameters());
          } else {
            layer.restore();
          }
        });
    exchanged = made.keySet();
    merged = true;
  }

  /** Computes with what there was before {@link #merge} again, to the bit. */
  public void unmerge() {
    if (!merged) {
      throw new IllegalStateException("the adapters are not merged");
    }
    merged = false;
    exchanged.forEach(MatrixLayer::restore); // an embedding with the updates of its head, say
    exchanged = Set.of();
    apply();
  }

  /** Whether the updates are in the matrices. */
  public boolean isMerged() {
    return merged;
  }

  /** A layer's parameters with all active updates in them. */
  private record Merged(Weight weight, Tensor bias, boolean isChanged, boolean isCopied) {
    SequencedMap<String, Tensor> parameters() {
      var parameters = new LinkedHashMap<String, Tensor>();
      if (weight instanceof Weight.Dense dense) {
        parameters.put("weight", dense.tensor());
      }
      if (bias != null) {
        parameters.put("bias", bias);
      }
      return parameters;
    }
  }

  private Merged merged(MatrixLayer layer, Map<MatrixLayer, Merged> made) {
    Weight weight = layer.ownWeight();
    if (weight instanceof Weight.Shared tied && !isCopied(layer)) {
      Merged table = made.get(tied.table());
      weight = table == null ? tied.table().ownWeight() : table.weight();
    }
    Tensor bias = layer.ownBias();
    boolean changed = false;
    boolean copied = false;
    for (String name : active) {
      Adapter adapter = all.get(name);
      for (Saved saved : adapter.saved().values()) {
        if (saved.layer() == layer) {
          weight = copyOf(saved, layer);
          bias = saved.values().get("bias");
          copied = true;
        }
      }
      for (Placed placed : adapter.updates().values()) {
        if (placed.layer() == layer) {
          LowRankUpdate update = placed.update();
          if (!(weight instanceof Weight.Dense dense)) {
            throw new IllegalStateException(
                "a packed matrix cannot have an update in it; load the model with F32 weights to"
                    + " merge");
          }
          Tensor sum = update.merged(dense, layer.ownWeight(), placed.embeds());
          weight = new Weight.Dense(sum, dense.outputFirst());
          bias = merged(bias, update);
          changed = true;
        }
      }
    }
    return new Merged(weight, bias, changed, copied);
  }

  private boolean isCopied(MatrixLayer layer) {
    return active.stream()
        .flatMap(name -> all.get(name).saved().values().stream())
        .anyMatch(saved -> saved.layer() == layer);
  }

  private static Tensor merged(Tensor bias, LowRankUpdate update) {
    if (update.bias() == null) {
      return bias;
    }
    if (bias == null) {
      throw new IllegalStateException(
          "lora_bias cannot be merged into a layer without a bias; keep the adapter beside it");
    }
    return MemoryScope.outside(() -> bias.detach().add(update.bias().detach().mul(update.scale())));
  }

  private static Weight copyOf(Saved saved, MatrixLayer layer) {
    boolean outputFirst = !(layer.ownWeight() instanceof Weight.Dense dense) || dense.outputFirst();
    return new Weight.Dense(saved.values().get("weight"), outputFirst);
  }

  /** Every layer that an adapter has something for, and that can exchange its matrix. */
  private Set<MatrixLayer> layers() {
    var layers = new LinkedHashSet<MatrixLayer>();
    for (Adapter adapter : all.values()) {
      adapter.updates().values().forEach(placed -> layers.add(placed.layer()));
      for (Saved saved : adapter.saved().values()) {
        if (saved.layer() instanceof MatrixLayer matrix) {
          layers.add(matrix);
        }
      }
    }
    return layers;
  }

  /** Gives every layer what the active adapters have for it. */
  private void apply() {
    for (boolean wanted : new boolean[] {false, true}) {
      for (Adapter adapter : all.values()) {
        if (active.contains(adapter.name()) == wanted) {
          adapter.saved().values().stream()
              .filter(saved -> !(saved.layer() instanceof MatrixLayer))
              .forEach(saved -> saved.swap(wanted));
        }
      }
    }
    layers().forEach(this::apply);
    new Learning(model, all.values(), active).apply();
  }

  private void apply(MatrixLayer layer) {
    Weight weight = layer.ownWeight();
    Tensor bias = layer.ownBias();
    var parameters = new LinkedHashMap<>(layer.madeWith());
    for (Adapter adapter : all.values()) {
      boolean isActive = active.contains(adapter.name());
      for (Saved saved : adapter.saved().values()) {
        if (saved.layer() == layer) {
          String prefix = "modules_to_save" + infix(adapter.name()) + ".";
          saved.values().forEach((name, tensor) -> parameters.put(prefix + name, tensor));
          weight = isActive ? copyOf(saved, layer) : weight;
          bias = isActive ? saved.values().get("bias") : bias;
        }
      }
      for (Placed placed : adapter.updates().values()) {
        if (placed.layer() == layer) {
          weight = isActive ? new Weight.LowRank(weight, placed.update()) : weight;
          AdapterNames.of(placed, infix(adapter.name())).forEach(parameters::put);
        }
      }
    }
    layer.exchange(weight, bias, parameters);
  }

  private static String infix(String name) {
    return name.equals(Adapter.DEFAULT) ? "" : "." + name;
  }

  private Adapter require(String name) {
    Adapter adapter = all.get(name);
    if (adapter == null) {
      throw new IllegalArgumentException(
          "there is no adapter %s; there are %s"
              .formatted(name, all.isEmpty() ? "none" : String.join(", ", all.keySet())));
    }
    return adapter;
  }

  private void requireUnmerged(String purpose) {
    if (merged) {
      throw new IllegalStateException(
          "the adapters are merged and cannot be %s; unmerge them first".formatted(purpose));
    }
  }
}
