package dev.galen.tokenizer.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which templates a directory has, as transformers reads it. */
class ChatTemplatesTest {
  private static final ChatInput HELLO =
      ChatInput.of(List.of(Map.of("role", "user", "content", "Hello")));

  @TempDir Path folder;

  private void write(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), text);
  }

  private String picked(boolean withTools) throws IOException {
    return ChatTemplates.load(folder).pick(withTools).render(HELLO).text();
  }

  @Test
  void theConfigsTemplateIsTakenWhereThereIsNoFile() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": \"config {{ messages[0].content }}\"}");
    assertEquals("config Hello", picked(false));
    assertEquals("config Hello", picked(true));
    write("chat_template.jinja", "file\n");
    assertEquals("file", picked(false));
  }

  @Test
  void severalHaveNames() throws IOException {
    write(
        "tokenizer_config.json",
        "{\"chat_template\": [{\"name\": \"default\", \"template\": \"d\"},"
            + " {\"name\": \"tool_use\", \"template\": \"t\"}, {\"name\": \"rag\", \"template\": \"r\"}]}");
    assertEquals("d", picked(false));
    assertEquals("t", picked(true));
    assertEquals("r", ChatTemplates.load(folder).get("rag").source());
    write("additional_chat_templates/rag.jinja", "only");
    assertEquals(Set.of("rag"), ChatTemplates.load(folder).names());
    var e = assertThrows(IllegalArgumentException.class, () -> picked(false));
    assertEquals(folder + ": has no chat template 'default'; it has: rag", e.getMessage());
    write("chat_template.jinja", "main");
    assertEquals("main", picked(true));
    write("additional_chat_templates/tool_use.jinja", "tools");
    assertEquals("tools", picked(true));
  }

  @Test
  void whatIsWrongIsToldByFile() throws IOException {
    assertEquals(Set.of(), ChatTemplates.load(folder).names());
    var none = assertThrows(IllegalArgumentException.class, () -> picked(false));
    assertTrue(none.getMessage().startsWith(folder + ": has no chat template;"), none.getMessage());
    write("tokenizer_config.json", "{\"chat_template\": [{\"name\": \"x\"}]}");
    var field = assertThrows(IOException.class, () -> picked(false));
    assertEquals(
        folder.resolve("tokenizer_config.json")
            + ": chat_template: expected objects of a name and a template",
        field.getMessage());
    write("tokenizer_config.json", "{\"chat_template\": 5}");
    var number = assertThrows(IOException.class, () -> picked(false));
    assertEquals(
        folder.resolve("tokenizer_config.json")
            + ": chat_template: expected a template or a list of them",
        number.getMessage());
    write("tokenizer_config.json", "{\"chat_template\": null}");
    assertEquals(Set.of(), ChatTemplates.load(folder).names());
    write("chat_template.jinja", "a\n{% if");
    var template = assertThrows(ChatTemplateException.class, () -> picked(false));
    assertEquals(
        folder.resolve("chat_template.jinja")
            + ", line 2: expected a value, got the end of the template",
        template.getMessage());
    Files.write(folder.resolve("chat_template.jinja"), new byte[] {(byte) 0xff});
    var bytes = assertThrows(IOException.class, () -> picked(false));
    assertTrue(bytes.getMessage().contains("not valid UTF-8"), bytes.getMessage());
  }
}
