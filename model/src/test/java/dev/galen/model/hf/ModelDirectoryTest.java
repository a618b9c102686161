package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a directory says of its model. */
class ModelDirectoryTest {
  @TempDir Path folder;

  private ModelDirectory read(String config, String generation) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    if (generation != null) {
      Files.writeString(folder.resolve("generation_config.json"), generation);
    }
    return ModelDirectory.read(folder);
  }

  private String refusal(Path directory) {
    return assertThrows(IOException.class, () -> ModelDirectory.read(directory)).getMessage();
  }

  @Test
  void itsNamesAreThoseOfTheConfig() throws IOException {
    var directory =
        read("{\"model_type\": \"gpt2\", \"architectures\": [\"GPT2Model\", \"Other\"]}", null);
    assertEquals("gpt2", directory.modelType("none"));
    assertEquals(List.of("GPT2Model", "Other"), directory.classNames());
    assertEquals(Optional.of("GPT2Model"), directory.className());
    assertEquals(folder.toString(), directory.name());
    assertEquals(folder.resolve("config.json"), directory.configFile());
    var silent = read("{\"architectures\": [7]}", null);
    assertEquals("none", silent.modelType("none"));
    assertEquals(Optional.empty(), silent.className());
    assertEquals(Path.of("config.json"), ModelDirectory.none().configFile());
    assertEquals("a model from no directory", ModelDirectory.none().name());
    assertEquals(Set.of(), ModelDirectory.none().endOfTextIds(Optional.empty()));
  }

  /** Of another type they would be passed over. */
  @Test
  void kindAndTypeAreStrings() throws IOException {
    var alone = read("{\"architectures\": \"LlamaForCausalLM\"}", null);
    assertEquals(List.of("LlamaForCausalLM"), alone.classNames());
    assertEquals(Optional.of("LlamaForCausalLM"), alone.className());
    for (String wrong :
        List.of("{\"architectures\": 7}", "{\"dtype\": 32}", "{\"torch_dtype\": [\"float32\"]}")) {
      String message = assertThrows(IOException.class, () -> read(wrong, null)).getMessage();
      String field = wrong.substring(2, wrong.indexOf("\":"));
      String value = wrong.substring(wrong.indexOf(": ") + 2, wrong.length() - 1);
      String wanted = field.equals("architectures") ? "a list of strings" : "a string";
      assertEquals(
          "%s: %s is %s, expected %s"
              .formatted(folder.resolve("config.json"), field, value, wanted),
          message);
    }
  }

  @Test
  void aTextEndsWhereTheSecondFileSaysSoElseTheFirst() throws IOException {
    String config = "{\"eos_token_id\": [3, -1]}";
    assertEquals(Set.of(3), read(config, null).endOfTextIds(Optional.empty()));
    assertEquals(
        Set.of(5, 6), read(config, "{\"eos_token_id\": [5, 6]}").endOfTextIds(Optional.empty()));
    assertEquals(Set.of(3), read(config, "{\"top_k\": 5}").endOfTextIds(Optional.empty()));
    var words = SpecialTokenAlignmentTest.tokenizer(7, -1, -1);
    assertEquals(Set.of(3, 7), ModelDirectory.read(folder).endOfTextIds(Optional.of(words)));
    assertEquals(Set.of(7), read("{}", "{}").endOfTextIds(Optional.of(words)));
  }

  @Test
  void howTextsGoOnIsSaidByTheSecondFileWhereItIsThere() throws IOException {
    String config = "{\"num_beams\": 3}";
    assertEquals(3, read(config, null).generation().beams());
    assertEquals(1, read(config, "{}").generation().beams());
    assertTrue(
        assertThrows(
                IOException.class, () -> read(config, "{\"num_beams\": 2.5}").generation().beams())
            .getMessage()
            .startsWith(folder.resolve("generation_config.json") + ": num_beams is 2.5"));
  }

  @Test
  void whatIsNoModelDirectoryIsNamed() throws IOException {
    Path absent = folder.resolve("absent");
    assertEquals(absent + ": no such directory", refusal(absent));
    assertEquals(folder + ": holds no config.json, so it is no model directory", refusal(folder));
    for (String key : List.of("eos_token_id", "bos_token_id", "pad_token_id")) {
      var line =
          assertThrows(IOException.class, () -> read("{\"" + key + "\": \"x\"}", null))
              .getMessage();
      assertEquals(
          folder.resolve("config.json") + ": " + key + " is \"x\", expected an integer", line);
    }
    Files.writeString(folder.resolve("config.json"), "{}");
    Path link = folder.resolve("generation_config.json");
    Files.createSymbolicLink(link, folder.resolve("gone"));
    assertTrue(refusal(folder).startsWith(link + ": "), "a link that leads nowhere is not absence");
  }
}
