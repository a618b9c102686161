package dev.galen.examples.cli;

import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.gpt2.Gpt2ConfigJson;
import dev.galen.model.gpt2.Gpt2LanguageModel;
import dev.galen.model.gpt2.SpecialIds;
import dev.galen.model.hub.Hub;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.BpeTokenizer;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.Example;
import dev.galen.train.data.TokenExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The model and the tokenizer of a run: loaded, or new.
 *
 * @param model the network
 * @param tokenizer its tokenizer; absent where the data are tokenised and nobody gave one
 * @param source one line for the report
 */
record ModelSetup(Gpt2LanguageModel model, Optional<Tokenizer> tokenizer, String source) {
  /** Tokens of a tokenizer that is trained on the run's own data. */
  private static final int OWN_VOCABULARY = 2048;

  static ModelSetup of(TrainingOptions options, TrainingData data) throws IOException {
    if (options.model != null
        && (options.newModel.config != null || options.newModel.preset != null)) {
      throw new IllegalArgumentException(
          "--model brings its own config; leave out --config and --preset");
    }
    return options.model != null ? load(options) : create(options, data.train());
  }

  private static ModelSetup load(TrainingOptions options) throws IOException {
    Path directory = Hub.resolve(options.model);
    UnaryOperator<Gpt2Config> adjust =
        options.dropout == null
            ? UnaryOperator.identity()
            : config -> config.withDropout(options.dropout);
    Pretrained<Gpt2LanguageModel> pretrained = Pretrained.load(directory, Device.best(), adjust);
    Optional<Tokenizer> tokenizer = pretrained.tokenizer();
    if (options.tokenizer != null) {
      tokenizer = Optional.of(BpeTokenizer.load(options.tokenizer));
      Pretrained.requireFit(
          options.tokenizer, tokenizer.get(), pretrained.model().vocabularySize());
    }
    return new ModelSetup(pretrained.model(), tokenizer, "weights of " + options.model);
  }

  private static ModelSetup create(TrainingOptions options, List<? extends Example> data)
      throws IOException {
    Optional<Tokenizer> tokenizer = Optional.empty();
    if (options.tokenizer != null) {
      tokenizer = Optional.of(BpeTokenizer.load(options.tokenizer));
    } else if (data.stream().noneMatch(example -> example instanceof TokenExample)) {
      tokenizer = Optional.of(TokenizeTrainCommand.train(data, OWN_VOCABULARY));
    }
    Gpt2Config config = shape(options, tokenizer);
    if (options.dropout != null) {
      config = config.withDropout(options.dropout);
    }
    if (tokenizer.isPresent()) {
      Pretrained.requireFit(
          options.tokenizer == null ? Path.of("new tokenizer") : options.tokenizer,
          tokenizer.get(),
          config.vocabularySize());
    }
    var random = new Philox(options.seed);
    var model = new Gpt2LanguageModel(config, Weights.drawn(Device.best(), random), new Philox(0));
    String shape =
        options.newModel.config != null
            ? options.newModel.config.toString()
            : "preset " + preset(options);
    return new ModelSetup(model, tokenizer, "random weights, " + shape);
  }

  private static Gpt2Config shape(TrainingOptions options, Optional<Tokenizer> tokenizer)
      throws IOException {
    if (options.newModel.config != null) {
      return Gpt2ConfigJson.read(options.newModel.config);
    }
    Gpt2Config config =
        switch (preset(options)) {
          case "gpt2" -> Gpt2Config.gpt2();
          case "gpt2-medium" -> Gpt2Config.gpt2Medium();
          case "gpt2-large" -> Gpt2Config.gpt2Large();
          case "gpt2-xl" -> Gpt2Config.gpt2Xl();
          case "tiny" -> Gpt2Config.tiny(Gpt2Config.gpt2().vocabularySize());
          default ->
              throw new IllegalArgumentException(
                  "--preset "
                      + options.newModel.preset
                      + " is none of gpt2, gpt2-medium, gpt2-large, gpt2-xl, tiny");
        };
    if (tokenizer.isEmpty()) {
      return config;
    }
    int end = tokenizer.get().endOfTextId().orElse(-1);
    int padding = tokenizer.get().paddingId().orElse(-1);
    return config.withVocabulary(
        tokenizer.get().vocabularySize(), new SpecialIds(end, end, padding));
  }

  private static String preset(TrainingOptions options) {
    return options.newModel.preset == null ? "tiny" : options.newModel.preset;
  }
}
