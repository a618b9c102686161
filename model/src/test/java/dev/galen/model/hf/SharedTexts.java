package dev.galen.model.hf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.CausalLm;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.generate.LogitsProcessor;
import dev.galen.model.generate.RepetitionPenalty;
import dev.galen.model.generate.TokenRule;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What transformers generated: {@code recipe-cases/generate.json} of the shared data. */
final class SharedTexts {
  static final List<String> CHECKPOINTS =
      List.of("gpt2-lm", "llama", "mistral-window", "opt", "t5");

  private static final ObjectMapper JSON = new ObjectMapper();

  private SharedTexts() {}

  static JsonNode root() throws IOException {
    return JSON.readTree(shared("recipe-cases/generate.json").toFile());
  }

  static List<JsonNode> cases(String checkpoint) throws IOException {
    List<JsonNode> cases = new ArrayList<>();
    for (JsonNode one : root().get("cases")) {
      if (one.get("checkpoint").asText().equals(checkpoint) && one.has("new_ids")) {
        cases.add(one);
      }
    }
    return cases;
  }

  static Generator generator(String checkpoint, Device device) throws IOException {
    Path directory = shared("hf-tiny/" + checkpoint);
    var model = Pretrained.loadGenerative(directory, device, WeightFormat.F32).model();
    return model instanceof Seq2SeqLm encoding
        ? new Generator(encoding)
        : new Generator((CausalLm) model);
  }

  static GenerationConfig config(JsonNode one, Inputs inputs) throws IOException {
    ObjectNode settings = one.get("settings").deepCopy();
    var defaults =
        new GenerationDefaults("generate.json", settings)
            .with(TokenizerFiles.load(shared("recipe-cases/stop-tokenizer")));
    int beams = defaults.beams();
    int most = inputs.maxNewTokens();
    var config = beams > 1 ? defaults.searching(beams, most) : defaults.greedy(most);
    Set<Integer> ends = new LinkedHashSet<>(new JsonFields(settings).integers("eos_token_id"));
    return config.endOfTextIds(ends.isEmpty() ? Set.of(inputs.end()) : ends).scores().build();
  }

  /**
   * A checkpoint's prompts.
   *
   * @param padding the id that fills them up
   * @param padsLeft whether the decoder sees it, in front of the prompt; else behind the encoder's
   * @param end what ends a text unless a case says otherwise
   */
  record Inputs(List<int[]> prompts, int padding, boolean padsLeft, int maxNewTokens, int end) {
    /** The config with rules that see the padding, as those of the reference do. */
    GenerationConfig showPadding(GenerationConfig config) {
      var builder = GenerationConfig.builder().beams(config.beams());
      builder.maxNewTokens(config.maxNewTokens()).lengthPenalty(config.lengthPenalty());
      builder.earlyStopping(config.earlyStopping()).sequences(config.sequences()).scores();
      builder.endOfTextIds(config.endOfTextIds().orElseThrow());
      config.stops().forEach(builder::stop);
      config.biases().forEach(rule -> builder.rule(showPadding(rule)));
      if (config.repetitionPenalty() != 1) {
        var penalty = new RepetitionPenalty(config.repetitionPenalty());
        builder.rule(showPadding(text -> penalty));
      }
      config.rules().forEach(rule -> builder.rule(showPadding(rule)));
      return builder.build();
    }

    private TokenRule showPadding(TokenRule rule) {
      int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
      return text -> {
        int pads = longest - text.source().length;
        if (!padsLeft) {
          int[] source = Arrays.copyOf(text.source(), longest);
          Arrays.fill(source, text.source().length, longest, padding);
          return rule.of(new TokenRule.Text(text.prompt(), text.limit(), text.ends(), source));
        }
        int[] prompt = padded(text.prompt(), pads);
        LogitsProcessor processor =
            rule.of(new TokenRule.Text(prompt, text.limit() + pads, text.ends()));
        return (logits, ids) -> processor.apply(logits, padded(ids, pads));
      };
    }

    private int[] padded(int[] ids, int pads) {
      int[] all = new int[pads + ids.length];
      Arrays.fill(all, 0, pads, padding);
      System.arraycopy(ids, 0, all, pads, ids.length);
      return all;
    }
  }

  static Inputs inputs(String checkpoint) throws IOException {
    for (JsonNode one : root().get("cases")) {
      if (one.get("id").asText().equals(checkpoint + " inputs")) {
        List<int[]> prompts = new ArrayList<>();
        for (int row = 0; row < one.get("input_ids").size(); row++) {
          int[] ids = ints(one.get("input_ids").get(row));
          int[] mask = ints(one.get("attention_mask").get(row));
          List<Integer> prompt = new ArrayList<>();
          for (int i = 0; i < ids.length; i++) {
            if (mask[i] == 1) {
              prompt.add(ids[i]);
            }
          }
          prompts.add(prompt.stream().mapToInt(Integer::intValue).toArray());
        }
        return new Inputs(
            prompts,
            one.get("pad_token_id").intValue(),
            one.get("padding").asText().equals("left"),
            one.get("max_new_tokens").intValue(),
            one.get("default_eos_token_id").intValue());
      }
    }
    throw new AssertionError(checkpoint);
  }

  static int[] ints(JsonNode row) {
    var all = new int[row.size()];
    Arrays.setAll(all, i -> row.get(i).intValue());
    return all;
  }

  static Path shared(String name) {
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      Path candidate = up.resolve("shared/data").resolve(name);
      if (Files.exists(candidate)) {
        return candidate;
      }
    }
    assumeTrue(false, "skipped: shared/data/" + name + " is not beside the repository");
    throw new AssertionError();
  }
}
