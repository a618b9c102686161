package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fine-tune saves, against transformers 5.18: its Trainer, then save_pretrained. */
class SavedReportsTest {
  @TempDir Path folder;

  /** One update at rate 0 from {@code source} on its own questions. */
  private Report tuned(Report source, String out, String... more) {
    Path place = folder.resolve(out);
    var words =
        new String[] {
          "finetune",
          "--model",
          source.directory().toString(),
          "--data",
          source.file("qa.jsonl"),
          "--steps",
          "1",
          "--learning-rate",
          "0",
          "--out",
          place.toString()
        };
    var all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    Run.galen(all).good();
    return new Report(place);
  }

  @Test
  void aTunedModelStopsWhereItsTokenizerEndsTexts() throws IOException {
    Report source = Report.copy("eos-of-tokenizer-differs", folder.resolve("model"));
    Report out = tuned(source, "out");
    assertEquals(300, out.json("config.json").get("eos_token_id").intValue());
    assertEquals(0, out.json("config.json").get("pad_token_id").intValue());
    assertEquals("[300,0]", out.json("generation_config.json").get("eos_token_id").toString());
    assertEquals(0, out.json("generation_config.json").get("pad_token_id").intValue());
    Run run = out.said("the drug", "--greedy", "--max-new-tokens", "8");
    assertEquals("[259,285,300]", run.object().get("ids").toString());
    assertEquals("the drug", run.object().get("text").asText());

    Report again = tuned(new Report(copyData(source, out)), "again");
    assertEquals(out.json("generation_config.json"), again.json("generation_config.json"));
  }

  /** A checkpoint is a model's directory too: what is left of a run that was killed. */
  @Test
  void aCheckpointEndsTextsAsTheModelDoes() throws IOException {
    Report source = Report.copy("eos-of-tokenizer-differs", folder.resolve("model"));
    Files.writeString(source.directory().resolve("chat_template.jinja"), "{{ 'hi' }}");
    Path out = folder.resolve("out");
    Run.galen(
            "finetune",
            "--model",
            source.directory().toString(),
            "--data",
            source.directory().resolve("qa.jsonl").toString(),
            "--out",
            out.toString(),
            "--steps",
            "1",
            "--save-every",
            "1")
        .good();
    Path checkpoint = out.resolve("checkpoint-1");
    for (String name :
        "config.json generation_config.json chat_template.jinja tokenizer_config.json".split(" ")) {
      assertEquals(
          Files.readString(out.resolve(name)), Files.readString(checkpoint.resolve(name)), name);
    }
  }

  private static Path copyData(Report source, Report out) throws IOException {
    Files.copy(
        source.directory().resolve("qa.jsonl"),
        out.directory().resolve("qa.jsonl"),
        StandardCopyOption.REPLACE_EXISTING);
    return out.directory();
  }

  @Test
  void generationConfigFieldsAndFilesLiveOn() throws IOException {
    Report source = Report.copy("save-drops-chat-template", folder.resolve("model"));
    source.with("config.json", json -> json.put("my_field", "kept"));
    source.with(
        "tokenizer_config.json",
        json -> json.putArray("extra_special_tokens").add("<|endoftext|>"));
    Files.writeString(source.directory().resolve("chat_template.jinja"), "{{ 'hi' }}");
    Files.writeString(source.directory().resolve("LICENSE"), "free");
    Report out = tuned(source, "out");
    assertEquals(source.json("generation_config.json"), out.json("generation_config.json"));
    for (String field :
        new String[] {
          "chat_template", "model_max_length", "padding_side", "extra_special_tokens"
        }) {
      assertNotNull(source.json("tokenizer_config.json").get(field), field);
      assertEquals(
          source.json("tokenizer_config.json").get(field),
          out.json("tokenizer_config.json").get(field));
    }
    assertEquals("kept", out.json("config.json").get("my_field").asText());
    assertEquals("{{ 'hi' }}", Files.readString(out.directory().resolve("chat_template.jinja")));
    assertEquals("free", Files.readString(out.directory().resolve("LICENSE")));
  }

  @Test
  void aReusedFolderKeepsNothingOfAnotherRun() throws IOException {
    Report first = Report.copy("save-drops-chat-template", folder.resolve("first"));
    Files.writeString(first.directory().resolve("chat_template.jinja"), "of the first");
    Report out = tuned(first, "out", "--save-every", "0");
    Report second = Report.copy("config-aliases", folder.resolve("second"));
    second.without("tokenizer.json").without("tokenizer_config.json");
    second.without("generation_config.json");
    Run.galen(
            "finetune",
            "--model",
            second.directory().toString(),
            "--data",
            second.file("tokens16.jsonl"),
            "--steps",
            "1",
            "--length",
            "32",
            "--out",
            out.directory().toString())
        .good();
    for (String name :
        new String[] {
          "tokenizer.json", "vocab.json", "chat_template.jinja", "generation_config.json"
        }) {
      assertFalse(Files.exists(out.directory().resolve(name)), name);
    }
    assertTrue(Files.exists(out.directory().resolve("config.json")));
  }
}
