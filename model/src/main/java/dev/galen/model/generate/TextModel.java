package dev.galen.model.generate;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.EmbeddingOp;
import java.util.List;
import java.util.Set;

/**
 * A model that makes texts, as generation sees it: what is different for one that continues its
 * prompt and for one that writes a text of its own after it has read the prompt.
 */
interface TextModel {
  /** A language model. */
  static TextModel of(CausalLm model) {
    return new Causal(model);
  }

  /** A model that writes one text for another. */
  static TextModel of(Seq2SeqLm model) {
    return new Encoded(model);
  }

  /** The model itself. */
  Model network();

  /** The ids that the text for {@code prompt} begins with. */
  int[] beginning(int[] prompt);

  /** The most tokens of a text. */
  default int longest() {
    return network().maxLength();
  }

  /** The most tokens of a prompt. */
  int longestPrompt();

  /** What ends a text unless a config says otherwise. */
  Set<Integer> endOfTextIds();

  /**
   * A cache for the texts of {@code prompts}, up to {@code capacity} tokens each, which has room
   * for as many as the model was made for; for more it is {@link KvCache#reserve asked} to grow.
   */
  KvCache newCache(List<int[]> prompts, int capacity);

  /** See {@link CausalLm#next(Tensor, KvCache)}. */
  Tensor next(Tensor ids_BT, KvCache cache);

  /** See {@link CausalLm#next(Tensor, int[], KvCache)}. */
  Tensor next(Tensor ids_BT, int[] lengths, KvCache cache);

  /** It goes on where its prompt ends. */
  record Causal(CausalLm network) implements TextModel {
    @Override
    public int[] beginning(int[] prompt) {
      return prompt;
    }

    @Override
    public int longestPrompt() {
      return network.maxLength();
    }

    @Override
    public Set<Integer> endOfTextIds() {
      return network.endOfTextIds();
    }

    @Override
    public KvCache newCache(List<int[]> prompts, int capacity) {
      int room = network.contextLength();
      for (int[] prompt : prompts) {
        room = Math.max(room, prompt.length);
      }
      return network.newCache(prompts.size(), Math.min(capacity, room));
    }

    @Override
    public Tensor next(Tensor ids_BT, KvCache cache) {
      return network.next(ids_BT, cache);
    }

    /**
     * Where a backend adds up few positions otherwise, short prompts are run apart from long ones,
     * so that each has the bits that it has alone.
     */
    @Override
    public Tensor next(Tensor ids_BT, int[] lengths, KvCache cache) {
      int few = network.backend().fewPositions();
      int[] few_B = Prompts.rows(lengths, 1, few);
      if (cache.length() > 0 || few_B.length == 0 || few_B.length == lengths.length) {
        return network.next(ids_BT, lengths, cache);
      }
      int[] many_B = Prompts.rows(lengths, few + 1, ids_BT.dim(1));
      int[] ids = ids_BT.toInts();
      Tensor logits_BV =
          ConcatOp.apply(0, apart(ids, lengths, few_B, cache), apart(ids, lengths, many_B, cache));
      var places = new int[lengths.length];
      for (int i = 0; i < places.length; i++) {
        places[i < few_B.length ? few_B[i] : many_B[i - few_B.length]] = i;
      }
      return EmbeddingOp.apply(logits_BV, Tensors.of(network.backend(), places, places.length));
    }

    /** Logits after some rows of a batch, which fill their rows of the cache. */
    private Tensor apart(int[] ids, int[] lengths, int[] rows, KvCache cache) {
      int time = ids.length / lengths.length;
      var own = new int[rows.length];
      int longest = 0;
      for (int i = 0; i < rows.length; i++) {
        own[i] = lengths[rows[i]];
        longest = Math.max(longest, own[i]);
      }
      var padded = new int[rows.length * longest];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(ids, rows[i] * time, padded, i * longest, longest);
      }
      Tensor padded_BT = Tensors.of(network.backend(), padded, rows.length, longest);
      try (KvCache part = network.newCache(rows.length, longest)) {
        Tensor logits_BV = network.next(padded_BT, own, part);
        cache.fill(rows, part);
        return logits_BV;
      }
    }
  }

  /** Its encoder reads the prompt, once; its decoder begins with an id of its own. */
  record Encoded(Seq2SeqLm network) implements TextModel {
    @Override
    public int[] beginning(int[] prompt) {
      return new int[] {network.decoderStartId()};
    }

    /** What the encoder cannot take it refuses itself. */
    @Override
    public int longestPrompt() {
      return Integer.MAX_VALUE;
    }

    @Override
    public Set<Integer> endOfTextIds() {
      return network.endOfTextIds();
    }

    @Override
    public KvCache newCache(List<int[]> prompts, int capacity) {
      int batch = prompts.size();
      var lengths = new int[batch];
      int longest = 0;
      for (int row = 0; row < batch; row++) {
        lengths[row] = prompts.get(row).length;
        longest = Math.max(longest, lengths[row]);
      }
      var ids = new int[batch * longest];
      for (int row = 0; row < batch; row++) {
        System.arraycopy(prompts.get(row), 0, ids, row * longest, lengths[row]);
      }
      try (var scope = MemoryScope.open("encoder")) {
        Tensor ids_BT = Tensors.of(network.backend(), ids, batch, longest);
        int room = Math.min(capacity, network.contextLength());
        return network.newCache(Inputs.padded(ids_BT, lengths), room);
      }
    }

    @Override
    public Tensor next(Tensor ids_BS, KvCache cache) {
      return network.next(ids_BS, cache);
    }

    /** The decoder begins with one id in every row: there is no padding. */
    @Override
    public Tensor next(Tensor ids_BS, int[] lengths, KvCache cache) {
      return network.next(ids_BS, cache);
    }
  }
}
