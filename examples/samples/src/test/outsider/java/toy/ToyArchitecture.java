package toy;

import dev.galen.model.hf.Architecture;
import dev.galen.model.hf.ConfigJson;
import dev.galen.model.hf.Head;
import dev.galen.model.hf.TensorNames;
import dev.galen.tensor.io.TensorFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The toy's configs, tensors and heads. */
public final class ToyArchitecture implements Architecture<ToyConfig> {
  @Override
  public String modelType() {
    return "toy";
  }

  @Override
  public Class<ToyConfig> configType() {
    return ToyConfig.class;
  }

  @Override
  public Map<String, String> otherNames() {
    return Map.of();
  }

  @Override
  public ToyConfig read(ConfigJson json) {
    return new ToyConfig(
        json.size("vocab_size", 300),
        json.size("n_positions", 32),
        json.size("hidden_size", 16),
        json.special(),
        json.classes());
  }

  @Override
  public SequencedMap<String, Object> write(ToyConfig config) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("vocab_size", config.vocabularySize());
    fields.put("n_positions", config.contextLength());
    fields.put("hidden_size", config.channels());
    fields.putAll(config.special().fields());
    return fields;
  }

  @Override
  public List<Head<ToyConfig, ?>> heads() {
    return List.of(
        new Head<>(
            ToyCausalLm.class, "ToyLMHeadModel", List.of(), ToyCausalLm::new, ToyCausalLm::config),
        new Head<>(
            ToyClassifier.class,
            "ToyForSequenceClassification",
            List.of("score.weight"),
            ToyClassifier::new,
            ToyClassifier::config));
  }

  @Override
  public TensorNames<ToyConfig> names(
      TensorFiles files, ToyConfig config, Head<ToyConfig, ?> head) {
    var names = new LinkedHashMap<String, String>();
    files.entries().keySet().forEach(name -> names.put(name, name));
    return new TensorNames<>(config, names);
  }

  @Override
  public SequencedMap<String, ToyConfig> presets() {
    return new LinkedHashMap<>();
  }
}
