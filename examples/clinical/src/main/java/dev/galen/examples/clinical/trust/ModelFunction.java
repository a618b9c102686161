package dev.galen.examples.clinical.trust;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.Weight;
import dev.galen.model.pretrained.Architectures;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * One of a model's logits as a function of its token embeddings: a class of a classifier, or the
 * next token of a language model. The vectors take the place of the embedding's table for the time
 * of a pass, each under an id of its own, so that every architecture has this entrance; a tied head
 * keeps its table.
 *
 * <p>It changes the model while it computes: no other thread may use it then.
 */
final class ModelFunction implements EmbeddingFunction {
  private static final int MOST_TOKENS = 8192;
  private static final int MOST_LOGITS = 1 << 24;

  private final Model model;
  private final Embedding embedding;
  private final int tokens;
  private final int target;
  private final int padding;

  /**
   * A logit.
   *
   * @param tokens T
   * @param target the class, or the id of the next token
   */
  ModelFunction(Model model, int tokens, int target) {
    int outputs =
        switch (model) {
          case SequenceClassifier classifier -> classifier.classes().count();
          case CausalLm causal -> causal.vocabularySize();
          default ->
              throw new IllegalArgumentException(
                  "a %s cannot be explained; give a classifier or a causal language model"
                      .formatted(model.getClass().getSimpleName()));
        };
    if (target < 0 || target >= outputs) {
      throw new IllegalArgumentException(
          "output %d, the model has 0 to %d".formatted(target, outputs - 1));
    }
    model.requireUnpacked("explained");
    this.model = model;
    this.embedding = tokenEmbedding(model);
    this.tokens = tokens;
    this.target = target;
    this.padding = Architectures.config(model).special().padding();
  }

  /** The first embedding of as many rows as the vocabulary has. */
  private static Embedding tokenEmbedding(Model model) {
    var found = new ArrayList<Embedding>();
    model.visit(
        "",
        (path, layer) -> {
          if (layer instanceof Embedding each && each.out() == model.vocabularySize()) {
            found.add(each);
          }
        });
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          model.getClass().getSimpleName() + " has no embedding of its vocabulary");
    }
    Embedding first = found.getFirst();
    if (!first.ownParameters().keySet().equals(first.madeWith().keySet())) {
      throw new IllegalArgumentException(
          "the token embedding has an adapter; merge it (galen merge) to explain the model");
    }
    return first;
  }

  /** The embeddings of ids, {@code [T C]}. */
  float[] embeddings(int[] ids) {
    try (var off = Autograd.noGrad();
        var scope = MemoryScope.open("token embeddings")) {
      return embedding.forward(Tensors.of(model.backend(), ids, ids.length)).toFloats();
    }
  }

  @Override
  public int tokens() {
    return tokens;
  }

  @Override
  public int channels() {
    return embedding.in();
  }

  @Override
  public int batch() {
    int rows = MOST_TOKENS / tokens;
    if (model instanceof CausalLm) {
      rows = (int) Math.min(rows, MOST_LOGITS / ((long) tokens * model.vocabularySize()));
    }
    return Math.clamp(rows, 2, 64);
  }

  @Override
  public double[] values(float[][] points) {
    try (var off = Autograd.noGrad();
        var scope = MemoryScope.open("values")) {
      return logits(table(points), points.length).toDoubles();
    }
  }

  @Override
  public Slopes slopes(float[][] points) {
    List<Tensor> learning =
        model.parameters().values().stream().filter(Tensor::requiresGrad).toList();
    learning.forEach(Tensor::freeze);
    try (var on = Autograd.enableGrad();
        var scope = MemoryScope.open("slopes")) {
      Tensor table = Autograd.leaf(table(points));
      Tensor logits = logits(table, points.length);
      double[] values = logits.toDoubles();
      logits.sum().backward();
      float[] all = table.grad().toFloats();
      int size = tokens * channels();
      var gradients = new float[points.length][size];
      for (int i = 0; i < points.length; i++) {
        for (int t = 0; t < tokens; t++) {
          int row = id(i * tokens + t);
          System.arraycopy(all, row * channels(), gradients[i], t * channels(), channels());
        }
      }
      return new Slopes(values, gradients);
    } finally {
      learning.forEach(Tensor::requireGrad);
    }
  }

  /** All points' vectors, each in the row of its id: {@code [points T + 1, C]}. */
  private Tensor table(float[][] points) {
    int channels = channels();
    var rows = new float[(points.length * tokens + 1) * channels];
    for (int i = 0; i < points.length; i++) {
      for (int t = 0; t < tokens; t++) {
        int row = id(i * tokens + t);
        System.arraycopy(points[i], t * channels, rows, row * channels, channels);
      }
    }
    return Tensors.upload(
        model.backend(),
        DType.F32,
        MemorySegment.ofArray(rows),
        points.length * tokens + 1,
        channels);
  }

  /** The id of a vector: all but the padding's, whose row would get no gradient. */
  private int id(int vector) {
    return padding >= 0 && vector >= padding ? vector + 1 : vector;
  }

  /** The target's logit of each point, {@code [points, 1]}. */
  private Tensor logits(Tensor table, int points) {
    var ids = new int[points * tokens];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = id(i);
    }
    var lengths = new int[points];
    Arrays.fill(lengths, tokens);
    Inputs inputs = Inputs.padded(Tensors.of(model.backend(), ids, points, tokens), lengths);
    boolean training = model.isTraining();
    model.eval();
    embedding.exchange(
        new Weight.Dense(table, true), null, new LinkedHashMap<>(embedding.madeWith()));
    try {
      return switch (model) {
        case SequenceClassifier classifier ->
            classifier.logits(inputs).slice(1, target, target + 1);
        case CausalLm causal ->
            causal
                .logits(inputs)
                .slice(1, tokens - 1, tokens)
                .slice(2, target, target + 1)
                .reshape(points, 1);
        default -> throw new IllegalStateException(model.getClass().getSimpleName());
      };
    } finally {
      embedding.restore();
      if (training) {
        model.train();
      }
    }
  }
}
