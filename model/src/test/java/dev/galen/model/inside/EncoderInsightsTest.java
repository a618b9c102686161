package dev.galen.model.inside;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.Encoder;
import dev.galen.model.Inputs;
import dev.galen.model.MaskedLm;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.TransformersCase;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** States and weights of BERT and T5 are those of transformers. */
class EncoderInsightsTest {
  private MemoryScope scope;
  private Autograd.Mode off;

  @BeforeEach
  void open() {
    scope = MemoryScope.open("test");
    off = Autograd.noGrad();
  }

  @AfterEach
  void close() {
    off.close();
    scope.close();
  }

  private static JsonNode expected(String name) throws IOException {
    for (JsonNode one : InsightsTest.cases()) {
      if (one.get("model").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError(name);
  }

  private static Tensor ids(JsonNode row) {
    int[] ids = InsightsTest.ints(row);
    return Tensors.of(Device.CPU, ids, 1, ids.length);
  }

  private static <M extends Model> M load(String name, Class<M> role) throws IOException {
    return Pretrained.load(TransformersCase.shared("hf-tiny/" + name), Device.CPU, role).model();
  }

  @Test
  void ofBert() throws IOException {
    JsonNode one = expected("bert-mlm");
    MaskedLm model = load("bert-mlm", MaskedLm.class);
    try (var inside = Insights.withAttentions(model)) {
      model.logits(Inputs.of(ids(one.get("ids"))));
      InsightsTest.assertSame("state", one.get("states"), inside.hiddenStates());
      InsightsTest.assertSame("weights", one.get("attentions"), inside.attentions());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"t5", "t5-gated"})
  void ofT5(String name) throws IOException {
    JsonNode one = expected(name);
    Seq2SeqLm model = load(name, Seq2SeqLm.class);
    try (var inside = Insights.withAttentions(model)) {
      model.logits(Inputs.of(ids(one.get("ids"))).withDecoderIds(ids(one.get("decoder_ids"))));
      InsightsTest.assertSame("en", one.get("encoder_states"), inside.hiddenStates("encoder"));
      InsightsTest.assertSame("de", one.get("decoder_states"), inside.hiddenStates("decoder"));
      List<Tensor> self = inside.attentions("SelfAttention");
      InsightsTest.assertSame("en", one.get("encoder_attentions"), self.subList(0, 2));
      InsightsTest.assertSame("de", one.get("decoder_attentions"), self.subList(2, 4));
      InsightsTest.assertSame(
          "cross", one.get("cross_attentions"), inside.attentions("EncDecAttention"));
    }
  }

  /** By the encoder alone as by a model with a head. */
  @Test
  void bertEmbedsTexts() throws IOException {
    JsonNode one = expected("bert-mlm");
    int[] ids = InsightsTest.ints(one.get("ids"));
    double[] last = TransformersCase.numbers(one.get("states").get(2));
    int channels = last.length / ids.length;
    for (Model model : List.of(load("bert-mlm", MaskedLm.class), load("bert-mlm", Encoder.class))) {
      float[] cls = new Embedder(model, Pooling.CLS, OptionalInt.empty()).embed(ids);
      float[] mean = new Embedder(model, Pooling.MEAN, OptionalInt.empty()).embed(ids);
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        for (int t = 0; t < ids.length; t++) {
          sum += last[t * channels + c];
        }
        assertEquals(last[c], cls[c], 1e-5);
        assertEquals(sum / ids.length, mean[c], 1e-5);
      }
      assertArrayEquals(mean, new Embedder(model, Pooling.MEAN, OptionalInt.of(2)).embed(ids));
    }
  }
}
