package dev.galen.examples.clinical.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.report.RunReport;
import dev.galen.model.CausalLm;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.metrics.Significance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChoiceTaskTest {
  @TempDir Path folder;

  private TaskDocuments exam() {
    return Cases.of(
        List.of(
            Cases.choice("Which drug?", "B", "Aspirin", "Ibuprofen, taken daily", "None"),
            Cases.choice("Which dose?", "A", "5 mg", "10 mg"),
            Cases.choice("Which organ?", "D", "Liver", "Lung", "Heart", "Spleen"),
            Cases.choice("Broken", "E", "one", "two")));
  }

  @Test
  void aTaskGoesFromQuestionsToItsInterval() throws IOException {
    Path out = folder.resolve("out");
    RunReport report =
        ChoiceTask.run(Cases.questions(16), exam(), Cases.settings(out, null, new ArrayList<>()));
    var measures = report.measures();
    assertEquals(3, measures.get("questions"));
    assertEquals((1 / 3.0 + 1 / 2.0 + 1 / 4.0) / 3, measures.get("chance"), 1e-12);
    assertEquals(2 / 3.0, measures.get("longestAccuracy"), 1e-12); // B, and 10 mg, not 5
    for (String way : List.of("sum", "mean", "letter", "longest")) {
      double accuracy = measures.get(way + "Accuracy");
      var interval = Significance.wilson(Math.round(3 * accuracy), 3, 0.95);
      assertEquals(interval.low(), measures.get(way + "Low"), 1e-12);
      assertEquals(interval.high(), measures.get(way + "High"), 1e-12);
    }
    String reject = Files.readString(out.resolve("predictions.jsonl.rejects.jsonl"));
    assertTrue(reject.contains("the label is none of the options' letters"), reject);
    assertTrue(!reject.contains("Broken"), reject);
    likelihoodsAreThoseOfTheTokens(out);
  }

  /** ln p by the logits of a whole pass, summed by hand. */
  private static void likelihoodsAreThoseOfTheTokens(Path out) throws IOException {
    Path trained = out.resolve("model");
    Device cpu = Device.of("cpu");
    Pretrained<CausalLm> loaded = Pretrained.load(trained, cpu);
    loaded.model().eval();
    Tokenizer tokenizer = loaded.requireTokenizer();
    int[] prompt = tokenizer.encode("Question: Which dose?\nAnswer:", SpecialTokens.TEXT);
    int[] said = tokenizer.encode(" 10 mg", SpecialTokens.TEXT);
    var ids = new int[prompt.length + said.length];
    System.arraycopy(prompt, 0, ids, 0, prompt.length);
    System.arraycopy(said, 0, ids, prompt.length, said.length);
    double sum = 0;
    try (var off = Autograd.noGrad();
        var scope = MemoryScope.open("test")) {
      var logits = loaded.model().logits(Tensors.of(cpu, ids, 1, ids.length)).toFloats();
      int vocabulary = loaded.model().vocabularySize();
      for (int t = prompt.length; t < ids.length; t++) {
        double total = 0;
        for (int v = 0; v < vocabulary; v++) {
          total += Math.exp(logits[(t - 1) * vocabulary + v]);
        }
        sum += logits[(t - 1) * vocabulary + ids[t]] - Math.log(total);
      }
    }
    var likelihood =
        PromptedModel.load(trained, 512, cpu)
            .likelihood("Question: Which dose?\nAnswer:", " 10 mg");
    assertEquals(said.length, likelihood.tokens());
    assertEquals(sum, likelihood.sum(), 1e-4);
    assertEquals(sum / said.length, likelihood.mean(), 1e-4);
  }

  @Test
  void withoutAModelThereIsNothingToAsk() {
    var fault =
        assertThrows(
            IllegalArgumentException.class,
            () -> ChoiceTask.run(null, exam(), Cases.settings(folder, null, new ArrayList<>())));
    assertEquals(
        "there is no model to ask: name one by --model, or what a new one learns by --train",
        fault.getMessage());
  }
}
