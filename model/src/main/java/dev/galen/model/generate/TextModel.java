package dev.galen.model.generate;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
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
    return network().contextLength();
  }

  /** The most tokens of a prompt. */
  int longestPrompt();

  /** What ends a text unless a config says otherwise. */
  Set<Integer> endOfTextIds();

  /** A cache for the texts of {@code prompts}, up to {@code capacity} tokens each. */
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
      return network.contextLength();
    }

    @Override
    public Set<Integer> endOfTextIds() {
      return network.endOfTextIds();
    }

    @Override
    public KvCache newCache(List<int[]> prompts, int capacity) {
      return network.newCache(prompts.size(), capacity);
    }

    @Override
    public Tensor next(Tensor ids_BT, KvCache cache) {
      return network.next(ids_BT, cache);
    }

    @Override
    public Tensor next(Tensor ids_BT, int[] lengths, KvCache cache) {
      return network.next(ids_BT, lengths, cache);
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
        return network.newCache(Inputs.padded(ids_BT, lengths), capacity);
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
