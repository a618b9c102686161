package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.io.TensorFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How files may spell the tensors of a causal model. */
class CausalNamesTest {
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final CausalNames NAMES =
      new CausalNames(
          "model.",
          EMBEDDING,
          Set.of("embed_tokens", "layers", "norm"),
          name -> name.endsWith(".inv_freq"));

  @TempDir Path folder;
  private int files;

  /** Tensors of one element, each as NAME or NAME=VALUE. */
  private TensorFiles file(String... tensors) throws IOException {
    var byName = new LinkedHashMap<String, Tensor>();
    for (String tensor : tensors) {
      String[] parts = tensor.split("=");
      float value = parts.length > 1 ? Float.parseFloat(parts[1]) : 0;
      byName.put(parts[0], Tensors.of(Device.REFERENCE, new float[] {value}, 1));
    }
    Path file = folder.resolve(files++ + ".safetensors");
    WeightFiles.write(byName, file);
    return TensorFiles.open(file);
  }

  @Test
  void whatBelongsToTheModelHasItsOwnName() throws IOException {
    try (TensorFiles file =
        file(
            EMBEDDING,
            "model.layers.0.w",
            "model.layers.0.inv_freq",
            "model.vision.w",
            "model.norm",
            "score.weight",
            "lm_head.weight")) {
      var trunk =
          Map.of(
              EMBEDDING,
              EMBEDDING,
              "model.layers.0.w",
              "model.layers.0.w",
              "model.norm",
              "model.norm");
      assertEquals(trunk, NAMES.ofLanguageModel(file, true));
      var untied = new LinkedHashMap<>(trunk);
      untied.put("lm_head.weight", "lm_head.weight");
      assertEquals(untied, NAMES.ofLanguageModel(file, false));
      var classifier = new LinkedHashMap<>(trunk);
      classifier.put("score.weight", "score.weight");
      assertEquals(classifier, NAMES.ofClassifier(file));
    }
  }

  @Test
  void aTrunkThatWasSavedAloneHasNoPrefix() throws IOException {
    try (TensorFiles file = file("embed_tokens.weight", "layers.0.w", "other.w", "norm")) {
      assertEquals(
          Map.of(
              EMBEDDING,
              "embed_tokens.weight",
              "model.layers.0.w",
              "layers.0.w",
              "model.norm",
              "norm"),
          NAMES.ofLanguageModel(file, true));
    }
  }

  @Test
  void eitherNameOfATiedMatrixWillDo() throws IOException {
    try (TensorFiles head = file("model.norm", "lm_head.weight=1");
        TensorFiles both = file(EMBEDDING + "=1", "lm_head.weight=1")) {
      assertTrue(NAMES.ties(head, true));
      assertEquals("lm_head.weight", NAMES.ofLanguageModel(head, true).get(EMBEDDING));
      assertTrue(NAMES.ties(both, true));
      assertEquals(Map.of(EMBEDDING, EMBEDDING), NAMES.ofLanguageModel(both, true));
    }
  }

  @Test
  void twoMatricesThatDifferAreNotTied() throws IOException {
    try (TensorFiles prefixed = file(EMBEDDING + "=1", "lm_head.weight=2");
        TensorFiles bare = file("embed_tokens.weight=1", "lm_head.weight=2");
        TensorFiles same = file("embed_tokens.weight=2", "lm_head.weight=2")) {
      assertFalse(NAMES.ties(prefixed, true));
      assertFalse(NAMES.ties(bare, true));
      assertTrue(NAMES.ties(same, true));
      assertFalse(NAMES.ties(same, false), "so says the config");
    }
  }

  @Test
  void aClassifierIsNoLanguageModel() throws IOException {
    try (TensorFiles file = file(EMBEDDING, "score.weight")) {
      var refusal = assertThrows(IllegalArgumentException.class, () -> NAMES.ties(file, true));
      assertEquals(
          "holds a classifier (there is a score.weight), this needs a language model",
          refusal.getMessage());
    }
  }
}
