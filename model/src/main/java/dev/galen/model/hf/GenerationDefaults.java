package dev.galen.model.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.generate.EarlyStopping;
import dev.galen.model.generate.EpsilonCutoff;
import dev.galen.model.generate.EtaCutoff;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.MinP;
import dev.galen.model.generate.NoRepeatNGram;
import dev.galen.model.generate.StopStrings;
import dev.galen.model.generate.TokenRules;
import dev.galen.model.generate.TopH;
import dev.galen.model.generate.TypicalP;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleConsumer;

/**
 * How a directory wants its model to continue texts: {@code generation_config.json}, or what {@code
 * config.json} says of it where that file is missing. Each setting means what it means to
 * transformers; one that Galen does not know how to obey is refused by name if it would change what
 * comes out, and names that transformers does not know are passed over, as there.
 */
public final class GenerationDefaults {
  /** The number of tokens that transformers draws from unless told otherwise. */
  private static final int TOP_K = 50;

  /** Settings that change what comes out, with the values that do not. */
  private static final Map<String, Set<String>> REFUSED =
      Map.ofEntries(
          Map.entry("guidance_scale", Set.of("1", "1.0")),
          Map.entry("watermarking_config", Set.of()),
          Map.entry("penalty_alpha", Set.of("0", "0.0")),
          Map.entry("num_beam_groups", Set.of("1")),
          Map.entry("diversity_penalty", Set.of("0", "0.0")),
          Map.entry("constraints", Set.of()),
          Map.entry("force_words_ids", Set.of()),
          Map.entry("dola_layers", Set.of()),
          Map.entry("token_healing", Set.of("false")),
          Map.entry("max_time", Set.of()));

  /** All settings that are read. */
  static final List<String> FIELDS =
      List.of(
          "do_sample",
          "num_beams",
          "num_return_sequences",
          "stop_strings",
          "length_penalty",
          "early_stopping",
          "renormalize_logits",
          "max_new_tokens",
          "max_length",
          "min_new_tokens",
          "min_length",
          "temperature",
          "top_h",
          "top_k",
          "top_p",
          "min_p",
          "typical_p",
          "epsilon_cutoff",
          "eta_cutoff",
          "sequence_bias",
          "repetition_penalty",
          "encoder_repetition_penalty",
          "no_repeat_ngram_size",
          "encoder_no_repeat_ngram_size",
          "bad_words_ids",
          "forced_bos_token_id",
          "forced_eos_token_id",
          "exponential_decay_length_penalty",
          "suppress_tokens",
          "begin_suppress_tokens");

  private final String source;
  private final JsonFields fields;
  private final Optional<Tokenizer> tokenizer;

  GenerationDefaults(String source, ObjectNode json) {
    this(source, new JsonFields(json), Optional.empty());
  }

  private GenerationDefaults(String source, JsonFields fields, Optional<Tokenizer> tokenizer) {
    this.source = source;
    this.fields = fields;
    this.tokenizer = tokenizer;
  }

  /** The same with the tokenizer, in which stop strings are recognised. */
  public GenerationDefaults with(Tokenizer tokenizer) {
    return new GenerationDefaults(source, fields, Optional.of(tokenizer));
  }

  /** The same with other settings over the file's, by transformers' names. */
  public GenerationDefaults with(ObjectNode settings) {
    if (settings.isEmpty()) {
      return this;
    }
    ObjectNode merged = fields.json().deepCopy();
    merged.setAll(settings);
    return new GenerationDefaults(
        source + " with the options given", new JsonFields(merged), tokenizer);
  }

  /** Whether tokens are sampled, if the file says so. */
  public Optional<Boolean> sample() throws IOException {
    return read(
        () ->
            fields.has("do_sample")
                ? Optional.of(fields.flag("do_sample", false))
                : Optional.empty());
  }

  /** The number of beams, 1 for no search. */
  public int beams() throws IOException {
    return read(() -> fields.integer("num_beams", 1));
  }

  /**
   * Lengths, penalties and rules, which hold however tokens are picked.
   *
   * @param maxNewTokens the most new tokens where the file has no limit
   */
  public GenerationConfig.Builder greedy(int maxNewTokens) throws IOException {
    return read(() -> checked(withRules(maxNewTokens)));
  }

