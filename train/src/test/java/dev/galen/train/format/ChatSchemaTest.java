package dev.galen.train.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.data.ChatExample;
import dev.galen.train.data.Example;
import dev.galen.train.data.PromptExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of messages, good and bad. */
class ChatSchemaTest {
  private static final String USER = "{'role': 'user', 'content': 'q'}";
  private static final String ASSISTANT = "{'role': 'assistant', 'content': 'a'}";

  @TempDir Path folder;

  private Example read(String name, String rows) throws IOException {
    Path file = Files.writeString(folder.resolve(name), rows.replace('\'', '"'));
    return DataFiles.read(file).getFirst();
  }

  private ChatExample chat(String row) throws IOException {
    return assertInstanceOf(ChatExample.class, read("a.jsonl", row));
  }

  @Test
  void messagesKeepWhatATemplateMayRead() throws IOException {
    ChatExample chat =
        chat(
            ("{'messages': [%s, {'role': 'assistant', 'content': null, 'tool_calls': [{'id': 7}]},"
                    + " {'role': 'tool', 'content': [{'type': 'text', 'text': 'x'}]}, %s],"
                    + " 'tools': [{'name': 'f'}], 'chat_template_kwargs': {'think': false},"
                    + " 'source': 'ward 3'}")
                .formatted(USER, ASSISTANT));
    assertEquals(4, chat.messages().size());
    assertEquals(List.of(Map.of("id", 7)), chat.messages().get(1).get("tool_calls"));
    assertEquals(0, chat.promptMessages());
    assertEquals(List.of(Map.of("name", "f")), chat.tools());
    assertEquals(Map.of("think", false), chat.variables());
    assertEquals(folder.resolve("a.jsonl") + ":1", chat.origin().toString());
    ChatExample bare = chat("{'messages': [%s, %s]}".formatted(USER, ASSISTANT));
    assertNull(bare.tools());
    assertEquals(Map.of(), bare.variables());
  }

  @Test
  void aPromptAndItsCompletionAreOneConversation() throws IOException {
    String row = "{'prompt': [%s], 'completion': [%s], 'label': 'ward'}";
    ChatExample chat = chat(row.formatted(USER, ASSISTANT));
    assertEquals(2, chat.messages().size());
    assertEquals(1, chat.promptMessages());
    String words = "{'prompt': 'q', 'completion': 'a', 'messages': null}";
    assertInstanceOf(PromptExample.class, read("a.jsonl", words));
  }

  /** As UltraChat has it, and as a document whose first field is an object. */
  @Test
  void aPromptThatIsAMessageStandsBeside() throws IOException {
    String row = "{'prompt': 'q', 'prompt_id': '9f', 'messages': [%s, %s]}";
    assertEquals(2, chat(row.formatted(USER, ASSISTANT)).messages().size());
    String document = "{'chat_template_kwargs': {'a': 1},\n 'messages': [%s, %s]}";
    var chat = (ChatExample) read("a.json", document.formatted(USER, ASSISTANT));
    assertEquals(Map.of("a", 1), chat.variables());
  }

  @Test
  void toolsMayBeText() throws IOException {
    Path file = folder.resolve("a.jsonl");
    String row = "{\"messages\": [%s, %s], \"tools\": \"[{\\\"name\\\": \\\"f\\\"}]\"}";
    Files.writeString(file, row.formatted(USER.replace('\'', '"'), ASSISTANT.replace('\'', '"')));
    var chat = (ChatExample) DataFiles.read(file).getFirst();
    assertEquals(List.of(Map.of("name", "f")), chat.tools());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'messages': []}                                     | the field messages is empty; expected a message or more
          {'messages': 'hello'}                                | the field messages is a string; expected a list of objects
          {'messages': ['hello']}                              | an entry of messages is a string; expected an object
          {'messages': [U]}                                    | no message has the role assistant, whose turns alone are learned
          {'messages': [U, {'content': 'x'}]}                  | message 2 of messages: role is missing; expected a string
          {'messages': [U, {'role': 3, 'content': 'x'}]}       | message 2 of messages: role is a number; expected a string
          {'messages': [U, {'role': null, 'content': 'x'}]}    | message 2 of messages: role is null; expected a string
          {'messages': [{'role': 'user', 'content': 5}, A]}    | message 1 of messages: content is a number; expected a string
          {'messages': [{'role': 'user', 'content': [{'type': 'image'}]}, A]} | message 1 of messages: content has a part of the type image; expected text alone
          {'messages': [{'role': 'user', 'content': ['x']}, A]} | message 1 of messages: content has a part of the type none; expected text alone
          {'messages': [U, A], 'tools': {'name': 'f'}}         | the field tools is an object; expected a list of objects
          {'messages': [U, A], 'tools': ['f']}                 | an entry of tools is a string; expected an object
          {'messages': [U, A], 'tools': 'f('}                  | tools: malformed JSON
          {'messages': [U, A], 'chat_template_kwargs': [1]}    | the field chat_template_kwargs is a list; expected an object
          {'messages': [U, A], 'system': 'Be brief.'}          | system stands beside the conversation, which would leave it out
          {'messages': [U, A], 'prompt': 'other'}              | prompt is none of the messages
          {'messages': [U, A], 'completion': [A]}              | completion is none of the messages
          {'messages': [U, A], 'label': false}                 | label is false, which says whether the completion is wanted
          {'prompt': [U], 'completion': 'a'}                   | the field completion is a string; expected a list of objects
          {'prompt': 'q', 'completion': [A]}                   | the field prompt is a string; expected a list of objects
          {'prompt': [U, A], 'completion': [U]}                | no message of the completion has the role assistant
          {'prompt': [U], 'completion': []}                    | the field completion is empty
          {'prompt': [U], 'completion': [A], 'label': true}    | label is true, which says whether the completion is wanted
          """)
  void whatIsRefusedIsNamed(String row, String problem) {
    String full = row.replace("U", USER).replace("A]", ASSISTANT + "]");
    String message = assertThrows(IOException.class, () -> read("a.jsonl", full)).getMessage();
    assertTrue(message.startsWith(folder.resolve("a.jsonl") + ":1: "), message);
    assertTrue(message.contains(problem), message);
    assertEquals(1, message.lines().count(), message);
  }
}
