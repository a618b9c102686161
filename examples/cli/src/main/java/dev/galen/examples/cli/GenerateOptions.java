package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.hf.GenerationDefaults;
import java.io.IOException;
import picocli.CommandLine.Option;

/** How {@code galen generate} continues a text: what the options say, or else the directory. */
final class GenerateOptions {
  private static final int NEW_TOKENS = 64;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Longest continuation (default: the model's, or 64).")
  private Integer maxNewTokens;

  @Option(names = "--min-new-tokens", paramLabel = "N", description = "Shortest continuation.")
  private Integer minNewTokens;

  @Option(
      names = "--greedy",
      description = "Always the likeliest token (default: the model's choice, or sample).")
  private boolean greedy;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = "Flattens (above 1) or sharpens the distribution (default 1).")
  private Double temperature;

  @Option(names = "--top-k", paramLabel = "N", description = "Sample from the N likeliest tokens.")
  private Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "X",
      description = "Sample from the likeliest tokens that make up this probability.")
  private Double topP;

  @Option(
      names = "--min-p",
      paramLabel = "X",
      description = "Sample from tokens at least this share as likely as the likeliest.")
  private Double minP;

  @Option(
      names = "--typical-p",
      paramLabel = "X",
      description = "Sample from the most typical tokens that make up this probability.")
  private Double typicalP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description = "Makes tokens that occurred less likely, above 1.")
  private Double repetitionPenalty;

  @Option(
      names = "--no-repeat-ngram-size",
      paramLabel = "N",
      description = "No N tokens in a row twice.")
  private Integer noRepeatNGramSize;

  @Option(names = "--beams", paramLabel = "N", description = "Beam search over N hypotheses.")
  private Integer beams;

  @Option(
      names = "--length-penalty",
      paramLabel = "X",
      description = "Beam search favours longer texts above 0 (default 1).")
  private Double lengthPenalty;

  @Option(
      names = "--early-stopping",
      paramLabel = "true|false|never",
      description = "When a beam search that has its texts stops (default false).")
  private String earlyStopping;

  @Option(
      names = "--num-return-sequences",
      paramLabel = "N",
      description = "Texts for each prompt (default 1).")
  private Integer sequences;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      arity = "1",
      description = "End behind this text; can be given several times.")
  private String[] stop;

  @Option(
      names = "--scores",
      description = "With --json, the log-probability of each new token as well.")
  private boolean scores;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of sampling (default 42).")
  private long seed = 42;

  /** All of it over what the directory says. */
  GenerationConfig config(GenerationDefaults directory) throws IOException {
    boolean shaped =
        temperature != null || topK != null || topP != null || minP != null || typicalP != null;
    if (greedy && shaped) {
      throw new IllegalArgumentException(
          "--greedy takes the likeliest token; --temperature, --top-k and --top-p need sampling"
              + (minP != null || typicalP != null ? ", and so do --min-p and --typical-p" : ""));
    }
    if (beams != null && beams < 1) {
      throw new IllegalArgumentException("--beams is " + beams + ", must be at least 1");
    }
    GenerationDefaults defaults = directory.with(settings());
    requireSearch(defaults, shaped);
    var config = start(defaults, shaped).seed(seed);
    if (maxNewTokens != null) {
      config.maxNewTokens(maxNewTokens).maxLength(Integer.MAX_VALUE);
    }
    if (temperature != null) {
      config.temperature(temperature);
    }
    if (topK != null) {
      config.topK(topK);
    }
    if (topP != null) {
      config.topP(topP);
    }
    if (repetitionPenalty != null) {
      config.repetitionPenalty(repetitionPenalty);
    }
    return (scores ? config.scores() : config).build();
  }

  /** What has a name in generation_config.json, and no other default here than there. */
  private ObjectNode settings() {
    ObjectNode settings = CommonOptions.object();
    put(settings, "min_new_tokens", minNewTokens);
    put(settings, "no_repeat_ngram_size", noRepeatNGramSize);
    put(settings, "num_return_sequences", sequences);
    put(settings, "min_p", minP);
    put(settings, "typical_p", typicalP);
    put(settings, "length_penalty", lengthPenalty);
    if (earlyStopping != null) {
      switch (earlyStopping) {
        case "true", "false" -> settings.put("early_stopping", earlyStopping.equals("true"));
        default -> settings.put("early_stopping", earlyStopping);
      }
    }
    if (stop != null) {
      var strings = settings.putArray("stop_strings");
      for (String string : stop) {
        strings.add(string);
      }
    }
    return settings;
  }

  private static void put(ObjectNode settings, String name, Integer value) {
    if (value != null) {
      settings.put(name, value);
    }
  }

  private static void put(ObjectNode settings, String name, Double value) {
    if (value != null) {
      settings.put(name, value);
    }
  }

  private void requireSearch(GenerationDefaults defaults, boolean shaped) throws IOException {
    boolean searches = beams != null || !greedy && !shaped && defaults.beams() > 1;
    if (!searches && (lengthPenalty != null || earlyStopping != null)) {
      throw new IllegalArgumentException(
          "--length-penalty and --early-stopping are for a beam search; give --beams");
    }
  }

  /** What the options ask for, or else the model's directory, or else a draw. */
  private GenerationConfig.Builder start(GenerationDefaults defaults, boolean shaped)
      throws IOException {
    if (beams != null) {
      var search = defaults.searching(beams, NEW_TOKENS);
      return shaped ? search.sample() : search; // which the config refuses
    }
    if (greedy) {
      return defaults.greedy(NEW_TOKENS);
    }
    boolean searches = !shaped && defaults.beams() > 1;
    if (searches && defaults.sample().orElse(false)) {
      throw new IllegalArgumentException(
          "generation_config.json asks for %d beams and for sampling, which are not combined here;"
                  .formatted(defaults.beams())
              + " choose by --beams, by --greedy, or by an option for sampling such as --top-p 1");
    }
    if (searches) {
      return defaults.searching(defaults.beams(), NEW_TOKENS);
    }
    return shaped || defaults.sample().orElse(true)
        ? defaults.sampling(NEW_TOKENS)
        : defaults.greedy(NEW_TOKENS);
  }
}
