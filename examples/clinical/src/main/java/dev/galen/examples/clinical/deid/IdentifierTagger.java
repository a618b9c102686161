package dev.galen.examples.clinical.deid;

import dev.galen.model.Inputs;
import dev.galen.model.TokenClassifier;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Rules and a token classifier together: all that the rules find, and what the model alone is sure
 * of, unless it is a word, a drug or a clinical term. {@link TaggerTraining} makes such models.
 */
public final class IdentifierTagger implements Finder {
  /** The probability from which on the model is believed where the rules found nothing. */
  public static final double SURE = 0.9;

  private static final String RULE = "model";

  private final TokenClassifier model;
  private final Tokenizer tokenizer;

  /**
   * Of a model and its tokenizer.
   *
   * @throws IllegalArgumentException if its classes are not those of {@link TaggerTraining}
   */
  public IdentifierTagger(TokenClassifier model, Tokenizer tokenizer) {
    if (!model.classes().names().equals(TaggerWindows.classes())) {
      throw new IllegalArgumentException(
          "the model's classes are %s, must be O and the categories of identifiers"
              .formatted(model.classes().names()));
    }
    this.model = model;
    this.tokenizer = tokenizer;
    model.eval();
  }

  /**
   * Of a directory that `galen clinical deid-train` wrote.
   *
   * @throws IOException in one line that names the directory and what is wrong with it
   */
  public static IdentifierTagger load(Path directory, Device device) throws IOException {
    var loaded = Pretrained.load(directory, device, TokenClassifier.class);
    try {
      return new IdentifierTagger(loaded.model(), loaded.requireTokenizer());
    } catch (IllegalArgumentException e) {
      throw new IOException(directory + ": " + e.getMessage(), e);
    }
  }

  @Override
  public List<Identifier> find(String text) {
    List<Identifier> rules = IdentifierFinder.find(text);
    if (text.isBlank()) {
      return rules;
    }
    var tokens = new Tokens(text);
    var found = new Found(text);
    for (Identifier one : rules) {
      found.add(one.start(), one.end(), one.category(), one.rule(), one.confidence());
    }
    add(tokens, probabilities(tokens, text), found);
    ClinicalTerms.keep(tokens, found);
    return found.resolved();
  }

  /** Runs of words of one category that no rule has, the signs between them left in. */
  private static void add(Tokens tokens, double[][] probabilities, Found found) {
    for (int i = 0; i < tokens.count; i++) {
      int category = sure(tokens, i, probabilities, found);
      if (category < 0) {
        continue;
      }
      int last = i;
      double least = probabilities[i][category + 1];
      for (int next = i + 1; next < tokens.count && next <= last + 2; next++) {
        if (sure(tokens, next, probabilities, found) == category && tokens.sameLine(next)) {
          last = next;
          least = Math.min(least, probabilities[next][category + 1]);
        }
      }
      found.add(tokens.starts[i], tokens.ends[last], Category.values()[category], RULE, least / 2);
      i = last;
    }
  }

  private static int sure(Tokens tokens, int i, double[][] probabilities, Found found) {
    boolean says =
        tokens.length(i) > 1
            && !tokens.number(i) // figures are the rules': a model takes p = 0.05 for a day
            && (tokens.hasDigit(i) || tokens.capital(i) || tokens.lowerCase && tokens.word(i));
    if (!says
        || probabilities[i] == null
        || found.covers(tokens.starts[i], tokens.ends[i])
        || tokens.is(i, Lexicon.WORD | Lexicon.DRUG | Lexicon.EPONYM)
        || tokens.word(i) && Words.english(tokens.lower(i))) {
      return -1;
    }
    for (int k = 1; k < probabilities[i].length; k++) {
      if (probabilities[i][k] >= SURE) {
        return k - 1;
      }
    }
    return -1;
  }

  /** Of each token of the text, the mean over its pieces; null for a sign that has none. */
  private synchronized double[][] probabilities(Tokens tokens, String text) {
    int classes = model.classes().count();
    var sums = new double[tokens.count][];
    var counts = new int[tokens.count];
    try (var off = Autograd.noGrad()) {
      int seen = 0; // up to here an earlier window was asked
      for (TaggerWindows.Window window : TaggerWindows.of(text, tokenizer)) {
        try (var scope = MemoryScope.open("tagged window")) {
          int[] ids = window.ids();
          var inputs = Inputs.of(Tensors.of(model.backend(), ids, 1, ids.length));
          float[] logits = model.logits(inputs).toFloats();
          int own = seen == 0 ? 0 : TaggerWindows.OVERLAP / 2;
          for (int t = 0; t < ids.length; t++) {
            // Of two windows the later one says the second half of what both have.
            if (!window.special(t) && (seen == 0 || t > own)) {
              int at = containing(tokens, window.starts()[t], window.ends()[t]);
              if (at >= 0) {
                add(logits, t * classes, classes, sums, counts, at);
              }
            }
          }
          seen += ids.length;
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      for (int k = 0; sums[i] != null && k < classes; k++) {
        sums[i][k] /= counts[i];
      }
    }
    return sums;
  }

  /** The token of the text that a piece is of, or -1. */
  private static int containing(Tokens tokens, int start, int end) {
    if (end <= start) {
      return -1;
    }
    int at = tokens.at(start);
    if (at == tokens.count || tokens.starts[at] > start) {
      at--;
    }
    return at >= 0 && start < tokens.ends[at] ? at : -1;
  }

  private static void add(
      float[] logits, int from, int classes, double[][] sums, int[] counts, int at) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      largest = Math.max(largest, logits[from + k]);
    }
    double sum = 0;
    var p = new double[classes];
    for (int k = 0; k < classes; k++) {
      p[k] = Math.exp(logits[from + k] - largest);
      sum += p[k];
    }
    sums[at] = sums[at] == null ? new double[classes] : sums[at];
    for (int k = 0; k < classes; k++) {
      sums[at][k] += p[k] / sum;
    }
    counts[at]++;
  }
}
