package dev.galen.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.Encoder;
import dev.galen.model.Inputs;
import dev.galen.model.MaskedLm;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.TokenClassifier;
import dev.galen.model.TransformersCase;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Galen saves is loaded by transformers, key for key, and computes the same there. */
class TransformersLoadsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PYTHON = "GALEN_TEST_PYTHON";

  /** But for BERT without a pooler: transformers' class of it has one, and makes it anew. */
  private static final List<String> MODELS =
      List.of(
          "bert/old-names",
          "bert/encoder",
          "bert/untied",
          "bert/multi-label",
          "bert/regression",
          "bert/tagger",
          "t5/own-head",
          "t5/all-names");

  @TempDir Path folder;

  @Test
  void transformersLoadsWhatIsSaved() throws Exception {
    String python = System.getenv(PYTHON);
    assumeTrue(
        python != null, "skipped: set " + PYTHON + " to a python with torch and transformers");
    var command = new ArrayList<String>();
    command.add(python);
    command.add(TransformersCase.fixture(TransformersLoadsTest.class, "loads.py").toString());
    var expected = new ArrayList<double[]>();
    for (String name : MODELS) {
      Path source =
          TransformersCase.fixture(TransformersLoadsTest.class, "/dev/galen/model/" + name);
      Path saved = folder.resolve(name);
      expected.add(save(source, saved));
      command.add(saved.toString());
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines = new String(process.getInputStream().readAllBytes()).lines().toList();
    assertEquals(0, process.waitFor());
    for (int i = 0; i < MODELS.size(); i++) {
      JsonNode loaded = JSON.readTree(lines.get(i));
      assertEquals("[]", loaded.get("keys").toString(), MODELS.get(i));
      double[] values = TransformersCase.numbers(loaded.get("values"));
      assertArrayEquals(expected.get(i), values, 5e-5, MODELS.get(i));
    }
  }

  /** What a model computes that is loaded and saved again. */
  private static double[] save(Path source, Path target) throws IOException {
    Class<? extends Model> kind = Pretrained.kind(source);
    Pretrained<? extends Model> loaded = Pretrained.load(source, Device.CPU, kind);
    Pretrained.save(loaded.model(), null, loaded.directory(), target);
    var given = TransformersCase.in(source);
    ObjectNode inputs = JSON.createObjectNode();
    for (String field : List.of("input_ids", "attention_mask", "token_type_ids")) {
      if (given.json().has(field)) {
        inputs.set(field, given.json().get(field));
      }
    }
    if (loaded.model() instanceof Seq2SeqLm) {
      inputs.set("labels", given.json().get("labels"));
    }
    Files.writeString(target.resolve("inputs.json"), inputs.toString());
    return outputs(loaded.model(), given.inputs(Device.CPU)).toDoubles();
  }

  private static Tensor outputs(Model model, Inputs inputs) {
    return switch (model) {
      case Encoder m -> m.hiddenStates(inputs);
      case MaskedLm m -> m.logits(inputs);
      case TokenClassifier m -> m.logits(inputs);
      case SequenceClassifier m -> m.logits(inputs);
      case Seq2SeqLm m -> m.logits(inputs);
      default -> throw new AssertionError(model);
    };
  }
}
