package dev.galen.model.generate;

import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Tensor;
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

  /** The model itself. */
  Model network();

  /** The ids that the text for {@code prompt} begins with. */
  int[] beginning(int[] prompt);

  /** The most tokens of a text. */
  int longest();

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
    public int longest() {
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
}
