package dev.galen.model.inside;

import dev.galen.model.CausalLm;
import dev.galen.model.Encoder;
import dev.galen.model.Inputs;
import dev.galen.model.MaskedLm;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.TokenClassifier;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Makes one vector of a text: a hidden state, pooled over the tokens. Texts are read one by one, so
 * that no padding has a share in them. A model with an encoder embeds by it. Dropout is as the
 * model has it: off in one that was loaded.
 */
public final class Embedder {
  private final Model model;
  private final Pooling pooling;
  private final OptionalInt layer;

  /**
   * An embedder.
   *
   * @param layer which hidden state, 0 for the embeddings; negative ones count from the end; empty
   *     for the last
   */
  public Embedder(Model model, Pooling pooling, OptionalInt layer) {
    this.model = model;
    this.pooling = pooling;
    this.layer = layer;
  }

  /**
   * The vector of a text.
   *
   * @param ids its tokens, special ones included, at least one
   * @return C numbers
   * @throws IllegalArgumentException if there is no token, too many for the model, or no such layer
   */
  public float[] embed(int[] ids) {
    return embed(ids, null);
  }

  /**
   * The vector of a pair of texts.
   *
   * @param ids their tokens, special ones included, at least one
   * @param tokenTypes which of the two each token belongs to, for models that know types; or null
   * @return C numbers
   * @throws IllegalArgumentException if there is no token, too many for the model, no such layer,
   *     or the model's numbers are NaN
   */
  public float[] embed(int[] ids, int[] tokenTypes) {
    requireIds(ids);
    if (tokenTypes != null && tokenTypes.length != ids.length) {
      throw new IllegalArgumentException(
          "%d token types for %d tokens".formatted(tokenTypes.length, ids.length));
    }
    try (var off = Autograd.noGrad();
        var scope = MemoryScope.open("embedding");
        var inside = Insights.of(model)) {
      Inputs inputs = inputs(ids, tokenTypes);
      run(inputs);
      Tensor state = state(inside.hiddenStates());
      if (!isWhole(state, ids.length) && model instanceof CausalLm causal) {
        inside.clear(); // a step may compute no more than the last position
        causal.logits(inputs);
        state = state(inside.hiddenStates());
      }
      if (!isWhole(state, ids.length)) {
        throw new IllegalArgumentException(
            "a hidden state of %s is %s, must be [1, %d, C]: a vector of each token"
                .formatted(model.getClass().getSimpleName(), state.shape(), ids.length));
      }
      return finite(pooled(state));
    }
  }

  private static boolean isWhole(Tensor state, int tokens) {
    return state.shape().rank() == 3 && state.dim(0) == 1 && state.dim(1) == tokens;
  }

  private static float[] finite(float[] vector) {
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "the embedding has the number %s; the model's weights are damaged".formatted(value));
      }
    }
    return vector;
  }

  private void requireIds(int[] ids) {
    if (ids.length == 0 || ids.length > model.maxLength()) {
      throw new IllegalArgumentException(
          model.maxLength() == Integer.MAX_VALUE
              ? "the text has no token"
              : "the text has %d tokens, must have 1 to the model's %d"
                  .formatted(ids.length, model.maxLength()));
    }
    for (int id : ids) {
      if (id < 0 || id >= model.vocabularySize()) {
        throw new IllegalArgumentException(
            "token id %d, the model knows 0 to %d".formatted(id, model.vocabularySize() - 1));
      }
    }
  }

  private Inputs inputs(int[] ids, int[] tokenTypes) {
    Tensor ids_1T = Tensors.of(model.backend(), ids, 1, ids.length);
    Inputs inputs = Inputs.padded(ids_1T, new int[] {ids.length});
    return tokenTypes == null
        ? inputs
        : inputs.withTokenTypes(Tensors.of(model.backend(), tokenTypes, 1, ids.length));
  }

  private void run(Inputs inputs) {
    switch (model) {
      case CausalLm causal when inputs.tokenTypes() == null -> {
        // Through a cache the head has one position to compute, not all.
        try (KvCache cache = causal.newCache(1, inputs.time())) {
          causal.next(inputs.ids(), cache);
        }
      }
      case CausalLm causal -> causal.logits(inputs);
      case Seq2SeqLm encoding -> encoding.encode(inputs);
      case Encoder encoder -> encoder.hiddenStates(inputs);
      case SequenceClassifier classifier -> classifier.logits(inputs);
      case TokenClassifier tagger -> tagger.logits(inputs);
      case MaskedLm masked -> masked.logits(inputs);
      default ->
          throw new IllegalArgumentException(
              model.getClass().getSimpleName() + " is no kind of model that reads texts");
    }
  }

  private Tensor state(List<Tensor> states) {
    if (states.isEmpty()) {
      throw new IllegalArgumentException(
          model.getClass().getSimpleName()
              + " does not say what its hidden states are (Layer.hidden)");
    }
    int count = states.size();
    int index = layer.orElse(-1);
    if (index >= count || index < -count) {
      throw new IllegalArgumentException(
          "layer is %d, the model has 0 (embeddings) to %d, or -1 to -%d from the end"
              .formatted(index, count - 1, count));
    }
    return states.get(index < 0 ? count + index : index);
  }

  private float[] pooled(Tensor x_1TC) {
    int time = x_1TC.dim(1);
    int channels = x_1TC.dim(2);
    float[] x = x_1TC.toFloats();
    return switch (pooling) {
      case CLS -> Arrays.copyOf(x, channels);
      case LAST -> Arrays.copyOfRange(x, (time - 1) * channels, time * channels);
      case MEAN -> {
        var mean = new float[channels];
        for (int c = 0; c < channels; c++) {
          double sum = 0;
          for (int t = 0; t < time; t++) {
            sum += x[t * channels + c];
          }
          mean[c] = (float) (sum / time);
        }
        yield mean;
      }
    };
  }
}