  private GenerationConfig.Builder withRules(int maxNewTokens) {
    requireKnown();
    var config = GenerationConfig.builder();
    if (fields.has("max_new_tokens")) {
      config.maxNewTokens(fields.integer("max_new_tokens").getAsInt());
    } else if (fields.has("max_length")) {
      config.maxNewTokens(Integer.MAX_VALUE);
      config.maxLength(fields.integer("max_length").getAsInt());
    } else {
      config.maxNewTokens(maxNewTokens);
    }
    addRules(config);
    addStops(config);
    return config.sequences(fields.integer("num_return_sequences", 1));
  }

  /** The same for texts whose tokens are sampled. */
  public GenerationConfig.Builder sampling(int maxNewTokens) throws IOException {
    return read(
        () -> {
          var config = withRules(maxNewTokens).sample();
          fields.number("temperature").ifPresent(config::temperature);
          fields.number("top_h").ifPresent(h -> config.shaper(new TopH(h)));
          boolean said = fields.flag("do_sample", false);
          int k = fields.integer("top_k").orElse(said ? TOP_K : 0);
          if (k != 0) {
            config.topK(k);
          }
          fields.number("top_p").ifPresent(p -> putTopP(config, p));
          fields.number("min_p").ifPresent(p -> config.limit(new MinP(p)));
          within("typical_p", p -> config.limit(new TypicalP(p)));
          within("epsilon_cutoff", e -> config.limit(new EpsilonCutoff(e)));
          within("eta_cutoff", e -> config.limit(new EtaCutoff(e)));
          return checked(config);
        });
  }

  /** The same for a search over {@code beams}. */
  public GenerationConfig.Builder searching(int beams, int maxNewTokens) throws IOException {
    return read(
        () -> {
          var config = withRules(maxNewTokens).beams(beams);
          fields.number("length_penalty").ifPresent(config::lengthPenalty);
          config.earlyStopping(earlyStopping());
          if (fields.flag("renormalize_logits", false)) {
            config.rule(TokenRules.renormalized());
          }
          return checked(config);
        });
  }

  /** Refused while the file's name is at hand. */
  private static GenerationConfig.Builder checked(GenerationConfig.Builder config) {
    config.build();
    return config;
  }

  private EarlyStopping earlyStopping() {
    if (!fields.has("early_stopping")) {
      return EarlyStopping.UNLIKELY;
    }
    JsonNode value = fields.json().get("early_stopping");
    boolean never = value.asText().equals("never");
    JsonFields.require(
        never || value.isBoolean(), "early_stopping", value, "true, false or \"never\"");
    if (never) {
      return EarlyStopping.IMPOSSIBLE;
    }
    return value.booleanValue() ? EarlyStopping.AT_ONCE : EarlyStopping.UNLIKELY;
  }

  /** With 0 only the likeliest token stays. */
  private static void putTopP(GenerationConfig.Builder config, double p) {
    if (p == 0) {
      config.topK(1);
    } else {
      config.topP(p);
    }
  }

  /** A share that is used only where it is between 0 and 1, as in transformers. */
  private void within(String key, DoubleConsumer use) {
    fields
        .number(key)
        .ifPresent(
            value -> {
              if (value > 0 && value < 1) {
                use.accept(value);
              }
            });
  }

