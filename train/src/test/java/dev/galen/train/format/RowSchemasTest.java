package dev.galen.train.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.Origin;
import dev.galen.train.data.PromptExample;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.Split;
import dev.galen.train.data.TextExample;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of schemas: which one reads a row, who may extend it, and that nothing is left out. */
class RowSchemasTest {

  /** The fields of the smallest row of each shape. */
  private static final Map<String, String> SHAPES = new LinkedHashMap<>();

  static {
    SHAPES.put("TokenSchema", "'input_ids': [1]");
    SHAPES.put("QuestionSchema", "'question': 'q', 'answer': 'r'");
    SHAPES.put("ChatSchema", "'messages': [{'role': 'assistant', 'content': 'c'}]");
    SHAPES.put("PromptSchema", "'prompt': 'p', 'completion': 'c'");
    SHAPES.put("DialogueSchema", "'dialogue': 'l', 'note': 'n'");
    SHAPES.put("TextSchema", "'text': 't'");
    SHAPES.put("InstructionSchema", "'instruction': 'i', 'output': 'o'");
  }

  @TempDir Path folder;

  /** An example that Galen does not know. */
  record Tagged(List<String> words, int[] tags, List<String> notes, Origin origin)
      implements Example {
    @Override
    public String key() {
      return text();
    }

    @Override
    public String text() {
      return String.join(" ", words);
    }
  }

  /** A row of words and tags, as of named entities. */
  public static final class TagSchema implements RowSchema {
    @Override
    public String name() {
      return "tokens and ner_tags";
    }

    @Override
    public Set<String> fields() {
      return Set.of("tokens", "ner_tags", "notes", "about");
    }

    @Override
    public Set<String> objectFields() {
      return Set.of("about");
    }

    @Override
    public boolean matches(RowFields row) {
      return row.has("tokens");
    }

    @Override
    public Example read(RowFields row) throws IOException {
      var notes = new ArrayList<String>();
      if (row.has("notes")) {
        for (RowFields note : row.objects("notes")) {
          notes.add(note.string("say"));
        }
      }
      int[] tags = row.integers("ner_tags");
      List<String> words = row.strings("tokens");
      if (words.size() != tags.length) {
        throw new IllegalArgumentException(words.size() + " words, " + tags.length + " tags");
      }
      return new Tagged(words, tags, notes, row.origin());
    }
  }

  private Path file(String name, String rows) throws IOException {
    return Files.writeString(folder.resolve(name), rows.replace('\'', '"'));
  }

  private Example read(RowSchemas schemas, String name, String rows) throws IOException {
    var examples = new ArrayList<Example>();
    DataFiles.read(file(name, rows), schemas, examples::add);
    return examples.getFirst();
  }

