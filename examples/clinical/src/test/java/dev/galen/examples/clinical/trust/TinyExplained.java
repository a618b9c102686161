package dev.galen.examples.clinical.trust;

import dev.galen.model.ClassNames;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.SpecialIds;
import dev.galen.model.bert.BertClassifier;
import dev.galen.model.bert.BertConfig;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Classifier;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.hf.ConfigJson;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.hf.LenientJson;
import dev.galen.model.llama.LlamaArchitecture;
import dev.galen.model.llama.LlamaClassifier;
import dev.galen.model.llama.LlamaConfig;
import dev.galen.model.nn.Weights;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.BpeTrainer;
import dev.galen.tokenizer.Tokenizer;
import java.util.List;
import java.util.stream.Stream;

/** Classifiers of every kind, small, with weights so large that their logits differ. */
final class TinyExplained {
  static final List<String> CLASSES = List.of("no", "yes", "maybe");
  static final String TEXT = "The heart pumps blood; fever is a sign.";

  private TinyExplained() {}

  static Tokenizer tokenizer() {
    return BpeTrainer.builder()
        .vocabularySize(300)
        .specialTokens("<|endoftext|>")
        .build()
        .train(Stream.of(TinyModels.TEXT));
  }

  static SequenceClassifier gpt2() {
    Gpt2Config config =
        TinyModels.config(300, 64, 16, 2, 0)
            .withVocabulary(300, new SpecialIds(-1, 0, 0))
            .withClasses(new ClassNames(CLASSES));
    return large(new Gpt2Classifier(config, weights(1), random()));
  }

  static SequenceClassifier bert() {
    var config =
        new BertConfig(
            300,
            64,
            2,
            16,
            2,
            2,
            32,
            Unary.GELU_ERF,
            0,
            0,
            null,
            1e-12,
            0.02,
            true,
            true,
            new SpecialIds(-1, -1, 5),
            new ClassNames(CLASSES));
    return large(new BertClassifier(config, weights(2), random()));
  }

  static SequenceClassifier llama() {
    LlamaConfig config =
        ConfigJson.readNew(
                new LlamaArchitecture(),
                new JsonFields(
                    LenientJson.parseObject(
                        """
                        {"model_type": "llama", "vocab_size": 300, "hidden_size": 16,
                         "intermediate_size": 24, "num_hidden_layers": 2,
                         "num_attention_heads": 2, "num_key_value_heads": 1,
                         "max_position_embeddings": 64, "rms_norm_eps": 1e-5}
                        """)))
            .withClasses(new ClassNames(CLASSES));
    return large(new LlamaClassifier(config, weights(3), random()));
  }

  static Gpt2CausalLm languageModel() {
    return TinyModels.decided(300, 64, 0);
  }

  private static Weights weights(long seed) {
    return Weights.initialised(Device.CPU, new Philox(seed));
  }

  private static Philox random() {
    return new Philox(0);
  }

  /** Ten times the usual matrices. */
  private static <M extends SequenceClassifier> M large(M model) {
    for (Tensor parameter : model.parameters().values()) {
      if (parameter.shape().rank() == 2) {
        Tensor scaled = parameter.detach().mul(10);
        Tensors.copy(scaled, parameter.detach());
      }
    }
    return model;
  }
}
