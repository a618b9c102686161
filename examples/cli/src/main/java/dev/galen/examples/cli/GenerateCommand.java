package dev.galen.examples.cli;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.CausalLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.generate.NonFiniteLogitException;
import dev.galen.model.hf.GenerationDefaults;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.StreamingDecoder;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen generate}. */
@Command(
    name = "generate",
    description = {
      "Continue a prompt; the text is printed as it is made.",
      "What the model's generation_config.json says is the default of every option."
    })
final class GenerateCommand implements Callable<Integer> {
  private static final int NEW_TOKENS = 64;

  @Mixin private CommonOptions common;
  @Mixin private ModelOptions model;

  @ArgGroup(multiplicity = "1")
  private Prompt prompt;

  /** What to continue. */
  static final class Prompt {
    @Option(names = "--prompt", paramLabel = "TEXT", description = "A text to continue.")
    String text;

    @Option(
        names = "--prompt-ids",
        paramLabel = "1,2,3",
        split = ",",
        hideParamSyntax = true,
        description = "Token ids to continue.")
    int[] ids;
  }

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Longest continuation (default: the model's, or 64).")
  private Integer maxNewTokens;

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
      names = "--repetition-penalty",
      paramLabel = "X",
      description = "Makes tokens that occurred less likely, above 1.")
  private Double repetitionPenalty;

  @Option(names = "--beams", paramLabel = "N", description = "Beam search over N hypotheses.")
  private Integer beams;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of sampling (default 42).")
  private long seed = 42;

  @Override
  public Integer call() throws IOException {
    var loaded = model.load();
    CausalLm network = loaded.network();
    Optional<Tokenizer> tokenizer = loaded.tokenizer();
    int[] promptIds = promptIds(loaded.directory(), tokenizer);
    Set<Integer> ends = network.endOfTextIds();
    var printer = new Printer(promptIds, tokenizer, ends);
    int[] ids = generate(loaded, promptIds, printer);
    printer.finish();
    ObjectNode json = CommonOptions.object();
    var array = json.putArray("ids");
    Arrays.stream(ids).forEach(array::add);
    tokenizer.ifPresent(
        t -> json.put("text", t.decode(spoken(t, shown(t, promptIds.length, ids), ends))));
    common.print(json);
    return 0;
  }

  private int[] generate(ModelOptions.Loaded loaded, int[] promptIds, Printer printer)
      throws IOException {
    GenerationConfig config = config(loaded.defaults());
    try {
      return new Generator(loaded.network()).generate(promptIds, config, printer);
    } catch (NonFiniteLogitException e) {
      throw new IllegalArgumentException(
          loaded.directory() + ": " + e.getMessage() + loaded.firstNonFinite(), e);
    }
  }

  private int[] promptIds(Path directory, Optional<Tokenizer> tokenizer) {
    if (prompt.ids != null) {
      return prompt.ids;
    }
    Tokenizer words =
        tokenizer.orElseThrow(
            () ->
                new IllegalArgumentException(
                    directory + ": has no tokenizer; give --tokenizer DIR or --prompt-ids"));
    try {
      return words.encodeWithSpecialTokens(prompt.text, SpecialTokens.REFUSE);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--prompt: " + e.getMessage() + "; --prompt-ids takes any id", e);
    }
  }

  /** All ids but those that the post-processor puts around the prompt. */
  private int[] shown(Tokenizer words, int promptLength, int[] ids) {
    if (prompt.text == null) {
      return ids;
    }
    int end = promptLength - words.idsAfter().length;
    return IntStream.range(words.idsBefore().length, ids.length)
        .filter(i -> i < end || i >= promptLength)
        .map(i -> ids[i])
        .toArray();
  }

  /** Neither the end of the text nor a row that only fills up the embedding. */
  private static boolean isSpoken(Tokenizer tokenizer, int id, Set<Integer> ends) {
    return !ends.contains(id) && id < tokenizer.vocabularySize();
  }

  private static int[] spoken(Tokenizer tokenizer, int[] ids, Set<Integer> ends) {
    return Arrays.stream(ids).filter(id -> isSpoken(tokenizer, id, ends)).toArray();
  }

  private GenerationConfig config(GenerationDefaults defaults) throws IOException {
    boolean shaped = temperature != null || topK != null || topP != null;
    if (greedy && shaped) {
      throw new IllegalArgumentException(
          "--greedy takes the likeliest token; --temperature, --top-k and --top-p need sampling");
    }
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
    return config.build();
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

  /**
   * Prints the prompt, when it turned out to be a good one, and then each character as soon as all
   * of its bytes are there; ids, where there is no tokenizer.
   */
  private final class Printer implements IntConsumer {
    private final int[] promptIds;
    private final Optional<Tokenizer> tokenizer;
    private final Optional<StreamingDecoder> decoder;
    private final Set<Integer> ends;
    private boolean begun;

    Printer(int[] promptIds, Optional<Tokenizer> tokenizer, Set<Integer> ends) {
      this.promptIds = promptIds;
      this.tokenizer = tokenizer;
      this.decoder = tokenizer.map(Tokenizer::streamingDecoder);
      this.ends = ends;
    }

    @Override
    public void accept(int id) {
      begin();
      if (tokenizer.isEmpty()) {
        common.stream(" " + id);
      } else if (isSpoken(tokenizer.get(), id, ends)) {
        common.stream(decoder.get().push(id));
      }
    }

    private void begin() {
      if (!begun) {
        begun = true;
        common.stream(promptText());
      }
    }

    private String promptText() {
      if (tokenizer.isEmpty()) {
        return Arrays.stream(promptIds).mapToObj(Integer::toString).collect(joining(" "));
      }
      Tokenizer words = tokenizer.get();
      return prompt.text == null ? words.decode(spoken(words, promptIds, ends)) : prompt.text;
    }

    void finish() {
      begin();
      common.stream(decoder.map(StreamingDecoder::finish).orElse("") + System.lineSeparator());
    }
  }
}
