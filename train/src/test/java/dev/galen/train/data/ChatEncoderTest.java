package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import dev.galen.train.format.DataFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Conversations become the ids and masks of transformers, which {@code chat/make.py} made. */
class ChatEncoderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FOLDER = "/dev/galen/train/chat/";

  @TempDir Path folder;

  private JsonNode fixture;
  private Tokenizer tokenizer;

  @BeforeEach
  void readFixture() throws IOException {
    for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
      try (InputStream file = resource("tokenizer/" + name)) {
        Files.write(folder.resolve(name), file.readAllBytes());
      }
    }
    tokenizer = TokenizerFiles.load(folder);
    try (InputStream file = resource("cases.json")) {
      fixture = JSON.readTree(file);
    }
  }

  private static InputStream resource(String name) {
    return ChatEncoderTest.class.getResourceAsStream(FOLDER + name);
  }

  private SequenceEncoder encoder(String template, int maxLength) throws IOException {
    Path directory = Files.createDirectories(folder.resolve(template));
    Files.writeString(
        directory.resolve("chat_template.jinja"),
        fixture.get("templates").get(template).textValue());
    return SequenceEncoder.of(tokenizer, 1000, maxLength).withTemplatesOf(directory);
  }

  private Example read(JsonNode row) throws IOException {
    Path file = Files.writeString(folder.resolve("chat.jsonl"), row.toString());
    return DataFiles.read(file).getFirst();
  }

  private static int[] integers(JsonNode list) {
    return JSON.convertValue(list, int[].class);
  }

  private TokenSequence sequence(JsonNode one, int maxLength) throws IOException {
    SequenceEncoder encoder = encoder(one.get("template").textValue(), maxLength);
    return encoder.encode(List.of(read(one.get("row")))).getFirst();
  }

  @TestFactory
  Stream<DynamicTest> idsAndMasksAreThoseOfTransformers() {
    JsonNode cases = fixture.get("cases");
    assertTrue(cases.size() >= 40, cases.size() + " cases");
    return cases
        .valueStream()
        .map(one -> dynamicTest(one.get("template") + " " + one.get("row"), () -> check(one)));
  }

  private void check(JsonNode one) throws IOException {
    int[] ids = integers(one.get("ids"));
    int[] mask = integers(one.get("mask"));
    TokenSequence whole = sequence(one, 1000);
    assertArrayEquals(ids, whole.inputIds());
    var labels = new int[ids.length];
    Arrays.setAll(labels, i -> mask[i] == 1 ? ids[i] : -100);
    assertArrayEquals(labels, whole.labels());
    assertEquals(0, whole.leftOut());
    // What is too long loses its end.
    int kept = ids.length - 3;
    TokenSequence cut = sequence(one, kept);
    assertArrayEquals(Arrays.copyOf(ids, kept), cut.inputIds());
    assertArrayEquals(Arrays.copyOf(labels, kept), cut.labels());
    assertEquals(3, cut.leftOut());
  }

  private String refusal(String template, Example example) throws IOException {
    SequenceEncoder encoder = encoder(template, 1000);
    String message =
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(List.of(example)))
            .getMessage();
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  @Test
  void aTemplateThatWritesABeginningOtherwiseIsRefused() throws IOException {
    List<String> problems =
        List.of(
            "writes the first 2 of 4 messages otherwise when they stand alone",
            "writes the first 1 of 4 messages and the generation prompt otherwise",
            "the first message is the assistant's",
            "Only user and assistant roles are supported!");
    JsonNode refused = fixture.get("refused");
    assertEquals(problems.size(), refused.size());
    for (int i = 0; i < problems.size(); i++) {
      JsonNode one = refused.get(i);
      String template = one.get("template").textValue();
      String message = refusal(template, read(one.get("row")));
      String place = folder.resolve("chat.jsonl") + ":1: ";
      assertTrue(message.startsWith(place), message);
      String file = folder.resolve(template).resolve("chat_template.jinja").toString();
      assertTrue(message.contains(file) && message.contains(problems.get(i)), message);
    }
  }

  private static ChatExample example() {
    return new ChatExample(
        List.of(
            Map.of("role", "user", "content", "Fever?"),
            Map.of("role", "assistant", "content", "Yes.")));
  }

  @Test
  void withoutATemplateTheDirectoryIsNamed() throws IOException {
    Path bare = Files.createDirectory(folder.resolve("bare"));
    SequenceEncoder encoder = SequenceEncoder.of(tokenizer, 1000, 64);
    for (SequenceEncoder one : List.of(encoder.withTemplatesOf(bare), encoder)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> one.encode(List.of(example())))
              .getMessage();
      assertTrue(message.startsWith("in memory: is a conversation, and "), message);
      assertTrue(message.contains("chat template"), message);
      assertEquals(one != encoder, message.contains(bare.toString()), message);
    }
    // Texts need none, nor do tokens.
    encoder.withTemplatesOf(bare).encode(List.of(new TextExample("So it is.")));
  }

  @Test
  void blocksThatMarkNothingAreRefused() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("odd"));
    Files.writeString(
        directory.resolve("chat_template.jinja"),
        "{% for m in messages %}{{ m.content }}{% if m.role == 'model' %}{% generation %}x"
            + "{% endgeneration %}{% endif %}{% endfor %}");
    SequenceEncoder encoder = SequenceEncoder.of(tokenizer, 1000, 64).withTemplatesOf(directory);
    String message =
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(List.of(example())))
            .getMessage();
    assertTrue(message.contains("writes nothing that the assistant says"), message);
    assertTrue(message.contains(directory.toString()), message);
  }

  @Test
  void fromRandomWeightsTheWholeConversationIsLearned() throws IOException {
    SequenceEncoder encoder = encoder("plain", 64);
    TokenSequence answers = encoder.encode(List.of(example())).getFirst();
    TokenSequence whole = encoder.withLearnedPrompts().encode(List.of(example())).getFirst();
    assertArrayEquals(answers.inputIds(), whole.inputIds());
    assertArrayEquals(whole.inputIds(), whole.labels());
    assertEquals(-100, answers.labels()[0]);
    // Conversations are not joined, whatever documents are.
    var packed = encoder.withPacking().encode(List.of(example(), example()));
    assertEquals(2, packed.size());
  }

  @Test
  void anAnswerIsAskedForBehindTheGenerationPrompt() throws IOException {
    SequenceEncoder encoder = encoder("plain", 64);
    int[] prompt = encoder.prompt(example(), 10);
    assertEquals(
        "<|im_start|>user\nFever?<|im_end|>\n<|im_start|>assistant\n", tokenizer.decode(prompt));
    assertEquals(0, encoder.prompt(example(), 60).length);
    int[] ids = encoder.encode(List.of(example())).getFirst().inputIds();
    assertArrayEquals(prompt, Arrays.copyOf(ids, prompt.length));
    var greeting =
        new ChatExample(List.of(Map.of("role", "assistant", "content", "How can I help?")));
    assertEquals(0, encoder.prompt(greeting, 10).length);
  }

  @Test
  void conversationsOfOneQuestionAreInOnePartOfASplit() {
    var other =
        new ChatExample(
            List.of(
                Map.of("role", "user", "content", "Fever?"),
                Map.of("role", "assistant", "content", "No.")));
    assertEquals("Fever?", example().key());
    assertEquals(example().key(), other.key());
    assertEquals("Fever?\nNo.", other.text());
    assertThrows(
        IllegalArgumentException.class,
        () -> new ChatExample(other.messages(), 2, null, Map.of(), Origin.MEMORY));
  }
}
