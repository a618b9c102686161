package dev.galen.model.generate;

import dev.galen.model.CausalLm;
import dev.galen.model.Seq2SeqLm;
import dev.galen.tensor.Autograd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Makes texts with a language model: the prompts in one forward pass, then a token of each a step
 * through the {@link dev.galen.model.nn.KvCache}. Nothing is recorded for gradients, dropout is off
 * and the model is left in the mode it was in. Memory stays flat: what a token needs is freed
 * before the next one.
 *
 * <p>Prompts of different lengths are made side by side, and each text is the one that its prompt
 * would give alone: no rule sees padding. Here HuggingFace differs where prompts are padded on the
 * left: its repetition penalty, its n-grams and its {@code encoder_} rules count the padding's id
 * as a token of the text, and {@code min_length} and {@code max_length} count the padding. A text
 * that is done is not filled up. Only draws depend on the batch, since one seed serves all of it.
 *
 * <p>As thread-safe as its model, which is not.
 */
public final class Generator {
  /** Each beam has a cache of its own; far more than any search was ever run with. */
  private static final int MOST_BEAMS = 1 << 16;

  private final TextModel model;

  /** A generator of {@code model}'s texts. */
  public Generator(CausalLm model) {
    this.model = TextModel.of(model);
  }

  /**
   * A generator of {@code model}'s texts: its prompts are what the encoder reads, and a text begins
   * with the decoder's first id, which counts as one of its tokens.
   */
  public Generator(Seq2SeqLm model) {
    this.model = TextModel.of(model);
  }

  /** {@link #generate(int[], GenerationConfig, IntConsumer)} without looking on. */
  public int[] generate(int[] promptIds, GenerationConfig config) {
    return generate(promptIds, config, id -> {});
  }

  /**
   * Continues {@code promptIds} until the text ends, {@code maxNewTokens} are added, or prompt and
   * continuation are as long as the model takes, whichever comes first. A model with a table of
   * positions takes no more than its context, and a prompt of that length comes back as it is; one
   * that turns positions or knows distances alone goes on, as with HuggingFace.
   *
   * @param promptIds at least one token
   * @param onToken gets each new token once it is certain: one by one, or with beam search the
   *     whole best continuation at the end; may throw to stop
   * @return prompt and continuation; an end-of-text token that ended it is the last. The first text
   *     where {@link GenerationConfig#sequences()} asks for several
   * @throws IllegalArgumentException if the prompt is empty, longer than the model takes, or has an
   *     id that the model does not know
   */
  public int[] generate(int[] promptIds, GenerationConfig config, IntConsumer onToken) {
    TextListener first =
        (text, id) -> {
          if (text == 0) {
            onToken.accept(id);
          }
        };
    return texts(List.of(promptIds), config, first, "the prompt").getFirst().ids();
  }

  /** {@link #generate(List, GenerationConfig, TextListener)} without looking on. */
  public List<Continuation> generate(List<int[]> prompts, GenerationConfig config) {
    return generate(prompts, config, (text, id) -> {});
  }

  /**
   * Continues several prompts side by side, each as {@link #generate(int[], GenerationConfig,
   * IntConsumer)} does.
   *
   * @param prompts of any lengths, at least one token each
   * @param listener gets each new token of each text once it is certain
   * @return for each prompt, in their order, as many texts as {@link GenerationConfig#sequences()}
   *     says, those of a search the best first
   * @throws IllegalArgumentException if a prompt is empty, longer than the model takes, or has an
   *     id that the model does not know
   */
  public List<Continuation> generate(
      List<int[]> prompts, GenerationConfig config, TextListener listener) {
    return texts(prompts, config, listener, prompts.size() == 1 ? "the prompt" : "prompt %d");
  }

  private List<Continuation> texts(
      List<int[]> prompts, GenerationConfig config, TextListener listener, String name) {
    if (config.beams() > MOST_BEAMS) {
      throw new IllegalArgumentException(
          "num_beams is %,d, must be at most %,d".formatted(config.beams(), MOST_BEAMS));
    }
    Set<Integer> ends = endOfTextIds(config);
    boolean searches = config.beams() > 1;
    List<Draft> drafts = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      requirePrompt(name.formatted(i), prompts.get(i));
      for (int copy = 0; copy < (searches ? 1 : config.sequences()); copy++) {
        drafts.add(draft(i, name.formatted(i), prompts.get(i), config));
      }
    }
    try (var eval = new EvalMode(model.network());
        var off = Autograd.noGrad()) {
      return searches
          ? search(drafts, config, ends, listener)
          : oneByOne(drafts, config, ends, listener);
    }
  }

  private List<Continuation> oneByOne(
      List<Draft> drafts, GenerationConfig config, Set<Integer> ends, TextListener listener) {
    new TokenByToken(model, config, ends, listener).run(drafts);
    List<Continuation> texts = new ArrayList<>();
    for (Draft draft : drafts) {
      texts.add(draft.continuation());
    }
    return texts;
  }

  private List<Continuation> search(
      List<Draft> drafts, GenerationConfig config, Set<Integer> ends, TextListener listener) {
    List<Draft> going = drafts.stream().filter(draft -> !draft.isDone()).toList();
    List<Beams> searches =
        going.isEmpty() ? List.of() : new BeamSearch(model, config, ends).run(going);
    List<Continuation> texts = new ArrayList<>();
    for (Draft draft : drafts) {
      int index = going.indexOf(draft);
      // A prompt that fills the context has nothing to search for.
      List<Continuation> found =
          index < 0 ? List.of(draft.continuation()) : searches.get(index).found();
      for (Continuation text : found) {
        int number = texts.size();
        texts.add(text);
        Arrays.stream(text.newIds()).forEach(id -> listener.onToken(number, id));
      }
    }
    return texts;
  }

  private Draft draft(int prompt, String name, int[] promptIds, GenerationConfig config) {
    int[] beginning = model.beginning(promptIds);
    if (beginning.length >= config.maxLength()) {
      throw new IllegalArgumentException(
          "%s has %d tokens, max_length allows %d in all; ask for new tokens by their number"
              .formatted(name, beginning.length, config.maxLength()));
    }
    long most = Math.min(config.maxLength(), (long) beginning.length + config.maxNewTokens());
    return new Draft(prompt, promptIds, beginning, (int) Math.min(model.longest(), most));
  }

  private void requirePrompt(String name, int[] promptIds) {
    if (promptIds.length == 0) {
      throw new IllegalArgumentException(name + " is empty; generation needs at least one token");
    }
    int context = model.longestPrompt();
    if (promptIds.length > context) {
      throw new IllegalArgumentException(
          "%s has %d tokens, the model's context holds %d; shorten the prompt"
              .formatted(name, promptIds.length, context));
    }
    int vocabulary = model.network().vocabularySize();
    for (int i = 0; i < promptIds.length; i++) {
      if (promptIds[i] < 0 || promptIds[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "token %d of %s has id %d, the model knows 0 to %d"
                .formatted(i, name, promptIds[i], vocabulary - 1));
      }
    }
  }

  private Set<Integer> endOfTextIds(GenerationConfig config) {
    int vocabulary = model.network().vocabularySize();
    for (int end : config.endOfTextIds().orElse(Set.of())) {
      if (end >= vocabulary) {
        throw new IllegalArgumentException(
            "an end-of-text id is %d, the model knows 0 to %d".formatted(end, vocabulary - 1));
      }
    }
    return config.endOfTextIds().orElse(model.endOfTextIds());
  }
}