  /** In transformers' order. */
  private void addRules(GenerationConfig.Builder config) {
    if (fields.has("sequence_bias")) {
      config.bias(TokenRules.biased(biases(fields.json().get("sequence_bias"))));
    }
    double prompt = fields.number("encoder_repetition_penalty", 1);
    if (prompt != 1) {
      config.bias(TokenRules.promptPenalty(prompt));
    }
    fields.number("repetition_penalty").ifPresent(config::repetitionPenalty);
    int size = fields.integer("no_repeat_ngram_size", 0);
    if (size > 0) {
      var rule = new NoRepeatNGram(size);
      config.rule(text -> rule);
    }
    int promptSize = fields.integer("encoder_no_repeat_ngram_size", 0);
    if (promptSize > 0) {
      config.rule(TokenRules.noPromptNGram(promptSize));
    }
    if (fields.has("bad_words_ids")) {
      config.rule(TokenRules.badWords(sequences(fields.json().get("bad_words_ids"))));
    }
    int leastNew = fields.integer("min_new_tokens", 0);
    int least = fields.integer("min_length", 0);
    if (fields.has("min_new_tokens")) {
      config.rule(TokenRules.minNewTokens(leastNew)); // which wins over the other there, too
    } else if (least > 0) {
      config.rule(TokenRules.minLength(least));
    }
    fields
        .integer("forced_bos_token_id")
        .ifPresent(id -> config.rule(TokenRules.forcedBeginning(id)));
    if (fields.has("forced_eos_token_id")) {
      config.rule(TokenRules.forcedEnd(ids("forced_eos_token_id")));
    }
    if (fields.has("exponential_decay_length_penalty")) {
      addDecay(config, fields.json().get("exponential_decay_length_penalty"));
    }
    if (fields.has("suppress_tokens")) {
      config.rule(TokenRules.suppressed(ids("suppress_tokens")));
    }
    if (fields.has("begin_suppress_tokens")) {
      boolean forced = fields.has("forced_bos_token_id");
      config.rule(TokenRules.suppressedFirst(ids("begin_suppress_tokens"), forced));
    }
  }

  private void addStops(GenerationConfig.Builder config) {
    List<String> strings = fields.texts("stop_strings");
    if (!strings.isEmpty()) {
      config.stop(
          new StopStrings(
              strings,
              tokenizer.orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "stop_strings is not supported without a tokenizer, and without it other"
                              + " texts would come out; remove it, or give a tokenizer"))));
    }
  }

  private Set<Integer> ids(String key) {
    return Set.copyOf(fields.integers(key));
  }

  private static void addDecay(GenerationConfig.Builder config, JsonNode value) {
    boolean pair = value.size() == 2 && value.get(0).isInt() && value.get(1).isNumber();
    JsonFields.require(
        pair, "exponential_decay_length_penalty", value, "a start and a factor: [20, 1.1]");
    config.rule(TokenRules.endDecay(value.get(0).intValue(), value.get(1).doubleValue()));
  }

  private static List<List<Integer>> sequences(JsonNode value) {
    List<List<Integer>> sequences = new ArrayList<>();
    for (JsonNode one : value) {
      sequences.add(sequence("bad_words_ids", one));
    }
    JsonFields.require(value.isArray(), "bad_words_ids", value, "lists of ids: [[3], [5, 7]]");
    return sequences;
  }

  private static Map<List<Integer>, Float> biases(JsonNode value) {
    var biases = new HashMap<List<Integer>, Float>();
    String wanted = "ids with a number: [[[3], -1.5], [[5, 7], 2.0]]";
    JsonFields.require(value.isArray(), "sequence_bias", value, wanted);
    for (JsonNode one : value) {
      boolean pair = one.size() == 2 && one.get(1).isNumber();
      JsonFields.require(pair, "sequence_bias", value, wanted);
      biases.put(sequence("sequence_bias", one.get(0)), one.get(1).floatValue());
    }
    return biases;
  }

  private static List<Integer> sequence(String key, JsonNode ids) {
    List<Integer> sequence = new ArrayList<>();
    for (JsonNode id : ids) {
      JsonFields.require(id.isInt() && id.intValue() >= 0, key, id, "a token's id");
      sequence.add(id.intValue());
    }
    JsonFields.require(!sequence.isEmpty(), key, ids, "a list of ids");
    return sequence;
  }

  private void requireKnown() {
    REFUSED.forEach(
        (key, harmless) -> {
          if (fields.has(key) && !harmless.contains(fields.json().get(key).toString())) {
            throw new IllegalArgumentException(
                "%s is not supported, and without it other texts would come out; remove it"
                    .formatted(key));
          }
        });
  }

  /** Something that a field may contradict. */
  @FunctionalInterface
  private interface Reading<T> {
    T run();
  }

  private <T> T read(Reading<T> reading) throws IOException {
    try {
      return reading.run();
    } catch (IllegalArgumentException e) {
      throw new IOException(source + ": " + e.getMessage(), e);
    }
  }
}