  private String refusal(RowSchemas schemas, String rows) {
    String message =
        assertThrows(IOException.class, () -> read(schemas, "a.jsonl", rows)).getMessage();
    assertTrue(message.startsWith(folder.resolve("a.jsonl") + ":1: "), message);
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  @Test
  void theListOfShapesIsThatOfTheSchemas() {
    assertTrue(
        refusal(RowSchemas.standard(), "{'foo': 1}")
            .endsWith(
                "fields are [foo]; expected input_ids; or question and answer (or long_answer, or"
                    + " answer_idx with options); or messages (or prompt and completion as lists of"
                    + " messages); or prompt and completion; or dialogue and section_text (or note);"
                    + " or text; or instruction and output (and input)"));
    assertTrue(
        refusal(RowSchemas.of(List.of(new TagSchema(), new TextSchema())), "{'foo': 1}")
            .endsWith("fields are [foo]; expected tokens and ner_tags; or text"));
    String turns = "{'turns': [{'role': 'user', 'content': 'c'}]}";
    assertTrue(refusal(RowSchemas.standard(), turns).contains("fields are [turns]; expected "));
    assertThrows(IllegalArgumentException.class, () -> RowSchemas.of(List.of()));
  }

  @Test
  void theFirstSchemaThatMatchesReads() throws IOException {
    RowSchema mine =
        new RowSchema() {
          @Override
          public String name() {
            return "my text";
          }

          @Override
          public Set<String> fields() {
            return Set.of("text");
          }

          @Override
          public boolean matches(RowFields row) {
            return row.has("text");
          }

          @Override
          public Example read(RowFields row) throws IOException {
            return new PromptExample(row.string("text"), row.key());
          }
        };
    var schemas = new ArrayList<>(RowSchemas.standard().list());
    schemas.addFirst(mine);
    var first = read(RowSchemas.of(schemas), "a.json", "{'k': {'text': 'T'}}");
    assertEquals("k", assertInstanceOf(PromptExample.class, first).completion());
    schemas.addLast(schemas.removeFirst());
    assertInstanceOf(TextExample.class, read(RowSchemas.of(schemas), "a.jsonl", "{'text': 'T'}"));
  }

  @Test
  void aModuleMakesExamplesOfItsOwn() throws IOException {
    var schemas = RowSchemas.of(List.of(new TagSchema()));
    String row =
        "{'about': {'x': 1}, 'tokens': ['a', 'b'], 'ner_tags': [0, 1], 'notes': [{'say': 'n'}],"
            + " 'unread': NaN}";
    var tagged = assertInstanceOf(Tagged.class, read(schemas, "a.json", row));
    assertEquals(List.of("a", "b"), tagged.words());
    assertEquals(1, tagged.tags()[1]);
    assertEquals(List.of("n"), tagged.notes());
    Examples examples = DataFiles.examples(List.of(folder.resolve("a.json")), schemas);
    assertEquals(1, examples.part(Split.Part.TRAIN, 0, 0, 1).count());
    Examples again = DataFiles.examples(List.of(folder.resolve("a.json")), schemas, 0);
    again.forEach(example -> assertEquals("a b", example.text()));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> SequenceEncoder.ofTokens(10, 10).encode(List.of(tagged)))
            .getMessage();
    assertEquals(
        folder.resolve("a.json")
            + ":1: is a Tagged; a language model learns from questions, prompts, conversations,"
            + " texts and input_ids",
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'tokens': 'a', 'ner_tags': [1]}                    | tokens is a string; expected a list of strings
          {'tokens': [1], 'ner_tags': [1]}                    | an entry of tokens is a number
          {'tokens': ['a']}                                   | ner_tags is missing
          {'tokens': ['a'], 'ner_tags': null}                 | ner_tags is null; expected a list of integers
          {'tokens': ['a'], 'ner_tags': ['x']}                | ner_tags holds x at position 0
          {'tokens': ['a'], 'ner_tags': [1, 2]}               | 1 words, 2 tags
          {'tokens': ['a'], 'ner_tags': [1], 'notes': {'a': 1}} | notes is an object; expected a list of objects
          {'tokens': ['a'], 'ner_tags': [1], 'notes': [1]}    | an entry of notes is a number; expected an object
          {'tokens': ['a'], 'ner_tags': [1], 'notes': [{}]}   | the field say is missing
          """)
  void whatAModulesSchemaRefusesNamesItsPlace(String row, String problem) {
    String message = refusal(RowSchemas.of(List.of(new TagSchema())), row);
    assertTrue(message.contains(problem), message);
  }

  /** A class outside of Galen's modules, as a jar beside them has. */
  @Test
  void servicesComeFirst() throws IOException {
    String name = TagSchema.class.getName();
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(RowSchema.class.getName()), name);
    var urls = new URL[] {folder.toUri().toURL()};
    try (var loader =
        new URLClassLoader(urls, RowSchema.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String wanted, boolean resolve)
              throws ClassNotFoundException {
            return wanted.equals(name) ? outside(wanted) : super.loadClass(wanted, resolve);
          }

          private Class<?> outside(String wanted) throws ClassNotFoundException {
            try (InputStream in =
                TagSchema.class.getResourceAsStream("RowSchemasTest$TagSchema.class")) {
              byte[] bytes = in.readAllBytes();
              return defineClass(wanted, bytes, 0, bytes.length);
            } catch (IOException e) {
              throw new ClassNotFoundException(wanted, e);
            }
          }
        }) {
      List<RowSchema> list = RowSchemas.standard(loader).list();
      assertEquals(8, list.size());
      assertEquals(name, list.getFirst().getClass().getName());
      assertFalse(list.getFirst() instanceof TagSchema);
    }
    assertEquals(7, RowSchemas.standard().list().size());
  }

  @Test
  void anAnswerThatIsAnotherDecisionIsRefused() throws IOException {
    String row = "{'question': 'Is it?', 'answer': '%s', 'final_decision': 'yes'}";
    var e =
        assertThrows(
            IOException.class, () -> read(RowSchemas.standard(), "a.jsonl", row.formatted(" No ")));
    assertTrue(e.getMessage().contains("the answer is no, the decision yes"), e.getMessage());
    read(RowSchemas.standard(), "a.jsonl", row.formatted("Yes"));
    read(RowSchemas.standard(), "a.jsonl", row.formatted("No harm was found, so yes."));
  }

  /** Masks that other trainers read would change the loss. */
  @Test
  void whatWouldChangeTheLossBesideIdsIsRefused() throws IOException {
    for (String field : List.of("loss_mask", "completion_mask", "label_ids")) {
      String row = "{'input_ids': [1, 2, 3], '%s': [0, 0, 1]}".formatted(field);
      var e = assertThrows(IOException.class, () -> read(RowSchemas.standard(), "a.jsonl", row));
      assertTrue(e.getMessage().contains(":1: " + field + " is not used"), e.getMessage());
    }
    read(RowSchemas.standard(), "a.jsonl", "{'input_ids': [1, 2], 'token_type_ids': [0, 0]}");
  }

  /**
   * Every field that any schema reads, beside every shape that does not read it: what is not
   * refused stands here.
   */
  @Test
  void noFieldIsLeftOutInSilence() {
    var fields = new TreeSet<String>();
    RowSchemas.standard().list().forEach(schema -> fields.addAll(schema.fields()));
    var silent = new TreeMap<String, Set<String>>();
    for (RowSchema schema : RowSchemas.standard().list()) {
      String shape = schema.getClass().getSimpleName();
      var others = new TreeSet<>(fields);
      others.removeAll(schema.fields());
      for (String field : others) {
        String row = "{" + SHAPES.get(shape) + ", '" + field + "': 'other'}";
        try {
          read(RowSchemas.standard(), "a.jsonl", row);
          silent.computeIfAbsent(shape, key -> new TreeSet<>()).add(field);
        } catch (IOException e) {
          String named = e.getMessage();
          assertTrue(named.contains(":1: ") && named.contains(field), row + named);
        }
      }
    }
    var letters = Set.of("A", "B", "C", "D", "E", "a", "b", "c", "d", "e");
    var harmless = new TreeSet<>(letters); // one letter is not yet a choice
    // Without input_ids; without a prompt; what stands beside prompts alone.
    harmless.addAll(Set.of("attention_mask", "labels", "label", "system", "history"));
    harmless.addAll(Set.of("tools", "chat_template_kwargs")); // without messages
    var withIds = new TreeSet<>(harmless);
    withIds.addAll(Set.of("id", "pubid"));
    var everything = new TreeSet<>(fields);
    everything.removeAll(new TokenSchema().fields()); // and of these some are refused by name
    assertEquals(everything, silent.remove("TokenSchema"), "ids are what stands beside them");
    assertEquals(without(harmless, letters), silent.remove("QuestionSchema"));
    assertEquals(harmless, silent.remove("DialogueSchema"));
    assertEquals(
        without(withIds, Set.of("label", "system", "history", "tools", "chat_template_kwargs")),
        silent.remove("ChatSchema"));
    assertEquals(
        without(withIds, Set.of("label", "system", "history")), silent.remove("PromptSchema"));
    assertEquals(withIds, silent.remove("TextSchema"));
    assertEquals(without(withIds, Set.of("system", "history")), silent.remove("InstructionSchema"));
    assertEquals(Map.of(), silent);
  }

  @SafeVarargs
  private static Set<String> without(Set<String> all, Set<String>... some) {
    var rest = new TreeSet<>(all);
    for (Set<String> part : some) {
      rest.removeAll(part);
    }
    return rest;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'text': 't', 'context': 'c'}",
        "{'text': 't', 'prompt': 'c'}",
        "{'messages': [{'role': 'assistant', 'content': 'c'}], 'text': 't'}",
        "{'messages': [{'role': 'assistant', 'content': 'c'}], 'prompt': 't'}",
        "{'messages': [{'role': 'assistant', 'content': 'c'}], 'completion': 't'}",
        "{'messages': [{'role': 'assistant', 'content': 'c'}], 'system': 't'}",
        "{'messages': [{'role': 'assistant', 'content': 'c'}], 'label': true}",
        "{'text': 't', 'messages': [1]}",
        "{'text': 't', 'instruction': 'i', 'output': 't'}",
        "{'text': 't', 'opa': 'x', 'opb': 'y'}",
        "{'text': 't', 'answers': ['t']}",
        "{'dialogue': 'd', 'note': 'n', 'context': 'c'}",
        "{'dialogue': 'd', 'note': 'n', 'section_text': 'other'}",
        "{'question': 'q', 'answer': 'a', 'dialogue': 'd'}",
        "{'question': 'q', 'answer': 'a', 'text': 'q a'}",
        "{'question': 'q', 'answer': 'a', 'prompt': 'p', 'completion': 'c'}",
        "{'prompt': 'p', 'completion': 'c', 'answer': 'a'}",
        "{'prompt': 'p', 'completion': 'c', 'system': 's'}",
        "{'prompt': 'p', 'completion': 'c', 'label': false}",
        "{'prompt': 'p', 'completion': 'c', 'label': true}",
        "{'prompt': 'p', 'completion': 'c', 'label': 'False'}",
        "{'question': 'q', 'answer': 'a', 'input': 'i'}",
        "{'instruction': 'i', 'output': 'o', 'context': 'c'}",
        "{'instruction': 'i', 'output': 'o', 'system': 'c'}",
        "{'instruction': 'i', 'output': 'o', 'history': [['a', 'b']]}"
      })
  void rowsOfTwoShapes(String row) {
    String message = refusal(RowSchemas.standard(), row);
    String beside = row.substring(0, row.lastIndexOf("':"));
    assertTrue(message.contains(beside.substring(beside.lastIndexOf('\'') + 1)), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'text': 't', 'context': '', 'prompt': null, 'options': [], 'title': 'x'}",
        "{'text': 'ask i get o', 'instruction': 'i', 'input': '', 'output': 'o'}",
        "{'text': 't', 'label': 1, 'labels': [2], 'id': 3}",
        "{'text': 't', 'a': 'x', 'input': 't', 'system': 'heart'}"
      })
  void textOfWhichNothingIsLost(String row) throws IOException {
    assertInstanceOf(TextExample.class, read(RowSchemas.standard(), "a.jsonl", row));
  }

  @Test
  void aLabelOfAnotherKindBesideAPrompt() throws IOException {
    String row = "{'prompt': 'p', 'completion': 'c', 'label': 'cardiology'}";
    assertInstanceOf(PromptExample.class, read(RowSchemas.standard(), "a.jsonl", row));
  }

  @Test
  void pubMedQaAsATable() throws IOException {
    String table = "pubid,QUESTION,contexts,LABELS,long_answer,note\n7,Q?,C.,['B'],A.,\n";
    var example = (QuestionExample) read(RowSchemas.standard(), "a.csv", table);
    assertEquals(
        "7 Q? C. A.",
        String.join(" ", example.id(), example.question(), example.context(), example.answer()));
  }
}
