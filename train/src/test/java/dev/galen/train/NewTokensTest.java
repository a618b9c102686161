package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.MaskedLm;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.train.data.SharedData;
import dev.galen.train.data.WordTokenizer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** New tokens of every architecture: their logits are the mean of all others'. */
class NewTokensTest {
  private static final int NEW = 3;

  /** Tied and untied heads, projected embeddings, experts. */
  @ParameterizedTest
  @ValueSource(strings = {"llama-biases", "qwen2-windows", "mixtral-starved", "opt-projected"})
  void theirLogitsAreTheMean(String name) throws Exception {
    var place = NewTokensTest.class.getResource("/dev/galen/train/hf/" + name);
    requireMean(Path.of(place.toURI()), CausalLm.class);
  }

  /** A bias for each token, and an encoder's embedding that is the decoder's. */
  @Test
  void othersToo() throws Exception {
    requireMean(SharedData.file("hf-tiny/bert-mlm"), MaskedLm.class);
    requireMean(SharedData.file("hf-tiny/t5"), Seq2SeqLm.class);
    requireMean(SharedData.file("hf-tiny/t5-gated"), Seq2SeqLm.class);
  }

  private static <M extends Model> void requireMean(Path directory, Class<M> role)
      throws Exception {
    Pretrained<M> before = Pretrained.load(directory, Device.CPU, role);
    int vocabulary = before.model().vocabularySize();
    double[] logits = logits(before.model());
    var words = new WordTokenizer();
    while (words.vocabularySize() < vocabulary + NEW) {
      words.encode("word" + words.vocabularySize());
    }
    M model = before.withRowsFor(words, 1).model();
    assertEquals(vocabulary + NEW, model.vocabularySize());
    double[] larger = logits(model);
    for (int t = 0; t < logits.length / vocabulary; t++) {
      double sum = 0;
      for (int id = 0; id < vocabulary; id++) {
        double logit = logits[t * vocabulary + id];
        sum += logit;
        assertEquals(logit, larger[t * (vocabulary + NEW) + id], 1e-5, directory + " " + id);
      }
      for (int id = vocabulary; id < vocabulary + NEW; id++) {
        assertEquals(sum / vocabulary, larger[t * (vocabulary + NEW) + id], 1e-5, directory + "");
      }
    }
  }

  private static double[] logits(Model model) {
    Tensor ids = Tensors.of(model.backend(), new int[] {5, 6, 7, 8}, 1, 4);
    try (var off = Autograd.noGrad()) {
      return switch (model) {
        case CausalLm causal -> causal.logits(ids).toDoubles();
        case MaskedLm masked -> masked.logits(Inputs.of(ids)).toDoubles();
        case Seq2SeqLm both -> both.logits(Inputs.of(ids).withDecoderIds(ids)).toDoubles();
        default -> throw new AssertionError(model);
      };
    }
  }
}
