package dev.galen.model.inside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.memory.MemoryScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The inside of every architecture is that of transformers: {@code make.py} has the models. */
final class ArchitectureInsightsTest {
  @TestFactory
  List<DynamicTest> statesAndWeightsAreThoseOfTransformers() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode one : InsightsTest.cases()) {
      String name = one.get("model").asText();
      if (!name.equals("fixture")) {
        tests.add(DynamicTest.dynamicTest(name, () -> check(one, shared("hf-tiny/" + name))));
      }
    }
    return tests;
  }

  private static void check(JsonNode one, Path directory) throws IOException {
    Model model =
        Pretrained.load(directory, Device.CPU, Pretrained.kind(directory), WeightFormat.F32)
            .model();
    int[] ids = InsightsTest.ints(one.get("ids"));
    try (var off = Autograd.noGrad();
        var scope = MemoryScope.open("test");
        var inside = Insights.withAttentions(model)) {
      Inputs inputs =
          Inputs.padded(Tensors.of(model.backend(), ids, 1, ids.length), new int[] {ids.length});
      switch (model) {
        case CausalLm causal -> causal.logits(inputs);
        case MaskedLm masked -> masked.logits(inputs);
        case Seq2SeqLm encoding -> {
          int[] own = InsightsTest.ints(one.get("decoder_ids"));
          encoding.logits(inputs.withDecoderIds(Tensors.of(model.backend(), own, 1, own.length)));
        }
        default -> throw new AssertionError(model);
      }
      if (one.has("encoder_states")) {
        InsightsTest.assertSame("encoder", one.get("encoder_states"), inside.hiddenStates("enc"));
        InsightsTest.assertSame("decoder", one.get("decoder_states"), inside.hiddenStates("dec"));
        InsightsTest.assertSame(
            "encoder's weights", one.get("encoder_attentions"), within(inside, "encoder", "Self"));
        InsightsTest.assertSame(
            "decoder's weights", one.get("decoder_attentions"), within(inside, "decoder", "Self"));
        InsightsTest.assertSame(
            "cross weights", one.get("cross_attentions"), inside.attentions("EncDecAttention"));
      } else {
        InsightsTest.assertSame("states", one.get("states"), inside.hiddenStates());
        InsightsTest.assertSame("weights", one.get("attentions"), inside.attentions());
      }
      inside.attentions().forEach(InsightsTest::assertSumsOfOne);
    }
    checkEmbedding(one, model, ids);
  }

  private static void checkEmbedding(JsonNode one, Model model, int[] ids) {
    JsonNode states = one.has("states") ? one.get("states") : one.get("encoder_states");
    JsonNode last = states.get(states.size() - 1);
    float[] cls = new Embedder(model, Pooling.CLS, OptionalInt.empty()).embed(ids);
    assertEquals(last.size() / ids.length, cls.length);
    for (int c = 0; c < cls.length; c++) {
      assertEquals(last.get(c).doubleValue(), cls[c], 2e-5);
    }
  }

  /** Those of one stack's layers of one kind. */
  private static List<Tensor> within(Insights inside, String stack, String kind) {
    return inside.attentions().stream()
        .filter(weights -> inside.attentions(stack).contains(weights))
        .filter(weights -> inside.attentions(kind).contains(weights))
        .toList();
  }

  private static Path shared(String name) {
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      Path candidate = up.resolve("shared/data").resolve(name);
      if (Files.exists(candidate)) {
        return candidate;
      }
    }
    assumeTrue(false, "skipped: shared/data/" + name + " is not beside the repository");
    throw new AssertionError();
  }
}
