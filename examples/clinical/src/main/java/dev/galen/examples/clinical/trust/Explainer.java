package dev.galen.examples.clinical.trust;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Explains the outputs of a classifier or of a causal language model, of any architecture whose
 * token embedding is an {@code Embedding}: GPT-2, LLaMA and its kin, OPT, BERT. What is explained
 * is a logit: of a class, or of the token that follows a text.
 *
 * <p>Tokens that the tokenizer puts around a text are the same in the baseline and have no weight.
 * It computes with the model it was given, whose parameters and gradients it leaves as they are; no
 * other thread may use the model meanwhile.
 */
public final class Explainer {
  private final Model model;
  private final Tokenizer tokenizer;
  private final Baseline baseline;

  /** Of a model and its tokenizer. */
  public Explainer(Model model, Tokenizer tokenizer, Baseline baseline) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.baseline = baseline;
  }

  /** How tokens get their weights. */
  public enum Method {
    /** {@link IntegratedGradients}. */
    INTEGRATED_GRADIENTS("Integrated gradients"),
    /** {@link Shapley}: exact up to 12 tokens, else sampled. */
    SHAPLEY("Shapley values");

    private final String words;

    Method(String words) {
      this.words = words;
    }
  }

  /**
   * Explains an output.
   *
   * @param target the class, or the id of the next token; empty for the likeliest
   * @param orders that are drawn of more than 12 tokens, for Shapley values
   * @param seed of the draws
   */
  public Explanation explain(
      String text, OptionalInt target, Method method, int orders, long seed) {
    EncodedText encoded = EncodedText.of(text, tokenizer, model);
    int[] own = encoded.own();
    if (own.length == 0) {
      throw new IllegalArgumentException("the text has no token of its own to explain");
    }
    int output = target.isPresent() ? target.getAsInt() : likeliest(encoded);
    var function = new ModelFunction(model, encoded.size(), output);
    float[] x = function.embeddings(encoded.ids());
    float[] without = without(function, x, own);
    Attribution all =
        method == Method.INTEGRATED_GRADIENTS
            ? IntegratedGradients.of(function, x, without)
            : Shapley.of(own.length, new Coalitions(function, x, without, own), orders, seed);
    var tokens = new ArrayList<Explanation.Token>();
    for (int t : own) {
      tokens.add(
          new Explanation.Token(
              encoded.token(t, tokenizer), encoded.starts()[t], encoded.ends()[t]));
    }
    return new Explanation(
        text,
        words(method, own.length, orders),
        name(output),
        baseline.name(),
        tokens,
        method == Method.INTEGRATED_GRADIENTS ? only(all, own) : all,
        encoded.left());
  }

  /** Explains the likeliest output by integrated gradients. */
  public Explanation explain(String text) {
    return explain(text, OptionalInt.empty(), Method.INTEGRATED_GRADIENTS, Shapley.ORDERS, 0);
  }

  private static String words(Method method, int tokens, int orders) {
    if (method == Method.INTEGRATED_GRADIENTS) {
      return method.words;
    }
    return tokens <= Shapley.MOST_EXACT
        ? "Exact Shapley values"
        : "Shapley values, sampled over %d orders,".formatted(orders);
  }

  /** The weights of tokens that are the text's own; the others are 0. */
  private static Attribution only(Attribution all, int[] own) {
    var weights = new double[own.length];
    for (int i = 0; i < own.length; i++) {
      weights[i] = all.weights()[own[i]];
    }
    return new Attribution(
        weights, null, all.value(), all.baseline(), all.evaluations(), all.tolerance());
  }

  /** The text's embeddings with the baseline at each token of its own. */
  private float[] without(ModelFunction function, float[] x, int[] own) {
    int channels = function.channels();
    float[] vector =
        baseline.id() < 0 ? new float[channels] : function.embeddings(new int[] {baseline.id()});
    float[] without = x.clone();
    for (int t : own) {
      System.arraycopy(vector, 0, without, t * channels, channels);
    }
    return without;
  }

  private int likeliest(EncodedText text) {
    try (var off = Autograd.noGrad();
        var scope = MemoryScope.open("logits")) {
      int time = text.size();
      Inputs inputs =
          Inputs.padded(Tensors.of(model.backend(), text.ids(), 1, time), new int[] {time});
      float[] logits =
          switch (model) {
            case SequenceClassifier classifier -> classifier.logits(inputs).toFloats();
            case CausalLm causal -> causal.logits(inputs).slice(1, time - 1, time).toFloats();
            default ->
                throw new IllegalArgumentException(
                    "a %s cannot be explained; give a classifier or a causal language model"
                        .formatted(model.getClass().getSimpleName()));
          };
      int best = 0;
      for (int k = 1; k < logits.length; k++) {
        best = logits[k] > logits[best] ? k : best;
      }
      return best;
    }
  }

  private String name(int output) {
    return model instanceof SequenceClassifier classifier
        ? "the class " + classifier.classes().names().get(output)
        : "the next token \"%s\"".formatted(tokenizer.decode(output));
  }

  /** The text with some of its tokens and the baseline at the others. */
  private record Coalitions(ModelFunction function, float[] x, float[] without, int[] own)
      implements Shapley.Game {
    @Override
    public double[] values(List<boolean[]> coalitions) {
      int channels = function.channels();
      var points = new float[coalitions.size()][];
      for (int i = 0; i < points.length; i++) {
        points[i] = without.clone();
        for (int p = 0; p < own.length; p++) {
          if (coalitions.get(i)[p]) {
            System.arraycopy(x, own[p] * channels, points[i], own[p] * channels, channels);
          }
        }
      }
      return function.values(points);
    }

    @Override
    public int batch() {
      return function.batch();
    }
  }
}
